"""Where an axis has its ticks and how they are written: round numbers, as many as fit, on linear and log axes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

_STEPS = (1.0, 2.0, 5.0, 10.0)
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def linear_ticks(low: float, high: float, most: int) -> list[float]:
    """At most ``most`` multiples of 1, 2 or 5 × 10ⁿ inside [low, high]."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low or most < 1:
        return []
    raw = (high - low) / most
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(step for step in (s * magnitude for s in _STEPS) if step >= raw * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{i * step:.12g}") for i in range(first, last + 1)]


def integer_ticks(low: float, high: float, most: int) -> list[float]:
    """:func:`linear_ticks` without fractions, for things that are counted."""
    ticks = linear_ticks(low, high, most)
    return [tick for tick in ticks if tick == round(tick)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """At most ``most`` ticks between exponents ``low`` and ``high`` (log10), as exponents: decades, then 1-2-5, then linear.

    An axis of less than half a decade is ticked at round values.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low or most < 1:
        return []
    decades = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    if len(decades) > most:
        stride = math.ceil(len(decades) / most)
        return [float(e) for e in decades if e % stride == 0]
    if high - low < 0.5:
        return [math.log10(v) for v in linear_ticks(10**low, 10**high, most) if v > 0]
    finer = [
        e + math.log10(m)
        for e in range(math.floor(low), math.ceil(high) + 1)
        for m in (1, 2, 5)
        if low <= e + math.log10(m) <= high
    ]
    return finer if len(finer) <= most else [float(e) for e in decades]


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """The ticks written with the same number of decimals; thousands thin-spaced, extremes as powers of ten."""
    if not ticks:
        return []
    largest = max(abs(tick) for tick in ticks)
    smallest = min((abs(b - a) for a, b in itertools.pairwise(ticks)), default=largest) or largest or 1.0
    if largest >= 1e6 or (largest and largest < 1e-3):
        return [power_text(tick) for tick in ticks]
    decimals = max(0, next(d for d in range(13) if d == 12 or _is_whole(smallest * 10**d)))
    return [_signed(f"{tick:,.{decimals}f}") for tick in ticks]


def log_tick_texts(ticks: Sequence[float]) -> list[str]:
    """The texts of exponents: plain numbers near 1, powers of ten elsewhere."""
    return [value_text(10.0**tick) for tick in ticks]


def value_text(value: float, digits: int = 3) -> str:
    """``value`` in short for a readout: ``digits`` significant figures; ``–`` when there is no number."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    if abs(value) >= 1e6 or abs(value) < 1e-4:
        return power_text(value, digits)
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    return _signed(text.rstrip("0").rstrip(".") if "." in text else text)


def power_text(value: float, digits: int = 3) -> str:
    """``value`` as m·10ⁿ."""
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    power = "10" + str(int(exponent)).translate(_SUPERSCRIPT)
    return _signed(power if mantissa == "1" else f"{mantissa}·{power}")


def finite_range(values: np.ndarray) -> tuple[float, float] | None:
    """Smallest and largest finite number of ``values``; None when there is none."""
    finite = values[np.isfinite(values)]
    return (float(np.min(finite)), float(np.max(finite))) if finite.size else None


def _is_whole(value: float) -> bool:
    return value > 0.5 and abs(value - round(value)) < 1e-6


def _signed(text: str) -> str:
    return text.replace("-", "−").replace(",", "\u202f")  # a narrow space that does not break
