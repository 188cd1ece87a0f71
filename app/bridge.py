"""The only meeting of Qt and a simulation thread: commands go out, snapshots and events come in, values all.

A 16-ms timer takes the newest snapshot, hands it to the panels that can be seen and nobody else, and drains the events.
What those panels want measured is told to the simulation thread whenever it changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from simulations.runtime.mailbox import Latest
from simulations.runtime.messages import Watch
from simulations.runtime.observer import Observer
from widgets.panel import Panel

_TICK_MS = 16


class Simulation(Protocol):
    """What the bridge needs of a simulation thread."""

    snapshots: Latest[Any]
    events: SimpleQueue[Any]

    def start(self) -> None: ...
    def send(self, command: Any) -> None: ...
    def stop(self, timeout_s: float = 2.0) -> bool: ...


class Bridge(QObject):
    """Owns a simulation thread from the first spec to the window's end. One workspace has one bridge."""

    snapshotTaken = Signal(object)
    eventArrived = Signal(object)

    def __init__(
        self, parent: QObject | None = None, observer: Observer | None = None, tick_ms: int = _TICK_MS
    ) -> None:
        super().__init__(parent)
        self._observer = observer
        self._worker: Simulation | None = None
        self._panels: tuple[Panel, ...] = ()
        self._watched: tuple[Any, ...] = ()
        self.snapshot: Any = None
        self.frame_times: list[float] | None = None  # perf_counter of every frame drawn, while somebody measures
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(tick_ms)
        self._timer.timeout.connect(self._on_tick)

    def start(self, simulation: Simulation) -> None:
        """Begin ``simulation``, paused."""
        self._worker = simulation
        self._worker.start()
        self._timer.start()
        self._send_watch()

    def stop(self) -> bool:
        """End the simulation thread; True when it is gone. Nothing is drawn afterwards."""
        self._timer.stop()
        worker, self._worker = self._worker, None
        stopped = True if worker is None else worker.stop()
        if self._observer is not None:
            self._observer.stop()
        return stopped

    def observe(self) -> None:
        """Begin the process that looks at the network from outside, if there is to be one."""
        if self._observer is not None and self._worker is not None:
            self._observer.start()

    @property
    def is_started(self) -> bool:
        return self._worker is not None

    def rest(self) -> None:
        """Nobody looks: take nothing until :meth:`wake`."""
        self._timer.stop()

    def wake(self) -> None:
        """Somebody looks again."""
        if self._worker is not None:
            self._timer.start()

    def send(self, command: Any) -> None:
        """Hand ``command`` to the simulation thread, which obeys between two steps."""
        if self._worker is not None:
            self._worker.send(command)

    def show(self, panels: Iterable[Panel]) -> None:
        """Draw into ``panels`` from now on; they are what can be seen."""
        self._panels = tuple(panels)
        if self.snapshot is not None:
            for panel in self._panels:
                panel.render(self.snapshot)
        self.refresh_probes()

    def refresh_probes(self) -> None:
        """Ask for what the visible panels want measured, if that changed."""
        wanted = tuple(dict.fromkeys(probe for panel in self._panels for probe in panel.probes()))
        if wanted != self._watched:
            self._watched = wanted
            self._send_watch()

    def _send_watch(self) -> None:
        self.send(Watch(self._watched))

    def _on_tick(self) -> None:
        worker = self._worker
        if worker is None:
            return
        snapshot = worker.snapshots.take()
        if snapshot is not None:
            self._draw(snapshot)
            QTimer.singleShot(0, self, self._on_painted)  # when what was changed has been painted
        while True:
            try:
                event = worker.events.get_nowait()
            except Empty:
                return
            self.eventArrived.emit(event)

    def _on_painted(self) -> None:
        if self._worker is not None:
            self._worker.snapshots.finish()

    def _draw(self, snapshot: Any) -> None:
        self.snapshot = snapshot
        for panel in self._panels:
            panel.render(snapshot)
        self.snapshotTaken.emit(snapshot)
        if self.frame_times is not None:
            self.frame_times.append(perf_counter())
