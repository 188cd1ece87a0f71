"""The base of our own widgets: told when the language or the look changes, and nothing else."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from widgets.theme import Look


class View(QWidget):
    """A widget that knows its look. Subclasses put every visible text in ``retranslate`` and every colour that Qt's
    palette does not carry in ``retheme``; both are called by the subclass once at the end of its ``__init__``."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        look.changed.connect(self._on_look_changed)

    def retranslate(self) -> None:
        """Set every visible text again in the current language."""

    def retheme(self) -> None:
        """Take colours and fonts from ``self.look.theme`` again."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _on_look_changed(self) -> None:
        self.retheme()
        self.update()
