"""Where a plane of two axes and its key stand inside a rectangle, and how the axes are painted.

Both axes have the same scale, so that a ring is round, unless one feature varies more than twice as much as the other; the
key takes the side on which the plane leaves room.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from simulations.core.arrays import Array
from widgets.plots.picture import metrics
from widgets.plots.ticks import linear_ticks, tick_texts
from widgets.theme import Theme

FONT_PT = 8.5
_MOST_UNEQUAL = 2.0  # of the two ranges, to be drawn at one scale
_SHORT_NAME = 3  # letters; a longer name of the upright axis is turned

Extent = tuple[float, float, float, float]  # x0, x1, y0, y1
Axes = tuple[str, str]  # the names of both axes, translated


class Key(Protocol):
    """What explains the colours and shapes of a plane, beside or below it."""

    def width(self, painter: QPainter, theme: Theme) -> float:
        """What it takes beside the plane."""

    def height_below(self, painter: QPainter, theme: Theme, width: float) -> float:
        """What it takes below a plane of ``width``; infinite when it cannot stand there."""

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Paint it into ``rect``."""


@dataclass(frozen=True)
class Frame:
    """The plane's rectangle in pixels, the key's, and the data coordinates the plane covers."""

    plane: QRectF
    key: QRectF
    extent: Extent

    def places(self, points: Array) -> Array:
        """Pixels ``(n, 2)`` of data ``points`` ``(n, 2)``; y grows upwards."""
        x0, x1, y0, y1 = self.extent
        x = self.plane.left() + (points[:, 0] - x0) / (x1 - x0) * self.plane.width()
        y = self.plane.bottom() - (points[:, 1] - y0) / (y1 - y0) * self.plane.height()
        return np.stack([x, y], axis=1).astype(float)

    def data_at(self, place: QPointF) -> tuple[float, float]:
        """The data coordinates of a pixel."""
        x0, x1, y0, y1 = self.extent
        right = (place.x() - self.plane.left()) / self.plane.width()
        up = (self.plane.bottom() - place.y()) / self.plane.height()
        return x0 + right * (x1 - x0), y0 + up * (y1 - y0)


def frame_in(
    painter: QPainter, rect: QRectF, theme: Theme, extent: Extent, key: Key, axes: Axes, *, fills: bool = False
) -> Frame:
    """The largest plane that leaves room for axes and key; if it ``fills``, whatever that does to the axes' scales."""
    painter.setFont(theme.font(FONT_PT))
    text = metrics(painter)
    gap = theme.px(8)
    beside_axis = text.horizontalAdvance(axes[1]) if _is_short(axes[1]) else text.height()
    left = max(map(text.horizontalAdvance, (*_up_texts(extent, 6), "−0.0"))) + beside_axis + 2 * gap
    bottom = 2 * text.height() + gap
    free = rect.adjusted(left, gap, -gap, -bottom)
    width_beside, height_below = key.width(painter, theme), key.height_below(painter, theme, free.width())
    aspect = None if fills else _aspect(extent)
    beside = _plane_size(free.width() - width_beside - gap, free.height(), aspect)
    below = _plane_size(free.width(), free.height() - height_below, aspect)
    stands_beside = beside[0] * beside[1] >= below[0] * below[1]
    width, height = beside if stands_beside else below
    used = width + (width_beside + gap if stands_beside else 0)
    x = free.left() + max(0.0, (free.width() - used) / 2)
    spare = free.height() - height - (0 if stands_beside else height_below)
    plane = QRectF(x, free.top() + max(0.0, spare / 2), width, height)
    if stands_beside:
        place = QRectF(plane.right() + gap, plane.top(), width_beside, plane.height())
    else:
        place = QRectF(free.left(), plane.bottom() + bottom, free.width(), height_below)
    return Frame(plane, place, extent)


def draw_axes(painter: QPainter, frame: Frame, theme: Theme, axes: Axes) -> None:
    """Border, ticks with numbers, and the names of both axes."""
    painter.setFont(theme.font(FONT_PT))
    text, plane, tick = metrics(painter), frame.plane, theme.px(4)
    x0, x1, y0, y1 = frame.extent
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(theme.pen("border"))
    painter.drawRect(plane)
    across = _ticks(x0, x1, max(3, int(plane.width() / (text.horizontalAdvance("−0.00") * 1.8))))
    widest = max(map(text.horizontalAdvance, tick_texts(across)), default=0.0) + theme.px(6)
    if widest * len(across) > plane.width():
        across = _ticks(x0, x1, max(2, int(plane.width() / widest)))
    up = _ticks(y0, y1, max(3, int(plane.height() / (text.height() * 2))))
    middle = Qt.AlignmentFlag.AlignCenter
    painter.setPen(theme.pen("text.secondary"))
    free = plane.left() - theme.px(60)
    for value, written in zip(across, tick_texts(across), strict=True):
        x = plane.left() + (value - x0) / (x1 - x0) * plane.width()
        painter.drawLine(QPointF(x, plane.bottom()), QPointF(x, plane.bottom() + tick))
        wide = text.horizontalAdvance(written)
        left = min(x - wide / 2, plane.right() + theme.px(6) - wide)  # what is beyond may be cut off
        if left >= free:
            painter.drawText(QRectF(left - 2, plane.bottom() + tick, wide + 4, text.height()), middle, written)
            free = left + wide + theme.px(5)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for value, written in zip(up, tick_texts(up), strict=True):
        y = plane.bottom() - (value - y0) / (y1 - y0) * plane.height()
        painter.drawLine(QPointF(plane.left() - tick, y), QPointF(plane.left(), y))
        place = QRectF(plane.left() - tick - 102, y - text.height() / 2, 100, text.height())
        painter.drawText(place, right, written)
    beside = max(map(text.horizontalAdvance, tick_texts(up)), default=0.0)
    _draw_names(painter, plane, theme, axes, tick + beside + theme.px(6))


def _draw_names(painter: QPainter, plane: QRectF, theme: Theme, axes: Axes, left: float) -> None:
    text, middle = metrics(painter), Qt.AlignmentFlag.AlignCenter
    painter.setPen(theme.color("text"))
    under = QRectF(plane.left(), plane.bottom() + theme.px(4) + text.height() * 0.9, plane.width(), text.height() * 1.2)
    painter.drawText(under, middle, text.elidedText(axes[0], Qt.TextElideMode.ElideRight, plane.width()))
    if _is_short(axes[1]):
        beside = QRectF(plane.left() - left - 100, plane.top(), 100, plane.height())
        painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, axes[1])
        return
    painter.save()
    painter.translate(plane.left() - left - text.height() / 2, plane.center().y())
    painter.rotate(-90)
    line = QRectF(-plane.height() / 2, -text.height() / 2, plane.height(), text.height())
    painter.drawText(line, middle, text.elidedText(axes[1], Qt.TextElideMode.ElideRight, plane.height()))
    painter.restore()


def _ticks(low: float, high: float, most: int) -> list[float]:
    """At most ``most`` round numbers, but at least two, without which an axis says nothing."""
    ticks = linear_ticks(low, high, most)
    return ticks if len(ticks) > 1 else linear_ticks(low, high, 2 * most)


def _is_short(name: str) -> bool:
    return len(name) <= _SHORT_NAME


def _up_texts(extent: Extent, most: int) -> list[str]:
    return tick_texts(linear_ticks(extent[2], extent[3], most))


def _aspect(extent: Extent) -> float | None:
    """Width over height for one scale on both axes; None when the axes are better scaled apart."""
    ratio = (extent[1] - extent[0]) / (extent[3] - extent[2])
    return ratio if 1 / _MOST_UNEQUAL <= ratio <= _MOST_UNEQUAL else None


def _plane_size(width: float, height: float, aspect: float | None) -> tuple[float, float]:
    """The largest plane of this aspect inside, never smaller than can be seen."""
    width, height = max(width, 20.0), max(height, 20.0)
    if aspect is None:
        return width, height
    width = min(width, max(height * aspect, 20.0))
    return width, width / aspect
