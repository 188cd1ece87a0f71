"""The only meeting of Qt and a simulation, a thread or a process: commands go out, snapshots and events come in, values all.

A timer takes the newest snapshot, hands it to the panels that can be seen and nobody else, and drains the events. A bridge that
is ``woken`` takes it at once. What those panels want measured is told to the simulation thread whenever it changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from queue import Empty
from time import perf_counter
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal

from app.turns import Turns
from simulations.runtime.messages import Watch
from simulations.runtime.simulation import Simulation
from widgets.panel import Panel

_TICK_MS = 16
_RESTS_MS: Final = 80  # when nothing new came for so long, everybody is shown what there is
_PAINTED: Final = QEvent.Type(QEvent.registerEventType())


class Bridge(QObject):
    """Owns a simulation from the first spec to the window's end. One workspace has one bridge."""

    snapshotTaken = Signal(object)
    eventArrived = Signal(object)
    _snapshotLeft = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        tick_ms: int = _TICK_MS,
        *,
        woken: bool = False,
    ) -> None:
        super().__init__(parent)
        self._is_woken = woken
        self._worker: Simulation | None = None
        self._is_over = False
        self._panels: tuple[Panel, ...] = ()
        self._turns = Turns()
        self._drawn_at = 0.0
        self._watched: tuple[Any, ...] = ()
        self.snapshot: Any = None
        self.frame_times: list[float] | None = None  # perf_counter of every frame drawn, while somebody measures
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(tick_ms)
        self._timer.timeout.connect(self._on_tick)
        self._rests = QTimer(self)
        self._rests.setSingleShot(True)
        self._rests.setInterval(_RESTS_MS)
        self._rests.timeout.connect(self._on_rested)
        self._snapshotLeft.connect(self._on_snapshot_left, Qt.ConnectionType.QueuedConnection)

    def start(self, simulation: Simulation) -> None:
        """Begin ``simulation``, paused."""
        self._worker = simulation
        if self._is_woken:
            simulation.snapshots.on_put = self._snapshotLeft.emit
        self._worker.start()
        self._timer.start()
        self._send_watch()

    def stop(self) -> bool:
        """End the simulation; True when it is gone. Nothing is drawn afterwards."""
        self._timer.stop()
        self._rests.stop()
        self._is_over, self._panels = True, ()
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.snapshots.on_put = None
        return True if worker is None else worker.stop()

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
        """Draw into ``panels`` from now on; they are what can be seen. Docks say so even while their window is taken apart."""
        if self._is_over:
            return
        self._panels = tuple(panels)
        self._turns.begin(self._panels)
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
            # comes after the painting of what was changed, which a timer without delay does not
            QCoreApplication.postEvent(self, QEvent(_PAINTED), Qt.EventPriority.LowEventPriority.value)
        while True:
            try:
                event = worker.events.get_nowait()
            except Empty:
                return
            self.eventArrived.emit(event)

    def _on_snapshot_left(self) -> None:
        if self._timer.isActive():
            self._on_tick()

    def event(self, event: QEvent) -> bool:
        if event.type() == _PAINTED:
            self._on_painted()
            return True
        return super().event(event)

    def _on_painted(self) -> None:
        if self._worker is None:
            return
        self._turns.note(perf_counter() - self._drawn_at)
        if self._turns.is_somebody_behind:
            self._rests.start()
        self._worker.snapshots.finish()

    def _on_rested(self) -> None:
        for panel in self._turns.catch_up():
            panel.render(self.snapshot)

    def _draw(self, snapshot: Any) -> None:
        self.snapshot = snapshot
        self._drawn_at = perf_counter()
        for panel in self._turns.next():
            panel.render(snapshot)
        self.snapshotTaken.emit(snapshot)
        if self.frame_times is not None:
            self.frame_times.append(perf_counter())
