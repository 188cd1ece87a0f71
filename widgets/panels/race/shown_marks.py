"""The menu of what an anatomy draws, each with a tick."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from widgets.icons import icon
from widgets.plots.anatomy_marks import MARKS
from widgets.text import _
from widgets.theme import Look


class ShownMarks(QToolButton):
    """``hidden`` are the keys of :data:`MARKS` without a tick; ``changed`` says it is another set now."""

    changed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setAutoRaise(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self)
        self._actions: dict[str, QAction] = {}
        self._hidden: frozenset[str] = frozenset()
        for key in MARKS:
            action = menu.addAction("")
            action.setCheckable(True)
            action.setChecked(True)
            action.setData(key)
            action.toggled.connect(self._on_toggled)
            self._actions[key] = action
        self.setMenu(menu)
        look.changed.connect(self._retheme)
        self._retranslate()
        self._retheme()

    @property
    def hidden(self) -> frozenset[str]:
        return self._hidden

    def show_kinds(self, kinds: Collection[str]) -> None:
        """Offer ``kinds`` alone: those the rule at hand has."""
        for key, action in self._actions.items():
            action.setVisible(key in kinds)
        self.setEnabled(bool(kinds))

    def toggle_mark(self, key: str) -> None:
        """Set or take off the tick of ``key``."""
        self._actions[key].toggle()

    def _on_toggled(self, is_shown: bool) -> None:
        key: str = self.sender().data()  # type: ignore[attr-defined]  # the QAction that was toggled
        self._hidden = self._hidden - {key} if is_shown else self._hidden | {key}
        self.changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setToolTip(_("What is drawn"))
        self.setAccessibleName(_("What is drawn"))
        for key, action in self._actions.items():
            action.setText(_(MARKS[key][1]))

    def _retheme(self) -> None:
        self.setIcon(icon("layers", self._look))
