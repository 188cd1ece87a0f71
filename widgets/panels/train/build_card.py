"""One layer as a card: its name, what it costs, what comes out of it, and its form when it is open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetricsF,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from simulations.nn.layers.base import Layer
from simulations.nn.layers.trainable import Trainable
from widgets.forms.card import CARD_KEYS, NO_MODIFIER, Card, Keys
from widgets.forms.controls import ToolButton
from widgets.forms.form import ConfigForm
from widgets.forms.note import Note
from widgets.icons import icon
from widgets.panels.train.refused import refused_methods
from widgets.text import _
from widgets.theme import Look

_TITLE_PT: Final = 9.5
_DETAIL_PT: Final = 8.5
_LOCK_PX: Final = 20


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


class LayerCard(Card):
    """A card that also wishes ``edited(layer)``; ``asked`` may be ``freeze`` or ``replace``."""

    keys: ClassVar[Keys] = {
        **CARD_KEYS,
        (Qt.Key.Key_L, NO_MODIFIER): "freeze",
        (Qt.Key.Key_F2, NO_MODIFIER): "replace",
    }

    edited = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.layer: Layer | None = None
        self.text = CardText("", "", "")
        self.form: ConfigForm | None = None
        self.lock = ToolButton(self)
        self.lock.hide()
        self.lock.clicked.connect(self._on_lock_clicked)
        self.reason = Note(look, "state.bad", _DETAIL_PT + 0.5, self)
        self.reason.hide()
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.reason)
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
        self._column.setContentsMargins(side, self.header_px(), side, theme.px(8) if self.is_open else 0)
        self._column.setSpacing(theme.px(6))
        self.reason.setContentsMargins(theme.px(14), 0, 0, theme.px(8))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.theme.px(220), self.heightForWidth(max(self.width(), 1)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._column.minimumSize().width(), self.header_px())

    def _drop_form(self) -> None:
        if self.form is not None:
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    def header_px(self) -> int:
        theme = self.look.theme
        title = QFontMetricsF(theme.font(_TITLE_PT, bold=True)).height()
        room = QRectF(0, 0, self._room_px(), 1000)
        small = QFontMetricsF(theme.font(_DETAIL_PT))
        detail = small.boundingRect(room, Qt.TextFlag.TextWordWrap, self._lines()[1]).height()
        return round(title + max(detail, small.height())) + theme.px(14)

    def _room_px(self) -> int:
        """The width of the words below the title."""
        px = self.look.theme.px
        return max(self.width(), px(110)) - px(16) - px(14) - px(16)

    def _lines(self) -> tuple[str, str]:
        """What stands right of the title, and what below: the shape moves down where it would cut the title off."""
        theme, text = self.look.theme, self.text
        room = self._room_px() - theme.px(_LOCK_PX) - theme.px(8)
        title = QFontMetricsF(theme.font(_TITLE_PT, bold=True)).horizontalAdvance(text.title)
        if title + QFontMetricsF(theme.font(_DETAIL_PT)).horizontalAdvance(text.shape) <= room:
            return text.shape, self._broken(text.detail)
        return "", self._broken(" · ".join(part for part in (text.shape, text.detail) if part))

    def _broken(self, text: str) -> str:
        """``text`` in as many lines as it takes, broken between its parts and, while there is room for one, not inside."""
        metrics, room = QFontMetricsF(self.look.theme.font(_DETAIL_PT)), self._room_px()
        first, *others = text.split(" · ")
        lines = [first]
        for part in others:
            joined = f"{lines[-1]} · {part}"
            lines[-1:] = [joined] if metrics.horizontalAdvance(joined) <= room else [f"{lines[-1]} ·", part]
        return "\n".join(lines)

    def _header(self) -> QRectF:
        px = self.look.theme.px
        return QRectF(px(8), px(6), self.width() - px(16), self.header_px() - px(12))

    # ---- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_frame(painter, is_wrong=bool(self.text.reason))
        header = self._header()
        self.paint_grip(painter, header)
        self.paint_chevron(painter, header)
        self.paint_words(painter)

    def paint_words(self, painter: QPainter) -> None:
        """Title, shape and what the layer costs."""
        theme, text = self.look.theme, self.text
        header = self._header()
        words = header.adjusted(theme.px(14), 0, -theme.px(16), 0)
        top = words.adjusted(0, 0, -theme.px(_LOCK_PX), 0)  # the lock's place, also where there is none: shapes align
        ink = theme.color("text" if text.is_reached else "text.secondary")
        painter.setFont(theme.font(_DETAIL_PT))
        shape, detail = self._lines()
        shape_px = QFontMetricsF(painter.font()).horizontalAdvance(shape)
        painter.setFont(theme.font(_TITLE_PT, bold=True))
        bold = QFontMetricsF(painter.font())
        painter.setPen(ink)
        title = bold.elidedText(text.title, Qt.TextElideMode.ElideMiddle, top.width() - shape_px - theme.px(8))
        painter.drawText(top, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, title)
        painter.setFont(theme.font(_DETAIL_PT))
        painter.drawText(top, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, shape)
        painter.setPen(theme.color("text.secondary"))
        flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(words, flags, detail)

    # ---- wishing ---------------------------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """What can be done with the layer, each with its key; deleted when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        freezing = []
        if isinstance(self.layer, Trainable):
            freezing = [("freeze", _("Let it train again") if self.layer.frozen else _("Freeze"), "L")]
        for wish, text, key in (
            ("toggle", _("Hide settings") if self.is_open else _("Show settings"), "Return"),
            ("replace", _("Change into another layer…"), "F2"),
            ("duplicate", _("Duplicate"), "Ctrl+D"),
            *freezing,
            ("up", _("Move up"), "Alt+Up"),
            ("down", _("Move down"), "Alt+Down"),
            ("remove", _("Remove"), "Del"),
        ):
            action = menu.addAction(text)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # shown beside the text; the card has the keys
            action.triggered.connect(partial(self.asked.emit, wish))
        return menu

    def _on_lock_clicked(self) -> None:
        self.asked.emit("freeze")

    def _on_form_edited(self, layer: Any) -> None:
        self.edited.emit(layer)
