"""The look of the whole application: style, palette and font follow the theme; the theme follows the system or a choice."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from widgets.theme import Look, Theme, follows_dark_system

_PROJECTED_SCALE: Final = 1.5  # read from the last row
_PROJECTED_WEIGHT: Final = 1.4


class Appearance(QObject):
    """Turns the stored choice (``system``, ``light``, ``dark``; text scale; projector) into the look every view is given."""

    def __init__(self, application: QApplication, choice: str, scale: float, *, is_projected: bool = False) -> None:
        super().__init__(application)
        self._application = application
        self.choice = choice
        self.scale = scale
        self.is_projected = is_projected
        application.setStyle("Fusion")
        self.look = Look(self._theme(), self)
        self._dress()
        application.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    def choose(self, choice: str) -> None:
        self.choice = choice
        self._apply()

    def enlarge(self, scale: float) -> None:
        """Use texts ``scale`` times their normal size."""
        self.scale = scale
        self._apply()

    def project(self, is_on: bool) -> None:
        """Draw for a projector, or for a desk again: texts at 150 % or more, strokes wider."""
        self.is_projected = is_on
        self._apply()

    def _theme(self) -> Theme:
        is_dark = follows_dark_system(self._application.styleHints().colorScheme())
        name = self.choice if self.choice != "system" else ("dark" if is_dark else "light")
        if not self.is_projected:
            return Theme(name, self.scale)
        return Theme(name, max(self.scale, _PROJECTED_SCALE), weight=_PROJECTED_WEIGHT)

    def _apply(self) -> None:
        theme = self._theme()
        if theme != self.look.theme:
            self.look.set_theme(theme)
            self._dress()

    def _dress(self) -> None:
        theme = self.look.theme
        self._application.setPalette(theme.palette())
        self._application.setFont(theme.font())

    def _on_system_changed(self) -> None:
        self._apply()
