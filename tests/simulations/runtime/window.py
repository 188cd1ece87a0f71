"""The window's side of a simulation thread, as tests need it, and a probe that looks at everything."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np

from simulations.core.arrays import frozen
from simulations.probes.base import Probe
from simulations.runtime.messages import Event, Snapshot
from simulations.runtime.worker import Worker

PATIENCE_S = 20.0
_POLL_S = 0.002


class Window:
    """The window's side of a worker: takes snapshots, drains events, waits for conditions."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.snapshot: Snapshot | None = None
        self.events: list[Event] = []
        self._tick = threading.Event()

    def send(self, *commands: Any) -> None:
        for command in commands:
            self.worker.commands.put(command)

    def look(self) -> None:
        self.snapshot = self.worker.snapshots.take() or self.snapshot
        while not self.worker.events.empty():
            self.events.append(self.worker.events.get())

    def wait(self, condition: Callable[[Snapshot], bool]) -> Snapshot:
        """The first snapshot that fulfils ``condition``."""
        deadline = monotonic() + PATIENCE_S
        while monotonic() < deadline:
            self.look()
            if self.snapshot is not None and condition(self.snapshot):
                return self.snapshot
            self._tick.wait(_POLL_S)
        last = self.snapshot and (self.snapshot.step, self.snapshot.status, sorted(self.snapshot.probes))
        raise AssertionError(f"not within {PATIENCE_S} s; last seen {last}, {self.events[-3:]}")

    def wait_event(self, kind: type) -> Any:
        deadline = monotonic() + PATIENCE_S
        while monotonic() < deadline:
            self.look()
            found = [event for event in self.events if isinstance(event, kind)]
            if found:
                return found[-1]
            self._tick.wait(_POLL_S)
        raise AssertionError(f"no {kind.__name__} within {PATIENCE_S} s; saw {self.events[-3:]}")

    @property
    def theta(self) -> np.ndarray:
        return self.worker._session.network.theta


@dataclass(frozen=True)
class Weights(Probe):
    """A probe that looks at everything a probe may look at."""

    kind = "test weights"

    def measure(self, view: Any, memory: dict[str, Any]) -> Any:
        view.probe_tape()
        view.last_update()
        memory["measured"] = memory.get("measured", 0) + 1
        return view.step, memory["measured"], frozen(view.network.theta)


def with_rate(spec, rate):
    return dataclasses.replace(spec, optimizer=dataclasses.replace(spec.optimizer, learning_rate=rate))
