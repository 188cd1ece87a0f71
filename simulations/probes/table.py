"""Many histograms as two arrays: what crosses between processes and what a painter draws.

A look at every layer is dozens of histograms of twenty numbers each. As values of their own they take longer to hand over
than to count; as a row each of two arrays they cross and are painted together, and one of them becomes a
:class:`Histogram` when somebody asks about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.probes.histogram import BINS, Bins, Histogram

_COUNTED = ("zeros", "under", "over", "nan", "plus_inf", "minus_inf", "total", "population")
_MEASURED = ("mean", "sd", "minimum", "maximum")
_BINS = 4  # the first columns: low, high, and what the linear part of a symlog scale is within (nan: linear)
_COLUMN = {name: _BINS + place for place, name in enumerate((*_COUNTED, *_MEASURED))}


@dataclass(frozen=True)
class HistogramTable:
    """k histograms of equally many bins: ``counts`` is ``(k, bins)`` int64, ``numbers`` ``(k, 16)`` float64, all nan in the
    row of a histogram that is missing."""

    counts: Array
    numbers: FloatArray

    @classmethod
    def of(cls, histograms: Sequence[Histogram | None]) -> HistogramTable:
        """The table of ``histograms``; None is one that is missing."""
        bins = next((len(one.counts) for one in histograms if one is not None), BINS)
        counts = np.zeros((len(histograms), bins), np.int64)
        numbers = np.full((len(histograms), _BINS + len(_COLUMN)), np.nan)
        for row, one in enumerate(histograms):
            if one is not None:
                counts[row] = one.counts
                numbers[row] = (
                    one.edges[0],
                    one.edges[-1],
                    one.linear_within if one.scale == "symlog" else np.nan,
                    one.linear_within,
                    *(getattr(one, name) for name in _COLUMN),
                )
        counts.flags.writeable = numbers.flags.writeable = False
        return cls(counts, numbers)

    def __len__(self) -> int:
        return len(self.counts)

    def equals(self, other: HistogramTable) -> bool:
        """Whether every number is the same."""
        return np.array_equal(self.counts, other.counts) and self.numbers.tobytes() == other.numbers.tobytes()

    def histogram(self, row: int) -> Histogram | None:
        """One of them; None where it is missing."""
        low, high, symlog, within, *numbers = self.numbers[row].tolist()
        if low != low:
            return None
        counted, measured = numbers[: len(_COUNTED)], numbers[len(_COUNTED) :]
        bins = Bins(low, high, "symlog" if symlog == symlog else "linear", within, self.counts.shape[1])
        return Histogram(
            counts=self.counts[row],
            edges=bins.edges(),
            scale=bins.scale,
            linear_within=within,
            **{name: int(count) for name, count in zip(_COUNTED, counted, strict=True)},
            **dict(zip(_MEASURED, measured, strict=True)),
        )

    # ---- a number of each, ``(k,)`` ----------------------------------------------------------------------------------

    @property
    def ranges(self) -> FloatArray:
        """``(k, 4)``: what the bins of each follow from."""
        return self.numbers[:, :_BINS]

    @property
    def low(self) -> FloatArray:
        return self.numbers[:, 0]

    @property
    def high(self) -> FloatArray:
        return self.numbers[:, 1]

    @property
    def within(self) -> FloatArray:
        """The ends of the linear part of a symlog scale; nan where the scale is linear."""
        return self.numbers[:, 2]

    def number(self, name: str) -> FloatArray:
        """What :class:`Histogram` calls ``name``."""
        return self.numbers[:, _COLUMN[name]]

    @property
    def bad(self) -> FloatArray:
        """How many values are not finite."""
        first, last = _COLUMN["nan"], _COLUMN["minus_inf"]
        found: FloatArray = self.numbers[:, first : last + 1].sum(axis=1)
        return found
