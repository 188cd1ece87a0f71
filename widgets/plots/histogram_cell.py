"""Painting one histogram: bars, the ghost of step 0, the bar of exact zeros, the overflow bars, mean and spread.

The strip calls it sixty times a frame, so it only collects rectangles and lines; ghosts are kept as polygons until their
geometry changes.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPolygonF

from simulations.core.arrays import Array
from simulations.probes.answers import Histogram, HistogramCell
from simulations.probes.histogram import symlog
from widgets.plots.strip_layout import CellAreas


class HeightScale:
    """The count at the top of a cell, held while the highest bar stays between half and all of it."""

    def __init__(self) -> None:
        self.top = 0.0
        self._initial: Histogram | None = None
        self._then = 0.0  # the highest bar of the ghost, as a share of its values

    def settle(self, cell: HistogramCell) -> float:
        peak = float(cell.now.counts.max(initial=0))
        if cell.initial is not self._initial:
            self._initial = cell.initial
            found = cell.initial.counts.max(initial=0) / max(cell.initial.total, 1) if cell.initial is not None else 0.0
            self._then = float(found)
        then = self._then * cell.now.total
        peak = max(peak, min(then, 2 * peak)) if peak else then
        if peak > self.top or peak < 0.5 * self.top:
            self.top = 1.15 * peak
        return max(self.top, 1.0)


def heights(counts: Array, top: float, log: bool) -> Array:
    """Bar heights as shares of the full height, at most 1; on the log scale one value is already visible."""
    shown = np.log1p(counts) / math.log1p(top) if log else counts / top
    return np.minimum(shown, 1.0)


def bar_rects(counts: Array, top: float, log: bool, area: QRectF, gap: float) -> list[QRectF]:
    """A rectangle per non-empty bin, at least one pixel high."""
    height, bottom, left = area.height(), area.bottom(), area.left()
    width = area.width() / len(counts)
    thick = max(width - gap, 1.0)
    tall = (heights(counts, top, log) * height).tolist()
    return [
        QRectF(left + i * width, bottom - (h if h > 1.0 else 1.0), thick, h if h > 1.0 else 1.0)
        for i, h in enumerate(tall)
        if h
    ]


def end_rect(count: int, top: float, log: bool, area: QRectF) -> QRectF:
    """The bar of what lies outside the range, on the scale of the bins, at least two pixels high."""
    share = float(heights(np.array([count]), top, log)[0])
    height = max(share * area.height(), 2.0)
    return QRectF(area.left(), area.bottom() - height, area.width(), height)


def zero_rect(one: Histogram, area: QRectF) -> QRectF:
    """The bar of exact zeros: its full height is all values, so that it is read as a share."""
    height = max(area.height() * one.zeros / max(one.total, 1), 1.0 if one.zeros else 0.0)
    return QRectF(area.left(), area.bottom() - height, area.width(), height)


def ghost_outline(cell: HistogramCell, top: float, log: bool, area: QRectF) -> QPolygonF:
    """The steps of the histogram at step 0, scaled to as many values as there are now."""
    assert cell.initial is not None
    counts = cell.initial.counts * (cell.now.total / max(cell.initial.total, 1))
    y = area.bottom() - heights(counts, top, log) * area.height()
    x = area.left() + np.arange(len(counts) + 1) * (area.width() / len(counts))
    xs = np.repeat(x, 2)
    ys = np.concatenate(([area.bottom()], np.repeat(y, 2), [area.bottom()]))
    return QPolygonF([QPointF(a, b) for a, b in zip(xs.tolist(), ys.tolist(), strict=True)])


def position_of(value: float, one: Histogram, area: QRectF) -> float | None:
    """The x of ``value``; None outside the range."""
    low, high = float(one.edges[0]), float(one.edges[-1])
    if not low <= value <= high:
        return None
    if one.scale == "symlog":
        low, value, high = symlog(np.array([low, value, high]), one.linear_within).tolist()
    return area.left() + (value - low) / (high - low) * area.width()


def moment_lines(one: Histogram, area: QRectF, tick: float) -> list[QLineF]:
    """A whisker from mean − sd to mean + sd along the top, with a longer tick at the mean."""
    if not math.isfinite(one.mean):
        return []
    low, high = float(one.edges[0]), float(one.edges[-1])
    ends = [position_of(min(max(v, low), high), one, area) for v in (one.mean - one.sd, one.mean + one.sd)]
    y = area.top()
    lines = [QLineF(ends[0] or area.left(), y, ends[1] or area.left(), y)]
    at = position_of(one.mean, one, area)
    if at is not None:
        lines.append(QLineF(at, y - tick, at, y + tick))
    return lines


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
