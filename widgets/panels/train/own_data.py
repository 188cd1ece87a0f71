"""A person's own data in the Data panel: what file they come from, and the ways to other ones."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from simulations.data.base import DataSource
from simulations.data.files.source import FileSource, ReadSource
from widgets.forms.controls import Button
from widgets.forms.note import Note
from widgets.numbers import format_count
from widgets.panel import ImportData
from widgets.text import _
from widgets.theme import Look
from widgets.view import View


class OwnData(View):
    """``wished`` carries an :class:`ImportData`."""

    wished = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._source: ReadSource | None = None
        self.note = Note(look, parent=self)
        self.bring = Button(self)
        self.change = Button(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.bring)
        row.addWidget(self.change)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.note)
        column.addLayout(row)
        self.bring.clicked.connect(self._on_bring)
        self.change.clicked.connect(self._on_change)
        self.show_source(None)
        self.retranslate()

    def show_source(self, source: DataSource | None) -> None:
        """Say where the samples of ``source`` come from, if a person brought them."""
        self._source = source if isinstance(source, ReadSource) else None
        for widget in (self.note, self.change):
            widget.setVisible(self._source is not None)
        self._say()

    def retranslate(self) -> None:
        self.bring.setText(_("Import data…"))
        self.bring.setToolTip(_("A file or folder of your own; it can also be dropped on the window, cells be pasted."))
        self.change.setText(_("Change…"))
        self.change.setToolTip(_("See how the file is read, choose otherwise, or read it again."))
        self._say()

    def _say(self) -> None:
        source = self._source
        if source is None:
            return
        is_file = isinstance(source, FileSource)
        name, count = source.title if is_file else _("Pasted cells"), format_count(source.found.samples)
        self.note.setText(_("{name} · {samples} samples").format(name=name, samples=count))
        self.note.setToolTip(source.path if isinstance(source, FileSource) else "")

    def _on_bring(self) -> None:
        self.wished.emit(ImportData())

    def _on_change(self) -> None:
        self.wished.emit(ImportData("again"))
