"""Holds the experiment being edited and turns wishes into commands.

A panel's :class:`Edit` becomes a new spec in the undo line; if it can be built it goes to the simulation thread, else the
old network runs on and the document says why. Every other wish is a command already.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.editing import EditController
from simulations.core.errors import ShapeError
from simulations.core.text import N_
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.importing import followed, wanted_batch
from simulations.documents.presets import load_preset
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.nn.teacher import Teacher
from simulations.runtime.messages import Apply, Play
from widgets.panel import Document, Edit, ImportData, OpenPreset
from widgets.panels.train.layer_edits import place_for_new


class Controller(EditController):
    """The experiment's; ``importRequested`` carries the wish to import data, which somebody with a window must do.

    ``dataFollowed`` carries the experiment before and after an edit of the data that something else had to follow;
    ``teacherLeft`` the teacher that could not come along into a preset, and why.
    """

    importRequested = Signal(object)
    dataFollowed = Signal(object, object)
    teacherLeft = Signal(object, object)

    def __init__(self, bridge: Bridge, spec: ExperimentSpec, parent: QObject | None = None) -> None:
        super().__init__(spec, parent)
        self._bridge = bridge
        self._is_unheard_of = False  # the document is another than the network that runs was made of
        self._document = describe_document(spec)

    @property
    def spec(self) -> ExperimentSpec:
        spec: ExperimentSpec = self.history.spec
        return spec

    @property
    def document(self) -> Document:
        return self._document

    def handle(self, wish: object) -> None:
        teacher = self.spec.teacher
        super().handle(wish)
        reason = (
            why_not_teaching(self.spec, teacher) if isinstance(wish, OpenPreset) and self.spec.teacher is None else None
        )
        if teacher is not None and reason is not None:
            self.teacherLeft.emit(teacher, reason)

    def obey(self, wish: object) -> None:
        if isinstance(wish, ImportData):
            self.importRequested.emit(wish)
        else:
            self._bridge.send(wish)

    def preset(self, name: str) -> ExperimentSpec:
        """The preset; a teacher that knows such data stays, for this is how one comes to a smaller network for it."""
        spec = load_preset(name).spec
        if spec.teacher is None and why_not_teaching(spec, self.spec.teacher) is None:
            return dataclasses.replace(spec, teacher=self.spec.teacher)
        return spec

    def edit(self, edit: Edit) -> None:
        before = self.spec
        super().edit(edit)
        if followed(before, self.spec):
            self.dataFollowed.emit(before, self.spec)

    def retry(self) -> None:
        """Build the experiment once more, as when its file is back, and train it."""
        self.take(continues=False)
        self._bridge.send(Play())

    def add_layer(self, kind: str) -> None:
        """A layer before the one that makes the outputs."""
        layers = self.spec.layers
        at = place_for_new(layers, -1)
        layers = (*layers[:at], LAYERS[kind](), *layers[at:])
        self.edit(Edit(dataclasses.replace(self.spec, layers=layers), N_("Add a layer")))

    def take(self, *, continues: bool) -> None:
        self._document = describe_document(self.spec, wanted_batch(self.history.past))
        if self._document.description.problem is None:
            self._bridge.send(Apply(self.spec, anew=self._is_unheard_of))
            self._is_unheard_of = False

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
        """Make ``spec`` the document, with an undo line of its own, and train it from step 0: the network that runs knows
        another document, however like it is. Where ``spec`` cannot be built, that one stays as it is until ``spec`` is mended."""
        self._is_unheard_of = True
        super().open(spec, file)
        if play and self._document.description.problem is None:
            self._bridge.send(Play())


def why_not_teaching(spec: ExperimentSpec, teacher: Teacher | None) -> ShapeError | None:
    """Why ``teacher`` cannot teach ``spec``: it takes other samples or knows other classes; None when it can."""
    source = spec.data.source
    loss = LOSSES["distillation"]()
    try:
        loss.check_targets(source.targets)
        loss.check_teacher(teacher, source.input_shape, source.targets)
    except ShapeError as error:
        return error
    return None


def describe_document(spec: ExperimentSpec, wanted_batch: int | None = None) -> Document:
    """``spec`` with its network described: shapes, counts, and the reason when it cannot be built."""
    return Document(spec, spec.description(), wanted_batch)
