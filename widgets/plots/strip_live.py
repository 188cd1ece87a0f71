"""Painting what moves of the histogram strip: bars, ghosts, spreads, shares, badges and update ratios.

It runs in every frame while the simulation thread computes, so numbers go to the painter as arrays: see :mod:`.batch`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from simulations.core.arrays import Array
from simulations.probes.answers import QUANTITIES, Histogram, HistogramCell, LayerRow
from simulations.probes.cells import Cell
from widgets.icons import draw_icon
from widgets.plots.batch import Lines, Rects, chain
from widgets.plots.histogram_cell import HeightScale, bar_boxes, ghost_outline
from widgets.plots.histogram_marks import Figures, Places, end_boxes, moment_lines, zero_lines
from widgets.plots.histogram_text import bad_text, share_text
from widgets.plots.strip_layout import CellAreas, StripLayout
from widgets.plots.strip_paint import RATIO_HIGH, RATIO_LOW, StripContent, spark_area
from widgets.text import _
from widgets.theme import Theme

_SPARK_POINTS = 48
VANISHED = 1e-3  # a rate that suits one layer is a thousandth of what the other needs
Placed: TypeAlias = tuple[Cell, HistogramCell, CellAreas]
_CENTER = Qt.AlignmentFlag.AlignCenter


class LivePainter:
    """Paints a :class:`StripContent`; keeps the scale of each cell's height and the outlines of the ghosts."""

    def __init__(self) -> None:
        self._scales: dict[Cell, HeightScale] = {}
        self._ghosts: dict[Cell, tuple[Histogram, CellAreas, tuple[object, ...], Array]] = {}
        self._rects, self._lines = Rects(), Lines()
        self._places: Places | None = None
        self._places_for: list[CellAreas] = []

    def forget(self) -> None:
        """Another run begins."""
        self._scales.clear()
        self._ghosts.clear()

    def paint(self, painter: QPainter, content: StripContent, layout: StripLayout) -> None:
        """Everything that moves."""
        theme, cells = layout.theme, _cells(content, layout)
        if not cells:
            return
        counts = np.stack([cell.now.counts for _key, cell, _areas in cells])
        peaks = counts.max(axis=1, initial=0).tolist()
        tops = np.array([
            self._scales.setdefault(key, HeightScale()).settle(cell, peak)
            for (key, cell, _areas), peak in zip(cells, peaks, strict=True)
        ])  # fmt: skip
        places = self._places_of(cells)
        of = np.array([key[1] for key, _cell, _areas in cells])
        painter.setPen(Qt.PenStyle.NoPen)
        for quantity in QUANTITIES:
            column = of == quantity
            painter.setBrush(theme.brush(f"quantity.{quantity}"))
            self._rects.draw(painter, bar_boxes(counts[column], tops[column], content.log_counts, places.bars[column]))
        self._paint_marks(painter, cells, tops, content.log_counts, theme)
        self._paint_ratios(painter, content, layout)
        if layout.shows_labels:
            _paint_shares(painter, cells, theme)
        _paint_hints(painter, content, layout)
        for _key, cell, areas in cells:
            if bad := bad_text(cell.now):
                paint_badge(painter, areas.whole, bad, theme)

    def _places_of(self, cells: list[Placed]) -> Places:
        """Where the parts of the cells lie, as arrays; kept while the layout is."""
        areas = [one for _key, _cell, one in cells]
        if self._places is None or self._places_for != areas:
            self._places, self._places_for = Places(areas), areas
        return self._places

    def _paint_marks(self, painter: QPainter, cells: list[Placed], tops: Array, log: bool, theme: Theme) -> None:
        """Over- and underflow, ghosts, zeros, mean and spread."""
        figures, places = Figures([cell.now for _key, cell, _areas in cells]), self._places_of(cells)
        ghosts = [
            self._ghost(key, cell, float(top), log, areas)
            for (key, cell, areas), top in zip(cells, tops, strict=True)
            if cell.initial is not None
        ]
        painter.setBrush(theme.brush("state.attention"))
        self._rects.draw(painter, end_boxes(figures, tops, log, places))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.pen("text.secondary"))
        self._lines.draw(painter, np.concatenate([zero_lines(figures, places), *ghosts]))
        painter.setPen(theme.pen("text", 1.5))
        self._lines.draw(painter, moment_lines(figures, places, theme.px(3)))

    def _ghost(self, key: Cell, cell: HistogramCell, top: float, log: bool, areas: CellAreas) -> Array:
        kept = self._ghosts.get(key)
        wanted = (cell.now.total, top, log)
        if kept is not None and kept[0] is cell.initial and kept[1] is areas and kept[2] == wanted:
            return kept[3]
        assert cell.initial is not None
        outline = ghost_outline(cell, top, log, areas.bars)
        self._ghosts[key] = (cell.initial, areas, wanted, outline)
        return outline

    def _paint_ratios(self, painter: QPainter, content: StripContent, layout: StripLayout) -> None:
        """The newest update ratio of every layer as a number, and its history against the wanted −3."""
        theme = layout.theme
        painter.setFont(theme.font(9))
        metrics = QFontMetricsF(painter.font(), painter.device())
        lines: list[Array] = []
        for index, (row, info) in enumerate(zip(content.answer.rows, content.infos, strict=True)):
            if not info.parameter_count:
                continue
            area = layout.update(index)
            if row.frozen:
                paint_frozen(painter, area, theme)
                continue
            text = f"{row.update_ratio:.1f}".replace("-", "−") if math.isfinite(row.update_ratio) else "–"
            painter.setPen(theme.color("text" if math.isfinite(row.update_ratio) else "text.secondary"))
            x = area.left() + theme.px(38) - metrics.horizontalAdvance(text)
            y = area.center().y() + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(round(x), round(y), text)
            if len(row.update_history) > 1:
                lines.append(_spark(row, spark_area(area, theme)))
        if lines:
            painter.setPen(theme.pen("quantity.updates"))
            self._lines.draw(painter, np.concatenate(lines))


def paint_frozen(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """A closed lock in place of the update ratio, and the word in place of its history: nothing is updated."""
    side, spark = theme.px(14), spark_area(area, theme)
    lock = QRectF(area.left() + theme.px(22), area.center().y() - side / 2, side, side)
    draw_icon(painter, lock, "lock", theme.color("text.secondary"))
    metrics = QFontMetricsF(painter.font(), painter.device())
    text = metrics.elidedText(_("frozen"), Qt.TextElideMode.ElideRight, spark.width())
    painter.fillRect(spark.adjusted(-1, 0, 1, 1), theme.color("panel"))
    painter.setPen(theme.color("text.secondary"))
    painter.drawText(spark, _CENTER, text)


def _cells(content: StripContent, layout: StripLayout) -> list[Placed]:
    """Every cell there is, and where it lies."""
    return [
        ((row.name, quantity), cell, layout.cell(index, quantity))
        for index, row in enumerate(content.answer.rows)
        for quantity, cell in row.cells.items()
    ]


def _spark(row: LayerRow, area: QRectF) -> Array:
    """The history of a layer's update ratios as lines in ``area``, thinned to what can be seen, the newest always there."""
    history = row.update_history
    stride = -(-len(history) // _SPARK_POINTS)
    at, ratio = np.concatenate([history[::stride], history[-1:]]).T
    x = area.left() + (at - at[0]) * (area.width() / max(at[-1] - at[0], 1.0))
    share = (np.clip(ratio, RATIO_LOW, RATIO_HIGH) - RATIO_LOW) / (RATIO_HIGH - RATIO_LOW)
    return chain(x, area.bottom() - share * area.height())


def _paint_shares(painter: QPainter, cells: list[Placed], theme: Theme) -> None:
    """The share of exact zeros, under its bar."""
    painter.setFont(theme.font(7.5))
    painter.setPen(theme.color("text.secondary"))
    ascent = QFontMetricsF(painter.font(), painter.device()).ascent()
    for _key, cell, areas in cells:
        if cell.now.zeros:
            x, y = areas.whole.left() + 3, areas.zero.bottom() + ascent
            painter.drawText(round(x), round(y), share_text(cell.now.zeros, cell.now.total))


def _paint_hints(painter: QPainter, content: StripContent, layout: StripLayout) -> None:
    """What is wrong with a layer, under its name: how many of its units are dead, or that hardly any gradient reaches it."""
    theme, faded = layout.theme, _vanishing(content.answer.rows)
    for index, row in enumerate(content.answer.rows):
        if math.isfinite(row.dead_share) and row.dead_share > 0:
            text = _("▲ {share} dead").format(share=share_text(round(row.dead_share * 10000), 10000))
        elif faded[index]:
            text = _("▼ gradient vanishes")
        else:
            continue
        painter.setFont(theme.font(7.5))
        line = QFontMetricsF(painter.font(), painter.device()).height()
        area = layout.name(index).adjusted(theme.px(8), 0, -theme.px(4), -theme.px(2))
        if area.height() < 4 * line:  # too low for three lines: it takes the place of the shape
            area.setTop(area.top() + 1.5 * line)
            painter.fillRect(area, theme.color("panel"))
        painter.setPen(theme.color("state.attention"))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, text)


def _vanishing(rows: Sequence[LayerRow]) -> list[bool]:
    """Of which rows the gradient is that small beside the largest that every step of training passes them by."""
    spreads = [row.cells["gradients"].now.sd if "gradients" in row.cells else math.nan for row in rows]
    largest = max((one for one in spreads if math.isfinite(one)), default=0.0)
    return [one < VANISHED * largest for one in spreads]


def paint_badge(painter: QPainter, cell: QRectF, text: str, theme: Theme) -> None:
    """The loud badge of values that are not numbers."""
    painter.setFont(theme.font(8.5, bold=True))
    metrics = QFontMetricsF(painter.font(), painter.device())
    text = metrics.elidedText("✕ " + text, Qt.TextElideMode.ElideRight, cell.width() - theme.px(16))
    width, height = metrics.horizontalAdvance(text) + theme.px(10), metrics.height() + theme.px(2)
    badge = QRectF(cell.center().x() - width / 2, cell.center().y() - height / 2, width, height)
    painter.fillRect(badge, theme.color("state.bad"))
    painter.setPen(theme.color("panel"))
    painter.drawText(badge, _CENTER, text)
