"""Painting what stands still of the histogram strip: titles, names, axes and range labels, kept as a pixmap."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from simulations.nn.description import LayerInfo
from simulations.probes.answers import QUANTITIES, HistogramCell, LayersAnswer
from simulations.probes.cells import Cell
from simulations.probes.histogram import Histogram
from widgets.icons import draw_icon
from widgets.numbers import format_count
from widgets.plots.histogram_cell import (
    position_of,
)
from widgets.plots.histogram_text import layer_title, quantity_name
from widgets.plots.strip_layout import CellAreas, StripLayout
from widgets.plots.ticks import value_text
from widgets.text import _, ngettext
from widgets.theme import Theme

RATIO_LOW, RATIO_HIGH, RATIO_WANTED = -8.0, 0.0, -3.0
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_APART_PX: Final = 3.0
_BESIDE_PX: Final = 6.0  # a label may reach so far into the margin of its cell
_NAME_PT: Final = (9.0, 8.5, 8.0, 7.5)
_CENTER = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class StripContent:
    """What a strip shows: the newest answer, the layers it is about, and how it is to be drawn."""

    answer: LayersAnswer
    infos: tuple[LayerInfo, ...]
    log_counts: bool
    locked: frozenset[Cell]
    gradient_of: str

    def is_drawn_like(self, other: StripContent) -> bool:
        """Whether both are the same answer, drawn in the same way."""
        return self.answer is other.answer and (self.infos, self.log_counts, self.locked, self.gradient_of) == (
            other.infos,
            other.log_counts,
            other.locked,
            other.gradient_of,
        )

    def weights_have_zeros(self) -> bool:
        """Whether the weights' column needs a place for the bar of exact zeros."""
        some = np.flatnonzero(self.answer.now.number("zeros") > 0).tolist()
        return any(self.answer.cells[index][1] == "weights" for index in some)

    def layout(self, rect: QRectF, theme: Theme) -> StripLayout:
        return StripLayout(rect, len(self.answer.names), theme, self.weights_have_zeros())

    def areas(self, layout: StripLayout, index: int) -> CellAreas:
        """Where the parts of a cell of the answer lie."""
        name, quantity = self.answer.cells[index]
        return layout.cell(self.answer.names.index(name), quantity)

    def chrome_key(self) -> tuple[object, ...]:
        """Equal keys look equal, but for what moves."""
        answer = self.answer
        place = answer.cells, self.weights_have_zeros()
        return self.infos, self.locked, self.gradient_of, place, answer.now.ranges.tobytes()


class ChromePainter:
    """Paints what stands still of a :class:`StripContent`."""

    def paint(self, painter: QPainter, content: StripContent, layout: StripLayout) -> None:
        """Background, titles, names, axes and range labels."""
        theme, rect = layout.theme, layout.rect
        painter.fillRect(rect, theme.color("panel"))
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), layout.head), theme.color("window"))
        self._titles(painter, content, layout)
        painter.setPen(theme.pen("border"))
        lines = [QLineF(layout.row(i).topLeft(), layout.row(i).topRight()) for i in range(layout.rows)]
        for x in (*(layout.column(q).left() for q in QUANTITIES), rect.right() - layout.update_width):
            lines.append(QLineF(x, rect.top(), x, rect.bottom()))
        painter.drawLines(lines)
        named = title_font(
            [layer_title(one) for one in content.infos], layout.name_width - theme.px(12), theme, _NAME_PT
        )
        for index, (row, info) in enumerate(zip(content.answer.rows, content.infos, strict=True)):
            self._name(painter, info, layout.name(index), theme, named)
            for quantity, cell in row.cells.items():
                areas = layout.cell(index, quantity)
                self._axis(painter, cell, areas, layout, (row.name, quantity) in content.locked)
            if info.parameter_count:
                self._ratio_axis(painter, layout.update(index), theme)

    def _titles(self, painter: QPainter, content: StripContent, layout: StripLayout) -> None:
        theme = layout.theme
        painter.setFont(title_font([quantity_name(one) for one in QUANTITIES], layout.cell_width - theme.px(23), theme))
        metrics = QFontMetricsF(painter.font(), painter.device())
        for quantity in QUANTITIES:
            column = layout.column(quantity)
            area = QRectF(column.left() + theme.px(6), column.top(), column.width() - theme.px(10), layout.head)
            swatch = QRectF(area.left(), area.center().y() - theme.px(4), theme.px(8), theme.px(8))
            painter.fillRect(swatch, theme.color(f"quantity.{quantity}"))
            painter.setPen(theme.color("text"))
            texts = [quantity_name(quantity)]
            if quantity == "gradients":
                full = _("Gradients of outputs") if content.gradient_of == "outputs" else _("Gradients of weights")
                texts = [full, *texts, _("Grads")]
            if quantity == "activations":
                texts.append(_("Outputs"))  # which they are
            area.setLeft(swatch.right() + theme.px(5))
            painter.drawText(area, _LEFT, first_that_fits(texts, metrics, area.width()))
        area = QRectF(layout.rect.right() - layout.update_width, layout.rect.top(), layout.update_width, layout.head)
        area.adjust(theme.px(6), 0, -theme.px(4), 0)
        painter.setPen(theme.color("text"))
        texts = [_("Update ratio (log10)"), _("Updates (log10)"), _("log10 ratio")]
        small = title_font(texts[-1:], area.width(), theme)  # rather smaller than without its unit
        painter.setFont(min(painter.font(), small, key=QFont.pointSizeF))
        metrics = QFontMetricsF(painter.font(), painter.device())
        painter.drawText(area, _LEFT, first_that_fits(texts, metrics, area.width()))

    def _name(self, painter: QPainter, info: LayerInfo, area: QRectF, theme: Theme, font: QFont) -> None:
        inside = area.adjusted(theme.px(8), theme.px(2), -theme.px(4), -theme.px(2))
        painter.setFont(font)
        metrics = QFontMetricsF(painter.font(), painter.device())
        line = metrics.height()
        top = (
            inside.top() + max((inside.height() - 2.9 * line) / 2, 0)
            if inside.height() < 4 * line
            else inside.top() + 4
        )
        painter.setPen(theme.color("text"))
        title = metrics.elidedText(layer_title(info), Qt.TextElideMode.ElideMiddle, inside.width())
        painter.drawText(QRectF(inside.left(), top, inside.width(), line), _LEFT, title)
        if inside.height() < 1.9 * line:
            return
        painter.setFont(theme.font(8))
        painter.setPen(theme.color("text.secondary"))
        metrics = QFontMetricsF(painter.font(), painter.device())
        shape = "×".join(str(n) for n in info.output_shape)
        texts = [shape]
        if info.parameter_count:
            count = ngettext("{count} parameter", "{count} parameters", info.parameter_count)
            texts.insert(0, f"{shape} · {count.format(count=format_count(info.parameter_count))}")
            texts.insert(1, _("{shape} · {count} par.").format(shape=shape, count=format_count(info.parameter_count)))
        text = first_that_fits(texts, metrics, inside.width())
        painter.drawText(QRectF(inside.left(), top + line, inside.width(), metrics.height()), _LEFT, text)

    def _axis(
        self, painter: QPainter, cell: HistogramCell, areas: CellAreas, layout: StripLayout, locked: bool
    ) -> None:
        theme, one = layout.theme, cell.now
        painter.setPen(theme.pen("grid"))
        for x in (position_of(mark, one, areas.bars) for mark in _inner_marks(one)):
            if x is not None:
                painter.drawLine(QLineF(x, areas.bars.top(), x, areas.bars.bottom()))
        painter.setPen(theme.pen("border"))
        painter.drawLine(QLineF(areas.under.left(), areas.bars.bottom(), areas.over.right(), areas.bars.bottom()))
        if areas.zero.width():
            painter.drawLine(
                QLineF(areas.zero.left() - 2, areas.zero.bottom(), areas.zero.right() + 2, areas.zero.bottom())
            )
        if locked:
            size = theme.px(11)
            corner = QRectF(areas.whole.right() - size - 3, areas.whole.top() + 3, size, size)
            draw_icon(painter, corner, "lock", theme.color("text.secondary"))
        if not layout.shows_labels:
            return
        painter.setFont(theme.font(7.5))
        painter.setPen(theme.color("text.secondary"))
        metrics = QFontMetricsF(painter.font(), painter.device())
        left = areas.under.left() + (theme.px(5) if areas.zero.width() else 0)  # clear of the share of exact zeros
        line = QRectF(left, areas.labels.top(), areas.over.right() - left, metrics.height())
        for x, text in range_labels(one, areas.bars, line, metrics):
            painter.drawText(QPointF(x, line.top() + metrics.ascent()), text)

    def _ratio_axis(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        spark = spark_area(area, theme)
        band = QRectF(QPointF(spark.left(), ratio_y(-2.5, spark)), QPointF(spark.right(), ratio_y(-3.5, spark)))
        painter.fillRect(band, theme.color("grid"))
        painter.setPen(theme.pen("text.secondary", alpha=0.6))
        painter.drawLine(
            QLineF(spark.left(), ratio_y(RATIO_WANTED, spark), spark.right(), ratio_y(RATIO_WANTED, spark))
        )


def _inner_marks(one: Histogram) -> list[float]:
    """Zero, and on the symlog scale the decade halfway between its linear part and its end."""
    if one.scale == "linear":
        return [0.0]
    end = max(abs(float(one.edges[0])), abs(float(one.edges[-1])))
    middle = 10.0 ** round((math.log10(one.linear_within) + math.log10(end)) / 2)
    return [0.0, middle, -middle]


def range_labels(one: Histogram, bars: QRectF, line: QRectF, metrics: QFontMetricsF) -> list[tuple[float, str]]:
    """The ends of the range, then as many inner marks as find room: zero, and on symlog a decade.

    Where the ends do not find room beside each other, one text says both; where not even that, only the end farther from zero.
    """
    kept: list[tuple[float, float, str]] = []
    low, high = float(one.edges[0]), float(one.edges[-1])
    ends, name = [low, high], _short
    if sum(metrics.horizontalAdvance(_short(end)) for end in ends) + _APART_PX > line.width():
        text = f"±{_short(high)}" if low == -high else f"{_shortest(low)}…{_shortest(high)}"
        width = metrics.horizontalAdvance(text)
        if width <= line.width() + _BESIDE_PX:
            return [(max(line.center().x() - width / 2, line.left()), text)]
        ends, name = [max(ends, key=abs)], _shortest
    for value in (*ends, *(mark for mark in _inner_marks(one) if low < mark < high)):
        text = name(value)
        width = metrics.horizontalAdvance(text)
        middle = position_of(value, one, bars)
        if middle is None:
            continue
        x = line.left() if value == low else line.right() - width if value == high else middle - width / 2
        if all(x + width + _APART_PX < left or x > right + _APART_PX for left, right, _text in kept):
            kept.append((x, x + width, text))
    return [(left, text) for left, _right, text in kept]


def _short(value: float) -> str:
    return f"−{value_text(-value, 2)}" if value < 0 else value_text(value, 2)


def _shortest(value: float) -> str:
    """As :func:`_short`, or as ``3e5`` where that is shorter."""
    mantissa, exponent = f"{value:.1e}".split("e")
    return min(_short(value), f"{mantissa.removesuffix('.0')}e{int(exponent)}".replace("-", "−"), key=len)


def title_font(
    titles: list[str], width: float, theme: Theme, sizes: tuple[float, ...] = (8.5, 8.0, 7.5, 7.0, 6.5)
) -> QFont:
    """The largest bold font in which every title fits into ``width``; not below what can be read."""
    fonts = [theme.font(size, bold=True) for size in sizes]
    fitting = (font for font in fonts if max(map(QFontMetricsF(font).horizontalAdvance, titles)) <= width)
    return next(fitting, fonts[-1])


def first_that_fits(texts: list[str], metrics: QFontMetricsF, width: float) -> str:
    """The longest wording there is room for; the last one is shortened if need be."""
    fitting = (text for text in texts if metrics.horizontalAdvance(text) <= width)
    return next(fitting, metrics.elidedText(texts[-1], Qt.TextElideMode.ElideRight, width))


def spark_area(area: QRectF, theme: Theme) -> QRectF:
    """Where the line of update ratios is, right of its number."""
    return area.adjusted(theme.px(42), theme.px(5), -theme.px(6), -theme.px(5))


def ratio_y(ratio: float, area: QRectF) -> float:
    share = (min(max(ratio, RATIO_LOW), RATIO_HIGH) - RATIO_LOW) / (RATIO_HIGH - RATIO_LOW)
    return area.bottom() - share * area.height()
