"""The language of the whole window, changed while it runs: our catalogue and Qt's own dialogs together."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

import assets
from widgets.text import use_language

NAMES: Final = {"en": "English", "zh_CN": "简体中文"}  # each in its own language, never translated


def system_language() -> str:
    """The language of ours that the system's user reads."""
    return "zh_CN" if QLocale.system().language() == QLocale.Language.Chinese else "en"


class Languages(QObject):
    """Keeps the translator of Qt's texts alive and tells every window when the language changes."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._translator: QTranslator | None = None
        self.current = "en"

    def use(self, language: str) -> None:
        """Show everything in ``language`` from now on."""
        use_language(language, assets.path("locale"))
        self.current = language
        QLocale.setDefault(QLocale(language))
        if self._translator is not None:
            self._application.removeTranslator(self._translator)
            self._translator = None
        if language != "en":
            translator = QTranslator(self)
            if translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
                self._application.installTranslator(translator)
                self._translator = translator
        for window in self._application.topLevelWidgets():
            QApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
