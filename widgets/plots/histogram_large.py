"""One cell of the Layers panel, big: proper axes, a legend, and every count that the strip only hints at."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import FloatArray
from simulations.nn.description import LayerInfo
from simulations.probes.answers import LayerRow, Quantity
from simulations.probes.table import HistogramTable
from widgets.numbers import format_count
from widgets.plot import Table
from widgets.plots.batch import Lines, Rects
from widgets.plots.histogram_axes import draw_value_axis
from widgets.plots.histogram_cell import Bars, ghost_outlines, part_at, peaks_of, settled_tops
from widgets.plots.histogram_marks import Figures, Places, end_boxes, moment_lines, zero_lines
from widgets.plots.histogram_text import (
    bad_text,
    cells_table,
    counted_text,
    layer_title,
    moments_text,
    quantity_name,
    readout,
    share_text,
)
from widgets.plots.picture import Picture, draw_empty
from widgets.plots.strip_layout import CellAreas, cell_areas
from widgets.plots.strip_words import paint_badge
from widgets.plots.ticks import linear_ticks, tick_texts
from widgets.text import _
from widgets.theme import Look, Theme


class CellPlot(Picture):
    """The histogram of one layer and quantity; :meth:`show_cell` gives it the newest."""

    plot_id = "histogram"
    writes_title: Final = True

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self._shown: tuple[LayerInfo, LayerRow, Quantity] | None = None
        self._log = False
        self._step = 0
        self._tops: FloatArray = np.zeros(1)  # the count at the top
        self._rects, self._lines = Rects(), Lines()
        super().__init__(look, parent)
        self.setMouseTracking(True)
        self.retranslate()

    def show_cell(self, info: LayerInfo, row: LayerRow, quantity: Quantity, step: int, log_counts: bool) -> None:
        """Show ``quantity`` of ``row``, measured at ``step``."""
        before = self._shown
        if before is None or (before[1].name, before[2]) != (row.name, quantity):
            self._tops = np.zeros(1)
        self._shown, self._step, self._log = (info, row, quantity), step, log_counts
        self.refresh()

    def plot_title(self) -> str:
        if self._shown is None:
            return _("Histogram")
        return _("{layer}, {quantity}").format(
            layer=layer_title(self._shown[0]), quantity=quantity_name(self._shown[2]).lower()
        )

    def table(self) -> Table:
        if self._shown is None:
            return cells_table(())
        _info, row, quantity = self._shown
        return cells_table((row,), (row.name, quantity))

    def _areas(self, rect: QRectF, theme: Theme) -> CellAreas:
        whole = rect.adjusted(theme.px(56), theme.px(62), -theme.px(8), -theme.px(34))
        return cell_areas(whole, False, theme.px(46), theme.px)

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if self._shown is None or self._shown[2] not in self._shown[1].cells:
            draw_empty(painter, rect, theme, _("This layer has no such values."))
            return
        painter.fillRect(rect, theme.color("panel"))
        _info, row, quantity = self._shown
        cell, areas = row.cells[quantity], self._areas(rect, theme)
        table, then = HistogramTable.of([cell.now]), HistogramTable.of([cell.initial])
        self._tops = settled_tops(self._tops, table, peaks_of(then))
        tops = np.maximum(self._tops, 1.0)
        top = float(tops[0])
        self._titles(painter, rect, theme)
        self._count_axis(painter, areas.bars, rect, top, theme)
        now = cell.now
        draw_value_axis(painter, areas.bars, theme, now.edges, now.scale, now.linear_within, self._axis_title(quantity))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.brush(f"quantity.{quantity}"))
        figures, places = Figures(table), Places([areas])
        bars, _ends = Bars(places.bars, len(now.counts)).boxes(table.counts, tops, self._log)
        self._rects.draw(painter, bars)
        painter.setBrush(theme.brush("state.attention"))
        self._rects.draw(painter, end_boxes(figures, tops, self._log, places))
        painter.setPen(theme.pen("text.secondary"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._lines.draw(painter, zero_lines(figures, places))
        if cell.initial is not None:
            painter.setPen(theme.pen("text.secondary", 1.5))
            self._lines.draw(painter, ghost_outlines(then, table.number("total"), tops, self._log, places.bars))
        painter.setPen(theme.pen("text", 2))
        self._lines.draw(painter, moment_lines(figures, places, theme.px(4)))
        self._zero_label(painter, areas, theme)
        if bad := bad_text(now):
            paint_badge(painter, areas.bars, bad, theme)

    @staticmethod
    def _axis_title(quantity: Quantity) -> str:
        return {"activations": _("output value"), "gradients": _("∂loss/∂value"), "weights": _("weight")}[quantity]

    def _titles(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Title, legend and the numbers, in three lines."""
        assert self._shown is not None
        _info, row, quantity = self._shown
        now, cell = row.cells[quantity].now, row.cells[quantity]
        line = QRectF(rect.left() + theme.px(12), rect.top() + theme.px(5), rect.width() - theme.px(24), theme.px(18))
        painter.setFont(theme.font(10, bold=True))
        painter.setPen(theme.color("text"))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.plot_title())
        self._legend(painter, line, theme, quantity, cell.initial is not None)
        painter.setFont(theme.font(8.5))
        painter.setPen(theme.color("text.secondary"))
        metrics = QFontMetricsF(painter.font(), painter.device())
        for text in (moments_text(now), self._second_line()):
            line.translate(0, theme.px(17))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _second_line(self) -> str:
        assert self._shown is not None
        now = self._shown[1].cells[self._shown[2]].now
        return _("step {step}; {counted}; below the range {under}, above it {over}").format(
            step=format_count(self._step),
            counted=counted_text(now),
            under=format_count(now.under),
            over=format_count(now.over),
        )

    def _legend(self, painter: QPainter, line: QRectF, theme: Theme, quantity: Quantity, ghost: bool) -> None:
        painter.setFont(theme.font(8.5))
        metrics = QFontMetricsF(painter.font(), painter.device())
        x = line.right()
        entries = [("mean", _("mean ± sd")), *([("ghost", _("step 0"))] if ghost else []), ("bar", _("now"))]
        for kind, text in entries:
            x -= metrics.horizontalAdvance(text)
            painter.setPen(theme.color("text.secondary"))
            painter.drawText(QPointF(x, line.center().y() + metrics.ascent() / 2 - 1), text)
            x -= theme.px(18)
            middle = line.center().y()
            if kind == "bar":
                painter.fillRect(QRectF(x, middle - 4, theme.px(14), 8), theme.color(f"quantity.{quantity}"))
            else:
                painter.setPen(theme.pen("text" if kind == "mean" else "text.secondary", 2 if kind == "mean" else 1.5))
                painter.drawLine(QLineF(x, middle, x + theme.px(14), middle))
                if kind == "mean":
                    painter.drawLine(QLineF(x + theme.px(7), middle - 4, x + theme.px(7), middle + 4))
            x -= theme.px(12)

    def _count_axis(self, painter: QPainter, area: QRectF, rect: QRectF, top: float, theme: Theme) -> None:
        painter.setFont(theme.font(8.5))
        metrics = QFontMetricsF(painter.font(), painter.device())
        ticks = self._count_ticks(top, max(int(area.height() // theme.px(34)), 2))
        for tick, text in zip(ticks, tick_texts(ticks), strict=True):
            share = math.log1p(tick) / math.log1p(top) if self._log else tick / top
            y = area.bottom() - share * area.height()
            painter.setPen(theme.pen("grid"))
            painter.drawLine(QLineF(area.left(), y, area.right(), y))
            painter.setPen(theme.color("text.secondary"))
            box = QRectF(rect.left() + theme.px(14), y - metrics.height() / 2, theme.px(40), metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.save()
        painter.translate(rect.left() + metrics.height() / 2 + 2, area.center().y())
        painter.rotate(-90)
        middle = QRectF(-100, -metrics.height() / 2, 200, metrics.height())
        painter.drawText(middle, Qt.AlignmentFlag.AlignCenter, _("values per bin"))
        painter.restore()

    def _count_ticks(self, top: float, most: int) -> list[float]:
        if not self._log:
            return linear_ticks(0.0, top, most)
        decades = [10.0**e for e in range(int(math.log10(max(top, 1.0))) + 1)]
        return [0.0, *decades[:: max(1, math.ceil(len(decades) / most))]]

    def _zero_label(self, painter: QPainter, areas: CellAreas, theme: Theme) -> None:
        assert self._shown is not None
        now = self._shown[1].cells[self._shown[2]].now
        painter.setFont(theme.font(8.5))
        painter.setPen(theme.color("text.secondary"))
        metrics = QFontMetricsF(painter.font(), painter.device())
        text = _("{share} exact 0").format(share=share_text(now.zeros, now.total))
        wide = metrics.horizontalAdvance(text)
        left = areas.zero.center().x() - wide / 2
        below = (
            areas.zero.bottom() + metrics.height() + theme.px(4)
        )  # beside the title of the axis: the ticks are above
        painter.drawText(QRectF(left, below, wide + 1, metrics.height()), Qt.AlignmentFlag.AlignLeft, text)

    def text_at(self, position: QPointF) -> str:
        if self._shown is None or self._shown[2] not in self._shown[1].cells:
            return ""
        info, row, quantity = self._shown
        areas = self._areas(QRectF(self.rect()), self.look.theme)
        part = part_at(areas, row.cells[quantity].now, position)
        return readout(layer_title(info), quantity, row.cells[quantity], part)


def table_of_counts(steps: np.ndarray, edges: np.ndarray, counts: np.ndarray, zeros: np.ndarray) -> Table:
    """A row per bar of a ridge; the exact zeros of a step are the row from 0 to 0."""
    bins = counts.shape[1]
    return Table(
        {
            "step": np.repeat(steps, bins + 1),
            "from": np.tile(np.append(edges[:-1], 0.0), len(steps)),
            "to": np.tile(np.append(edges[1:], 0.0), len(steps)),
            "count": np.column_stack([counts, zeros]).reshape(-1),
        }
    )
