"""Holds the experiment being edited and turns wishes into commands.

A panel's :class:`Edit` becomes a new spec in the undo line; if it can be built it goes to the simulation thread, else the
old network runs on and the document says why. Every other wish is a command already.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.history import EditHistory
from simulations.core.text import N_
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.presets import load_preset
from simulations.nn.description import describe
from simulations.nn.losses.base import LOSSES
from simulations.nn.teacher import Teacher
from simulations.runtime.messages import Apply, Play
from widgets.panel import Document, Edit, ImportData, OpenPreset


class Controller(QObject):
    """``documentChanged`` carries the :class:`Document` after every edit, undo, redo and open; ``importRequested`` the wish
    to import data, which somebody with a window must do."""

    documentChanged = Signal(object)
    documentOpened = Signal()
    importRequested = Signal(object)

    def __init__(self, bridge: Bridge, spec: ExperimentSpec, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.history = EditHistory(spec)
        self.file: Path | None = None
        self.document = describe_document(spec)

    @property
    def spec(self) -> ExperimentSpec:
        return self.history.spec

    def handle(self, wish: object) -> None:
        """Do what a panel or an action wishes: an edit, a preset, or a runtime command."""
        if isinstance(wish, Edit):
            self.edit(wish)
        elif isinstance(wish, OpenPreset):
            self.open(load_preset(wish.name).spec)
        elif isinstance(wish, ImportData):
            self.importRequested.emit(wish)
        else:
            self._bridge.send(wish)  # type: ignore[arg-type]  # the remaining wishes are runtime commands

    def edit(self, edit: Edit) -> None:
        if isinstance(edit.spec, ExperimentSpec) and edit.spec != self.spec:
            self.history.push(edit.spec, edit.text, edit.merge)
            self._show()

    def undo(self) -> None:
        self.history.undo()
        self._show()

    def redo(self) -> None:
        self.history.redo()
        self._show()

    def new_seed(self) -> None:
        """The same experiment with the next seed: other data noise, first weights and batches."""
        self.edit(Edit(dataclasses.replace(self.spec, seed=(self.spec.seed + 1) % 2**31), N_("New seed")))

    def keep_teacher(self, teacher: Teacher) -> None:
        """Put ``teacher`` into the experiment, for the distillation loss to ask."""
        self.edit(Edit(dataclasses.replace(self.spec, teacher=teacher), N_("Keep a teacher")))

    def distil(self) -> None:
        """Learn from the teacher from now on."""
        self.edit(Edit(dataclasses.replace(self.spec, loss=LOSSES["distillation"]()), N_("Distillation")))

    def forget_teacher(self) -> None:
        """Take the teacher out of the experiment; without it the distillation loss has nobody to ask."""
        loss = LOSSES["softmax_cross_entropy"]() if self.spec.loss.kind == "distillation" else self.spec.loss
        self.edit(Edit(dataclasses.replace(self.spec, teacher=None, loss=loss), N_("Forget the teacher")))

    def has_teacher(self) -> bool:
        return self.spec.teacher is not None

    def open(self, spec: ExperimentSpec, file: Path | None = None, *, play: bool = True) -> None:
        """Make ``spec`` the document, with an undo line of its own, and train it."""
        self.history = EditHistory(spec)
        self.file = file
        self._show()
        self.documentOpened.emit()
        if play:
            self._bridge.send(Play())

    def mark_saved(self, file: Path) -> None:
        self.file = file
        self.history.mark_saved()
        self.documentChanged.emit(self.document)

    def announce(self) -> None:
        """Say what the document is to panels that have just come."""
        self.documentChanged.emit(self.document)

    def _show(self) -> None:
        self.document = describe_document(self.spec)
        if self.document.description.problem is None:
            self._bridge.send(Apply(self.spec))
        self.documentChanged.emit(self.document)


def describe_document(spec: ExperimentSpec) -> Document:
    """``spec`` with its network described: shapes, counts, and the reason when it cannot be built."""
    source = spec.data.source
    return Document(spec, describe(spec.layers, source.input_shape, spec.loss, source.targets, spec.teacher))
