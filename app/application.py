"""Puts the program together: application, simulation thread, window, and the loading of panels after the first paint."""

from __future__ import annotations

import json
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLibraryInfo, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.appearance import Appearance
from app.bootstrap import GarbageRounds, leave_politely, tune_interpreter
from app.errors import install_excepthook
from app.frame import race_frame, train_frame
from app.languages import Languages, system_language
from app.main_window import MainWindow
from app.preferences import Preferences
from app.settings import Settings, data_folder
from app.warming import Warming
from app.workspaces import RACE, TRAIN
from widgets.panels import modules

if TYPE_CHECKING:  # imported after the first picture; a test says so
    from app.bridge import Bridge
    from app.controller import Controller
    from app.desk import Desk
    from app.train_desk import TrainDesk
    from simulations.documents.experiment import ExperimentSpec
    from simulations.documents.race import RaceSpec
    from simulations.racing.saved import SavedRace
    from simulations.runtime.messages import Snapshot

STARTED_AT: Final = "GRADLAB_STARTED_AT"  # set by the benchmark: seconds since 1970 when the process was launched


def make_application(arguments: list[str] | None = None) -> QApplication:
    """The one QApplication, named so that settings and files find their place."""
    application = QApplication.instance() or QApplication(arguments or ["gradlab"])
    assert isinstance(application, QApplication)
    application.setApplicationName("gradlab")
    application.setApplicationDisplayName("GradLab")
    application.setOrganizationName("gradlab")
    return application


class Laboratory(QObject):
    """A running program: owns the window and its desks. ``ready`` comes when every panel of the first desk stands.

    ``document`` is an experiment or a race; a race brings its workspace to the front. Without one it is the first preset.
    ``kept_in`` is the folder for autosaves. An experiment that was ``is_chosen``, or has a file, is shown; else the workspace
    that was shown last. ``is_apart``: training and races run in processes of their own where there is a processor for it.
    """

    ready = Signal()

    def __init__(
        self,
        application: QApplication,
        document: ExperimentSpec | RaceSpec | SavedRace | None,
        settings: Settings,
        *,
        file: Path | None = None,
        kept_in: Path | None = None,
        play: bool = True,
        is_chosen: bool = False,
        is_apart: bool = False,
    ) -> None:
        super().__init__()
        self._document, self._file, self._kept_in = document, file, kept_in
        self._play, self._is_apart = play, is_apart
        self._settings = settings
        self._is_over = False
        self._warming: Warming | None = None
        self.languages = Languages(application)
        self.languages.use(settings.language or system_language())
        self.appearance = Appearance(application, settings.theme, settings.scale, is_projected=settings.is_projected)
        preferences = Preferences(self.appearance, self.languages, settings)
        first = TRAIN.name if is_chosen or file is not None else settings.workspace
        if _is_race(document):
            first = RACE.name
        look = self.appearance.look
        self.frame = train_frame(look) if first == TRAIN.name else race_frame(look)
        makers = {TRAIN.name: self._make_train, RACE.name: self._make_race}
        self.window = MainWindow(first, self.frame, makers, look, preferences, settings)
        self.window.firstPainted.connect(self._on_first_painted)

    @property
    def train(self) -> TrainDesk:
        """Made now if nobody needed it before."""
        return self.window.train

    @property
    def bridge(self) -> Bridge:
        """That of Train."""
        return self.train.bridge

    @property
    def controller(self) -> Controller:
        """That of Train."""
        return self.train.controller

    def show(self) -> None:
        """Show the window; the rest follows its first paint."""
        self.window.show()
        self.window.arrange()

    def leave(self) -> None:
        """Close the window, unless a person wants to keep what is unsaved, and end the program whatever else is open."""
        if self.window.close():
            QApplication.quit()

    def close(self) -> None:
        """End the simulation threads, whatever happened to the window, and take it from the screen.

        A dock that is still shown when its window dies says that it goes, to slots that are gone already.
        """
        self._is_over = True
        if self._warming is not None:
            self._warming.stop()
        for desk in self.window.desks.values():
            desk.close()
        self.window.hide()

    def _make_train(self) -> Desk:
        """The Train desk; what experiments are made of is imported now, here and where they will be trained."""
        from simulations.runtime.elsewhere import Room

        room = Room.spare("simulations.runtime.train_elsewhere") if self._is_apart else None
        from app.documents import EXPERIMENT, Autosave
        from app.train_desk import TrainDesk
        from simulations import families
        from simulations.documents.experiment import ExperimentSpec
        from simulations.documents.presets import load_preset, preset_names

        families.load_experiments()
        ours = self._document if isinstance(self._document, ExperimentSpec) else None
        desk = TrainDesk(
            ours or load_preset(preset_names()[0]).spec,
            self.appearance.look,
            self._settings.store,
            frame=self.frame if self.frame.definition is TRAIN else None,
            room=room,
            autosave=None if self._kept_in is None else Autosave(self._kept_in, EXPERIMENT),
            play=self._play,
        )
        if ours is not None:
            desk.controller.file = self._file
        return desk

    def _make_race(self) -> Desk:
        """The Race desk; what races are made of is imported now, here and where they will be run."""
        from simulations.runtime.elsewhere import Room

        room = Room.spare("simulations.runtime.race_elsewhere") if self._is_apart else None
        from app.documents import RACE as RACE_DOCUMENT
        from app.documents import Autosave
        from app.race_desk import RaceDesk
        from simulations import families
        from simulations.documents.race import RaceSpec
        from simulations.racing.saved import SavedRace

        families.load_races()
        race = self._document if isinstance(self._document, RaceSpec | SavedRace) else None
        autosave = None if self._kept_in is None else Autosave(self._kept_in, RACE_DOCUMENT)
        frame = self.frame if self.frame.definition is RACE else None
        desk = RaceDesk(self.appearance.look, race, autosave, self._settings.store, room, frame)
        if race is not None:
            desk.controller.file = self._file
        return desk

    def _on_first_painted(self) -> None:
        report_timing("first_paint")
        if self._is_over:
            return
        desk = self.window.desk
        desk.loaded.connect(self._on_loaded)
        if desk.definition is TRAIN:
            desk.bridge.snapshotTaken.connect(self._on_early_snapshot)
        self.window.begin()

    def _on_loaded(self) -> None:
        from simulations import families

        report_timing("panels")
        self.ready.emit()
        if RACE.name not in self.window.desks:
            self._warming = Warming((*families.race_modules(), "app.race_desk", *modules(RACE.name)), self)

    def _on_early_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.step > 0:
            report_timing("training")
            self.bridge.snapshotTaken.disconnect(self._on_early_snapshot)


def run_window(document: ExperimentSpec | RaceSpec | SavedRace | None = None, file: Path | None = None) -> int:
    """Open the window on ``document``, or as it was left, and stay until it is closed."""
    tune_interpreter()
    application = make_application(sys.argv[:1])
    laboratory = Laboratory(
        application, document, Settings(), file=file, kept_in=data_folder(),
        is_chosen=document is not None, is_apart=True,
    )  # fmt: skip
    install_excepthook(laboratory.window.dialogs.show_report)
    garbage = GarbageRounds()
    timer = QTimer(laboratory)
    timer.setInterval(garbage.interval_ms)
    timer.timeout.connect(garbage.collect)
    laboratory.ready.connect(garbage.begin)
    laboratory.ready.connect(timer.start)
    application.aboutToQuit.connect(laboratory.close)
    leave_politely(partial(QTimer.singleShot, 0, laboratory.leave))
    laboratory.window.fit_into(laboratory.window.screen().availableSize())
    laboratory.show()
    code = application.exec()
    laboratory.close()
    return code


def _is_race(document: ExperimentSpec | RaceSpec | SavedRace | None) -> bool:
    """Nothing is imported to answer that there is no document."""
    if document is None:
        return False
    from simulations.documents.experiment import ExperimentSpec

    return not isinstance(document, ExperimentSpec)


def report_timing(what: str) -> None:
    """For the benchmark: one JSON line with the seconds since the process was launched."""
    started = os.environ.get(STARTED_AT)
    if started:
        print(json.dumps({"timing": what, "seconds": round(time.time() - float(started), 4)}), flush=True)


def qt_version() -> str:
    """The version of Qt itself."""
    return QLibraryInfo.version().toString()
