"""The gallery of presets in a dialog of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from widgets.gallery import Gallery
from widgets.text import _
from widgets.theme import Look


class GalleryDialog(QDialog):
    """``make`` makes the gallery of the workspace in front; ``presetChosen`` carries the wish to open a preset."""

    presetChosen = Signal(object)

    def __init__(self, make: Callable[[QWidget], Gallery], look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Presets"))
        gallery = make(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(gallery)
        self.resize(look.theme.px(720), look.theme.px(520))
        gallery.commandRequested.connect(self._on_chosen)

    def _on_chosen(self, wish: object) -> None:
        self.accept()
        self.presetChosen.emit(wish)
