"""Many small histograms in a few passes over all their values together.

A look at every layer counts dozens of cells of a few thousand values. Counted one by one, what costs is not the counting
but the calls, and each call is a moment at which another thread may take the interpreter. Together they take as many
calls as one histogram does, and give exactly what :func:`histogram` gives.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.probes.histogram import DOUBT, SAFE, Bins, Histogram, histogram, slot_of_zero, symlog


def histograms(cells: Sequence[Array], bins: Sequence[Bins], populations: Sequence[int]) -> list[Histogram]:
    """``histogram(cells[i], bins[i], populations[i])`` for every i."""
    found: dict[int, Histogram] = {}
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, (values, one) in enumerate(zip(cells, bins, strict=True)):
        if values.size:
            groups.setdefault((one.scale, one.count, values.dtype), []).append(index)
    for members in groups.values():
        flats = [cells[index].reshape(-1) for index in members]
        together = _Together(flats, [bins[index] for index in members])
        for place, index in enumerate(members):
            if together.is_plain(place):
                found[index] = together.histogram(place, populations[index])
    return [
        found[index] if index in found else histogram(values, bins[index], populations[index])
        for index, values in enumerate(cells)
    ]


class _Together:
    """The values of several cells end to end, counted over bins of one scale and number."""

    def __init__(self, flats: list[Array], bins: list[Bins]) -> None:
        self._bins = bins
        self._sizes = np.array([len(flat) for flat in flats])
        self._starts = np.concatenate([[0], np.cumsum(self._sizes)[:-1]])
        self._values = np.concatenate(flats)
        self._lowest: list[float] = np.minimum.reduceat(self._values, self._starts).tolist()
        self._highest: list[float] = np.maximum.reduceat(self._values, self._starts).tolist()
        with np.errstate(invalid="ignore", over="ignore"):
            self._measure()
            self._slots = self._count()

    def is_plain(self, place: int) -> bool:
        """Whether every value of a cell is finite and its square representable; other cells are counted alone."""
        return self._lowest[place] >= -SAFE and self._highest[place] <= SAFE

    def histogram(self, place: int, population: int) -> Histogram:
        """The counts of one cell."""
        bins, slots, zeros = self._bins[place], self._slots[place], self._zeros[place]
        if zeros:
            slots[slot_of_zero(bins, self._values.dtype)] -= zeros
        counts = slots[1:-1].copy()
        counts.flags.writeable = False
        size = int(self._sizes[place])
        return Histogram(
            counts, bins.edges(), bins.scale, bins.linear_within, zeros, int(slots[0]), int(slots[-1]), 0, 0, 0, size,
            self._means[place], self._sds[place], self._lowest[place], self._highest[place], population or size,
        )  # fmt: skip

    def _measure(self) -> None:
        """Zeros, means and standard deviations (over n) of every cell."""
        values, starts, sizes = self._values, self._starts, self._sizes
        self._is_zero = values == 0
        self._zeros: list[int] = np.add.reduceat(self._is_zero, starts, dtype=np.int64).tolist()
        means = np.add.reduceat(values, starts, dtype=np.float64) / sizes
        centred = values - self._spread(means)
        centred *= centred
        self._means: list[float] = means.tolist()
        self._sds: list[float] = np.sqrt(np.add.reduceat(centred, starts, dtype=np.float64) / sizes).tolist()

    def _spread(self, of_cells: Array) -> Array:
        """A number a cell as a number a value, in the values' own precision."""
        return np.repeat(of_cells.astype(self._values.dtype), self._sizes)

    def _count(self) -> Array:
        """``(cells, count + 2)``: below, each bin, above. The rule is that of a single histogram, bin by bin."""
        values, count = self._values, self._bins[0].count
        frames = np.array([_frame(one, values.dtype) for one in self._bins])
        coordinates = values
        if self._bins[0].scale == "symlog":
            coordinates = symlog(values, self._spread(np.array([one.linear_within for one in self._bins])))
        place: FloatArray = coordinates - self._spread(frames[:, 0])
        place *= self._spread(frames[:, 1])
        np.clip(place, -0.5, count + 0.5, out=place)
        nearest = np.rint(place)
        in_doubt = np.abs(place - nearest) < DOUBT
        in_doubt &= ~self._is_zero
        doubtful = np.flatnonzero(in_doubt)
        place += 1
        np.nan_to_num(place, copy=False, nan=0.0)  # cells with NaN are counted alone
        cell = np.repeat(np.arange(len(self._bins)), self._sizes)
        slots = place.astype(np.int64)
        if doubtful.size:
            edges = np.stack([one.edges() for one in self._bins])
            k, exact, of = nearest[doubtful].astype(np.int64), values[doubtful], cell[doubtful]
            slots[doubtful] = k + (exact >= edges[of, k])
            slots[doubtful[exact == edges[of, -1]]] = count
        slots += cell * (count + 2)
        return np.bincount(slots, minlength=len(self._bins) * (count + 2)).reshape(-1, count + 2)


@functools.lru_cache(maxsize=1024)
def _frame(bins: Bins, dtype: np.dtype[Any]) -> tuple[float, float]:
    """Where the bins begin in the scale's coordinates, and how many there are to one of its units."""
    low, high = bins.low, bins.high
    if bins.scale == "symlog":
        low, high = (float(end) for end in symlog(np.array([low, high]), bins.linear_within))
    return low, bins.count / (high - low) if math.isfinite(high - low) else 0.0
