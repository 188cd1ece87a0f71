"""The histogram strip: every layer's histograms in one painted widget, because one painter draws sixty cells in the time a
plot widget needs for two. It shows a content it is given, answers the pointer and the keys, and says what was wished."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
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
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from simulations.probes.answers import QUANTITIES, GatesAnswer, HistogramCell
from simulations.probes.cells import Cell
from widgets.plot import Table
from widgets.plots.gates import gate_title, values_text
from widgets.plots.histogram_cell import part_at
from widgets.plots.histogram_text import cells_table, layer_title, moments_text, quantity_name, readout
from widgets.plots.picture import draw_empty
from widgets.plots.strip_afar import Canvas, Painted
from widgets.plots.strip_easel import Easel
from widgets.plots.strip_ground import Ground
from widgets.plots.strip_layout import StripLayout
from widgets.plots.strip_live import LivePainter
from widgets.plots.strip_paint import ChromePainter, StripContent
from widgets.plots.strip_words import WordsPainter
from widgets.text import _
from widgets.theme import Look, Theme
from widgets.view import View

_READABLE_MS: Final = 200  # while training runs figures change this often
_SETTLED_MS: Final = 250  # a size that lasted so long is painted for afar


class LayerStrip(View):
    """A row per layer. ``opened``, ``lockToggled`` and ``menuRequested`` carry a cell (layer name, quantity); ``hovered``
    carries the cell under the pointer or None.

    While training runs another process may paint for it, on ``canvas``; ``canvasChanged`` says that it is another one.
    """

    plot_id = "layers"
    opened = Signal(object)
    lockToggled = Signal(object)
    menuRequested = Signal(object, object)
    hovered = Signal(object)
    canvasChanged = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._content: StripContent | None = None
        self._gates: GatesAnswer | None = None
        self._empty = ""
        self._ground, self._live, self._easel = Ground(), LivePainter(), Easel(self)
        self._layout: StripLayout | None = None
        self._handed = 0  # the version of the ground that the easel has
        self._since_words = QElapsedTimer()
        self._words_due, self._canvas_due = QTimer(self), QTimer(self)
        for timer, action in ((self._words_due, self._on_words_due), (self._canvas_due, self._on_canvas_due)):
            timer.setSingleShot(True)
            timer.timeout.connect(action)
        self._selected: Cell | None = None
        self._hovered: Cell | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retranslate()

    # ---- what is shown -----------------------------------------------------------------------------------------------

    def show_content(self, content: StripContent, painted: Painted | None = None, *, at_once: bool = True) -> None:
        """Draw ``content`` at the next paint, or show what was ``painted`` of it; what is already drawn is not drawn again.

        Its figures follow ``at_once``, or else as often as they can be read.
        """
        before, self._content = self._content, content
        is_same = before is not None and content.is_drawn_like(before)
        if at_once or painted is None or not self._shows(painted, content, is_same):
            self._easel.step_back()
        if is_same and (not at_once or self._ground.tells(content.answer)):
            return
        names = content.answer.names
        if before is None or len(before.answer.names) != len(names):
            self.setMinimumHeight(StripLayout.least_height(len(names), self.look.theme))
        if at_once or before is None or before.chrome_key() != content.chrome_key():
            self._on_words_due()
            self.update()
        elif not self._words_due.isActive():
            self._words_due.start(max(_READABLE_MS - self._since_words.elapsed(), 0))
        if self._layout is not None and not self._easel.is_shown:
            self.update(self._layout.moving)

    def show_empty(self, sentence: str) -> None:
        """Say why there is nothing to see."""
        if self._content is not None or self._empty != sentence:
            self._content, self._empty = None, sentence
            self._selected = None
            self._words_due.stop()
            self._easel.step_back()
            self.setMinimumHeight(0)
            self.update()

    def show_gates(self, gates: GatesAnswer | None) -> None:
        """What the gates of the layer under the pointer let through, for its readout."""
        self._gates = gates

    def forget(self) -> None:
        """Another run begins: scales and ghosts start anew."""
        self._live.forget()
        self._ground.forget()

    @property
    def canvas(self) -> Canvas | None:
        """What another process may paint on."""
        return self._easel.canvas

    def _shows(self, painted: Painted, content: StripContent, is_same: bool) -> bool:
        """Put what was painted on the screen, if it is of what is to be seen here."""
        canvas, layout = self._easel.canvas, self._layout
        if layout is None or canvas is None or painted.token != canvas.token:
            if canvas is None and layout is not None and not self._canvas_due.isActive():
                self._canvas_due.start(_SETTLED_MS)
            return False
        if not is_same and not self._easel.suits(content, self._layout_of(content), self.devicePixelRatioF()):
            self._lose_canvas()
            return False
        if painted.tops is not None:
            self._live.hold(content.answer.cells, painted.tops)
        self._easel.show()
        return True

    def _lose_canvas(self) -> None:
        if self._easel.canvas is not None:
            self._easel.put_away()
            self.canvasChanged.emit()

    def _on_canvas_due(self) -> None:
        """Somebody would paint for us: say on what."""
        if self._content is not None:
            layout = self._layout_of(self._content)
            self._easel.set_up(self._content, layout, self.devicePixelRatioF())
            self._handed = 0
            self._still(self._content, layout)
            self.canvasChanged.emit()

    def _on_words_due(self) -> None:
        """Write the words anew."""
        self._words_due.stop()
        self._since_words.start()
        content = self._content
        if content is not None and self._layout is not None:
            framed = self._selected if self.hasFocus() else None
            self.update(self._ground.renew(content, self._layout_of(content), self.devicePixelRatioF(), framed))

    def selected(self) -> Cell | None:
        return self._selected

    # ---- as a plot ---------------------------------------------------------------------------------------------------

    def plot_title(self) -> str:
        return _("Layers")

    def plot_size(self) -> QSize:
        return self.size()

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Everything, for export; the screen keeps what stands still, and for a while the words, as a pixmap."""
        if self._content is None:
            draw_empty(painter, rect, theme, self._empty)
            return
        layout = self._content.layout(rect, theme)
        for part in (ChromePainter(), WordsPainter(), self._live):
            part.paint(painter, self._content, layout)

    def table(self) -> Table:
        return cells_table(self._content.answer.rows if self._content is not None else ())

    # ---- painting ----------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(760, 420)

    def retranslate(self) -> None:
        self._ground.forget()
        self.setAccessibleName(_("Layers"))
        self._describe()
        self.update()

    def retheme(self) -> None:
        self._ground.forget()
        self._lose_canvas()
        if self._content is not None:
            self.setMinimumHeight(StripLayout.least_height(len(self._content.answer.names), self.look.theme))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect, theme = QRectF(self.rect()), self.look.theme
        if self._content is None:
            draw_empty(painter, rect, theme, self._empty)
            return
        layout = self._layout_of(self._content)
        painter.drawPixmap(0, 0, self._still(self._content, layout))
        if not self._easel.is_shown:
            self._live.paint(painter, self._content, layout)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lose_canvas()
        if self._canvas_due.isActive():
            self._canvas_due.start(_SETTLED_MS)

    def _layout_of(self, content: StripContent) -> StripLayout:
        """The geometry on the screen, kept while nothing it follows from changes."""
        rect, theme, kept = QRectF(self.rect()), self.look.theme, self._layout
        same = (rect, len(content.answer.names), theme, content.weights_have_zeros())
        if kept is None or (kept.rect, kept.rows, kept.theme, kept.weights_have_zeros) != same:
            self._layout = kept = content.layout(rect, theme)
        return kept

    def _still(self, content: StripContent, layout: StripLayout) -> QPixmap:
        """What stands still, with the words and the frame of the selected cell; the other process is given it, too."""
        framed = self._selected if self.hasFocus() else None
        pixmap = self._ground.pixmap(content, layout, self.devicePixelRatioF(), framed)
        if self._handed != self._ground.version:
            self._handed = self._ground.version
            self._easel.set_ground(pixmap)
        return pixmap

    # ---- pointer and keys --------------------------------------------------------------------------------------------

    def _row_of(self, name: str) -> int | None:
        names = self._content.answer.names if self._content is not None else ()
        return names.index(name) if name in names else None

    def _histogram(self, cell: Cell) -> HistogramCell | None:
        index = self._row_of(cell[0])
        if index is None or self._content is None:
            return None
        return self._content.answer.rows[index].cells.get(cell[1])

    def _cell_at(self, position: QPointF) -> Cell | None:
        if self._content is None:
            return None
        found, answer = self._layout_of(self._content).at(position), self._content.answer
        cell = (answer.names[found[0]], found[1]) if found is not None else None
        return cell if cell in answer.cells else None

    def text_at(self, position: QPointF) -> str:
        """The numbers of the bar under the pointer; empty where there is none."""
        cell = self._cell_at(position)
        shown = self._histogram(cell) if cell is not None else None
        if cell is None or shown is None or self._content is None:
            return ""
        index = self._row_of(cell[0]) or 0
        layout = self._layout_of(self._content)
        part = part_at(layout.cell(index, cell[1]), shown.now, position)
        said = readout(layer_title(self._content.infos[index]), cell[1], shown, part)
        gates = self._gates.gates if self._gates is not None and self._gates.layer == cell[0] else ()
        told = (_("{cell}: {numbers}").format(cell=gate_title(one.name), numbers=values_text(one)) for one in gates)
        return "\n".join([said, *told])

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
        if self._selected is None and self._content is not None and self._content.answer.names:
            self._select((self._content.answer.names[0], "activations"))
        super().focusInEvent(event)

    def _move(self, down: int, right: int) -> None:
        """Select the nearest cell there is in that direction."""
        assert self._content is not None
        names, cells = self._content.answer.names, self._content.answer.cells
        name, quantity = self._selected or (names[0], QUANTITIES[0])
        row, column = self._row_of(name) or 0, QUANTITIES.index(quantity)
        while True:
            row, column = row + down, column + right
            if not (0 <= row < len(names) and 0 <= column < len(QUANTITIES)):
                return
            if (names[row], QUANTITIES[column]) in cells:
                self._select((names[row], QUANTITIES[column]))
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
