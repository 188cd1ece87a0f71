"""How smoothly the Race workspace is drawn under the finger: drags of a start, a rate and a surface, playing, pointing, rest.

The window is a real one and a drag is made of events as often as a mouse sends them. A frame counts when it has been painted.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.application import Laboratory, make_application
from app.benchmarks.racing import different_methods
from app.bootstrap import GarbageRounds, tune_interpreter
from app.race_desk import RaceDesk
from app.settings import Settings
from simulations import families
from simulations.documents.race import RaceSpec
from simulations.runtime.messages import Pause, Play
from simulations.runtime.race_messages import RaceSnapshot, SetSpeed, Stand
from simulations.surfaces.base import SURFACES
from widgets.forms.controls import Slider
from widgets.panels.race.plane import PlanePanel
from widgets.panels.race.racers import RacersPanel
from widgets.panels.race.surface import SurfacePanel

_EVENT_MS: Final = 8  # 125 times a second, as mice do
_DRAG_MS: Final = 3000
_SETTLE_MS: Final = 700
_SWEEPS: Final = 6  # of a slider, there and back: so quick that every event moves it by a pixel or more
_PATIENCE_MS: Final = 20_000
_STEPS: Final = 150
_MEDIAN_MS, _P95_MS, _LATENCY_MS = 17.0, 33.0, 50.0
_RESTING: Final = 0.01  # of a processor
_PAINTED: Final = QEvent.Type(QEvent.registerEventType())

Hand = Callable[[float], None]


class Painted(NamedTuple):
    """A frame: when, which race and which snapshot in their order, and what that race was. It keeps no race alive."""

    at: float
    race: int
    snapshot: int
    spec: RaceSpec
    done: int


class Frames(QObject):
    """Notes when pictures of the plane have been painted, and of which race."""

    def __init__(self, desk: RaceDesk, panel: PlanePanel) -> None:
        super().__init__(desk)
        self._desk, self._panel = desk, panel
        self._is_due = False
        self._last: RaceSnapshot | None = None
        self.begin()
        panel.picture.installEventFilter(self)

    def begin(self) -> None:
        """Forget what was noted."""
        self.painted: list[Painted] = []
        self.wished: list[tuple[float, RaceSpec]] = []
        self.began = time.perf_counter(), time.thread_time(), time.process_time()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._is_due:
            self._is_due = True
            # every widget is painted in the same turn, before events of low priority
            QCoreApplication.postEvent(self, QEvent(_PAINTED), Qt.EventPriority.LowEventPriority.value)
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == _PAINTED:
            self._on_painted()
            return True
        return super().event(event)

    def _on_painted(self) -> None:
        self._is_due = False
        before, now = self._last, self._desk.bridge.snapshot
        self._last = now
        last = self.painted[-1] if self.painted else Painted(0.0, 0, 0, now.race.spec, 0)
        race = last.race + (before is None or now.race is not before.race)
        snapshot = last.snapshot + (now is not before)
        self.painted.append(Painted(time.perf_counter(), race, snapshot, now.race.spec, now.race.done))

    def note_wish(self) -> None:
        """The document was changed just now."""
        if not self.wished or self.wished[-1][1] is not self._desk.controller.spec:
            self.wished.append((time.perf_counter(), self._desk.controller.spec))

    def row(self, what: str, picture: Callable[[Painted], object]) -> dict[str, Any]:
        """The intervals between frames that are not the same ``picture`` again, and what a frame costs the window's thread, and
        the others of its process; where there is a second processor, races run in a process of their own."""
        now = time.perf_counter(), time.thread_time(), time.process_time()
        kept = [one for i, one in enumerate(self.painted) if i == 0 or picture(self.painted[i - 1]) != picture(one)]
        intervals = 1000 * np.diff([one.at for one in kept])
        if len(intervals) < 2:
            return {"what": what, "frames": len(kept), "kept": False}
        window, whole = 1000 * (now[1] - self.began[1]), 1000 * (now[2] - self.began[2])
        median, p95 = (round(float(np.percentile(intervals, share)), 1) for share in (50, 95))
        return {
            "what": what,
            "median": median,
            "p95": p95,
            "frames": len(kept),
            "window_cpu": round(window / len(kept), 1),
            "other_cpu": round((whole - window) / len(kept), 1),
            "steps": None,
            "latency_p95": None,
            "kept": median <= _MEDIAN_MS and p95 <= _P95_MS,
        }

    def drag_row(self, what: str) -> dict[str, Any]:
        """That of a drag: also the fewest steps a frame showed, and how long a wish took to be seen."""
        row = self.row(what, lambda one: one.race)
        if not self.wished or len(self.painted) < 2:
            return {**row, "kept": False}
        number = {id(spec): i for i, (_at, spec) in enumerate(self.wished)}
        seen = [(one.at, number[id(one.spec)]) for one in self.painted if id(one.spec) in number]
        delays: list[float] = []
        after = 0
        for at, newest in seen:
            delays.extend(1000 * (at - self.wished[i][0]) for i in range(after, newest + 1))
            after = max(after, newest + 1)
        latency = round(float(np.percentile(delays, 95)), 1) if delays else math.inf
        row["steps"] = min(one.done for one in self.painted)
        row["latency_p95"] = latency
        row["kept"] = row["kept"] and row["steps"] >= _STEPS and latency <= _LATENCY_MS
        return row


def measure_race_frames(drag_ms: int = _DRAG_MS) -> list[dict[str, Any]]:
    """A row a thing to do: frame intervals in ms, twelve methods of a thousand steps each, 1600×1000."""
    rows = []
    with _window() as (desk, panel):
        frames = Frames(desk, panel)
        for what, spec, hand in _drags(desk, panel):
            desk.controller.open(spec)
            _settle(desk)
            drag = hand()
            drag(0.0)
            _pass_time(_SETTLE_MS)
            frames.begin()
            _move(drag, frames, drag_ms)
            rows.append(frames.drag_row(f"drag {what} [ms]"))
        rows += _without_drags(desk, panel, frames, drag_ms)
    return rows


def _without_drags(desk: RaceDesk, panel: PlanePanel, frames: Frames, duration_ms: int) -> Iterator[dict[str, Any]]:
    desk.controller.open(different_methods())
    _settle(desk)
    for command in (Stand(0), SetSpeed(200.0), Play()):
        desk.bridge.send(command)
    frames.begin()
    _pass_time(duration_ms)
    yield frames.row("timeline runs, 200 steps/s [ms]", lambda one: one.snapshot)
    desk.bridge.send(Pause())
    _settle(desk)
    pointer = _circles(panel, Qt.MouseButton.NoButton)
    frames.begin()
    _move(pointer, None, duration_ms)
    yield frames.row("pointer over the plane [ms]", lambda one: one.at)
    _settle(desk)
    frames.begin()
    start, cpu = time.perf_counter(), time.process_time()
    _pass_time(duration_ms)
    share = (time.process_time() - cpu) / (time.perf_counter() - start)
    painted = len(frames.painted)
    yield {
        "what": "window at rest, share of a processor",
        "share": round(share, 4),
        "frames": painted,
        "kept": share <= _RESTING and not painted,
    }


@contextmanager
def _window() -> Iterator[tuple[RaceDesk, PlanePanel]]:
    """The Race workspace in its first layout, everything loaded."""
    families.load()
    families.load_races()
    tune_interpreter()
    application = make_application()
    with TemporaryDirectory() as folder:
        laboratory = Laboratory(
            application, different_methods(), Settings(Path(folder) / "settings.ini"), is_apart=True
        )
        laboratory.window.resize(1600, 1000)
        garbage, timer = GarbageRounds(), QTimer(laboratory)
        timer.timeout.connect(garbage.collect)
        laboratory.ready.connect(garbage.begin)
        timer.start(garbage.interval_ms)
        laboratory.show()
        _wait_for(lambda: laboratory.window.desk.is_loaded)
        desk = laboratory.window.desk
        assert isinstance(desk, RaceDesk)
        try:
            _settle(desk)
            yield desk, next(one for one in desk.panels() if isinstance(one, PlanePanel))
        finally:
            timer.stop()
            laboratory.close()
            laboratory.window.deleteLater()
            _pass_time(0)
            garbage.end()


def _drags(desk: RaceDesk, plane: PlanePanel) -> Iterator[tuple[str, RaceSpec, Callable[[], Hand]]]:
    """What is dragged, in which race, and the maker of a hand that is told how far the drag is, 0…1."""
    twelve = different_methods()
    racers = next(one for one in desk.panels() if isinstance(one, RacersPanel))
    surface = next(one for one in desk.panels() if isinstance(one, SurfacePanel))
    turned = dataclasses.replace(twelve, surface=SURFACES["rotated_quadratic"]())
    yield "the start", twelve, lambda: _circles(plane, Qt.MouseButton.LeftButton)
    yield "a learning rate", twelve, lambda: _slides(racers.rows.cards[4].slider)
    yield "a surface's parameter", turned, lambda: _slides(surface.form.findChildren(Slider)[0])


def _circles(panel: PlanePanel, button: Qt.MouseButton) -> Hand:
    """The pointer goes round in the plane, with the start when ``button`` is held."""
    picture = panel.picture
    frame, runners = picture.frame(), picture.runners
    assert runners is not None
    x0, x1, y0, y1 = frame.extent
    spec, plane = runners.spec, frame.plane
    x = plane.left() + (spec.start_x - x0) / (x1 - x0) * plane.width()
    y = plane.bottom() - (spec.start_y - y0) / (y1 - y0) * plane.height()
    radius = 0.3 * min(plane.width(), plane.height())

    def move(share: float) -> None:
        turn = 4 * math.pi * share
        middle = plane.center()
        at = QPointF(middle.x() + radius * math.cos(turn), middle.y() + radius * math.sin(turn))
        _post(picture, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, button)
        if share >= 1 and button != Qt.MouseButton.NoButton:
            _post(picture, QEvent.Type.MouseButtonRelease, at, button)

    if button != Qt.MouseButton.NoButton:
        _post(picture, QEvent.Type.MouseButtonPress, QPointF(x, y), button)
    return move


def _slides(slider: Slider) -> Hand:
    """The handle of ``slider`` is taken from where it is to either end of a stretch about it, and back."""
    share, reach = (slider.value() - slider.minimum()) / (slider.maximum() - slider.minimum()), 0.25
    y, width = slider.height() / 2, slider.width()

    def move(at: float) -> None:
        way = math.asin(math.sin(2 * math.pi * _SWEEPS * at)) / (
            math.pi / 2
        )  # at one speed: a hand at rest wishes nothing
        x = width * min(max(share + reach * way, 0.02), 0.98)
        _post(slider, QEvent.Type.MouseMove, QPointF(x, y), Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton)
        if at >= 1:
            _post(slider, QEvent.Type.MouseButtonRelease, QPointF(x, y), Qt.MouseButton.LeftButton)

    _post(slider, QEvent.Type.MouseButtonPress, QPointF(width * share, y), Qt.MouseButton.LeftButton)
    return move


def _post(
    widget: QWidget,
    kind: QEvent.Type,
    at: QPointF,
    changed: Qt.MouseButton,
    held: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:
    place = QPointF(widget.mapToGlobal(at.toPoint()))
    QApplication.sendEvent(widget, QMouseEvent(kind, at, place, changed, held, Qt.KeyboardModifier.NoModifier))


def _move(hand: Hand, frames: Frames | None, duration_ms: int) -> None:
    """Let ``hand`` move as often as a mouse does, noting what the document becomes."""
    loop, timer, start = QEventLoop(), QTimer(), time.perf_counter()
    timer.setTimerType(Qt.TimerType.PreciseTimer)

    def on_tick() -> None:
        share = min(1000 * (time.perf_counter() - start) / duration_ms, 1.0)
        hand(share)
        if frames is not None:
            frames.note_wish()
        if share >= 1:
            timer.stop()
            loop.quit()

    timer.timeout.connect(on_tick)
    timer.start(_EVENT_MS)
    loop.exec()


def _settle(desk: RaceDesk) -> None:
    """Until the race of the document has been run and drawn and nothing is left to be done."""
    spec = desk.controller.spec

    def is_there() -> bool:
        snapshot = desk.bridge.snapshot
        return snapshot is not None and snapshot.race.spec == spec and snapshot.race.is_complete

    _wait_for(is_there)
    _pass_time(_SETTLE_MS)


def _wait_for(is_so: Callable[[], bool]) -> None:
    end = time.perf_counter() + _PATIENCE_MS / 1000
    while not is_so():
        if time.perf_counter() > end:
            raise TimeoutError("the window did not get ready")
        _pass_time(20)


def _pass_time(duration_ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()
