"""What a window needs of a simulation, wherever it runs: three places where values cross, a beginning and an end."""

from __future__ import annotations

from queue import SimpleQueue
from typing import Any, Protocol

from simulations.runtime.mailbox import Latest


class Simulation(Protocol):
    """Runs on a thread, or in a process, of its own. ``stop`` says whether it is gone within ``timeout_s``."""

    snapshots: Latest[Any]
    events: SimpleQueue[Any]

    @property
    def is_alive(self) -> bool: ...
    def start(self) -> None: ...
    def send(self, command: Any) -> None: ...
    def stop(self, timeout_s: float = 2.0) -> bool: ...
