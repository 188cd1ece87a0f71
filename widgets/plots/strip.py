"""The histogram strip: every layer's histograms in one painted widget, because one painter draws sixty cells in the time a
plot widget needs for two. It shows a content it is given, answers the pointer and the keys, and says what was wished."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QToolTip, QWidget

from simulations.probes.answers import QUANTITIES, HistogramCell
from simulations.probes.cells import Cell
from widgets.plot import Table
from widgets.plots.histogram_cell import part_at
from widgets.plots.histogram_text import cells_table, layer_title, moments_text, quantity_name, readout
from widgets.plots.picture import draw_empty
from widgets.plots.strip_layout import StripLayout
from widgets.plots.strip_live import LivePainter
from widgets.plots.strip_paint import ChromePainter, StripContent
from widgets.text import _
from widgets.theme import Look, Theme
from widgets.view import View


class LayerStrip(View):
    """A row per layer. ``opened``, ``lockToggled`` and ``menuRequested`` carry a cell (layer name, quantity); ``hovered``
    carries the cell under the pointer or None."""

    plot_id = "layers"
    opened = Signal(object)
    lockToggled = Signal(object)
    menuRequested = Signal(object, object)
    hovered = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._content: StripContent | None = None
        self._empty = ""
        self._still, self._live = ChromePainter(), LivePainter()
        self._chrome: QPixmap | None = None
        self._layout: StripLayout | None = None
        self._chrome_key: tuple[object, ...] = ()
        self._selected: Cell | None = None
        self._hovered: Cell | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retranslate()

    # ---- what is shown -----------------------------------------------------------------------------------------------

    def show_content(self, content: StripContent) -> None:
        """Draw ``content`` at the next paint; what is already drawn is not painted again."""
        if self._content is not None and content.is_drawn_like(self._content):
            return
        rows = len(content.answer.rows)
        if self._content is None or len(self._content.answer.rows) != rows:
            self.setMinimumHeight(StripLayout.least_height(rows, self.look.theme))
        self._content = content
        self.update()

    def show_empty(self, sentence: str) -> None:
        """Say why there is nothing to see."""
        if self._content is not None or self._empty != sentence:
            self._content, self._empty = None, sentence
            self._selected = None
            self.setMinimumHeight(0)
            self.update()

    def forget(self) -> None:
        """Another run begins: scales and ghosts start anew."""
        self._live.forget()
        self._chrome = None

    def selected(self) -> Cell | None:
        return self._selected

    # ---- as a plot ---------------------------------------------------------------------------------------------------

    def plot_title(self) -> str:
        return _("Layers")

    def plot_size(self) -> QSize:
        return self.size()

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Everything, for export; the screen keeps the part that stands still as a pixmap."""
        if self._content is None:
            draw_empty(painter, rect, theme, self._empty)
            return
        layout = self._content.layout(rect, theme)
        self._still.paint(painter, self._content, layout)
        self._live.paint(painter, self._content, layout)

    def table(self) -> Table:
        return cells_table(self._content.answer.rows if self._content is not None else ())

    # ---- painting ----------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(760, 420)

    def retranslate(self) -> None:
        self._chrome = None
        self.setAccessibleName(_("Layers"))
        self._describe()
        self.update()

    def retheme(self) -> None:
        self._chrome = None
        if self._content is not None:
            self.setMinimumHeight(StripLayout.least_height(len(self._content.answer.rows), self.look.theme))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect, theme = QRectF(self.rect()), self.look.theme
        if self._content is None:
            draw_empty(painter, rect, theme, self._empty)
            return
        layout = self._layout_of(self._content)
        painter.drawPixmap(0, 0, self._kept_chrome(self._content, layout))
        self._live.paint(painter, self._content, layout)
        if self._selected is not None and self.hasFocus():
            index = self._row_of(self._selected[0])
            if index is not None:
                painter.setPen(theme.pen("accent", 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(layout.cell(index, self._selected[1]).whole.adjusted(1, 1, -1, -1))

    def _layout_of(self, content: StripContent) -> StripLayout:
        """The geometry on the screen, kept while nothing it follows from changes."""
        rect, theme, kept = QRectF(self.rect()), self.look.theme, self._layout
        same = (rect, len(content.answer.rows), theme, content.weights_have_zeros())
        if kept is None or (kept.rect, kept.rows, kept.theme, kept.weights_have_zeros) != same:
            self._layout = kept = content.layout(rect, theme)
        return kept

    def _kept_chrome(self, content: StripContent, layout: StripLayout) -> QPixmap:
        ratio = self.devicePixelRatioF()
        key = (self.size(), ratio, self.look.theme, layout.weights_have_zeros, content.chrome_key())
        if self._chrome is None or key != self._chrome_key:
            kept = QPixmap(self.size() * ratio)
            kept.setDevicePixelRatio(ratio)
            painter = QPainter(kept)
            self._still.paint(painter, content, layout)
            painter.end()
            self._chrome, self._chrome_key = kept, key
        return self._chrome

    # ---- pointer and keys --------------------------------------------------------------------------------------------

    def _row_of(self, name: str) -> int | None:
        rows = self._content.answer.rows if self._content is not None else ()
        return next((index for index, row in enumerate(rows) if row.name == name), None)

    def _histogram(self, cell: Cell) -> HistogramCell | None:
        index = self._row_of(cell[0])
        if index is None or self._content is None:
            return None
        return self._content.answer.rows[index].cells.get(cell[1])

    def _cell_at(self, position: QPointF) -> Cell | None:
        if self._content is None:
            return None
        rows = self._content.answer.rows
        found = self._layout_of(self._content).at(position)
        if found is None or found[1] not in rows[found[0]].cells:
            return None
        return rows[found[0]].name, found[1]

    def text_at(self, position: QPointF) -> str:
        """The numbers of the bar under the pointer; empty where there is none."""
        cell = self._cell_at(position)
        shown = self._histogram(cell) if cell is not None else None
        if cell is None or shown is None or self._content is None:
            return ""
        index = self._row_of(cell[0]) or 0
        layout = self._layout_of(self._content)
        part = part_at(layout.cell(index, cell[1]), shown.now, position)
        return readout(layer_title(self._content.infos[index]), cell[1], shown, part)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.text_at(QPointF(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover(self._cell_at(event.position()))
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._cell_at(event.position()))
        QToolTip.showText(event.globalPosition().toPoint(), self.text_at(event.position()), self)

    def _hover(self, cell: Cell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.setCursor(Qt.CursorShape.PointingHandCursor if cell else Qt.CursorShape.ArrowCursor)
            self.hovered.emit(cell)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._select(cell)
            self.opened.emit(cell)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        cell = self._selected if by_keys else self._cell_at(QPointF(event.pos()))
        if cell is None:
            event.ignore()
            return
        self._select(cell)
        self.menuRequested.emit(cell, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        move = moves.get(Qt.Key(event.key()))
        if move is not None and self._content is not None:
            self._move(*move)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selected is not None:
            self.opened.emit(self._selected)
        elif event.key() == Qt.Key.Key_L and self._selected is not None:
            self.lockToggled.emit(self._selected)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._selected is None and self._content is not None and self._content.answer.rows:
            self._select((self._content.answer.rows[0].name, "activations"))
        super().focusInEvent(event)

    def _move(self, down: int, right: int) -> None:
        """Select the nearest cell there is in that direction."""
        assert self._content is not None
        rows = self._content.answer.rows
        name, quantity = self._selected or (rows[0].name, QUANTITIES[0])
        row, column = self._row_of(name) or 0, QUANTITIES.index(quantity)
        while True:
            row, column = row + down, column + right
            if not (0 <= row < len(rows) and 0 <= column < len(QUANTITIES)):
                return
            if QUANTITIES[column] in rows[row].cells:
                self._select((rows[row].name, QUANTITIES[column]))
                return

    def _select(self, cell: Cell) -> None:
        self._selected = cell
        self._describe()
        self.update()

    def _describe(self) -> None:
        """What a screen reader says of the selected cell."""
        cell = self._selected
        shown = self._histogram(cell) if cell is not None else None
        index = self._row_of(cell[0]) if cell is not None else None
        if cell is None or shown is None or index is None or self._content is None:
            self.setAccessibleDescription(_("Histograms of every layer. Arrow keys select a cell, Enter opens it."))
            return
        title = _("{layer}, {quantity}").format(
            layer=layer_title(self._content.infos[index]), quantity=quantity_name(cell[1]).lower()
        )
        self.setAccessibleDescription(_("{cell}: {numbers}").format(cell=title, numbers=moments_text(shown.now)))
