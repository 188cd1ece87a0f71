"""Waiting for what a simulation shows and tells, as a window takes it: shared by the tests of those that run elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from simulations.runtime.simulation import Simulation

PATIENCE_S = 30.0


def until(condition: Callable[[], object]) -> None:
    deadline, tick = monotonic() + PATIENCE_S, threading.Event()
    while not condition():
        assert monotonic() < deadline, "it never came"
        tick.wait(0.005)


class Watcher:
    """Takes snapshots and events as a window does; keeps the last snapshot, and every event."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.last: Any = None
        self.events: list[Any] = []

    def sees(self, condition: Callable[[Any], bool]) -> Any:
        until(lambda: self._look() is not None and condition(self.last))
        return self.last

    def hears(self, kind: type) -> Any:
        until(lambda: [self._look()] and any(isinstance(one, kind) for one in self.events))
        return next(one for one in self.events if isinstance(one, kind))

    def _look(self) -> Any:
        taken = self.simulation.snapshots.take()
        if taken is not None:
            self.last = taken
            self.simulation.snapshots.finish()
        while not self.simulation.events.empty():
            self.events.append(self.simulation.events.get())
        return self.last
