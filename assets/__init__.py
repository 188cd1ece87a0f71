"""Data that comes with the program: icons, presets, data sets, translations. Read through :func:`path` only."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).parent


def path(relative: str) -> Path:
    """The file or folder ``relative`` (``"datasets/digits.npz"``) among the assets."""
    return _ROOT / relative
