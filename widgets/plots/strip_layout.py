"""Where everything of the histogram strip lies: one geometry for the screen, the pointer and the export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF

from simulations.probes.answers import QUANTITIES, Quantity
from widgets.theme import Theme


@dataclass(frozen=True)
class CellAreas:
    """The parts of one cell: bar of exact zeros, bar below the range, the bins, bar above it, and the line of labels."""

    whole: QRectF
    zero: QRectF
    under: QRectF
    bars: QRectF
    over: QRectF
    labels: QRectF

    @property
    def share(self) -> QRect:
        """Under the bar of exact zeros, where their share is written."""
        return QRectF(
            self.whole.left() + 1,
            self.zero.bottom() + 1,
            self.bars.left() - self.whole.left(),
            self.whole.bottom() - self.zero.bottom() - 1,
        ).toAlignedRect()

    @property
    def moving(self) -> QRect:
        """Everything that is drawn of a histogram."""
        left = self.zero.left() if self.zero.width() else self.under.left()
        return QRectF(
            left - 2, self.whole.top() + 1, self.over.right() - left + 4, self.bars.bottom() - self.whole.top() + 1
        ).toAlignedRect()


class StripLayout:
    """The geometry of ``rows`` rows in ``rect``: names, three quantities, update ratio; a line of titles on top."""

    def __init__(self, rect: QRectF, rows: int, theme: Theme, weights_have_zeros: bool = False) -> None:
        self.rect = rect
        self.rows = rows
        self.theme = theme
        self.weights_have_zeros = weights_have_zeros  # they seldom do: then the place is given to the bins
        self.head = float(theme.px(22))
        self.row_height = (rect.height() - self.head) / max(rows, 1)
        wide = rect.width() >= theme.px(540)
        self.name_width = float(min(theme.px(136 if wide else 102), rect.width() * 0.24))
        self.update_width = float(min(theme.px(124 if wide else 76), rect.width() * 0.2))
        self.cell_width = (rect.width() - self.name_width - self.update_width) / len(QUANTITIES)
        self._cells: dict[tuple[int, Quantity], CellAreas] = {}
        self.shows_labels = self.row_height >= theme.px(34)

    @staticmethod
    def least_height(rows: int, theme: Theme) -> int:
        """The smallest height at which every row is still readable."""
        return theme.px(22) + rows * theme.px(40)

    def row(self, index: int) -> QRectF:
        return QRectF(
            self.rect.left(), self.rect.top() + self.head + index * self.row_height, self.rect.width(), self.row_height
        )

    def name(self, index: int) -> QRectF:
        row = self.row(index)
        return QRectF(row.left(), row.top(), self.name_width, row.height())

    def column(self, quantity: Quantity) -> QRectF:
        left = self.rect.left() + self.name_width + QUANTITIES.index(quantity) * self.cell_width
        return QRectF(left, self.rect.top(), self.cell_width, self.rect.height())

    @property
    def moving(self) -> QRect:
        """Where histograms are."""
        first, last = self.column(QUANTITIES[0]), self.column(QUANTITIES[-1])
        return first.united(last).adjusted(0, self.head, 0, 0).toAlignedRect()

    @property
    def names(self) -> QRect:
        """Where the names of layers are."""
        rect = self.rect
        return QRectF(rect.left(), rect.top() + self.head, self.name_width, rect.height()).toAlignedRect()

    @property
    def updates(self) -> QRect:
        """Where update ratios are."""
        rect = self.rect
        return QRectF(
            rect.right() - self.update_width, rect.top() + self.head, self.update_width, rect.height()
        ).toAlignedRect()

    def update(self, index: int) -> QRectF:
        row = self.row(index)
        return QRectF(row.right() - self.update_width, row.top(), self.update_width, row.height())

    def cell(self, index: int, quantity: Quantity) -> CellAreas:
        """The parts of one cell; worked out once, for a layout serves many frames."""
        found = self._cells.get((index, quantity))
        if found is None:
            row, column = self.row(index), self.column(quantity)
            px = self.theme.px
            whole = QRectF(column.left(), row.top(), column.width(), row.height())
            zero_width = float(px(30 if column.width() > px(150) else 24))
            if quantity == "weights" and not self.weights_have_zeros:
                zero_width = 0.0
            found = self._cells[index, quantity] = cell_areas(whole, self.shows_labels, zero_width, px)
        return found

    def at(self, position: QPointF) -> tuple[int, Quantity] | None:
        """The row and quantity under ``position``."""
        index = int((position.y() - self.rect.top() - self.head) // max(self.row_height, 1e-9))
        if not 0 <= index < self.rows:
            return None
        for quantity in QUANTITIES:
            column = self.column(quantity)
            if column.left() <= position.x() < column.right():
                return index, quantity
        return None


def cell_areas(whole: QRectF, labels: bool, zero_width: float, px: Callable[[float], int]) -> CellAreas:
    """Divide ``whole``; ``zero_width`` is the place of the zero bar, ``px`` scales pixels with the text."""
    end, gap = float(px(4)), float(px(2))
    top, bottom = whole.top() + px(5), whole.bottom() - (px(15) if labels else px(4))
    height = max(bottom - top, 1.0)
    left, right = whole.left() + px(6), whole.right() - px(8)
    zero = QRectF(left + (zero_width - px(10)) / 2, top, px(10) if zero_width else 0.0, height)
    under = QRectF(left + zero_width + gap, top, end, height)
    over = QRectF(right - end, top, end, height)
    bars = QRectF(under.right() + gap, top, max(over.left() - gap - under.right() - gap, 1.0), height)
    return CellAreas(whole, zero, under, bars, over, QRectF(left, bottom, right - left, whole.bottom() - bottom))
