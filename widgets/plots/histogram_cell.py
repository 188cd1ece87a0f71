"""Painting one histogram: bars, the ghost of step 0, the bar of exact zeros, the overflow bars, mean and spread.

The strip calls it sixty times a frame, so it only works out numbers, four to a rectangle or line, and makes no objects;
ghosts are kept until their geometry changes.
"""

from __future__ import annotations

import math
from typing import final

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from simulations.core.arrays import Array, FloatArray
from simulations.probes.histogram import Histogram
from simulations.probes.table import HistogramTable
from widgets.plots.strip_layout import CellAreas

_GAP_FROM_PX = 2.6  # bars as wide as this stand apart


def settled_tops(tops: FloatArray, now: HistogramTable, then: FloatArray) -> FloatArray:
    """The counts at the tops of k cells, ``tops`` where the highest bar stays between half and all of it.

    ``then`` is the highest bar of each cell's ghost as a share of its values; a ghost may make a cell twice as high.
    """
    highest = now.counts.max(axis=1, initial=0).astype(np.float64)
    ghosts = then * now.number("total")
    peaks = np.where(highest > 0, np.maximum(highest, np.minimum(ghosts, 2 * highest)), ghosts)
    settled: FloatArray = np.where((peaks > tops) | (peaks < 0.5 * tops), 1.15 * peaks, tops)
    return settled


def peaks_of(ghosts: HistogramTable) -> FloatArray:
    """The highest bar of each ghost as a share of its values; 0 where there is none."""
    totals = np.nan_to_num(ghosts.number("total"))
    peaks: FloatArray = ghosts.counts.max(axis=1, initial=0) / np.maximum(totals, 1.0)
    return peaks


def heights(counts: Array, top: float | Array, log: bool) -> Array:
    """Bar heights as shares of the full height, at most 1; on the log scale one value is already visible."""
    shown: Array = np.log1p(counts) / np.log1p(top) if log else counts / top
    return np.minimum(shown, 1.0, out=shown)


@final
class Bars:
    """The bars of k cells in their places ``areas`` ``(k, 4)``; only their heights are worked out anew in every frame."""

    def __init__(self, areas: Array, bins: int) -> None:
        left, top, width, self._height = (side[:, np.newaxis] for side in areas.T)
        pitch = width / bins
        self._bottom = top + self._height
        self._boxes = np.empty((len(areas), bins, 4))
        self._boxes[..., 0] = left + pitch * np.arange(bins)
        self._boxes[..., 2] = np.maximum(np.where(pitch > _GAP_FROM_PX, pitch - 1.0, pitch), 1.0)

    def boxes(self, counts: Array, tops: Array, log: bool) -> tuple[Array, list[int]]:
        """The bars ``(m, 4)``, one per non-empty bin and at least one pixel high, and where each cell's begin (and the end).

        ``counts`` is ``(k, bins)``, ``tops`` the ``(k,)`` counts at the top of each cell.
        """
        some = counts > 0
        tall = heights(counts, tops[:, np.newaxis], log)
        tall *= self._height
        np.maximum(tall, 1.0, out=tall)
        self._boxes[..., 3] = tall
        np.subtract(self._bottom, tall, out=self._boxes[..., 1])
        return self._boxes[some], [0, *np.cumsum(np.count_nonzero(some, axis=1)).tolist()]


def ghost_outlines(ghosts: HistogramTable, totals: FloatArray, tops: FloatArray, log: bool, areas: Array) -> FloatArray:
    """The steps of k histograms at step 0 as lines ``(m, 4)``, scaled to as many values as there are now.

    Bins of equal height are one line, and where the height does not change there is no step.
    """
    left, top, width, height = (side[:, np.newaxis] for side in areas.T)
    bins, bottom = ghosts.counts.shape[1], top + height
    counts = ghosts.counts * (totals / np.maximum(ghosts.number("total"), 1.0))[:, np.newaxis]
    y = np.full((len(counts), bins + 2), np.nan)
    y[:, 1:-1] = bottom - heights(counts, tops[:, np.newaxis], log) * height
    y[:, :1] = y[:, -1:] = bottom
    steps = y[:, 1:] != y[:, :-1]
    steps[:, :1] = steps[:, -1:] = True
    steps &= ~np.isnan(ghosts.low)[:, np.newaxis]
    cell, edge = np.nonzero(steps)
    x = (left + width / bins * np.arange(bins + 1))[cell, edge]
    before, after = y[cell, edge], y[cell, edge + 1]
    is_last = edge[:-1] == bins
    level = np.stack([x[:-1], after[:-1], x[1:], after[:-1]], axis=-1)[~is_last]
    rise = before != after
    lines: FloatArray = np.concatenate([level, np.stack([x, before, x, after], axis=-1)[rise]])
    return lines


def position_of(value: float, one: Histogram, area: QRectF) -> float | None:
    """The x of ``value``; None outside the range."""
    low, high = float(one.edges[0]), float(one.edges[-1])
    if not low <= value <= high:
        return None
    if one.scale == "symlog":
        low, value, high = (_symlog(one_value, one.linear_within) for one_value in (low, value, high))
    return area.left() + (value - low) / (high - low) * area.width()


def _symlog(value: float, within: float) -> float:
    """The symlog coordinate of one number, as :func:`simulations.probes.histogram.symlog` has it for many."""
    size = abs(value) / within
    return math.copysign(size if size <= 1 else 1 + math.log(size), value)


def part_at(areas: CellAreas, one: Histogram, position: QPointF) -> int | str | None:
    """The bar under the pointer: a bin's index, ``zero``, ``under`` or ``over``; None between them."""
    x = position.x()
    if x < areas.under.left() - 1:
        return "zero"
    if x < areas.bars.left():
        return "under"
    if x >= areas.bars.right():
        return "over" if x <= areas.over.right() + 2 else None
    index = int((x - areas.bars.left()) / areas.bars.width() * len(one.counts))
    return min(max(index, 0), len(one.counts) - 1)
