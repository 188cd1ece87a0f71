"""Painting what moves of the histogram strip: bars, ghosts, exact zeros, over- and underflow, mean and spread.

It runs in every frame while the simulation thread computes, so the numbers of all cells are worked out together and go to
the painter as arrays (see :mod:`.batch`): sixty histograms are a few dozen calls.
"""

from __future__ import annotations

from itertools import pairwise
from typing import final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from simulations.core.arrays import Array, FloatArray
from simulations.probes.answers import QUANTITIES, LayersAnswer
from simulations.probes.cells import Cell
from simulations.probes.table import HistogramTable
from widgets.plots.batch import Lines, Rects
from widgets.plots.histogram_cell import Bars, ghost_outlines, peaks_of, settled_tops
from widgets.plots.histogram_marks import Figures, Places, end_boxes, moment_lines, zero_lines
from widgets.plots.histogram_text import bad_text
from widgets.plots.strip_layout import StripLayout
from widgets.plots.strip_paint import StripContent
from widgets.plots.strip_words import paint_badge
from widgets.theme import Theme


@final
class _Ground:
    """Where everything lies, as long as the cells and the layout are the same."""

    def __init__(self, content: StripContent, layout: StripLayout) -> None:
        cells = content.answer.cells
        self.layout = layout
        self.cells = cells
        self.places = Places([content.areas(layout, index) for index in range(len(cells))])
        of = np.array([QUANTITIES.index(quantity) for _name, quantity in cells])
        self.order = np.argsort(of, kind="stable")  # a column after the other, each with a brush of its own
        ends = np.searchsorted(of[self.order], np.arange(len(QUANTITIES) + 1)).tolist()
        self.columns = [slice(first, last) for first, last in pairwise(ends)]
        self.bars = Bars(self.places.bars[self.order], content.answer.now.counts.shape[1])


class LivePainter:
    """Paints what moves of a :class:`StripContent`; keeps the scale of each cell's height and the outlines of the ghosts."""

    def __init__(self) -> None:
        self._rects, self._lines, self._outlines = Rects(), Lines(), Lines()
        self._ground: _Ground | None = None
        self._scaled: tuple[Cell, ...] = ()
        self.tops: FloatArray = np.zeros(0)  # the counts at the tops of the cells
        self._then: tuple[HistogramTable, FloatArray] | None = None
        self._outlined: tuple[HistogramTable, _Ground, bool, bytes] | None = None
        self._ghosts: FloatArray = np.zeros((0, 4))

    def forget(self) -> None:
        """Another run begins."""
        self._scaled, self.tops, self._then, self._outlined = (), np.zeros(0), None, None

    def hold(self, cells: tuple[Cell, ...], tops: FloatArray) -> None:
        """Go on from these counts at the tops of the cells."""
        self._scaled, self.tops = cells, tops

    def paint(self, painter: QPainter, content: StripContent, layout: StripLayout) -> None:
        """Everything that moves."""
        answer, theme, log = content.answer, layout.theme, content.log_counts
        if not answer.cells:
            return
        ground, tops, figures = self._ground_of(content, layout), self._settle(answer), Figures(answer.now)
        painter.setPen(Qt.PenStyle.NoPen)
        bars, ends = ground.bars.boxes(answer.now.counts[ground.order], tops[ground.order], log)
        for quantity, column in zip(QUANTITIES, ground.columns, strict=True):
            painter.setBrush(theme.brush(f"quantity.{quantity}"))
            self._rects.draw(painter, bars[ends[column.start] : ends[column.stop]])
        painter.setBrush(theme.brush("state.attention"))
        self._rects.draw(painter, end_boxes(figures, tops, log, ground.places))
        self._paint_lines(painter, figures, ground, theme, self._outline(answer, ground, tops, log))
        if answer.now.bad.any():
            self._paint_badges(painter, content, layout)

    def _paint_lines(self, painter: QPainter, figures: Figures, ground: _Ground, theme: Theme, ghosts: Array) -> None:
        """Ghosts, zeros, mean and spread."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.pen("text.secondary"))
        self._outlines.draw(painter, ghosts)
        self._lines.draw(painter, zero_lines(figures, ground.places))
        painter.setPen(theme.pen("text", 1.5))
        self._lines.draw(painter, moment_lines(figures, ground.places, theme.px(3)))

    def _ground_of(self, content: StripContent, layout: StripLayout) -> _Ground:
        kept = self._ground
        if kept is None or kept.layout is not layout or kept.cells != content.answer.cells:
            self._ground = kept = _Ground(content, layout)
        return kept

    def _settle(self, answer: LayersAnswer) -> FloatArray:
        """The count at the top of each cell, held while its highest bar stays between half and all of it."""
        if answer.cells != self._scaled:
            self._scaled, self.tops = answer.cells, np.zeros(len(answer.cells))
        if self._then is None or self._then[0] is not answer.initial:
            self._then = answer.initial, peaks_of(answer.initial)
        self.tops = settled_tops(self.tops, answer.now, self._then[1])
        return np.maximum(self.tops, 1.0)

    def _outline(self, answer: LayersAnswer, ground: _Ground, tops: FloatArray, log: bool) -> FloatArray:
        """The ghosts, kept until something changes that they follow from."""
        totals = answer.now.number("total")
        scale = (tops / totals).tobytes() if not log else tops.tobytes() + totals.tobytes()
        kept, wanted = self._outlined, (answer.initial, ground, log, scale)
        if kept is None or kept[0] is not answer.initial or kept[1] is not ground or kept[2:] != wanted[2:]:
            self._outlined = wanted
            self._ghosts = ghost_outlines(answer.initial, totals, tops, log, ground.places.bars)
        return self._ghosts

    @staticmethod
    def _paint_badges(painter: QPainter, content: StripContent, layout: StripLayout) -> None:
        for index in np.flatnonzero(content.answer.now.bad > 0).tolist():
            one = content.answer.now.histogram(index)
            if one is not None:
                paint_badge(painter, content.areas(layout, index).whole, bad_text(one), layout.theme)
