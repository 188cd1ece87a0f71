"""The import dialog: a file as it will be read, the choices that were recognised, and what it asks of the network.

Every choice is applied at once: the file is read again off the window's thread, with progress, and the preview follows.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.jobs import Job, Tell
from simulations.core.arrays import shape_text
from simulations.core.errors import GradLabError
from simulations.core.params import hyperparameters
from simulations.data.base import DATA_SOURCES
from simulations.data.files.content import Content
from simulations.data.files.source import ReadSource
from widgets.content_preview import ContentPreview
from widgets.forms.form import ConfigForm
from widgets.forms.note import Note
from widgets.forms.scroll import FormScroll
from widgets.forms.words import TextField, TextsField
from widgets.numbers import format_count, format_number
from widgets.text import _, sentence
from widgets.theme import Look

_SETTLE_MS: Final = 150  # after a choice, before the file is read again
_NOT_CHOICES: Final = ("found", "path", "text", "samples")
_CUTS: Final = ("delimiter", "header", "encoding")  # after these the columns are others
_MOST_COUNTS: Final = 12


class ImportDialog(QDialog):
    """Shows what ``source`` gives. ``chosen`` carries the source as it is imported; ``broke`` a defect's traceback."""

    chosen = Signal(object)
    broke = Signal(str)

    def __init__(self, look: Look, source: ReadSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._wanted = source  # with "auto" where a person chose nothing
        self._imported: ReadSource | None = None
        self._job: Job | None = None
        self.setWindowTitle(_("Import data"))
        names = tuple(one.name for one in hyperparameters(source) if one.name not in _NOT_CHOICES)
        self.form = ConfigForm(look, names, self)
        self.form.set_value(source)
        self.preview = ContentPreview(look, self)
        self.facts = QLabel(self)
        self.counts = Note(look, parent=self)
        self.remarks = Note(look, "state.attention", 9.5, self)
        self.fault = Note(look, "state.bad", 10.0, self)
        self.progress = QProgressBar(self)
        self.buttons = QDialogButtonBox(self)
        self.accept_button = self.buttons.addButton(_("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel_button = self.buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._lay_out()
        self._connect()
        self._read()

    def _lay_out(self) -> None:
        theme = self._look.theme
        title = QLabel(self)
        title.setFont(theme.font(12, bold=True))
        title.setText(self._wanted.title if hasattr(self._wanted, "path") else _("Pasted cells"))
        kind = Note(self._look, parent=self)
        kind.setText(_(DATA_SOURCES.entry(self._wanted.kind).summary))
        scroll = FormScroll(self)
        scroll.setMinimumWidth(theme.px(330))
        for widget in (title, kind, self.form):
            scroll.column.addWidget(widget)
        scroll.column.addStretch(1)
        self.facts.setFont(theme.font(10, bold=True))
        self.facts.setWordWrap(True)
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(theme.px(6))
        kept = self.progress.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(kept)
        self.progress.setAccessibleName(_("Reading the file"))
        self.fault.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        right = QVBoxLayout()
        right.addWidget(self.preview, 1)
        for below in (self.progress, self.fault, self.facts, self.counts, self.remarks):
            right.addWidget(below)
        layout = QGridLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setHorizontalSpacing(16)
        layout.addWidget(scroll, 0, 0)
        layout.addLayout(right, 0, 1)
        layout.addWidget(self.buttons, 1, 0, 1, 2)
        layout.setColumnStretch(1, 1)
        self.resize(theme.px(1000), theme.px(620))

    def _connect(self) -> None:
        self.form.edited.connect(self._on_edited)
        self._settle.timeout.connect(self._read)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)

    # ---- reading -----------------------------------------------------------------------------------------------------

    def is_reading(self) -> bool:
        return self._job is not None

    def _on_edited(self, config: ReadSource) -> None:
        name = self.form.last_path
        changes: dict[str, Any] = {name: getattr(config, name)}
        if name in _CUTS:
            fields = {one.name: one.default for one in hyperparameters(config)}
            changes |= {one: fields[one] for one in ("target", "left_out") if one in fields}
        self._wanted = dataclasses.replace(self._wanted, **changes)
        self._leave_job()
        self._imported = None
        self.accept_button.setEnabled(False)
        self._settle.start()

    def _read(self) -> None:
        self._leave_job()
        wanted = self._wanted

        def work(tell: Tell) -> tuple[ReadSource, Content]:
            source = wanted.imported(tell)
            return source, source.content()

        self.accept_button.setEnabled(False)
        self.progress.setValue(0)
        self.progress.show()
        job = self._job = Job(work, self)
        job.progressed.connect(self._on_progressed)
        job.succeeded.connect(self._on_succeeded)
        job.failed.connect(self._on_failed)
        job.broke.connect(self._on_broke)
        job.start()

    def _leave_job(self) -> None:
        self._settle.stop()
        if self._job is not None:
            self._job.cancel()
            self._job.deleteLater()
            self._job = None

    def _on_progressed(self, share: float) -> None:
        self.progress.setValue(round(1000 * share))

    def _on_succeeded(self, result: tuple[ReadSource, Content]) -> None:
        self._leave_job()
        self.progress.hide()
        self._imported, content = result
        self.form.set_value(dataclasses.replace(self._imported, found=self._wanted.found))
        self._suggest(content)
        self.preview.show_content(content)
        self.fault.setText("")
        self.facts.setText(facts_text(content))
        self.counts.setText(counts_text(content))
        self.remarks.setText("\n".join(f"▲ {sentence(one)}" for one in content.remarks))
        self._show_notes()
        self.accept_button.setEnabled(True)
        self.accept_button.setDefault(True)

    def _on_failed(self, error: GradLabError) -> None:
        self._leave_job()
        self.progress.hide()
        self.preview.show_content(None)
        self.fault.setText("✕ " + sentence(error))
        for note in (self.facts, self.counts, self.remarks):
            note.setText("")
        self._show_notes()

    def _on_broke(self, report: str) -> None:
        self._leave_job()
        self.reject()
        self.broke.emit(report)

    def _suggest(self, content: Content) -> None:
        """Offer the columns or arrays that are there wherever one is chosen by name."""
        for name, field in self.form.fields().items():
            if isinstance(field, TextsField):
                field.suggest(tuple(one for one in content.columns if one != content.recognised.get("target")))
            elif isinstance(field, TextField) and name != "labels":
                field.suggest(content.columns)

    def _show_notes(self) -> None:
        for note in (self.fault, self.facts, self.counts, self.remarks):
            note.setVisible(bool(note.text()))

    # ---- leaving -----------------------------------------------------------------------------------------------------

    def _on_accepted(self) -> None:
        if self._imported is not None:
            source = self._imported
            self.accept()
            self.chosen.emit(source)

    def done(self, result: int) -> None:
        self._leave_job()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._leave_job()
        super().closeEvent(event)


def facts_text(content: Content) -> str:
    """How many samples of which shape, and what is asked for."""
    samples, shape = format_count(len(content.inputs)), shape_text(content.found.shape)
    if content.wanted.kind == "classes":
        text = _("{samples} samples · input {shape} · {count} classes")
        return text.format(samples=samples, shape=shape, count=len(content.wanted.names))
    text = _("{samples} samples · input {shape} · predicts {names}")
    return text.format(samples=samples, shape=shape, names=", ".join(content.wanted.names[:_MOST_COUNTS]))


def counts_text(content: Content) -> str:
    """How often every class occurs, or the range of the values."""
    if content.wanted.kind == "values":
        low, high = content.targets.min(axis=0), content.targets.max(axis=0)
        parts = (
            _("{name}: {low} … {high}").format(
                name=name, low=format_number(float(low[i])), high=format_number(float(high[i]))
            )
            for i, name in enumerate(content.wanted.names[:_MOST_COUNTS])
        )
        return " · ".join(parts)
    counts = np.bincount(content.targets, minlength=len(content.wanted.names)).tolist()
    shown = [
        _("{name}: {count}").format(name=name, count=format_count(count))
        for name, count in zip(content.wanted.names[:_MOST_COUNTS], counts, strict=False)
    ]
    return " · ".join([*shown, "…"] if len(counts) > _MOST_COUNTS else shown)
