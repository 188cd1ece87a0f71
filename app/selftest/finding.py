"""What a check found: one line of the report of ``gradlab check``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """``error`` is the largest deviation, ``tolerance`` what is allowed (None: nothing is compared, only reported)."""

    section: str
    name: str
    passed: bool
    detail: str
    error: float | None = None
    tolerance: float | None = None

    @staticmethod
    def compared(section: str, name: str, error: float, tolerance: float) -> Finding:
        """A finding that passes when ``error`` is a number within ``tolerance``."""
        return Finding(section, name, error <= tolerance, f"{error:.1e} ≤ {tolerance:g}", error, tolerance)
