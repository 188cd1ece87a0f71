"""What a person chooses about the window itself, applied at once and remembered: theme, language, text size, projector."""

from __future__ import annotations

from app.appearance import Appearance
from app.languages import Languages
from app.settings import Settings


class Preferences:
    """Each choice can be asked back, for the check marks in the menus."""

    def __init__(self, appearance: Appearance, languages: Languages, settings: Settings) -> None:
        self._appearance = appearance
        self._languages = languages
        self._settings = settings

    def choose_theme(self, name: str) -> None:
        self._settings.theme = name
        self._appearance.choose(name)

    def has_theme(self, name: str) -> bool:
        return self._appearance.choice == name

    def choose_language(self, name: str) -> None:
        self._settings.language = name
        self._languages.use(name)

    def has_language(self, name: str) -> bool:
        return self._languages.current == name

    def choose_scale(self, scale: float) -> None:
        self._settings.scale = scale
        self._appearance.enlarge(scale)

    def project(self) -> None:
        """Turn the projector mode on, or off again."""
        is_on = not self._appearance.is_projected
        self._settings.is_projected = is_on
        self._appearance.project(is_on)

    def is_projected(self) -> bool:
        return self._appearance.is_projected

    def can_scale(self) -> bool:
        """Whether the text size is a choice: for a projector it is what the last row can read."""
        return not self._appearance.is_projected

    def has_scale(self, scale: float) -> bool:
        return self._appearance.scale == scale
