"""One layer as a card: its name, what it costs, what comes out of it, and its form when it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget

from simulations.nn.layers.base import Layer
from simulations.nn.layers.trainable import Trainable
from widgets.forms.controls import ToolButton
from widgets.forms.form import ConfigForm
from widgets.forms.note import Note
from widgets.icons import icon
from widgets.panels.train.refused import refused_methods
from widgets.text import _
from widgets.theme import Look
from widgets.view import View

_TITLE_PT: Final = 9.5
_DETAIL_PT: Final = 8.5
_LOCK_PX: Final = 20
_NONE, _ALT, _CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)
_KEYS: Final = {
    (Qt.Key.Key_Up, _NONE): "previous",
    (Qt.Key.Key_Down, _NONE): "next",
    (Qt.Key.Key_Up, _ALT): "up",
    (Qt.Key.Key_Down, _ALT): "down",
    (Qt.Key.Key_Delete, _NONE): "remove",
    (Qt.Key.Key_Backspace, _NONE): "remove",
    (Qt.Key.Key_D, _CTRL): "duplicate",
    (Qt.Key.Key_Return, _NONE): "toggle",
    (Qt.Key.Key_Enter, _NONE): "toggle",
    (Qt.Key.Key_L, _NONE): "freeze",
}


@dataclass(frozen=True)
class CardText:
    """What a card says, in the current language. ``reason`` is empty while the layer fits; ``is_reached`` is False after
    the first layer that does not."""

    title: str
    shape: str
    detail: str
    reason: str = ""
    is_reached: bool = True
    parameters: int = 0


class LayerCard(View):
    """Wishes: ``selected``, ``edited(layer)``, ``asked(what)`` for the keys, ``dragged(y)`` in global pixels, ``dropped``."""

    selected = Signal()
    edited = Signal(object)
    asked = Signal(str)
    dragged = Signal(QPoint)
    dropped = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.layer: Layer | None = None
        self.text = CardText("", "", "")
        self.is_selected = False
        self.form: ConfigForm | None = None
        self._pressed: QPoint | None = None
        self._is_dragging = False
        self.lock = ToolButton(self)
        self.lock.hide()
        self.lock.clicked.connect(self._on_lock_clicked)
        self.reason = Note(look, "state.bad", _DETAIL_PT + 0.5, self)
        self.reason.hide()
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.reason)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.retheme()

    # ---- what it shows -----------------------------------------------------------------------------------------------

    def show_layer(self, layer: Layer, text: CardText) -> None:
        """Show ``layer`` in place; the open form keeps its controls while the kind stays the same."""
        if self.form is not None and type(layer) is not type(self.layer):
            self._drop_form()
        self.layer = layer
        if self.form is not None:
            self.form.set_value(layer)
            self.form.refuse({"optimizer": refused_methods(text.parameters)})
        self._show_lock()
        if text != self.text:
            self.text = text
            self.reason.setText(f"✕ {text.reason}" if text.reason else "")
            self.reason.setVisible(bool(text.reason))
            self.setAccessibleName(
                ", ".join(part for part in (text.title, text.shape, text.detail, text.reason) if part)
            )
            self.setToolTip("\n".join(part for part in (f"{text.title}  {text.shape}", text.detail) if part.strip()))
            self._fit()

    def set_selected(self, is_selected: bool) -> None:
        if is_selected != self.is_selected:
            self.is_selected = is_selected
            self.update()

    @property
    def is_open(self) -> bool:
        return self.form is not None

    def set_open(self, is_open: bool) -> None:
        """Show or put away the layer's form."""
        if is_open == self.is_open or self.layer is None:
            return
        if is_open:
            self.form = ConfigForm(self.look, None, self)
            self.form.set_value(self.layer)
            self.form.refuse({"optimizer": refused_methods(self.text.parameters)})
            self.form.edited.connect(self._on_form_edited)
            self._column.addWidget(self.form)
            if not self.form.fields():
                nothing = Note(self.look, parent=self.form)
                nothing.setText(_("This layer has nothing to set."))
                self.form.add_note(nothing)
        else:
            self._drop_form()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()
        self._place_lock()

    def retheme(self) -> None:
        self._show_lock()
        self._fit()

    def retranslate(self) -> None:
        self._show_lock()

    def _show_lock(self) -> None:
        """The lock of a layer that has parameters: closed while they are frozen."""
        layer = self.layer
        self.lock.setVisible(isinstance(layer, Trainable))
        if isinstance(layer, Trainable):
            name = _("The layer is frozen; let it train again (L)") if layer.frozen else _("Freeze the layer (L)")
            self.lock.setIcon(
                icon("lock" if layer.frozen else "unlock", self.look, "accent" if layer.frozen else "text.secondary")
            )
            self.lock.setToolTip(name)
            self.lock.setAccessibleName(name)
        self._place_lock()

    def _place_lock(self) -> None:
        theme = self.look.theme
        side = theme.px(_LOCK_PX)
        self.lock.setIconSize(QSize(theme.px(14), theme.px(14)))
        self.lock.setGeometry(self.width() - theme.px(24) - side, theme.px(4), side, side)

    def _fit(self) -> None:
        """Make room for the header, whose second line wraps in a narrow column."""
        theme = self.look.theme
        side = theme.px(10)
        self._column.setContentsMargins(side, self._header_px(), side, theme.px(8) if self.is_open else 0)
        self._column.setSpacing(theme.px(6))
        self.reason.setContentsMargins(theme.px(14), 0, 0, theme.px(8))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.theme.px(220), self.heightForWidth(max(self.width(), 1)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._column.minimumSize().width(), self._header_px())

    def _drop_form(self) -> None:
        if self.form is not None:
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    def _header_px(self) -> int:
        theme = self.look.theme
        title = QFontMetricsF(theme.font(_TITLE_PT, bold=True)).height()
        room = QRectF(0, 0, max(self.width(), theme.px(110)) - theme.px(46), 1000)
        small = QFontMetricsF(theme.font(_DETAIL_PT))
        detail = small.boundingRect(room, Qt.TextFlag.TextWordWrap, self.text.detail).height()
        return round(title + max(detail, small.height())) + theme.px(14)

    # ---- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, text = self.look.theme, self.text
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        border = "state.bad" if text.reason else "accent" if self.is_selected else "border"
        painter.setPen(theme.pen(border, 2.0 if self.hasFocus() else 1.0))
        painter.setBrush(theme.brush("panel"))
        painter.drawRoundedRect(box, 4, 4)
        if self.is_selected:
            painter.setBrush(theme.brush("selection", 0.4 if self.is_open else 1.0))
            painter.drawRoundedRect(box, 4, 4)
        header = QRectF(theme.px(8), theme.px(6), self.width() - theme.px(16), self._header_px() - theme.px(12))
        self._paint_grip(painter, header)
        self._paint_chevron(painter, header)
        words = header.adjusted(theme.px(14), 0, -theme.px(16), 0)
        top = words.adjusted(0, 0, -theme.px(_LOCK_PX), 0)  # the lock's place, also where there is none: shapes align
        ink = theme.color("text" if text.is_reached else "text.secondary")
        painter.setFont(theme.font(_DETAIL_PT))
        shape_px = QFontMetricsF(painter.font()).horizontalAdvance(text.shape)
        painter.setFont(theme.font(_TITLE_PT, bold=True))
        bold = QFontMetricsF(painter.font())
        painter.setPen(ink)
        title = bold.elidedText(text.title, Qt.TextElideMode.ElideRight, top.width() - shape_px - theme.px(8))
        painter.drawText(top, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, title)
        painter.setFont(theme.font(_DETAIL_PT))
        painter.drawText(top, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, text.shape)
        painter.setPen(theme.color("text.secondary"))
        flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(words, flags, text.detail)

    def _paint_grip(self, painter: QPainter, header: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.theme.brush("text.secondary", 0.6))
        step = self.look.theme.px(4)
        for row in (-1, 0, 1):
            for column in (0, 1):
                painter.drawEllipse(
                    QPointF(header.left() + 2 + column * step, header.center().y() + row * step), 1.1, 1.1
                )

    def _paint_chevron(self, painter: QPainter, header: QRectF) -> None:
        size = self.look.theme.px(4)
        middle = QPointF(header.right() - size, header.center().y())
        turn = -1 if self.is_open else 1
        corners = [QPointF(-size, -turn * size / 2), QPointF(0, turn * size / 2), QPointF(size, -turn * size / 2)]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.look.theme.color("text.secondary"), 1.5))
        painter.drawPolyline(QPolygonF([middle + corner for corner in corners]))

    # ---- gestures ----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.selected.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or self._pressed.y() > self._header_px():
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
        elif pressed.x() > self.width() - self.look.theme.px(32) and pressed.y() <= self._header_px():
            self.asked.emit("toggle")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        inside = event.position().y() <= self._header_px()
        if inside and event.position().x() <= self.width() - self.look.theme.px(32):
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

    def _end_drag(self, is_meant: bool) -> None:
        self._is_dragging = False
        self.unsetCursor()
        self.dropped.emit(is_meant)

    @staticmethod
    def _wish(event: QKeyEvent) -> str:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return _KEYS.get((Qt.Key(event.key()), plain), "")

    def _on_lock_clicked(self) -> None:
        self.asked.emit("freeze")

    def _on_form_edited(self, layer: Any) -> None:
        self.edited.emit(layer)
