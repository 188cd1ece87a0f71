"""Which range a histogram is drawn over: robust against outliers, round, and still unless it must move.

A range taken from the extremes is set by one outlier; one taken anew for each picture makes every bar jump. These ranges
hold the 0.5–99.5 % of the values, are rounded outwards to readable numbers, and change only when too much falls outside
or the values fill too little of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulations.core.arrays import Array
from simulations.probes.histogram import Bins, Scale

TAIL = 0.005
SPILL = 0.02  # share outside at which a range is looked at again
_LOOSE = 0.3  # share of the range below which it is tightened
_SAMPLE = 2048
_DECADES = 6  # symlog: at most so many decades outside the linear part
_SMALLEST, _LARGEST = 1e-30, 1e30


@dataclass(frozen=True)
class Extent:
    """Where the values of a cell lie: the 0.5 % and 99.5 % quantiles and the 5 % quantile of |non-zero value|."""

    low: float
    high: float
    small: float

    def union(self, other: Extent) -> Extent:
        return Extent(min(self.low, other.low), max(self.high, other.high), min(self.small, other.small))


def extent(values: Array) -> Extent | None:
    """The extent of at most 2 048 evenly spaced finite ``values``; None when none is finite and not zero."""
    flat = values.reshape(-1)
    stride = odd_stride(flat.size, _SAMPLE)
    some = flat[::stride].astype(np.float64)
    if not math.isfinite(float(some.sum())):
        some = some[np.isfinite(some)]
    some.sort()
    if not some.size or (some[0] == 0 and some[-1] == 0):
        return None
    last = some.size - 1
    low, high = some[round(TAIL * last)], some[last - round(TAIL * last)]
    sizes = np.sort(np.abs(some[some != 0]))
    if low == high == 0:  # nearly all zero: show what is not
        low, high = some[0], some[-1]
    return Extent(float(low), float(high), float(sizes[round(0.05 * (sizes.size - 1))]))


def odd_stride(size: int, most: int) -> int:
    """The smallest odd stride that takes at most ``most`` of ``size`` values: odd, so that channels (mostly 2ⁿ) all appear."""
    stride = max(1, math.ceil(size / most))
    return stride if stride % 2 or stride == 1 else stride + 1


def settle(current: Bins | None, wanted: Extent | None, scale: Scale, count: int) -> Bins:
    """``current`` while it still serves ``wanted``, else new bins around it."""
    if wanted is None:
        return current or Bins(-1.0, 1.0, scale, 0.1, count)
    fresh = _snapped(wanted, scale, count)
    if current is None or current.scale != scale or current.count != count:
        return fresh
    return current if _serves(current, fresh, wanted) else fresh


def _serves(current: Bins, fresh: Bins, wanted: Extent) -> bool:
    slack = 0.05 * (current.high - current.low)
    holds = current.low - slack <= wanted.low and wanted.high <= current.high + slack
    if current.scale == "linear":
        return holds and (fresh.high - fresh.low) >= _LOOSE * (current.high - current.low)
    similar = abs(math.log10(fresh.high / current.high)) <= 1 if fresh.high > 0 and current.high > 0 else True
    return holds and similar and abs(math.log10(fresh.linear_within / current.linear_within)) <= 1


def _snapped(wanted: Extent, scale: Scale, count: int) -> Bins:
    low, high = (min(max(v, -_LARGEST), _LARGEST) for v in (wanted.low, wanted.high))
    if scale == "symlog":
        return _snapped_symlog(low, high, wanted.small, count)
    width = high - low
    if width <= max(abs(low), abs(high)) * 1e-5 or width < _SMALLEST:  # one value: give it a neighbourhood
        width = max(abs(low), abs(high), _SMALLEST)
        low, high = (low - width / 2, high + width / 2)
    step = _nice(width / 8)
    margin = 0.05 * width
    if 0 <= low <= 0.5 * high:
        low, margin_low = 0.0, 0.0
    else:
        margin_low = margin
    if low * 2 <= high <= 0 and low < 0:
        high, margin = 0.0, 0.0
    return Bins(
        _clean(math.floor((low - margin_low) / step + 1e-9) * step),
        _clean(math.ceil((high + margin) / step - 1e-9) * step),
        "linear",
        1.0,
        count,
    )


def _snapped_symlog(low: float, high: float, small: float, count: int) -> Bins:
    top = max(abs(low), abs(high), _SMALLEST)
    end = 10.0 ** math.ceil(math.log10(top) - 1e-9)
    small = max(small, _SMALLEST)
    within = 10.0 ** min(math.ceil(math.log10(end)) - 1, max(math.floor(math.log10(small)), math.log10(end) - _DECADES))
    return Bins(0.0 if low >= 0 else -end, 0.0 if high <= 0 else end, "symlog", float(f"{within:.6g}"), count)


def _nice(value: float) -> float:
    """The smallest of 1, 2, 5 × 10ⁿ not below ``value``."""
    magnitude = 10.0 ** math.floor(math.log10(value))
    return next((s * magnitude for s in (1.0, 2.0, 5.0) if s * magnitude >= value * (1 - 1e-9)), 10 * magnitude)


def _clean(value: float) -> float:
    return float(f"{value:.9g}") or 0.0
