"""A few sequences over time, below each other: what goes in, what is wanted, and what the network says.

Numbers are lines on one common scale; features that are only 0 or 1 are dots in a row of their own; classes are coloured
cells with their letter, crossed out where the network says another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from simulations.core.arrays import Array
from simulations.core.targets import Targets
from widgets.plots.colormap import polygon, readable_on
from widgets.plots.picture import metrics
from widgets.plots.scatter import value_range, with_unit
from widgets.plots.ticks import integer_ticks, linear_ticks, tick_texts, value_text
from widgets.text import _
from widgets.theme import Theme

_FONT_PT: Final = 8.0
_PLOT_PX, _ROW_PX, _GAP_PX = 52, 13, 10  # before the text scale
_MOST_LINES, _MOST_ROWS = 6, 12  # features that are drawn; more would not be told apart
_DASHES: Final = (Qt.PenStyle.SolidLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)


@dataclass(frozen=True, eq=False)
class SequenceRows:
    """Sequences ``(m, t, d)`` with targets, and the network's ``predictions`` shaped like them (None: not asked)."""

    inputs: Array
    targets: Array
    wanted: Targets
    feature_names: tuple[str, ...]
    predictions: Array | None = None

    @cached_property
    def binary(self) -> tuple[int, ...]:
        """The features that are only ever 0 or 1."""
        is_binary = ((self.inputs == 0) | (self.inputs == 1)).all(axis=(0, 1))
        return tuple(np.flatnonzero(is_binary)[:_MOST_ROWS].tolist())

    @cached_property
    def lines(self) -> tuple[int, ...]:
        """The features drawn as lines."""
        others = [i for i in range(self.inputs.shape[2]) if i not in self.binary]
        return tuple(others[:_MOST_LINES])

    @property
    def has_steps(self) -> bool:
        return bool(self.wanted.steps)

    @property
    def has_plot(self) -> bool:
        return bool(self.lines) or (self.has_steps and self.wanted.kind == "values")

    @cached_property
    def span(self) -> tuple[float, float]:
        """The common scale of all lines: inputs, and targets where they are numbers of every step."""
        parts = [self.inputs[..., list(self.lines)].ravel()]
        if self.has_steps and self.wanted.kind == "values":
            parts.append(self.targets.ravel())
        low, high = value_range(np.concatenate(parts))
        return low - 0.05 * (high - low), high + 0.05 * (high - low)

    def _marks(self) -> list[tuple[float, str]]:
        """The lowest and the highest round number of the scale."""
        ticks = linear_ticks(*self.span, 4) if self.has_plot else []
        marks = list(zip(ticks, tick_texts(ticks), strict=True))
        return [marks[0], marks[-1]] if len(marks) > 1 else marks

    def shown(self, rect: QRectF, theme: Theme) -> int:
        """How many sequences fit into ``rect``; at least one."""
        fit = int((rect.height() - self._foot(theme) - theme.px(4)) // self._block(theme))
        return max(1, min(len(self.inputs), fit))

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        painter.setFont(theme.font(_FONT_PT))
        plane = self._plane(painter, rect, theme)
        for i in range(self.shown(rect, theme)):
            top = rect.top() + theme.px(4) + i * self._block(theme)
            self._draw_one(painter, QRectF(plane.left(), top, plane.width(), self._block(theme)), theme, i)
        self._draw_foot(painter, rect, plane, theme)

    # ---- layout ------------------------------------------------------------------------------------------------------

    def _block(self, theme: Theme) -> float:
        plot = theme.px(_PLOT_PX) if self.has_plot else 0
        return plot + len(self._rows()) * theme.px(_ROW_PX) + theme.px(_GAP_PX)

    def _rows(self) -> list[str]:
        """The names of the rows of dots and cells."""
        names = [_(self.feature_names[i]) for i in self.binary]
        if self.has_steps and self.wanted.kind == "classes":
            names += [_("wanted")] + ([_("network")] if self.predictions is not None else [])
        return names

    def _foot(self, theme: Theme) -> float:
        return float(theme.px(34))

    def _plane(self, painter: QPainter, rect: QRectF, theme: Theme) -> QRectF:
        text = metrics(painter)
        numbers = max((text.horizontalAdvance(written) for _tick, written in self._marks()), default=0.0)
        left = max([numbers, *map(text.horizontalAdvance, self._rows())]) + theme.px(10)
        right = float(theme.px(8))
        if not self.has_steps:
            answers = (written for i in range(len(self.inputs)) for written in self._answers(i))
            right = max(map(text.horizontalAdvance, answers)) + theme.px(14)
        return rect.adjusted(min(left, rect.width() / 3), 0, -right, 0)

    def _x(self, plane: QRectF) -> Array:
        """The middle of every step."""
        t = self.inputs.shape[1]
        x: Array = plane.left() + (np.arange(t) + 0.5) / t * plane.width()
        return x

    # ---- one sequence ------------------------------------------------------------------------------------------------

    def _draw_one(self, painter: QPainter, block: QRectF, theme: Theme, i: int) -> None:
        top = block.top()
        if self.has_plot:
            plot = QRectF(block.left(), top, block.width(), theme.px(_PLOT_PX) - theme.px(4))
            self._draw_plot(painter, plot, theme, i)
            top = plot.bottom() + theme.px(4)
        height = theme.px(_ROW_PX)
        for feature in self.binary:
            row = QRectF(block.left(), top, block.width(), height)
            self._draw_dots(painter, row, theme, _(self.feature_names[feature]), self.inputs[i, :, feature])
            top += height
        if self.has_steps and self.wanted.kind == "classes":
            row = QRectF(block.left(), top, block.width(), height)
            self._draw_cells(painter, row, theme, _("wanted"), self.targets[i], self.targets[i])
            if self.predictions is not None:
                said = self.predictions[i]
                self._draw_cells(painter, row.translated(0, height), theme, _("network"), said, self.targets[i])
        if not self.has_steps:
            painter.setPen(theme.color("text"))
            texts = self._answers(i)
            line = metrics(painter).height()
            for k, written in enumerate(texts):
                place = QRectF(block.right() + theme.px(8), block.top() + k * line, theme.px(400), line)
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, written)

    def _answers(self, i: int) -> list[str]:
        """What is wanted of sequence ``i`` as a whole, and what the network says."""
        said = None if self.predictions is None else self.predictions[i]
        if self.wanted.kind == "classes":
            lines = [_("wanted {answer}").format(answer=_(self.wanted.names[int(self.targets[i])]))]
            if said is not None:
                lines.append(_("network {answer}").format(answer=_(self.wanted.names[int(said)])))
            return lines
        lines = [_("wanted {answer}").format(answer=_number(self.targets[i, 0], self.wanted.unit))]
        if said is not None:
            lines.append(_("network {answer}").format(answer=_number(said[0], self.wanted.unit)))
        return lines

    def _draw_plot(self, painter: QPainter, plot: QRectF, theme: Theme, i: int) -> None:
        low, high = self.span
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.pen("border"))
        painter.drawRect(plot)
        painter.setPen(theme.pen("text.secondary"))
        line = metrics(painter).height()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for tick, written in self._marks():
            y = plot.bottom() - (tick - low) / (high - low) * plot.height()
            painter.drawLine(QPointF(plot.left() - theme.px(3), y), QPointF(plot.left(), y))
            place = QRectF(plot.left() - theme.px(106), y - line / 2, theme.px(100), line)
            painter.drawText(place, right, written)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(plot)
        for order, feature in enumerate(self.lines):
            pen = QPen(theme.color("text.secondary"), 1.2 * theme.weight, _DASHES[order % len(_DASHES)])
            self._draw_line(painter, plot, pen, self.inputs[i, :, feature])
        if self.has_steps and self.wanted.kind == "values":
            for k in range(len(self.wanted.names)):
                self._draw_line(painter, plot, wanted_pen(theme), self.targets[i, :, k])
                if self.predictions is not None:
                    self._draw_line(painter, plot, said_pen(theme), self.predictions[i, :, k])
        painter.restore()

    def _draw_line(self, painter: QPainter, plot: QRectF, pen: QPen, values: Array) -> None:
        low, high = self.span
        finite = np.isfinite(values)
        y = plot.bottom() - (values[finite] - low) / (high - low) * plot.height()
        painter.setPen(pen)
        painter.drawPolyline(polygon(np.stack([self._x(plot)[finite], y], axis=1)))

    def _draw_name(self, painter: QPainter, row: QRectF, theme: Theme, name: str) -> None:
        painter.setPen(theme.color("text.secondary"))
        place = QRectF(row.left() - theme.px(204), row.top(), theme.px(200), row.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)

    def _draw_dots(self, painter: QPainter, row: QRectF, theme: Theme, name: str, values: Array) -> None:
        self._draw_name(painter, row, theme, name)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.pen("grid"))
        painter.drawLine(QPointF(row.left(), row.center().y()), QPointF(row.right(), row.center().y()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.brush("text"))
        for x in self._x(row)[values > 0.5].tolist():
            painter.drawEllipse(QPointF(x, row.center().y()), theme.px(3), theme.px(3))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_cells(
        self, painter: QPainter, row: QRectF, theme: Theme, name: str, classes: Array, wanted: Array
    ) -> None:
        self._draw_name(painter, row, theme, name)
        width = row.width() / len(classes)
        text = metrics(painter)
        for x, k, right in zip(self._x(row).tolist(), classes.tolist(), (classes == wanted).tolist(), strict=True):
            cell = QRectF(x - width / 2, row.top(), width, row.height()).adjusted(0.5, 0.5, -0.5, -0.5)
            color = theme.class_color(k) if k else theme.color("grid")
            painter.fillRect(cell, color)
            letter = _(self.wanted.names[k])
            if k and text.horizontalAdvance(letter) <= cell.width():
                painter.setPen(readable_on(color))
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, letter)
            if not right:
                _cross_out(painter, cell, theme)

    # ---- the time axis and what the lines mean -----------------------------------------------------------------------

    def _draw_foot(self, painter: QPainter, rect: QRectF, plane: QRectF, theme: Theme) -> None:
        text = metrics(painter)
        t = self.inputs.shape[1]
        top = rect.top() + theme.px(4) + self.shown(rect, theme) * self._block(theme) - theme.px(_GAP_PX)
        ticks = integer_ticks(1, t, max(2, int(plane.width() // theme.px(40))))
        painter.setPen(theme.pen("text.secondary"))
        for tick, written in zip(ticks, tick_texts(ticks), strict=True):
            x = plane.left() + (tick - 0.5) / t * plane.width()
            painter.drawLine(QPointF(x, top), QPointF(x, top + theme.px(3)))
            painter.drawText(
                QRectF(x - 40, top + theme.px(3), 80, text.height()), Qt.AlignmentFlag.AlignCenter, written
            )
        painter.setPen(theme.color("text"))
        under = QRectF(rect.left() + theme.px(6), top + theme.px(3) + text.height(), rect.width(), text.height())
        x = under.left()
        for name, pen in self._legend(theme):
            if pen is not None:
                painter.setPen(pen)
                painter.drawLine(QPointF(x, under.center().y()), QPointF(x + theme.px(16), under.center().y()))
                x += theme.px(20)
            painter.setPen(theme.color("text"))
            painter.drawText(
                QRectF(x, under.top(), rect.right() - x, under.height()), Qt.AlignmentFlag.AlignVCenter, name
            )
            x += text.horizontalAdvance(name) + theme.px(12)

    def _legend(self, theme: Theme) -> list[tuple[str, QPen | None]]:
        entries: list[tuple[str, QPen | None]] = [(_("across: step"), None)]
        for order, feature in enumerate(self.lines):
            pen = QPen(theme.color("text.secondary"), 1.2 * theme.weight, _DASHES[order % len(_DASHES)])
            entries.append((_(self.feature_names[feature]), pen))
        if self.has_steps and self.wanted.kind == "values":
            entries.append((_("wanted"), wanted_pen(theme)))
            if self.predictions is not None:
                entries.append((_("network"), said_pen(theme)))
        return entries


def wanted_pen(theme: Theme) -> QPen:
    return QPen(theme.color("series.train"), 1.6 * theme.weight)


def said_pen(theme: Theme) -> QPen:
    return QPen(theme.color("series.validation"), 1.6 * theme.weight, Qt.PenStyle.DashLine)


def _number(value: float, unit: str) -> str:
    return with_unit(value_text(float(value)), unit)


def _cross_out(painter: QPainter, cell: QRectF, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.pen("text", 1.6))
    painter.drawLine(cell.topLeft(), cell.bottomRight())
    painter.drawLine(cell.bottomLeft(), cell.topRight())
