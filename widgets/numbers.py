"""Numbers as people type and read them: comma or point, full-width digits, powers of ten for the very small."""

from __future__ import annotations

import math
import unicodedata

LETTERS = frozenset("0123456789+-−.,eE \u202f")
_GROUPED_FROM = 100_000  # shorter whole numbers are read at a glance


def parse_number(text: str) -> float | None:
    """The finite number ``text`` says, or None. ``,`` and ``.`` are both decimal separators; input methods' full-width
    digits and signs count as plain ones."""
    plain = unicodedata.normalize("NFKC", text).replace("。", ".").replace(",", ".").replace("−", "-")
    try:
        value = float(plain.replace(" ", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def format_number(value: float) -> str:
    """``value`` in at most six significant digits: ``0.05``, ``1e-5``, ``2.5e+06`` written ``2.5e6``; long whole
    numbers in groups, ``1 000 000``."""
    if isinstance(value, int):
        return str(value) if abs(value) < _GROUPED_FROM else format_count(value)
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e6:
        return f"{value:.6g}"
    mantissa, exponent = f"{value:.5e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def format_in_text(value: float) -> str:
    """The same for a text that is read and not edited, with the minus sign of print: ``−0.5``."""
    return format_number(value).replace("-", "−")


def format_count(value: int) -> str:
    """A whole number with thin spaces between thousands: ``12 845``."""
    return f"{value:,}".replace(",", "\u202f")
