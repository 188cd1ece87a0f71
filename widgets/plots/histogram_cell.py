"""Painting one histogram: bars, the ghost of step 0, the bar of exact zeros, the overflow bars, mean and spread.

The strip calls it sixty times a frame, so it only works out numbers, four to a rectangle or line, and makes no objects;
ghosts are kept until their geometry changes.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from simulations.core.arrays import Array
from simulations.probes.answers import Histogram, HistogramCell
from widgets.plots.batch import chain
from widgets.plots.strip_layout import CellAreas

Box: TypeAlias = tuple[float, float, float, float]
_GAP_FROM_PX = 2.6  # bars as wide as this stand apart


class HeightScale:
    """The count at the top of a cell, held while the highest bar stays between half and all of it."""

    def __init__(self) -> None:
        self.top = 0.0
        self._initial: Histogram | None = None
        self._then = 0.0  # the highest bar of the ghost, as a share of its values

    def settle(self, cell: HistogramCell, peak: float | None = None) -> float:
        """The count at the top for ``cell``, whose highest bar is ``peak`` where that is known already."""
        peak = float(cell.now.counts.max(initial=0)) if peak is None else peak
        if cell.initial is not self._initial:
            self._initial = cell.initial
            found = cell.initial.counts.max(initial=0) / max(cell.initial.total, 1) if cell.initial is not None else 0.0
            self._then = float(found)
        then = self._then * cell.now.total
        peak = max(peak, min(then, 2 * peak)) if peak else then
        if peak > self.top or peak < 0.5 * self.top:
            self.top = 1.15 * peak
        return max(self.top, 1.0)


def heights(counts: Array, top: float | Array, log: bool) -> Array:
    """Bar heights as shares of the full height, at most 1; on the log scale one value is already visible."""
    shown = np.log1p(counts) / np.log1p(top) if log else counts / top
    return np.minimum(shown, 1.0)


def bar_boxes(counts: Array, tops: Array, log: bool, areas: Array) -> Array:
    """The bars ``(m, 4)`` of k cells, one per non-empty bin and at least one pixel high, with a gap where there is room.

    ``counts`` is ``(k, bins)``, ``tops`` the ``(k,)`` counts at the top of each cell, ``areas`` its bins' ``(k, 4)`` box.
    """
    bins = counts.shape[1]
    left, top, width, height = (side[:, np.newaxis] for side in areas.T)
    pitch = width / bins
    boxes = np.empty((*counts.shape, 4))
    boxes[..., 0] = left + pitch * np.arange(bins)
    boxes[..., 2] = np.maximum(np.where(pitch > _GAP_FROM_PX, pitch - 1.0, pitch), 1.0)
    boxes[..., 3] = np.maximum(heights(counts, tops[:, np.newaxis], log) * height, 1.0)
    boxes[..., 1] = top + height - boxes[..., 3]
    bars: Array = boxes[counts > 0]
    return bars


def ghost_outline(cell: HistogramCell, top: float, log: bool, area: QRectF) -> Array:
    """The steps of the histogram at step 0 as lines ``(m, 4)``, scaled to as many values as there are now."""
    assert cell.initial is not None
    counts = cell.initial.counts * (cell.now.total / max(cell.initial.total, 1))
    y = area.bottom() - heights(counts, top, log) * area.height()
    x = area.left() + np.arange(len(counts) + 1) * (area.width() / len(counts))
    return chain(np.repeat(x, 2), np.concatenate(([area.bottom()], np.repeat(y, 2), [area.bottom()])))


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
