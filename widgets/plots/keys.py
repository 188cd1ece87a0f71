"""The keys of a plane: a shape and a name per class, or a bar of colours with numbers for values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from simulations.core.text import N_
from widgets.plots.boundary_marks import draw_mark
from widgets.plots.colormap import image_of, viridis
from widgets.plots.picture import metrics
from widgets.plots.plane_frame import FONT_PT
from widgets.plots.ticks import linear_ticks, tick_texts
from widgets.text import _
from widgets.theme import Theme


@dataclass(frozen=True)
class MarkKey:
    """A line per mark with what it stands for (untranslated); in columns when it stands below.

    A mark is a class's number, ``"hollow"`` for validation samples, ``"line"`` for what the network says, ``"diagonal"`` for
    where it would be right.
    """

    entries: tuple[tuple[int | Literal["hollow", "line", "diagonal"], str], ...]

    def width(self, painter: QPainter, theme: Theme) -> float:
        text = metrics(painter)
        return max(text.horizontalAdvance(_(name)) for _mark, name in self.entries) + theme.px(24)

    def height_below(self, painter: QPainter, theme: Theme, width: float) -> float:
        columns = max(1, int(width / self.width(painter, theme) + 1e-6))
        return self._line(painter, theme) * -(-len(self.entries) // columns)

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        painter.setFont(theme.font(FONT_PT))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, line = self.width(painter, theme), self._line(painter, theme)
        columns = max(1, int(rect.width() / width + 1e-6))
        for i, (mark, name) in enumerate(self.entries):
            corner = rect.topLeft() + QPointF(i % columns * width, i // columns * line)
            at = corner + QPointF(theme.px(8), line / 2)
            if mark == "hollow":
                draw_hollow(painter, at, theme)
            elif mark in ("line", "diagonal"):
                painter.setPen(network_pen(theme) if mark == "line" else diagonal_pen(theme))
                painter.drawLine(at - QPointF(theme.px(7), 0), at + QPointF(theme.px(7), 0))
            elif isinstance(mark, int):
                draw_mark(painter, at, theme, mark, 3.8 * theme.scale, hollow=False)
            painter.setPen(theme.color("text"))
            place = QRectF(corner.x() + theme.px(18), corner.y(), width - theme.px(18), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, _(name))

    @staticmethod
    def _line(painter: QPainter, theme: Theme) -> float:
        return metrics(painter).height() + theme.px(3)


def class_key(names: Sequence[str]) -> MarkKey:
    """The shape of every class, and what hollow means."""
    return MarkKey((*enumerate(names), ("hollow", N_("validation"))))


@dataclass(frozen=True)
class ColorKey:
    """A bar from ``low`` to ``high`` with numbers, the ``name`` (translated, with its unit) above, and what hollow means."""

    low: float
    high: float
    name: str
    has_validation: bool = True

    def width(self, painter: QPainter, theme: Theme) -> float:
        text = metrics(painter)
        numbers = max(map(text.horizontalAdvance, tick_texts(linear_ticks(self.low, self.high, 5))), default=0.0)
        hollow = text.horizontalAdvance(_("validation")) + theme.px(18) if self.has_validation else 0.0
        return max(theme.px(22) + numbers, min(text.horizontalAdvance(self.name), theme.px(80)), hollow)

    def height_below(self, painter: QPainter, theme: Theme, width: float) -> float:
        return float("inf")

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        painter.setFont(theme.font(FONT_PT))
        text = metrics(painter)
        line = text.height() + theme.px(3)
        painter.setPen(theme.color("text"))
        name = text.elidedText(self.name, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(QRectF(rect.left(), rect.top(), rect.width(), line), Qt.AlignmentFlag.AlignVCenter, name)
        bar = QRectF(rect.left(), rect.top() + line + theme.px(4), theme.px(12), 0)
        bar.setBottom(max(bar.top() + 20, rect.bottom() - (line + theme.px(4) if self.has_validation else 0)))
        painter.drawImage(bar, image_of(viridis(np.linspace(1, 0, 128))[:, None, :]))
        painter.setPen(theme.pen("border"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        ticks = linear_ticks(self.low, self.high, max(2, int(bar.height() / (2 * text.height()))))
        painter.setPen(theme.pen("text.secondary"))
        for value, written in zip(ticks, tick_texts(ticks), strict=True):
            y = bar.bottom() - (value - self.low) / (self.high - self.low) * bar.height()
            painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + theme.px(3), y))
            place = QRectF(bar.right() + theme.px(6), y - text.height() / 2, rect.width(), text.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, written)
        if self.has_validation:
            under = QRectF(rect.left(), rect.bottom() - line, rect.width(), line)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_hollow(painter, QPointF(under.left() + theme.px(5), under.center().y()), theme)
            painter.setPen(theme.color("text"))
            painter.drawText(under.adjusted(theme.px(14), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, _("validation"))


def network_pen(theme: Theme) -> QPen:
    """The line of what the network says, beside points of what is true."""
    return QPen(theme.color("series.validation"), 2.0 * theme.scale * theme.weight)


def diagonal_pen(theme: Theme) -> QPen:
    """The line on which predictions are right."""
    return QPen(theme.color("text.secondary"), theme.weight, Qt.PenStyle.DashLine)


def draw_hollow(painter: QPainter, at: QPointF, theme: Theme) -> None:
    """The ring that stands for validation samples."""
    painter.setPen(QPen(theme.color("text"), 1.3 * theme.weight))
    painter.setBrush(theme.brush("panel"))
    painter.drawEllipse(at, 3.4 * theme.scale, 3.4 * theme.scale)
