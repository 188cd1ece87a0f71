"""The buttons in the header of a panel of cards: what each does to the selected card is the panel's to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from widgets.forms.controls import ToolButton
from widgets.icons import icon
from widgets.theme import Look


class CardTools(QObject):
    """``clicked`` carries the name of a button, which is also its icon's."""

    clicked = Signal(str)

    def __init__(self, look: Look, names: Iterable[str], parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._buttons = {name: ToolButton() for name in names}
        for name, button in self._buttons.items():
            button.setObjectName(name)
            button.clicked.connect(self._on_clicked)

    def buttons(self) -> tuple[ToolButton, ...]:
        return tuple(self._buttons.values())

    def say(self, words: Mapping[str, str]) -> None:
        """What each of them does."""
        for name, button in self._buttons.items():
            button.setToolTip(words[name])
            button.setAccessibleName(words[name])

    def enable(self, possible: Mapping[str, bool]) -> None:
        for name, button in self._buttons.items():
            button.setEnabled(possible[name])

    def retheme(self) -> None:
        for name, button in self._buttons.items():
            button.setIcon(icon(name, self._look))

    def _on_clicked(self) -> None:
        self.clicked.emit(self.sender().objectName())
