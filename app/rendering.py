"""Draws what the window would show into a file: the real window, the real training, no screen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QEventLoop,
    QIODevice,
    QMarginsF,
    QMessageLogContext,
    QPoint,
    QSize,
    QSizeF,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from app.application import Laboratory, make_application
from app.bridge import Bridge
from app.documents import read_document
from app.files import write_atomically
from app.settings import Settings
from app.workspaces import DEFINITIONS, RACE, TRAIN, WorkspaceDefinition
from simulations import families
from simulations.core.errors import FileError, GradLabError
from simulations.core.text import N_
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.presets import load_preset, preset_names
from simulations.documents.race import RaceSpec
from simulations.documents.race_presets import DEFAULT, load_race_preset
from simulations.racing.saved import SavedRace
from simulations.runtime.messages import Failed, Rejected, Snapshot, TakeSteps
from simulations.runtime.race_messages import RaceSnapshot, Stand
from widgets.panels import modules

_PATIENCE_MS: Final = 600_000
_SETTLE_MS: Final = 250  # without another answer: a paused simulation has answered every probe then
_MOST_TURNS: Final = 120


@dataclass(frozen=True)
class Picture:
    """What to draw: ``what`` is a workspace or the kind of a panel, sizes are in logical pixels."""

    what: str
    preset: str
    after_steps: int
    size: tuple[int, int]
    scale: float = 1.0
    text_scale: float = 1.0
    language: str = "en"
    theme: str = "light"
    is_projected: bool = False


def find_document(name: str, workspace: str) -> ExperimentSpec | RaceSpec | SavedRace:
    """A saved document by its path, or a preset of ``workspace``; the first one when ``name`` is empty."""
    if name.endswith(".json"):
        return read_document(Path(name))
    if workspace == RACE.name:
        return load_race_preset(name or DEFAULT).spec
    return load_preset(name or preset_names()[0]).spec


def render(picture: Picture, file: Path) -> None:
    """Train or race so far, draw, and write ``file``. Raises :class:`GradLabError` in words."""
    encode = _ENCODERS.get(file.suffix.lower())
    if encode is None:
        raise FileError(N_("{file}: the ending must be one of {known}"), file=file.name, known=", ".join(_ENCODERS))
    qInstallMessageHandler(_say)
    families.load()
    workspace = _workspace_of(picture.what)
    document = find_document(picture.preset, workspace.name)
    if isinstance(document, ExperimentSpec) != (workspace is TRAIN):
        raise GradLabError(N_("{what} cannot show {document}"), what=picture.what, document=picture.preset)
    application = make_application()
    with TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.ini")
        settings.language, settings.theme, settings.scale = picture.language, picture.theme, picture.text_scale
        laboratory = Laboratory(application, document, settings, play=False)
        laboratory.appearance.enlarge(picture.text_scale)
        laboratory.appearance.project(picture.is_projected)
        try:
            widget = _stage(laboratory, picture)
            write_atomically(file, encode(widget, picture.scale))
        finally:
            laboratory.close()
            if focus := application.focusWidget():
                focus.clearFocus()  # while the window is whole: it has keys to take back
            laboratory.window.deleteLater()


def _say(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Qt's own warnings, without the one that only says that there is no screen."""
    if "propagateSizeHints" not in text:
        print(text, file=sys.stderr)


def _workspace_of(what: str) -> WorkspaceDefinition:
    """The workspace that is called so, or has a panel of that kind."""
    for one in DEFINITIONS:
        if what == one.name or any(name.endswith(f".{what}") for name in modules(one.name)):
            return one
    known = (name for one in DEFINITIONS for name in (one.name, *one.kinds()))
    raise GradLabError(
        N_("there is no workspace or panel called {received}; known are {known}"), received=what, known=", ".join(known)
    )


def _stage(laboratory: Laboratory, picture: Picture) -> QWidget:
    """Bring the window to the moment that is wanted, and answer what is to be drawn of it."""
    window = laboratory.window
    window.resize(*picture.size)
    watch = _Watch(picture.after_steps)
    laboratory.bridge.eventArrived.connect(watch.hear)  # at once: an experiment that cannot be built is refused early
    _wait(laboratory.ready.connect, laboratory, laboratory.show)
    bridge, docks = window.desk.bridge, window.workspace.docks
    bridge.snapshotTaken.connect(watch.see)
    bridge.eventArrived.connect(watch.hear)
    if picture.what in docks:
        docks[picture.what].show()
        docks[picture.what].raise_()  # a panel behind another tab is not measured
    if window.desk is not laboratory.train:
        bridge.send(Stand(picture.after_steps))
    elif picture.after_steps:
        bridge.send(TakeSteps(picture.after_steps))
    if bridge.snapshot is not None:
        watch.see(bridge.snapshot)
    if not watch.is_over:
        _wait(watch.when_done, laboratory)
    if watch.error is not None:
        raise watch.error
    _settle(bridge)
    if picture.what not in docks:
        return window
    dock = docks[picture.what]
    window.workspace.removeDockWidget(dock)
    dock.setParent(None)
    dock.resize(*picture.size)
    dock.show()
    _pass_time(_SETTLE_MS)
    return dock


class _Watch:
    """Waits for the snapshot that stands at the wanted step."""

    def __init__(self, step: int) -> None:
        self._step = step
        self._done: list[Callable[[], None]] = []
        self.is_over = False
        self.error: GradLabError | None = None

    def when_done(self, call: Callable[[], None]) -> None:
        self._done.append(call)

    def see(self, snapshot: Snapshot | RaceSnapshot) -> None:
        if isinstance(snapshot, Snapshot):
            if snapshot.step >= self._step or snapshot.status == "diverged":
                self._finish()
        elif snapshot.race.is_complete and snapshot.moment >= min(self._step, snapshot.race.done):
            self._finish()

    def hear(self, event: object) -> None:
        if isinstance(event, Rejected):
            self.error = event.error
        elif isinstance(event, Failed):
            self.error = GradLabError(N_("the simulation failed: {report}"), report=event.report)
        if self.error is not None:
            self._finish()

    def _finish(self) -> None:
        if not self.is_over:
            self.is_over = True
            for call in self._done:
                call()


def _wait(
    connect: Callable[[Callable[[], None]], object], owner: Laboratory, begin: Callable[[], None] | None = None
) -> None:
    """Run the event loop until the connected call comes; begin by calling ``begin``."""
    loop = QEventLoop()
    connect(loop.quit)
    QTimer.singleShot(_PATIENCE_MS, owner, loop.quit)
    if begin is not None:
        begin()
    loop.exec()


def _settle(bridge: Bridge) -> None:
    """Wait until nothing new is said any more: some probes answer better and better."""
    for _turn in range(_MOST_TURNS):
        before = bridge.snapshot
        _pass_time(_SETTLE_MS)
        if bridge.snapshot is before:
            return


def _pass_time(duration_ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()


def _png(widget: QWidget, scale: float) -> bytes:
    image = QImage(widget.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    widget.render(painter, QPoint())
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, the library takes both
    return bytes(content.data())


def _svg(widget: QWidget, _scale: float) -> bytes:
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(widget.logicalDpiX())  # another resolution shrinks texts against lines
    generator.setSize(widget.size())
    generator.setViewBox(widget.rect())
    _draw(widget, QPainter(generator))
    return bytes(buffer.data().data())


def _pdf(widget: QWidget, _scale: float) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    dpi = widget.logicalDpiX()
    size: QSize = widget.size()
    writer.setResolution(dpi)
    points = QSizeF(size.width() * 72 / dpi, size.height() * 72 / dpi)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF())
    _draw(widget, QPainter(writer))
    return bytes(buffer.data().data())


def _draw(widget: QWidget, painter: QPainter) -> None:
    widget.render(painter, QPoint())
    painter.end()


_ENCODERS: Final[dict[str, Callable[[QWidget, float], bytes]]] = {".png": _png, ".svg": _svg, ".pdf": _pdf}
