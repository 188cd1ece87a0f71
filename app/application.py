"""Puts the program together: application, simulation thread, window, and the loading of panels after the first paint."""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections import deque
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLibraryInfo, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.appearance import Appearance
from app.bootstrap import GarbageRounds, leave_politely, tune_interpreter
from app.bridge import Bridge
from app.controller import Controller
from app.documents import Autosave
from app.errors import install_excepthook
from app.languages import Languages, system_language
from app.main_window import MainWindow
from app.settings import Settings, data_folder
from app.workspaces import TRAIN
from simulations.core.text import N_
from simulations.documents.experiment import ExperimentSpec
from simulations.runtime.messages import Play, Snapshot
from simulations.runtime.observer import Observer
from widgets.banner import Notice
from widgets.panel import PANELS, Document
from widgets.panels import modules
from widgets.text import _

STARTED_AT: Final = "GRADLAB_STARTED_AT"  # set by the benchmark: seconds since 1970 when the process was launched
_AUTOSAVE_MS: Final = 1000


def make_application(arguments: list[str] | None = None) -> QApplication:
    """The one QApplication, named so that settings and files find their place."""
    application = QApplication.instance() or QApplication(arguments or ["gradlab"])
    assert isinstance(application, QApplication)
    application.setApplicationName("gradlab")
    application.setApplicationDisplayName("GradLab")
    application.setOrganizationName("gradlab")
    return application


class Laboratory(QObject):
    """A running program: owns the bridge, the controller and the window. ``ready`` comes when every panel stands."""

    ready = Signal()

    def __init__(
        self,
        application: QApplication,
        spec: ExperimentSpec,
        settings: Settings,
        *,
        file: Path | None = None,
        autosave: Autosave | None = None,
        play: bool = True,
        observer: Observer | None = None,
    ) -> None:
        super().__init__()
        self._play = play
        self._autosave = autosave
        self.languages = Languages(application)
        self.languages.use(settings.language or system_language())
        self.appearance = Appearance(application, settings.theme, settings.scale)
        self.bridge = Bridge(self, observer)
        self.controller = Controller(self.bridge, spec, self)
        self.controller.file = file
        names = {name.rsplit(".", 1)[-1]: name for name in modules(TRAIN.name)}
        kinds = tuple(kind for kind in TRAIN.kinds() if kind in names)
        self._modules = deque(names[kind] for kind in kinds)
        self._modules.extend(sorted(set(names.values()) - set(self._modules)))
        self.window = MainWindow(self.controller, self.bridge, self.appearance, self.languages, settings, kinds)
        self.window.firstPainted.connect(self._on_first_painted)
        self._autosave_timer = QTimer(self)
        self._autosave_timer.setSingleShot(True)
        self._autosave_timer.setInterval(_AUTOSAVE_MS)
        self._autosave_timer.timeout.connect(self._on_autosave)
        self.controller.documentChanged.connect(self._on_document_changed)

    def show(self) -> None:
        """Show the window; the rest follows its first paint."""
        self.window.show()
        self.window.arrange()

    def leave(self) -> None:
        """Close the window, unless a person wants to keep what is unsaved, and end the program whatever else is open."""
        if self.window.close():
            QApplication.quit()

    def close(self) -> None:
        """End the simulation thread whatever happened to the window."""
        self._autosave_timer.stop()
        self.bridge.stop()
        if self._autosave is not None:
            self._autosave.close()

    def _on_first_painted(self) -> None:
        report_timing("first_paint")
        self.bridge.start(self.controller.spec)
        if self._play:
            self.bridge.send(Play())
        self.window.workspace.panelsShown.emit()
        self.bridge.snapshotTaken.connect(self._on_early_snapshot)
        QTimer.singleShot(0, self._load_next)

    def _load_next(self) -> None:
        """One panel per turn of the event loop, so that the window answers meanwhile."""
        if not self._modules:
            self._offer_what_was_left()
            report_timing("panels")
            self.bridge.observe()
            self.ready.emit()
            return
        importlib.import_module(self._modules.popleft())
        present = {panel.kind for panel in self.window.panels()}
        for entry in PANELS:
            if entry.kind not in present and entry.cls.workspace == self.window.workspace.definition.name:
                self.window.add_panel(entry.cls(self.appearance.look, self.window.workspace))
        QTimer.singleShot(0, self._load_next)

    def _on_early_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.step > 0:
            report_timing("training")
            self.bridge.snapshotTaken.disconnect(self._on_early_snapshot)

    def _on_document_changed(self, _document: Document) -> None:
        if self._autosave is not None:
            self._autosave_timer.start()

    def _on_autosave(self) -> None:
        if self._autosave is None:
            return
        if self.controller.history.is_modified:
            self._autosave.keep(self.controller.spec)
        else:
            self._autosave.forget()

    def _offer_what_was_left(self) -> None:
        left = self._autosave.left_behind() if self._autosave is not None else None
        if left is None:
            return

        def text() -> str:
            return _("GradLab ended unexpectedly. The experiment “{name}” was kept.").format(name=left.name)

        def restore() -> None:
            from widgets.panel import Edit

            self.controller.edit(Edit(left, N_("Restore")))

        self.window.banner.announce(Notice(text, answers=((_restore_text, restore),)))


def _restore_text() -> str:
    return _("Restore")


def run_window(spec: ExperimentSpec, file: Path | None = None) -> int:
    """Open the window on ``spec`` and stay until it is closed."""
    tune_interpreter()
    application = make_application(sys.argv[:1])
    autosave = Autosave(data_folder())
    laboratory = Laboratory(application, spec, Settings(), file=file, autosave=autosave, observer=spare_observer())
    install_excepthook(laboratory.window.show_report)
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
    return Observer() if Observer.is_worthwhile() else None


def report_timing(what: str) -> None:
    """For the benchmark: one JSON line with the seconds since the process was launched."""
    started = os.environ.get(STARTED_AT)
    if started:
        print(json.dumps({"timing": what, "seconds": round(time.time() - float(started), 4)}), flush=True)


def qt_version() -> str:
    """The version of Qt itself."""
    return QLibraryInfo.version().toString()
