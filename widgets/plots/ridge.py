"""A cell's history as a ridge: one histogram behind another, from step 0 at the back to now in front."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QWidget

from simulations.nn.description import LayerInfo
from simulations.probes.answers import RidgeAnswer
from widgets.numbers import format_count
from widgets.plot import Table
from widgets.plots.histogram_axes import draw_value_axis
from widgets.plots.histogram_large import table_of_counts
from widgets.plots.histogram_text import layer_title, quantity_name, share_text
from widgets.plots.picture import Picture, draw_empty
from widgets.plots.ticks import value_text
from widgets.text import _
from widgets.theme import Look, Theme


class RidgePlot(Picture):
    """The slices of a :class:`RidgeAnswer`, evenly spaced in height, their steps written at the side."""

    plot_id = "ridge"
    writes_title: Final = True

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self._answer: RidgeAnswer | None = None
        self._info: LayerInfo | None = None
        super().__init__(look, parent)
        self.setMouseTracking(True)
        self.retranslate()

    def show_history(self, info: LayerInfo, answer: RidgeAnswer | None) -> None:
        """Show ``answer``; None while it has not been measured."""
        if answer is not self._answer or info != self._info:
            self._info, self._answer = info, answer
            self.refresh()

    def plot_title(self) -> str:
        if self._answer is None or self._info is None:
            return _("History of the histogram")
        return _("{layer}, {quantity}: history").format(
            layer=layer_title(self._info), quantity=quantity_name(self._answer.quantity).lower()
        )

    def table(self) -> Table:
        one = self._answer
        if one is None:
            empty = np.zeros(0)
            return table_of_counts(empty, np.zeros(1), np.zeros((0, 0)), empty)
        return table_of_counts(one.steps, one.edges, one.counts, one.zeros)

    def _area(self, rect: QRectF, theme: Theme) -> QRectF:
        return rect.adjusted(theme.px(58), theme.px(28), -theme.px(16), -theme.px(36))

    def _baselines(self, area: QRectF, slices: int) -> tuple[np.ndarray, float]:
        """The y of each slice's ground, oldest first, and how high a slice may grow."""
        height = area.height() * min(0.3, 3.0 / max(slices, 1) + 0.12)
        if slices == 1:
            return np.array([area.bottom()]), area.height() * 0.8
        return np.linspace(area.top() + height, area.bottom(), slices), height

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        one = self._answer
        if one is None:
            draw_empty(painter, rect, theme, _("The history appears with the next measurement."))
            return
        painter.fillRect(rect, theme.color("panel"))
        area = self._area(rect, theme)
        painter.setFont(theme.font(10, bold=True))
        painter.setPen(theme.color("text"))
        line = QRectF(rect.left() + theme.px(12), rect.top() + theme.px(5), rect.width() - theme.px(24), theme.px(18))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.plot_title())
        draw_value_axis(painter, area, theme, one.edges, one.scale, one.linear_within, self._axis_title())
        self._slices(painter, area, theme, one)
        self._steps(painter, rect, area, theme, one)

    def _axis_title(self) -> str:
        assert self._answer is not None
        zeros = share_text(int(self._answer.zeros[-1]), int(self._answer.zeros[-1] + self._answer.counts[-1].sum()))
        return _("value (exact zeros now {share}, not drawn)").format(share=zeros)

    def _slices(self, painter: QPainter, area: QRectF, theme: Theme, one: RidgeAnswer) -> None:
        grounds, height = self._baselines(area, len(one.steps))
        peak = np.maximum(one.counts.max(axis=1), 1)
        x = area.left() + (np.arange(one.counts.shape[1]) + 0.5) * (area.width() / one.counts.shape[1])
        xs = [area.left(), *x.tolist(), area.right()]
        last, hue = len(grounds) - 1, f"quantity.{one.quantity}"
        for index, ground in enumerate(grounds.tolist()):
            tall = (one.counts[index] / peak[index] * height).tolist()
            points = [QPointF(a, ground - b) for a, b in zip(xs, [0.0, *tall, 0.0], strict=True)]
            age = index / max(last, 1)
            painter.setPen(Qt.PenStyle.NoPen)
            for fill in (theme.color("panel"), theme.color(hue, 0.2 + 0.4 * age)):
                painter.setBrush(fill)
                painter.drawPolygon(QPolygonF(points))
            is_end = index in (0, last)
            painter.setPen(
                theme.pen(("text" if index == last else "text.secondary") if is_end else hue, 1.5 if is_end else 0.8)
            )
            painter.drawPolyline(points)  # crests of its own hue: where they are dense, most values are

    def _steps(self, painter: QPainter, rect: QRectF, area: QRectF, theme: Theme, one: RidgeAnswer) -> None:
        painter.setFont(theme.font(8.5))
        painter.setPen(theme.pen("text.secondary"))
        metrics = QFontMetricsF(painter.font(), painter.device())
        grounds, _height = self._baselines(area, len(one.steps))
        texts = {0: _("step {step}").format(step=format_count(int(one.steps[0])))}
        texts[len(grounds) - 1] = format_count(int(one.steps[-1]))
        stride = max(1, int(np.ceil(theme.px(22) / max((grounds[-1] - grounds[0]) / max(len(grounds) - 1, 1), 1e-9))))
        for index in range(stride, len(grounds) - stride, stride):
            texts[index] = format_count(int(one.steps[index]))
        for index, text in texts.items():
            y = float(grounds[index])
            box = QRectF(rect.left(), y - metrics.height() / 2, theme.px(50), metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            painter.drawLine(QLineF(area.left() - theme.px(4), y, area.left(), y))

    def text_at(self, position: QPointF) -> str:
        one = self._answer
        area = self._area(QRectF(self.rect()), self.look.theme)
        if one is None or not area.contains(position):
            return ""
        grounds, _height = self._baselines(area, len(one.steps))
        index = int(np.clip(np.searchsorted(grounds, position.y()), 0, len(grounds) - 1))
        bins = one.counts.shape[1]
        part = min(int((position.x() - area.left()) / area.width() * bins), bins - 1)
        return _("step {step}, {low} to {high}: {count}").format(
            step=format_count(int(one.steps[index])),
            low=value_text(float(one.edges[part]), 4),
            high=value_text(float(one.edges[part + 1]), 4),
            count=format_count(int(one.counts[index, part])),
        )
