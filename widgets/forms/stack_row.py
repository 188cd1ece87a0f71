"""One member of a stack as a line: its name opens its form, three small buttons move and remove it."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets.forms.controls import ToolButton
from widgets.icons import icon
from widgets.text import _
from widgets.theme import Look
from widgets.view import View

_NONE, _ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
_KEYS: Final = {
    (Qt.Key.Key_Up, _ALT): "up",
    (Qt.Key.Key_Down, _ALT): "down",
    (Qt.Key.Key_Delete, _NONE): "remove",
    (Qt.Key.Key_Backspace, _NONE): "remove",
}


class StackRow(View):
    """``asked`` carries ``open``, ``up``, ``down`` or ``remove``; the stack does it and shows the row again."""

    asked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.member: Any = None
        self.body: Any = None
        self._label, self._ordinal = "", 0  # 0: it is the only one of its kind
        self.name = ToolButton(self)
        self.name.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.name.setArrowType(Qt.ArrowType.RightArrow)
        self.name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.tools = {wish: ToolButton(self) for wish in ("up", "down", "remove")}
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self.name, 1)
        for tool in self.tools.values():
            line.addWidget(tool)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(line)
        for button in (self.name, *self.tools.values()):
            button.installEventFilter(self)
        self.name.clicked.connect(self._on_name_clicked)
        self.tools["up"].clicked.connect(self._on_up_clicked)
        self.tools["down"].clicked.connect(self._on_down_clicked)
        self.tools["remove"].clicked.connect(self._on_remove_clicked)
        self.retranslate()
        self.retheme()

    def show_member(self, member: Any, label: str, ordinal: int) -> None:
        """Show ``member``, called ``label`` and ``ordinal`` (0: no number); an open form keeps its controls while the kind
        stays."""
        if self.body is not None and type(member) is not type(self.member):
            self.drop_body()
        self.member, self._label, self._ordinal = member, label, ordinal
        if self.body is not None:
            self.body.set_value(member)
        self.retranslate()

    def set_place(self, *, is_first: bool, is_last: bool) -> None:
        self.tools["up"].setEnabled(not is_first)
        self.tools["down"].setEnabled(not is_last)

    def put_body(self, body: QWidget) -> None:
        """Open the row: ``body`` stands below its name."""
        self.body = body
        self._column.addWidget(body)
        body.setContentsMargins(self.look.theme.px(14), 0, 0, self.look.theme.px(4))
        self.name.setArrowType(Qt.ArrowType.DownArrow)

    def drop_body(self) -> None:
        """Close the row."""
        self._column.removeWidget(self.body)
        self.body.hide()
        self.body.deleteLater()
        self.body = None
        self.name.setArrowType(Qt.ArrowType.RightArrow)

    def retranslate(self) -> None:
        title = _(self._label) if self._label else ""
        if self._ordinal:
            title = _("{label} {ordinal}").format(label=title, ordinal=self._ordinal)
        self.name.setText(title)
        self.name.setToolTip(_("Show or hide its settings"))
        names = {
            "up": _("Move up (Alt+↑)"),
            "down": _("Move down (Alt+↓)"),
            "remove": _("Remove (Del)"),
        }
        for wish, tool in self.tools.items():
            tool.setToolTip(names[wish])
            tool.setAccessibleName(names[wish])

    def retheme(self) -> None:
        for wish, tool in self.tools.items():
            tool.setIcon(icon(wish, self.look))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of its buttons: a button would take arrows for a wish to leave it."""
        if isinstance(event, QKeyEvent) and self._wish(event):
            if event.type() == QEvent.Type.KeyPress:
                self.asked.emit(self._wish(event))
            event.accept()
            return True
        return super().eventFilter(watched, event)

    @staticmethod
    def _wish(event: QKeyEvent) -> str:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return _KEYS.get((Qt.Key(event.key()), plain), "")

    def _on_name_clicked(self) -> None:
        self.asked.emit("open")

    def _on_up_clicked(self) -> None:
        self.asked.emit("up")

    def _on_down_clicked(self) -> None:
        self.asked.emit("down")

    def _on_remove_clicked(self) -> None:
        self.asked.emit("remove")
