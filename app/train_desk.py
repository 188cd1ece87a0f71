"""The desk of the Train workspace: the experiment, the simulation thread that trains it, and what it reports."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from app.actions import Action
from app.bridge import Bridge
from app.controller import Controller
from app.data_import import DataImport
from app.desk import Desk
from app.documents import EXPERIMENT, Autosave
from app.frame import Frame, train_frame
from app.notices import (
    data_notice,
    diverged_notice,
    followed_notice,
    rejected_notice,
    teacher_left_notice,
    teacher_notice,
)
from simulations.core.errors import DataError, ShapeError
from simulations.core.text import N_
from simulations.documents.experiment import ExperimentSpec
from simulations.nn.layers.base import LAYERS
from simulations.nn.teacher import Teacher
from simulations.runtime.messages import (
    Diverged,
    Failed,
    KeepTeacher,
    Observe,
    Pause,
    Play,
    Refused,
    Rejected,
    Reset,
    Snapshot,
    TakeEpoch,
    TakeSteps,
    TeacherKept,
)
from simulations.runtime.train_elsewhere import training
from widgets.banner import Notice
from widgets.panel import Document
from widgets.panels.train.transport import TransportPanel
from widgets.text import _
from widgets.theme import Look

if TYPE_CHECKING:
    from simulations.runtime.elsewhere import Room
    from widgets.gallery import Gallery

_REFRESH_EVERY: Final = 32  # snapshots; there may be something to export now
_RUNS: Final = (Play, TakeSteps, TakeEpoch, Reset)


class TrainDesk(Desk):
    """Training pauses while another desk is in front, and goes on afterwards if it ran. It runs in ``room``, or on a thread."""

    controller: Controller

    def __init__(
        self,
        spec: ExperimentSpec,
        look: Look,
        settings: QSettings,
        *,
        frame: Frame | None = None,
        room: Room | None = None,
        autosave: Autosave | None = None,
        play: bool = True,
    ) -> None:
        bridge = Bridge()
        controller = Controller(bridge, spec)
        frame = frame or train_frame(look)
        transport = frame.transport or TransportPanel(look)
        super().__init__(frame, transport, EXPERIMENT, controller, bridge, look, autosave)
        for child in (bridge, controller):
            child.setParent(self)
        self._room = room
        self._goes_on = play  # when it comes to the front
        self._was_running = self._was_diverged = False
        self._news: Diverged | Rejected | None = None  # what the banner says of the run, while it holds
        self._told: Notice | None = None
        self._lesson: Notice | None = None  # of a teacher that was just kept
        self._aside: Notice | None = None  # of an edit, while the document is what it left
        self.data_import = DataImport(look, controller, settings, self.complain, self.failed.emit, self.workspace)
        controller.documentChanged.connect(self._on_spec_changed)
        controller.dataFollowed.connect(self._on_data_followed)
        controller.teacherLeft.connect(self._on_teacher_left)
        self.loaded.connect(partial(bridge.send, Observe()))

    def actions(self) -> tuple[Action, ...]:
        handle, controller, data = self.obey, self.controller, self.data_import
        return (
            Action("import", N_("Import data…"), data.ask_file, "file", 1, ("Ctrl+I",), "data", desk="train"),
            Action("import-folder", N_("Import a folder of pictures…"), data.ask_folder, "file", 1, desk="train"),
            Action("paste", N_("Paste a table as data…"), data.paste, "edit", 1, ("Ctrl+V",), desk="train"),
            Action("step", N_("Take one step"), partial(handle, TakeSteps(1)), "run", 1, ("Right",), "step", desk="train"),
            Action(
                "epoch", N_("Train one epoch"), partial(handle, TakeEpoch()), "run", 1, ("Shift+Right",), "epoch",
                desk="train",
            ),
            Action("reset", N_("Reset"), partial(handle, Reset()), "run", 2, ("Ctrl+R",), "reset", desk="train"),
            Action("seed", N_("New seed"), controller.new_seed, "run", 2, ("Ctrl+Shift+R",), "seed", desk="train"),
            Action(
                "keep-teacher", N_("Keep this network as the teacher"), partial(handle, KeepTeacher()), "run", 3,
                desk="train",
            ),
            Action(
                "forget-teacher", N_("Forget the teacher"), controller.forget_teacher, "run", 3,
                enabled_when=controller.has_teacher, desk="train",
            ),
            *(
                Action(f"add-{entry.kind}", partial(_adding, entry.label), partial(controller.add_layer, entry.kind), "",
                       desk="train")
                for entry in LAYERS
            ),
        )  # fmt: skip

    def start(self) -> None:
        self.bridge.start(training(self.controller.spec, self._room))
        if self._goes_on:
            self.bridge.send(Play())

    def gallery(self, parent: QWidget) -> Gallery:
        from widgets.gallery import Gallery

        return Gallery(self.look, parent)

    def play_title(self) -> str:
        return _("Pause") if self.is_running() else _("Train")

    def toggle_running(self) -> None:
        self.obey(Pause() if self.is_running() else Play())

    def obey(self, wish: object) -> None:
        """As every desk; where nothing could be built yet, what would run it is another try."""
        if isinstance(wish, _RUNS) and self._has_nothing_to_run():
            self._try_again()
        else:
            super().obey(wish)

    def _has_nothing_to_run(self) -> bool:
        """Whether no network is there, because the first experiment was refused, as when its file is gone, or cannot be built."""
        is_refused = isinstance(self._news, Rejected) or self.controller.document.description.problem is not None
        return is_refused and self.bridge.snapshot is None

    def _try_again(self) -> None:
        """Build the experiment once more, or say why that is in vain."""
        problem = self.controller.document.description.problem
        if problem is None:
            self.controller.retry()
        else:
            self.on_event(Rejected(self.controller.spec, problem.error))

    def enter(self) -> None:
        super().enter()
        if self.is_begun and self._goes_on:
            self.bridge.send(Play())

    def leave(self) -> None:
        self._goes_on = self.is_running() if self.is_begun else self._goes_on
        self.bridge.send(Pause())
        super().leave()

    # ---- news --------------------------------------------------------------------------------------------------------

    def on_snapshot(self, snapshot: Snapshot) -> None:
        is_running = snapshot.status == "running"
        was_diverged, self._was_diverged = self._was_diverged, snapshot.status == "diverged"
        if was_diverged and not self._was_diverged and isinstance(self._news, Diverged):
            self._withdraw()
        if is_running != self._was_running or snapshot.sequence % _REFRESH_EVERY == 0:
            self._was_running = is_running
            self.changed.emit()

    def on_event(self, event: object) -> None:
        if isinstance(event, Diverged):
            self._announce(event, diverged_notice(event, self.bridge.snapshot, self.controller))
        elif isinstance(event, Rejected):
            self._announce(event, self._refusal(event))
        elif isinstance(event, TeacherKept):
            self.controller.keep_teacher(event.teacher)
            self._lesson = teacher_notice(event.teacher, self.controller)
            self.announced.emit(self._lesson)
        elif isinstance(event, Refused):
            self.complain(event.error, lasts=True)  # such as what a lost process had learnt
        elif isinstance(event, Failed):
            self.failed.emit(event.report)

    def _refusal(self, event: Rejected) -> Notice:
        """Data that cannot be had are a matter of files; anything else is one of the network."""
        has_run = self.bridge.snapshot is not None
        if isinstance(event.error, DataError):
            return data_notice(event, self.controller, has_run=has_run)
        return rejected_notice(event) if has_run else rejected_notice(event, N_("This cannot be built yet: {reason}"))

    def _on_spec_changed(self, document: Document) -> None:
        if self._aside is not None:
            self.withdrawn.emit(self._aside)
            self._aside = None
        if self._lesson is not None and (document.spec.teacher is None or document.spec.loss.kind == "distillation"):
            self.withdrawn.emit(self._lesson)  # what it offers was done, or cannot be done any more
            self._lesson = None
        if isinstance(self._news, Rejected) and document.spec != self._news.spec:
            self._withdraw()

    def _on_data_followed(self, before: ExperimentSpec, after: ExperimentSpec) -> None:
        self._remark(followed_notice(before, after, self.controller.undo))

    def _on_teacher_left(self, teacher: Teacher, reason: ShapeError) -> None:
        self._remark(teacher_left_notice(teacher, reason))

    def _remark(self, notice: Notice) -> None:
        """Announce what holds until the next edit."""
        self._aside = notice
        self.announced.emit(notice)

    def _announce(self, event: Diverged | Rejected, notice: Notice) -> None:
        self.announced.emit(notice)
        self._news, self._told = event, notice

    def _withdraw(self) -> None:
        """Take back what no longer holds."""
        self._news = None
        self.withdrawn.emit(self._told)


def _adding(label: str) -> str:
    return _("Add a layer: {name}").format(name=_(label))
