"""Opening and saving the document of a workspace through dialogs, and asking before unsaved work is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from app.documents import DocumentKind
from app.editing import EditController
from app.file_dialog import ask_for_file, document_filter
from simulations.core.errors import GradLabError
from widgets.text import _


class DocumentFiles(QObject):
    """``complain`` shows an error that has a sentence of its own."""

    def __init__(
        self, controller: EditController, kind: DocumentKind, complain: Callable[[GradLabError], None], window: QWidget
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._kind = kind
        self._complain = complain
        self._window = window

    def open_file(self, file: Path) -> None:
        """Open ``file``; what cannot be read is said in words, and the document stays."""
        try:
            content = self._kind.load(file)
        except GradLabError as error:
            self._complain(error)
            return
        if self.may_leave():
            self._controller.open(content, file)

    def save(self) -> bool:
        """Save where it came from, or ask."""
        return self.save_as() if self._controller.file is None else self._write(self._controller.file)

    def save_as(self) -> bool:
        suggestion = self.folder / f"{self.name or self._kind.fallback}.json"
        file = ask_for_file(self._window, _("Save"), suggestion, document_filter(), saves=True)
        return file is not None and self._write(file if file.suffix else file.with_suffix(".json"))

    def may_leave(self) -> bool:
        """True when there is nothing unsaved, or it was saved, or a person does not want it."""
        if not self._controller.is_modified:
            return True
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window.window(),
            _(self._kind.unsaved),
            _(self._kind.ask_to_save).format(name=self.name or _("Untitled")),
            button.Save | button.Discard | button.Cancel,
            button.Save,
        )
        return self.save() if answer == button.Save else bool(answer == button.Discard)

    @property
    def name(self) -> str:
        """That of the document's file, or until it is saved its own, which may be empty."""
        file = self._controller.file
        return file.stem if file is not None else self._controller.spec.name

    @property
    def folder(self) -> Path:
        """Where the document lies."""
        return self._controller.file.parent if self._controller.file else Path()

    def _write(self, file: Path) -> bool:
        try:
            self._kind.save(self._controller.content, file)
        except GradLabError as error:
            self._complain(error)
            return False
        self._controller.mark_saved(file)
        return True
