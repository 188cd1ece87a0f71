"""The bar that says which colour of a race's ground is which height, and which heights its level lines have."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from simulations.racing.probes.ground import DARKEST, GroundAnswer
from simulations.surfaces.base import ColorTransform
from widgets.plots.picture import metrics
from widgets.plots.plane_frame import FONT_PT
from widgets.plots.race_ground import contour_pen, image_of_shades, shade_colors
from widgets.plots.ticks import linear_ticks, tick_texts, value_text
from widgets.theme import Theme

_ROOM: Final = 16  # px: the width is a multiple of this, so that the plane keeps its size while numbers change
_MANTISSAS: Final = (1.0, 5.0, 2.0)
_MANY: Final = 40  # more numbers than a bar has room for
_ENOUGH: Final = 4  # numbers; with fewer, less round ones are taken, too
_ROUNDING: Final = 1e-9  # of the range: nothing
_APART: Final = 1.5  # lines of text between two numbers


@dataclass(frozen=True)
class GroundKey:
    """For no ground it takes the room of one; never less than ``room``, so that the plane keeps its size."""

    ground: GroundAnswer | None
    room: float = 0.0

    def width(self, painter: QPainter, theme: Theme) -> float:
        text = metrics(painter)
        texts = (written for _at, written in self._ticks(_MANY)) if self.ground is not None else ()
        widest = max(map(text.horizontalAdvance, texts), default=0.0)
        part = theme.px(_ROOM)
        return max(self.room, theme.px(20) + part * max(2.0, math.ceil(widest / part)))

    def height_below(self, painter: QPainter, theme: Theme, width: float) -> float:
        return math.inf

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if self.ground is None:
            return
        painter.save()
        painter.setFont(theme.font(FONT_PT))
        text = metrics(painter)
        painter.setPen(theme.color("text"))
        painter.drawText(QPointF(rect.left(), rect.top() + text.ascent()), "f(x, y)")
        bar = rect.adjusted(0, text.height() + theme.px(12), 0, -theme.px(4))
        bar.setWidth(theme.px(12))
        bar.setHeight(max(bar.height(), 20.0))
        shades = np.arange(DARKEST + 1, dtype=np.uint8)[:, np.newaxis]
        painter.drawImage(bar, image_of_shades(shades, theme))
        painter.setPen(contour_pen(theme))
        for level in self._shares(self.ground.levels):
            y = bar.bottom() - level * bar.height()
            painter.drawLine(QPointF(bar.left(), y), QPointF(bar.right(), y))
        painter.setPen(theme.pen("border"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        if self.ground.is_cut:
            _draw_beyond(painter, bar, theme)
        painter.setPen(theme.pen("text.secondary"))
        most = max(2, int(bar.height() / (_APART * text.height())))
        for share, written in self._ticks(most):
            y = bar.bottom() - share * bar.height()
            painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + theme.px(3), y))
            place = QRectF(bar.right() + theme.px(5), y - text.height() / 2, rect.width(), text.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, written)
        painter.restore()

    def _shares(self, colors: np.ndarray) -> list[float]:
        assert self.ground is not None
        return _shares(colors, self.ground.low, self.ground.high)

    def _ticks(self, most: int) -> tuple[tuple[float, str], ...]:
        ground = self.ground
        assert ground is not None
        return _ticks(ground.transform, ground.low, ground.high, most)


def _shares(colors: np.ndarray, low: float, high: float) -> list[float]:
    return [float(one) for one in (colors - low) / (high - low)]


@lru_cache(maxsize=8)  # the bar is measured twice and drawn, for every ground anew while a surface is dragged
def _ticks(transform: ColorTransform, darkest: float, lightest: float, most: int) -> tuple[tuple[float, str], ...]:
    """Places in 0…1 and numbers: round numbers, evenly spaced; where colours are not,
    the lowest height and the roundest of those above it that have room."""
    low, high = (float(one) for one in transform.invert(np.array([darkest, lightest])))
    if transform.scale == "linear":
        even = linear_ticks(low, high, most // 2 + 1)
        shares = _shares(np.array(even) - transform.offset, darkest, lightest)
        return tuple(zip(shares, tick_texts(even), strict=True))
    lowest = 0.0 if abs(low) < _ROUNDING * (high - low) else low
    found = [(0.0, lowest)]
    for order, some in enumerate(_round_numbers(low, high)):
        if order > len(_MANTISSAS) and len(found) >= _ENOUGH:
            break
        for share, value in zip(_shares(transform.apply(np.array(some)), darkest, lightest), some, strict=True):
            if 0 < share <= 1 and all(abs(share - other) >= 0.999 / most for other, _value in found):
                found.append((share, value))
    return tuple(zip((share for share, _value in found), _told_apart([value for _share, value in found]), strict=True))


def _told_apart(numbers: list[float]) -> list[str]:
    """``numbers`` in as many figures as it takes to tell them apart, three at least."""
    for digits in range(3, 13):
        texts = [value_text(one, digits) for one in numbers]
        if len(set(texts)) == len(texts):
            break
    return texts


def _draw_beyond(painter: QPainter, bar: QRectF, theme: Theme) -> None:
    """A tip on the bar: there is more above."""
    corners = bar.topLeft(), QPointF(bar.center().x(), bar.top() - theme.px(6)), bar.topRight()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(*(round(one) for one in shade_colors(theme)[-1].tolist())))
    painter.drawPolygon(QPolygonF(corners))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _round_numbers(low: float, high: float) -> Iterator[list[float]]:
    """The numbers between ``low`` and ``high``, the roundest first: 0, powers of ten, 5 · 10ⁿ, 2 · 10ⁿ, parts of the range."""
    yield [0.0]
    largest = max(abs(low), abs(high), 1e-300)
    decades = range(math.floor(math.log10(largest)), math.floor(math.log10(largest)) - 12, -1)
    for mantissa in _MANTISSAS:
        numbers = [sign * mantissa * 10.0**one for one in decades for sign in (1, -1)]
        yield [one for one in numbers if low < one <= high]
    for most in (2, 5, 10):
        yield linear_ticks(low, high, most)
