"""The axes of a chart we paint ourselves: where its data lie on the screen, grid, ticks with numbers, titles.

The charts of pyqtgraph repaint every curve whenever anything over them moves, and are slow to fill; a race is drawn anew
while a start is dragged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from simulations.core.arrays import Array, FloatArray
from widgets.plots.batch import Lines
from widgets.plots.ticks import linear_ticks, log_tick_texts, log_ticks, power_text, tick_texts
from widgets.theme import Theme

FONT_PT: Final = 8.5

_LINES: Final = Lines()  # the room of one serves all
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTER = Qt.AlignmentFlag.AlignCenter


def axis_width(theme: Theme) -> int:
    """The width of a left axis, the same for all charts of a stack, so that they stand under each other."""
    text = QFontMetricsF(theme.font(FONT_PT))
    return round(text.height() + text.horizontalAdvance("0.0000") + 10)


def axis_height(theme: Theme) -> int:
    """The height of a bottom axis: numbers and title."""
    return round(2 * QFontMetricsF(theme.font(FONT_PT)).height() + 6)


@dataclass(frozen=True)
class ChartAxes:
    """The data's rectangle and what it covers. On a log axis ``y`` are exponents."""

    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    is_log: bool = False

    @property
    def area(self) -> QRectF:
        return QRectF(self.left, self.top, self.width, self.height)

    def contains(self, column: float, row: float) -> bool:
        return self.left <= column <= self.left + self.width and self.top <= row <= self.top + self.height

    def columns(self, x: Array) -> FloatArray:
        """The pixel columns of ``x``."""
        return self.left + (np.asarray(x, float) - self.x[0]) * (self.width / (self.x[1] - self.x[0]))

    def rows(self, y: Array) -> FloatArray:
        """The pixel rows of ``y``; far outside, ±∞ too, just outside, since painters lose themselves far away."""
        bottom = self.top + self.height
        found = bottom - (np.asarray(y, float) - self.y[0]) * (self.height / (self.y[1] - self.y[0]))
        return np.clip(found, self.top - 2 * self.height, bottom + 2 * self.height)

    def x_at(self, column: float) -> float:
        return self.x[0] + (column - self.left) / self.width * (self.x[1] - self.x[0])

    def y_at(self, row: float) -> float:
        return self.y[1] - (row - self.top) / self.height * (self.y[1] - self.y[0])

    def x_ticks(self, theme: Theme) -> list[float]:
        text = QFontMetricsF(theme.font(FONT_PT))
        return linear_ticks(*self.x, max(2, int(self.width / (1.4 * text.horizontalAdvance("000 000")))))

    def y_ticks(self, theme: Theme) -> list[float]:
        most = max(2, int(self.height / (2 * QFontMetricsF(theme.font(FONT_PT)).height())))
        return log_ticks(*self.y, most) if self.is_log else linear_ticks(*self.y, most)


def draw_ground(painter: QPainter, axes: ChartAxes, theme: Theme) -> None:
    """The grid at the ticks of both axes, and the border left and below."""
    left, top, right, bottom = axes.left, axes.top, axes.left + axes.width, axes.top + axes.height
    grid = [(x, top, x, bottom) for x in axes.columns(np.array(axes.x_ticks(theme))).tolist()]
    grid += [(left, y, right, y) for y in axes.rows(np.array(axes.y_ticks(theme))).tolist()]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(theme.pen("grid"))
    _LINES.draw(painter, np.array(grid).reshape(-1, 4))
    painter.setPen(theme.pen("border"))
    _LINES.draw(painter, np.array([(left, top, left, bottom), (left, bottom, right, bottom)]))


def draw_left(painter: QPainter, axes: ChartAxes, theme: Theme, title: str) -> None:
    """Numbers and title of the left axis."""
    painter.setFont(theme.font(FONT_PT))
    text = QFontMetricsF(painter.font(), painter.device())
    ticks = axes.y_ticks(theme)
    room = axis_width(theme) - text.height() - 8
    texts = log_tick_texts(ticks) if axes.is_log else tick_texts(ticks)
    is_wide = axes.is_log and bool(ticks) and (ticks[0] < -3 or ticks[-1] > 5)  # all in one way
    if is_wide or any(text.horizontalAdvance(one) > room for one in texts):
        texts = [power_text(10.0**tick if axes.is_log else tick, 2) for tick in ticks]
    painter.setPen(theme.pen("text.secondary"))
    places = axes.rows(np.array(ticks)).tolist()
    _LINES.draw(painter, np.array([(axes.left - 4, y, axes.left, y) for y in places]).reshape(-1, 4))
    line, bottom = text.height(), axes.top + axes.height
    for y, written in zip(places, texts, strict=True):
        middle = min(max(y, axes.top + line / 2 - 3), bottom - line / 2 + 3)
        painter.drawText(QRectF(axes.left - 107, middle - line / 2, 100, line), _RIGHT, written)
    painter.save()
    painter.setPen(theme.color("text"))
    painter.translate(axes.left - axis_width(theme) + 2, axes.top + axes.height / 2)
    painter.rotate(-90)
    shown = text.elidedText(title, Qt.TextElideMode.ElideRight, axes.height + 8)
    painter.drawText(QRectF(-200, 0, 400, line), _CENTER, shown)
    painter.restore()


def draw_bottom(painter: QPainter, axes: ChartAxes, theme: Theme, title: str) -> None:
    """Numbers and title of the bottom axis."""
    painter.setFont(theme.font(FONT_PT))
    text = QFontMetricsF(painter.font(), painter.device())
    ticks, bottom, right = axes.x_ticks(theme), axes.top + axes.height, axes.left + axes.width
    painter.setPen(theme.pen("text.secondary"))
    places = axes.columns(np.array(ticks)).tolist()
    _LINES.draw(painter, np.array([(x, bottom, x, bottom + 4) for x in places]).reshape(-1, 4))
    line = math.ceil(text.height())
    for x, written in zip(places, tick_texts(ticks), strict=True):
        middle = min(x, right + 6 - text.horizontalAdvance(written) / 2)
        painter.drawText(QRectF(middle - 60, bottom + 4, 120, line), _CENTER, written)
    painter.setPen(theme.color("text"))
    painter.drawText(QRectF(axes.left, bottom + 4 + line, axes.width, line), _CENTER, title)
