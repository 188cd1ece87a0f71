"""A wrapped line of text in a colour of the theme: explanations, totals, reasons."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from widgets.theme import Look


class Note(QLabel):
    """Text at ``points`` in the colour ``role``, which follow the look."""

    def __init__(
        self, look: Look, role: str = "text.secondary", points: float = 9.0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look, self._role, self._points = look, role, points
        self.setWordWrap(True)
        look.changed.connect(self._on_look_changed)
        self._on_look_changed()

    def _on_look_changed(self) -> None:
        palette = self.palette()
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
            palette.setColor(role, self._look.theme.color(self._role))
        self.setPalette(palette)
        self.setFont(self._look.theme.font(self._points))
