"""The Hyperparameters panel: what can be turned while training runs, each acting at the next step."""

from __future__ import annotations

import dataclasses
import re
from typing import ClassVar, Final, Literal, final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from simulations.core.text import N_
from simulations.documents.experiment import ExperimentSpec
from simulations.runtime.messages import Snapshot
from widgets.forms.form import ConfigForm
from widgets.forms.note import Note
from widgets.forms.scroll import FormScroll
from widgets.numbers import format_count
from widgets.panel import PANELS, Document, Edit, Panel
from widgets.panels.train.refused import refused_losses, refused_methods
from widgets.text import _
from widgets.theme import Look

_FIELDS: Final = ("optimizer", "schedule", "wrappers", "batch_size", "l2", "l1", "decoupled_decay", "loss")
_PATIENCE: Final = 60  # snapshots an edit may take to come into force before the value in force is shown again


@PANELS.register(
    "hyperparameters",
    label=N_("Hyperparameters"),
    summary=N_("Learning rate, momentum, batch size, L2 and loss: every change takes effect at the next step."),
)
@final
class HyperparametersPanel(Panel):
    """Shows the values in force. A value that was just edited is shown until it is in force, so nothing jumps back."""

    area: ClassVar[Literal["left", "center", "right", "top"]] = "right"
    icon: ClassVar[str] = "sliders"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._document: Document | None = None
        self._shown: ExperimentSpec | None = None
        self._patience = 0
        self.waiting = Note(look, "state.attention", parent=self)
        self.waiting.hide()
        self.form = ConfigForm(look, _FIELDS, self)
        self.teacher = Note(look, parent=self)
        self.teacher.hide()
        scroll = FormScroll(self)
        scroll.column.addWidget(self.waiting)
        scroll.column.addWidget(self.form)
        scroll.column.addWidget(self.teacher)
        scroll.column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self.form.edited.connect(self._on_edited)
        self.retranslate()

    def show_document(self, document: Document) -> None:
        self._document = document
        if document.description.problem is not None and not self.waiting.isHidden():
            self._patience, self._shown = 0, None  # it is known already that this does not come into force
            return
        self._patience = _PATIENCE
        self._show(document.spec)

    def render(self, snapshot: Snapshot) -> None:  # type: ignore[override]
        spec = snapshot.spec
        if spec is self._shown or self.form.is_touched():
            return
        if self._document is not None and spec != self._document.spec:
            self._patience -= 1
            if self._patience > 0:
                return
        self._show(spec)

    def retranslate(self) -> None:
        self._show_refusals()
        self._show_teacher()
        self.waiting.setText(_("The network in Build cannot be built. These are the values of the run that goes on."))

    def _show(self, spec: ExperimentSpec) -> None:
        self._shown = spec
        self.form.set_value(spec)
        document = self._document
        self._show_refusals()
        self._show_teacher()
        is_behind = document is not None and document.description.problem is not None and spec is not document.spec
        self.waiting.setVisible(is_behind)

    def _show_teacher(self) -> None:
        """Who teaches, where there is a teacher."""
        teacher = None if self._shown is None else self._shown.teacher
        self.teacher.setVisible(teacher is not None)
        if teacher is not None:
            text = _("Teacher: {name}, as of step {step}")
            name, step = teacher.name or _("Untitled"), format_count(teacher.step)
            self.teacher.setText(text.format(name=name, step=step))

    def _show_refusals(self) -> None:
        if self._document is not None:
            refused = refused_methods(self._document.description.parameter_count)
            self.form.refuse({"optimizer": refused, "loss": refused_losses(self._document.spec)})

    def _on_edited(self, edited: ExperimentSpec) -> None:
        if self._document is None:
            return
        name = re.split(r"[.\[]", self.form.last_path)[0]
        spec = dataclasses.replace(self._document.spec, **{name: getattr(edited, name)})
        self.commandRequested.emit(Edit(spec, self.form.last_label, self.form.last_key))
