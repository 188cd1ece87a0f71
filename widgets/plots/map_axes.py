"""Two axes of any scale around a plane of cells, with a key below: where they stand, how they are painted, what is where.

A map of learning rates has a logarithmic axis, which the planes of data have not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from simulations.core.arrays import Array, FloatArray
from widgets.plots.colormap import image_of, viridis
from widgets.plots.picture import metrics
from widgets.plots.ticks import linear_ticks, log_tick_texts, log_ticks, tick_texts
from widgets.theme import Theme

FONT_PT = 8.5
_LEAST = 1e-300


@dataclass(frozen=True)
class Axis:
    """An axis from ``low`` to ``high`` called ``name`` (translated, with its unit)."""

    name: str
    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends as they are drawn: exponents of ten on a logarithmic axis."""
        if self.scale == "linear":
            return self.low, self.high
        return math.log10(max(self.low, _LEAST)), math.log10(max(self.high, _LEAST))

    def shares(self, values: Array | float) -> FloatArray:
        """Where ``values`` stand, 0 at the low end and 1 at the high one; same shape."""
        low, high = self.ends
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = np.asarray(values, float) if self.scale == "linear" else np.log10(np.asarray(values, float))
            shares: FloatArray = (drawn - low) / (high - low)
        return shares

    def value(self, share: float) -> float:
        """What stands at ``share`` of the way."""
        low, high = self.ends
        drawn = low + share * (high - low)
        return drawn if self.scale == "linear" else 10.0**drawn

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Shares with the texts that stand there."""
        low, high = self.ends
        if self.scale == "linear":
            values = linear_ticks(low, high, most)
            texts = tick_texts(values)
        else:
            values = log_ticks(low, high, most)
            texts = log_tick_texts(values)
        return [((value - low) / (high - low), text) for value, text in zip(values, texts, strict=True)]


@dataclass(frozen=True)
class MapFrame:
    """The plane's rectangle in pixels, the key's below it, and the axes."""

    plane: QRectF
    key: QRectF
    across: Axis
    up: Axis

    def places(self, x: Array, y: Array) -> FloatArray:
        """Pixels ``(n, 2)`` of values ``(n,)`` on both axes; ±∞ and NaN stay what they are."""
        left = self.plane.left() + self.across.shares(x) * self.plane.width()
        top = self.plane.bottom() - self.up.shares(y) * self.plane.height()
        return np.stack([left, top], axis=-1)

    def place(self, x: float, y: float) -> QPointF:
        left, top = self.places(np.array([x]), np.array([y]))[0].tolist()
        return QPointF(left, top)

    def at(self, position: QPointF) -> tuple[float, float] | None:
        """The shares of both axes under a pixel; None beside the plane."""
        if not self.plane.contains(position):
            return None
        right = (position.x() - self.plane.left()) / self.plane.width()
        return right, (self.plane.bottom() - position.y()) / self.plane.height()


def frame_of(
    painter: QPainter, rect: QRectF, theme: Theme, axes: tuple[Axis, Axis], key: float, aspect: float | None
) -> MapFrame:
    """The largest plane that leaves room for axes and, below, a key of height ``key``; ``aspect`` is its width over height."""
    painter.setFont(theme.font(FONT_PT))
    text, gap = metrics(painter), theme.px(6)
    most = max(2, int((rect.height() - key) / (text.height() * 2)))
    widest = max(
        text.horizontalAdvance(written) for count in (6, most) for _, written in [*axes[1].ticks(count), (0, "0.00")]
    )
    left, below = widest + text.height() + 2 * gap, 2.2 * text.height() + gap
    free = rect.adjusted(left, gap, -2 * gap, -below - (key + gap if key else 0) - gap)
    width, height = max(free.width(), 20.0), max(free.height(), 20.0)
    if aspect is not None:
        width = min(width, height * aspect)
        height = width / aspect
    x = free.left() + max(0.0, (free.width() - width) / 2)
    plane = QRectF(x, free.top(), width, height)
    return MapFrame(plane, QRectF(rect.left() + gap, plane.bottom() + below + gap, rect.width() - 2 * gap, key), *axes)


def draw_axes(painter: QPainter, frame: MapFrame, theme: Theme, has_grid: bool = False) -> None:
    """Border, ticks with numbers, and the names of both axes; with ``has_grid`` a line at every tick."""
    painter.save()
    painter.setFont(theme.font(FONT_PT))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    text, plane, tick = metrics(painter), frame.plane, theme.px(4)
    across = frame.across.ticks(max(2, int(plane.width() / (text.horizontalAdvance("−0.000") * 1.5))))
    up = frame.up.ticks(max(2, int(plane.height() / (text.height() * 2))))
    if has_grid:
        painter.setPen(theme.pen("grid"))
        for share, _text in across:
            x = plane.left() + share * plane.width()
            painter.drawLine(QPointF(x, plane.top()), QPointF(x, plane.bottom()))
        for share, _text in up:
            y = plane.bottom() - share * plane.height()
            painter.drawLine(QPointF(plane.left(), y), QPointF(plane.right(), y))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(theme.pen("border"))
    painter.drawRect(plane)
    painter.setPen(theme.pen("text.secondary"))
    middle, right = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for share, written in across:
        x = plane.left() + share * plane.width()
        painter.drawLine(QPointF(x, plane.bottom()), QPointF(x, plane.bottom() + tick))
        painter.drawText(QRectF(x - 50, plane.bottom() + tick, 100, text.height()), middle, written)
    for share, written in up:
        y = plane.bottom() - share * plane.height()
        painter.drawLine(QPointF(plane.left() - tick, y), QPointF(plane.left(), y))
        painter.drawText(QRectF(plane.left() - tick - 102, y - text.height() / 2, 100, text.height()), right, written)
    _draw_names(painter, frame, theme, tick + max((text.horizontalAdvance(one) for _, one in up), default=0.0))
    painter.restore()


def _draw_names(painter: QPainter, frame: MapFrame, theme: Theme, left: float) -> None:
    text, plane, middle = metrics(painter), frame.plane, Qt.AlignmentFlag.AlignCenter
    painter.setPen(theme.pen("text"))
    top = plane.bottom() + theme.px(4) + text.height() * 0.95
    wide = QRectF(plane.center().x() - frame.key.width() / 2, top, frame.key.width(), text.height() * 1.2)
    painter.drawText(wide, middle, text.elidedText(frame.across.name, Qt.TextElideMode.ElideRight, wide.width()))
    painter.translate(plane.left() - left - theme.px(5) - text.height() / 2, plane.center().y())
    painter.rotate(-90)
    line = QRectF(-plane.height() / 2, -text.height() / 2, plane.height(), text.height())
    painter.drawText(line, middle, text.elidedText(frame.up.name, Qt.TextElideMode.ElideRight, line.width()))


def draw_color_bar(painter: QPainter, rect: QRectF, theme: Theme, axis: Axis) -> None:
    """A bar of viridis over ``axis``, lying: its name above, numbers below; three lines of text high."""
    painter.save()
    painter.setFont(theme.font(FONT_PT))
    text = metrics(painter)
    painter.setPen(theme.pen("text"))
    name = text.elidedText(axis.name, Qt.TextElideMode.ElideRight, rect.width())
    above = QRectF(rect.left(), rect.top(), rect.width(), text.height() * 1.3)  # Chinese letters need more than a line
    painter.drawText(above, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
    bar = QRectF(rect.left() + theme.px(14), rect.top() + text.height() * 1.35, 0, theme.px(9))
    bar.setRight(rect.right() - theme.px(14))
    painter.drawImage(bar, image_of(viridis(np.linspace(0, 1, 256))[None]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(theme.pen("border"))
    painter.drawRect(bar)
    painter.setPen(theme.pen("text.secondary"))
    for share, written in axis.ticks(max(2, int(bar.width() / (text.horizontalAdvance("−0.000") * 1.6)))):
        x = bar.left() + share * bar.width()
        painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + theme.px(3)))
        place = QRectF(x - 50, bar.bottom() + theme.px(3), 100, text.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, written)
    painter.restore()


def color_bar_height(painter: QPainter, theme: Theme) -> float:
    """What :func:`draw_color_bar` needs."""
    painter.setFont(theme.font(FONT_PT))
    return metrics(painter).height() * 2.5 + theme.px(14)


class Note(NamedTuple):
    """One entry of a key: a sign drawn by ``draw(painter, rect)``, and what it means (translated)."""

    draw: Callable[[QPainter, QRectF], None]
    words: str


def notes_height(painter: QPainter, theme: Theme, notes: Sequence[Note], width: float) -> float:
    """What :func:`draw_notes` needs in ``width``."""
    painter.setFont(theme.font(FONT_PT))
    lines = {top for _note, _left, top in _placed_notes(painter, theme, notes, width)}
    return len(lines) * metrics(painter).height() * 1.35


def draw_notes(painter: QPainter, rect: QRectF, theme: Theme, notes: Sequence[Note]) -> None:
    """The entries of a key beside each other, in as many lines as they need."""
    painter.save()
    painter.setFont(theme.font(FONT_PT))
    text = metrics(painter)
    for note, left, top in _placed_notes(painter, theme, notes, rect.width()):
        sign = QRectF(rect.left() + left, rect.top() + top, text.height() * 1.4, text.height())
        painter.save()
        note.draw(painter, sign)
        painter.restore()
        painter.setPen(theme.pen("text"))
        place = QRectF(sign.right() + theme.px(5), sign.top(), rect.width(), text.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, note.words)
    painter.restore()


def _placed_notes(
    painter: QPainter, theme: Theme, notes: Sequence[Note], width: float
) -> list[tuple[Note, float, float]]:
    text = metrics(painter)
    x, y, found = 0.0, 0.0, []
    for note in notes:
        needed = text.height() * 1.4 + theme.px(5) + text.horizontalAdvance(note.words)
        if x and x + needed > width:
            x, y = 0.0, y + text.height() * 1.35
        found.append((note, x, y))
        x += needed + theme.px(14)
    return found
