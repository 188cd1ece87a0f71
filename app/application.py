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
from app.bridge import Bridge
from app.controller import Controller
from app.desk import Desk
from app.documents import RACE as RACE_DOCUMENT
from app.documents import Autosave
from app.errors import install_excepthook
from app.languages import Languages, system_language
from app.main_window import MainWindow
from app.preferences import Preferences
from app.settings import Settings, data_folder
from app.train_desk import TrainDesk
from app.workspaces import RACE, TRAIN
from simulations import families
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.presets import load_preset, preset_names
from simulations.runtime.messages import Snapshot
from simulations.runtime.observer import Observer
from simulations.runtime.spawning import has_spare_processor

if TYPE_CHECKING:
    from simulations.documents.race import RaceSpec

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

    ``document`` is an experiment or a race; a race brings its workspace to the front. ``kept_in`` is the folder for autosaves.
    An experiment that was ``is_chosen``, or has a file, is shown; else the workspace that was shown last. ``is_apart``: races run
    in a process of their own where there is a processor for it.
    """

    ready = Signal()

    def __init__(
        self,
        application: QApplication,
        document: ExperimentSpec | RaceSpec,
        settings: Settings,
        *,
        file: Path | None = None,
        kept_in: Path | None = None,
        play: bool = True,
        observer: Observer | None = None,
        is_chosen: bool = False,
        is_apart: bool = False,
    ) -> None:
        super().__init__()
        self._kept_in = kept_in
        self._is_apart = is_apart
        self._race = None if isinstance(document, ExperimentSpec) else document
        self.languages = Languages(application)
        self._settings = settings
        self.languages.use(settings.language or system_language())
        self.appearance = Appearance(application, settings.theme, settings.scale)
        experiment = document if isinstance(document, ExperimentSpec) else load_preset(preset_names()[0]).spec
        autosave = Autosave(kept_in) if kept_in is not None else None
        self.train = TrainDesk(
            experiment, self.appearance.look, settings.store, observer=observer, autosave=autosave, play=play
        )
        self._file = file
        preferences = Preferences(self.appearance, self.languages, settings)
        self.window = MainWindow(self.train, {RACE.name: self._make_race}, self.appearance.look, preferences, settings)
        self._first = TRAIN.name if is_chosen or file is not None else settings.workspace
        if self._race is not None:
            self._first = RACE.name
        self.window.announce_desk(self._first)
        if self._race is None:
            self.train.controller.file = file
        self.window.firstPainted.connect(self._on_first_painted)

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
        """End the simulation threads whatever happened to the window."""
        for desk in self.window.desks.values():
            desk.close()

    def _make_race(self) -> Desk:
        """The Race desk; what races are made of is imported now, here and where they will be run."""
        from simulations.runtime.elsewhere import Room

        room = Room.spare("simulations.runtime.race_elsewhere") if self._is_apart else None
        families.load_races()
        from app.race_desk import RaceDesk

        autosave = Autosave(self._kept_in, RACE_DOCUMENT) if self._kept_in is not None else None
        desk = RaceDesk(self.appearance.look, self._race, autosave, self._settings.store, room)
        if self._race is not None:
            desk.controller.file = self._file
        return desk

    def _on_first_painted(self) -> None:
        report_timing("first_paint")
        self.window.show_desk(self._first)
        desk = self.window.desk
        desk.loaded.connect(self._on_loaded)
        self.bridge.snapshotTaken.connect(self._on_early_snapshot)
        desk.begin()

    def _on_loaded(self) -> None:
        report_timing("panels")
        self.ready.emit()

    def _on_early_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.step > 0:
            report_timing("training")
            self.bridge.snapshotTaken.disconnect(self._on_early_snapshot)


def run_window(document: ExperimentSpec | RaceSpec, file: Path | None = None, *, is_chosen: bool = True) -> int:
    """Open the window on ``document`` and stay until it is closed."""
    tune_interpreter()
    application = make_application(sys.argv[:1])
    laboratory = Laboratory(
        application, document, Settings(), file=file, kept_in=data_folder(), observer=spare_observer(),
        is_chosen=is_chosen, is_apart=True,
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


def spare_observer() -> Observer | None:
    """A process to look at networks from, where there is a processor for it."""
    return Observer() if has_spare_processor() else None


def report_timing(what: str) -> None:
    """For the benchmark: one JSON line with the seconds since the process was launched."""
    started = os.environ.get(STARTED_AT)
    if started:
        print(json.dumps({"timing": what, "seconds": round(time.time() - float(started), 4)}), flush=True)


def qt_version() -> str:
    """The version of Qt itself."""
    return QLibraryInfo.version().toString()
