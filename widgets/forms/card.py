"""What a person can do with any card of a list: select it, open it, drag it by its header, and all of it by keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, TypeAlias

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from widgets.theme import Look
from widgets.view import View

NO_MODIFIER, _ALT, _CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)
Keys: TypeAlias = Mapping[tuple[Qt.Key, Qt.KeyboardModifier], str]
CARD_KEYS: Final[Keys] = {
    (Qt.Key.Key_Up, NO_MODIFIER): "previous",
    (Qt.Key.Key_Down, NO_MODIFIER): "next",
    (Qt.Key.Key_Up, _ALT): "up",
    (Qt.Key.Key_Down, _ALT): "down",
    (Qt.Key.Key_Delete, NO_MODIFIER): "remove",
    (Qt.Key.Key_Backspace, NO_MODIFIER): "remove",
    (Qt.Key.Key_D, _CTRL): "duplicate",
    (Qt.Key.Key_Return, NO_MODIFIER): "toggle",
    (Qt.Key.Key_Enter, NO_MODIFIER): "toggle",
}
_CHEVRON_PX: Final = 32  # of the header's right end, where a click opens and closes


class Card(View):
    """Wishes: ``selected``, ``asked(what)`` for the keys, ``dragged(place)`` in global pixels, ``dropped(is_meant)``."""

    keys: ClassVar[Keys] = CARD_KEYS

    selected = Signal()
    asked = Signal(str)
    dragged = Signal(QPoint)
    dropped = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.is_selected = False
        self._pressed: QPoint | None = None
        self._is_dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def header_px(self) -> int:
        """The height of the part that is painted, by which the card is dragged."""
        raise NotImplementedError

    @property
    def is_open(self) -> bool:
        raise NotImplementedError

    def set_open(self, is_open: bool) -> None:
        """Show or put away what is below the header."""
        raise NotImplementedError

    def set_selected(self, is_selected: bool) -> None:
        if is_selected != self.is_selected:
            self.is_selected = is_selected
            self.update()

    # ---- painting ----------------------------------------------------------------------------------------------------

    def paint_frame(self, painter: QPainter, *, is_wrong: bool = False) -> None:
        theme = self.look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        border = "state.bad" if is_wrong else "accent" if self.is_selected else "border"
        painter.setPen(theme.pen(border, 2.0 if self.hasFocus() else 1.0))
        painter.setBrush(theme.brush("panel"))
        painter.drawRoundedRect(box, 4, 4)
        if self.is_selected:
            painter.setBrush(self._selection())
            painter.drawRoundedRect(box, 4, 4)

    def paint_ground(self, painter: QPainter, rect: QRect) -> None:
        """The ground inside the frame alone, where only a part of the card changes."""
        painter.fillRect(rect, self.look.theme.brush("panel"))
        if self.is_selected:
            painter.fillRect(rect, self._selection())

    def _selection(self) -> QBrush:
        return self.look.theme.brush("selection", 0.4 if self.is_open else 1.0)

    def paint_grip(self, painter: QPainter, header: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.theme.brush("text.secondary", 0.6))
        step = self.look.theme.px(4)
        for row in (-1, 0, 1):
            for column in (0, 1):
                painter.drawEllipse(
                    QPointF(header.left() + 2 + column * step, header.center().y() + row * step), 1.1, 1.1
                )

    def paint_chevron(self, painter: QPainter, header: QRectF) -> None:
        size = self.look.theme.px(4)
        middle = QPointF(header.right() - size, header.center().y())
        turn = -1 if self.is_open else 1
        corners = [QPointF(-size, -turn * size / 2), QPointF(0, turn * size / 2), QPointF(size, -turn * size / 2)]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self.look.theme.pen("text.secondary", 1.5))
        painter.drawPolyline(QPolygonF([middle + corner for corner in corners]))

    # ---- gestures ----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.selected.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or self._pressed.y() > self.header_px():
            return
        far = (event.position().toPoint() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._is_dragging or far:
            self._is_dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        pressed, self._pressed = self._pressed, None
        if self._is_dragging:
            self._end_drag(True)
        elif pressed.y() <= self.header_px() and pressed.x() > self._chevron_left():
            self.asked.emit("toggle")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.position().y() <= self.header_px() and event.position().x() <= self._chevron_left():
            self.asked.emit("toggle")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._wish(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_dragging:
            self._pressed = None
            self._end_drag(False)
            return
        wish = self._wish(event)
        if wish:
            self.asked.emit(wish)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selected.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _chevron_left(self) -> int:
        return self.width() - self.look.theme.px(_CHEVRON_PX)

    def _end_drag(self, is_meant: bool) -> None:
        self._is_dragging = False
        self.unsetCursor()
        self.dropped.emit(is_meant)

    def _wish(self, event: QKeyEvent) -> str:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return self.keys.get((Qt.Key(event.key()), plain), "")
