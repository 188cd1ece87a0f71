"""What is drawn on the bars of many histograms at once: their exact zeros, what lies beyond their ranges, mean and spread.

A strip has sixty of them and is painted many times a second while the simulation thread wants the interpreter, so the
numbers of all cells become arrays first, and each kind of mark is worked out for all of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

import numpy as np
from PySide6.QtCore import QRectF

from simulations.core.arrays import Array
from simulations.probes.table import HistogramTable
from widgets.plots.histogram_cell import heights
from widgets.plots.strip_layout import CellAreas

_LEVEL_PX: Final = 3.0  # between the level lines that fill the bar of exact zeros
_LEAST_END_PX: Final = 2.0


@final
class Figures:
    """What marks need of k histograms, as arrays ``(k,)``; ``within`` is nan where the scale is linear."""

    def __init__(self, table: HistogramTable) -> None:
        self.low, self.high, self.within = table.low, table.high, table.within
        self.zeros, self.under, self.over, self.total, self.mean, self.sd = (
            table.number(name) for name in ("zeros", "under", "over", "total", "mean", "sd")
        )

    def shares(self, values: Array) -> Array:
        """Where in its cell's range each of ``values`` ``(…, k)`` lies, from 0 to 1."""
        low, high = self._along(self.low), self._along(self.high)
        shares: Array = (self._along(values) - low) / (high - low)
        return shares

    def _along(self, values: Array) -> Array:
        """The coordinate on each cell's axis, as :func:`simulations.probes.histogram.symlog` has it."""
        size = np.abs(values) / self.within
        bent = np.copysign(np.where(size <= 1.0, size, 1.0 + np.log(np.maximum(size, 1.0))), values)
        along: Array = np.where(np.isnan(self.within), values, bent)
        return along


@final
class Places:
    """Where the parts of k cells lie, as arrays ``(k, 4)`` of left, top, width and height."""

    def __init__(self, cells: Sequence[CellAreas]) -> None:
        self.zero, self.under, self.bars, self.over = (
            np.array([box_of(getattr(cell, part)) for cell in cells]).reshape(-1, 4)
            for part in ("zero", "under", "bars", "over")
        )


def box_of(area: QRectF) -> tuple[float, float, float, float]:
    """``area`` as left, top, width and height."""
    return area.left(), area.top(), area.width(), area.height()


def end_boxes(figures: Figures, tops: Array, log: bool, places: Places) -> Array:
    """The bars ``(m, 4)`` of what lies below and above the ranges, on the scale of the bins, at least two pixels high."""
    counts, boxes = np.concatenate([figures.under, figures.over]), np.concatenate([places.under, places.over])
    tall = np.maximum(heights(counts, np.concatenate([tops, tops]), log) * boxes[:, 3], _LEAST_END_PX)
    boxes[:, 1] += boxes[:, 3] - tall
    boxes[:, 3] = tall
    ends: Array = boxes[counts > 0]
    return ends


def zero_lines(figures: Figures, places: Places) -> Array:
    """The bars of exact zeros as lines ``(m, 4)``, outlines filled with level lines: told from a bin without any colour.

    Their full height is all values, so that each is read as a share.
    """
    some = figures.zeros > 0
    left, top, width, height = places.zero[some].T
    right, bottom = left + width, top + height
    tall = np.maximum(height * figures.zeros[some] / figures.total[some], 1.0)
    top = bottom - tall
    up = _LEVEL_PX * np.arange(1, 1 + int(tall.max(initial=0.0) / _LEVEL_PX))
    levels, cell = np.nonzero(up[:, np.newaxis] < tall)
    y = bottom[cell] - up[levels]
    return np.concatenate([
        np.stack([left, top, right, top], axis=-1),
        np.stack([left, top, left, bottom], axis=-1),
        np.stack([right, top, right, bottom], axis=-1),
        np.stack([left[cell], y, right[cell], y], axis=-1),
    ])  # fmt: skip


def moment_lines(figures: Figures, places: Places, tick: float) -> Array:
    """Whiskers from mean − sd to mean + sd along the tops as lines ``(m, 4)``, with a longer tick at each mean in range."""
    values = np.stack([figures.mean - figures.sd, figures.mean + figures.sd, figures.mean])
    shares = figures.shares(np.clip(values, figures.low, figures.high))
    left, y, width, _height = places.bars.T
    start, end, middle = left + shares * width
    known = np.isfinite(figures.mean)
    inside = known & (figures.low <= figures.mean) & (figures.mean <= figures.high)
    whiskers = np.stack([start, y, end, y], axis=-1)[known]
    ticks = np.stack([middle, y - tick, middle, y + tick], axis=-1)[inside]
    return np.concatenate([whiskers, ticks])
