"""Where the decision boundary's plane, axes and legend stand inside a rectangle, and how they are painted.

Both axes have the same scale, so that a ring is round; the legend takes the side on which the plane leaves room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from simulations.core.arrays import Array
from widgets.plots.boundary_marks import draw_mark
from widgets.plots.picture import metrics
from widgets.plots.ticks import linear_ticks, tick_texts
from widgets.text import _
from widgets.theme import Theme

_FONT_PT = 8.5


@dataclass(frozen=True)
class Frame:
    """The plane's rectangle in pixels, the legend's, and the data coordinates the plane covers."""

    plane: QRectF
    legend: QRectF
    extent: tuple[float, float, float, float]

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
    painter: QPainter,
    rect: QRectF,
    theme: Theme,
    extent: tuple[float, float, float, float],
    class_names: Sequence[str],
) -> Frame:
    """The largest plane of equal scales that leaves room for axes and legend."""
    painter.setFont(theme.font(_FONT_PT))
    text = metrics(painter)
    gap = theme.px(8)
    left = text.horizontalAdvance("−0.0") + text.horizontalAdvance("x₂") + 2 * gap
    bottom = 2 * text.height() + gap
    widest = max(text.horizontalAdvance(name) for name in _legend_texts(class_names))
    legend_width, line = widest + theme.px(24), text.height() + theme.px(3)
    aspect = (extent[1] - extent[0]) / (extent[3] - extent[2])
    free = rect.adjusted(left, gap, -gap, -bottom)
    beside = min(free.width() - legend_width - gap, free.height() * aspect)
    below_height = line * _legend_rows(free.width(), legend_width, len(class_names) + 1)
    below = min(free.width(), (free.height() - below_height) * aspect)
    stands_beside = beside >= below
    width = max(beside if stands_beside else below, 20.0)
    height = width / aspect
    used = width + (legend_width + gap if stands_beside else 0)
    x = free.left() + max(0.0, (free.width() - used) / 2)
    spare = free.height() - height - (0 if stands_beside else below_height)
    plane = QRectF(x, free.top() + max(0.0, spare / 2), width, height)
    if stands_beside:
        legend = QRectF(plane.right() + gap, plane.top(), legend_width, plane.height())
    else:
        legend = QRectF(free.left(), plane.bottom() + bottom, free.width(), below_height)
    return Frame(plane, legend, extent)


def draw_axes(painter: QPainter, frame: Frame, theme: Theme) -> None:
    """Border, ticks with numbers, and the features' names."""
    painter.setFont(theme.font(_FONT_PT))
    text, plane, tick = metrics(painter), frame.plane, theme.px(4)
    x0, x1, y0, y1 = frame.extent
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("border"), 1))
    painter.drawRect(plane)
    across = linear_ticks(x0, x1, max(3, int(plane.width() / (text.horizontalAdvance("−0.00") * 1.8))))
    up = linear_ticks(y0, y1, max(3, int(plane.height() / (text.height() * 2))))
    middle = Qt.AlignmentFlag.AlignCenter
    for value, written in zip(across, tick_texts(across), strict=True):
        x = plane.left() + (value - x0) / (x1 - x0) * plane.width()
        painter.setPen(QPen(theme.color("text.secondary"), 1))
        painter.drawLine(QPointF(x, plane.bottom()), QPointF(x, plane.bottom() + tick))
        painter.drawText(QRectF(x - 50, plane.bottom() + tick, 100, text.height()), middle, written)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for value, written in zip(up, tick_texts(up), strict=True):
        y = plane.bottom() - (value - y0) / (y1 - y0) * plane.height()
        painter.setPen(QPen(theme.color("text.secondary"), 1))
        painter.drawLine(QPointF(plane.left() - tick, y), QPointF(plane.left(), y))
        place = QRectF(plane.left() - tick - 102, y - text.height() / 2, 100, text.height())
        painter.drawText(place, right, written)
    painter.setPen(theme.color("text"))
    under = QRectF(plane.left(), plane.bottom() + tick + text.height() * 0.9, plane.width(), text.height() * 1.2)
    painter.drawText(under, middle, "x₁")
    widest = max((text.horizontalAdvance(written) for written in tick_texts(up)), default=0.0)
    beside = QRectF(plane.left() - tick - widest - theme.px(6) - 100, plane.top(), 100, plane.height())
    painter.drawText(beside, right, "x₂")


def draw_legend(painter: QPainter, frame: Frame, theme: Theme, class_names: Sequence[str]) -> None:
    """A line per class with its shape, and what hollow means; in columns when it stands below."""
    painter.setFont(theme.font(_FONT_PT))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    text = metrics(painter)
    texts = _legend_texts(class_names)
    width = max(text.horizontalAdvance(one) for one in texts) + theme.px(24)
    line = text.height() + theme.px(3)
    columns = max(1, int(frame.legend.width() / width + 1e-6))
    for i, written in enumerate(texts):
        corner = frame.legend.topLeft() + QPointF(i % columns * width, i // columns * line)
        is_hollow = i == len(class_names)
        at = corner + QPointF(theme.px(8), line / 2)
        if is_hollow:
            painter.setPen(QPen(theme.color("text"), 1.3))
            painter.setBrush(theme.brush("panel"))
            painter.drawEllipse(at, 3.4 * theme.scale, 3.4 * theme.scale)
        else:
            draw_mark(painter, at, theme, i, 3.8 * theme.scale, hollow=False)
        painter.setPen(theme.color("text"))
        place = QRectF(corner.x() + theme.px(18), corner.y(), width - theme.px(18), line)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, written)


def _legend_texts(class_names: Sequence[str]) -> list[str]:
    return [*(_(name) for name in class_names), _("validation")]


def _legend_rows(width: float, entry_width: float, entries: int) -> int:
    columns = max(1, int(width / entry_width + 1e-6))
    return -(-entries // columns)
