"""Exact binning, fast enough to count every layer of a network many times a second.

A histogram that loses its outliers, smears its zeros or drops its NaNs hides exactly what it is watched for. Every value
is counted once: in a bin, below or above the bins, as an exact zero, or as NaN or ±∞. Bins are the float64 edges that are
drawn; a float32 value whose rounded bin is in doubt is compared with the edge itself, so counts equal
``numpy.histogram`` on the same edges.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from simulations.core.arrays import Array, FloatArray

Scale: TypeAlias = Literal["linear", "symlog"]
BINS = 40
_CHUNK = 1 << 14  # 64 kB of float32: the passes over a chunk stay in cache
DOUBT = 2e-3  # bins; float32 coordinates of ≤ 64 bins err by less than 1e-4
SAFE = 1e15  # squares of larger float32 numbers overflow


@dataclass(frozen=True)
class Bins:
    """``count`` bins from ``low`` to ``high``, uniform in ``scale``'s coordinates.

    The symlog coordinate is x/c inside ±c and ±(1 + ln(|x|/c)) outside, c = ``linear_within`` (the scale of matplotlib's
    ``symlog``, with equal slopes at ±c).
    """

    low: float
    high: float
    scale: Scale = "linear"
    linear_within: float = 1.0
    count: int = BINS

    def edges(self) -> FloatArray:
        """The ``(count + 1,)`` float64 edges, read-only; the first and last are exactly ``low`` and ``high``."""
        return _edges(self)


@functools.lru_cache(maxsize=1024)
def _edges(bins: Bins) -> FloatArray:
    edges: FloatArray
    if bins.scale == "linear":
        edges = np.linspace(bins.low, bins.high, bins.count + 1)
    else:
        ends = symlog(np.array([bins.low, bins.high], np.float64), bins.linear_within)
        edges = inverse_symlog(np.linspace(ends[0], ends[1], bins.count + 1), bins.linear_within)
        edges[0], edges[-1] = bins.low, bins.high
    edges[np.abs(edges) < 1e-12 * (bins.high - bins.low)] = 0.0  # an edge at zero is zero, not its rounding
    edges.flags.writeable = False
    return edges


def symlog(values: Array, linear_within: float | Array) -> FloatArray:
    """The symlog coordinate of ``values``, in their own precision; ``linear_within`` is one number or one a value."""
    size: FloatArray
    with np.errstate(over="ignore"):
        size = np.abs(values) / np.asarray(linear_within, values.dtype)
    inside = np.minimum(size, 1)
    np.maximum(size, 1, out=size)
    np.log(size, out=size)
    size += inside
    np.copysign(size, values, out=size)
    return size


def inverse_symlog(coordinates: FloatArray, linear_within: float) -> FloatArray:
    """The values whose symlog coordinates these are."""
    size = np.abs(coordinates)
    return np.copysign(linear_within * np.where(size <= 1, size, np.exp(np.maximum(size, 1) - 1)), coordinates)


@dataclass(frozen=True)
class Histogram:
    """Counts of the values of one quantity of one layer.

    ``counts`` is ``(bins,)`` int64 over ``edges`` ``(bins + 1,)`` float64, uniform in ``scale``'s coordinates (symlog:
    linear inside ±``linear_within``, logarithmic outside). Exact zeros are *not* in ``counts`` but in ``zeros``; values
    beyond the edges are in ``under`` and ``over``; ``nan``, ``plus_inf`` and ``minus_inf`` are counted apart. All the
    counts sum to ``total``. ``mean``, ``sd``, ``minimum`` and ``maximum`` are over the finite values (nan if none).
    ``population`` is how many values there are, of which ``total`` were looked at (equal unless a layer is huge).
    """

    counts: Array
    edges: Array
    scale: Scale
    linear_within: float
    zeros: int
    under: int
    over: int
    nan: int
    plus_inf: int
    minus_inf: int
    total: int
    mean: float
    sd: float
    minimum: float
    maximum: float
    population: int = 0


def histogram(values: Array, bins: Bins, population: int = 0) -> Histogram:
    """Count ``values`` (any shape) into ``bins``; ``population`` is how many there are if these are only some of them."""
    flat = np.ascontiguousarray(values).reshape(-1)
    total = flat.size
    finite, nan, plus_inf, minus_inf = _split(flat)
    zeros = finite.size - int(np.count_nonzero(finite != 0)) if finite.size else 0
    slots = np.zeros(bins.count + 2, np.int64)
    for start in range(0, finite.size, _CHUNK):
        slots += _count(finite[start : start + _CHUNK], bins)
    if zeros:
        slots[slot_of_zero(bins, finite.dtype)] -= zeros
    counts = slots[1:-1].copy()
    counts.flags.writeable = False
    mean, sd, minimum, maximum = _moments(finite)
    return Histogram(
        counts,
        bins.edges(),
        bins.scale,
        bins.linear_within,
        zeros,
        int(slots[0]),
        int(slots[-1]),
        nan,
        plus_inf,
        minus_inf,
        total,
        mean,
        sd,
        minimum,
        maximum,
        population or total,
    )


def _split(flat: Array) -> tuple[Array, int, int, int]:
    """The finite values, and how many are NaN, +∞ and −∞. One reduction decides the usual case that all are finite."""
    if not flat.size or (math.isfinite(float(flat.max())) and math.isfinite(float(flat.min()))):
        return flat, 0, 0, 0
    nan = int(np.count_nonzero(np.isnan(flat)))
    plus, minus = int(np.count_nonzero(flat == np.inf)), int(np.count_nonzero(flat == -np.inf))
    return flat[np.isfinite(flat)], nan, plus, minus


def _moments(finite: Array) -> tuple[float, float, float, float]:
    """Mean, standard deviation (over n), smallest and largest; in float64 only where float32 squares would overflow."""
    if not finite.size:
        return math.nan, math.nan, math.nan, math.nan
    minimum, maximum = float(finite.min()), float(finite.max())
    if max(-minimum, maximum) > SAFE:
        finite = finite.astype(np.float64)
        scale = max(-minimum, maximum)
        finite /= scale
        mean, centred = float(finite.mean()), finite - finite.mean()
        return mean * scale, math.sqrt(float(centred @ centred) / finite.size) * scale, minimum, maximum
    mean = float(finite.mean())
    centred = finite - finite.dtype.type(mean)
    return mean, math.sqrt(float(centred @ centred) / finite.size), minimum, maximum


def _count(values: Array, bins: Bins) -> Array:
    """Counts ``(count + 2,)``: below, each bin, above. The last bin includes its upper edge, as in ``numpy.histogram``."""
    edges = bins.edges()
    low, span = (bins.low, bins.high - bins.low)
    coordinates = values
    if bins.scale == "symlog":
        coordinates = symlog(values, bins.linear_within)
        ends = symlog(edges[[0, -1]], bins.linear_within)
        low, span = float(ends[0]), float(ends[1] - ends[0])
    with np.errstate(over="ignore"):
        place = (coordinates - coordinates.dtype.type(low)) * coordinates.dtype.type(bins.count / span)
    np.clip(place, -0.5, bins.count + 0.5, out=place)
    nearest = np.rint(place)
    in_doubt = np.abs(place - nearest) < DOUBT
    in_doubt &= values != 0  # zeros leave their slot again, and half of a ReLU's values are zeros
    doubtful = np.flatnonzero(in_doubt)
    place += 1  # slot 0 is below the bins
    slots = place.astype(np.int64)
    if doubtful.size:
        k = nearest[doubtful].astype(np.int64)
        exact = values[doubtful]
        slots[doubtful] = k + (exact >= edges[k])
        slots[doubtful[exact == edges[-1]]] = bins.count
    return np.bincount(slots, minlength=bins.count + 2)


@functools.lru_cache(maxsize=1024)
def slot_of_zero(bins: Bins, dtype: np.dtype[Any]) -> int:
    """Where :func:`_count` puts an exact zero."""
    return int(_count(np.zeros(1, dtype), bins).argmax())
