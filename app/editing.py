"""A document being edited: its undo line, its file, and who hears of it. What an edit means is decided by each workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.history import EditHistory
from simulations.core.text import N_
from widgets.panel import Edit, OpenPreset


class EditController(QObject):
    """``documentChanged`` carries the document after every edit, undo, redo and open, the way panels are shown it."""

    documentChanged = Signal(object)
    documentOpened = Signal()

    def __init__(self, spec: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history: EditHistory[Any] = EditHistory(spec)
        self.file: Path | None = None
        self.is_continuing = False  # what is announced is one more move of the same drag

    @property
    def spec(self) -> Any:
        return self.history.spec

    @property
    def content(self) -> Any:
        """What is saved."""
        return self.spec

    @property
    def is_modified(self) -> bool:
        """Whether the file, or the beginning where there is none, holds something else."""
        return self.history.is_modified

    @property
    def document(self) -> Any:
        """What panels are shown."""
        raise NotImplementedError

    def handle(self, wish: object) -> None:
        """Do what a panel or an action wishes."""
        if isinstance(wish, Edit):
            self.edit(wish)
        elif isinstance(wish, OpenPreset):
            self.open(self.preset(wish.name))
        else:
            self.obey(wish)

    def obey(self, wish: object) -> None:
        """Do what is neither an edit nor a preset."""
        raise NotImplementedError

    def preset(self, name: str) -> Any:
        """The bundled document called ``name``."""
        raise NotImplementedError

    def edit(self, edit: Edit) -> None:
        if edit.spec != self.spec:
            self.is_continuing = self.history.push(edit.spec, edit.text, edit.merge)
            self.take(continues=self.is_continuing)
            self.announce()
            self.is_continuing = False

    def undo(self) -> None:
        self.history.undo()
        self.take(continues=False)
        self.announce()

    def redo(self) -> None:
        self.history.redo()
        self.take(continues=False)
        self.announce()

    def take(self, *, continues: bool) -> None:
        """Make the spec what is simulated; ``continues`` says that it is one more move of the same drag."""
        raise NotImplementedError

    def restore(self, content: Any) -> None:
        """Take back what a window that died had kept."""
        self.edit(Edit(content, N_("Restore")))

    def open(self, content: Any, file: Path | None = None) -> None:
        """Make ``content`` the document, with an undo line of its own."""
        self.history = EditHistory(content)
        self.file = file
        self.take(continues=False)
        self.announce()
        self.documentOpened.emit()

    def mark_saved(self, file: Path) -> None:
        self.file = file
        self.history.mark_saved()
        self.announce()

    def announce(self) -> None:
        """Say what the document is now."""
        self.documentChanged.emit(self.document)
