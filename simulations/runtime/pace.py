"""How fast training goes, smoothed so that the number in the window can be read."""

from __future__ import annotations

import math
from time import perf_counter

_SMOOTHING_S = 0.5
_SHORTEST_S = 0.02


class Pace:
    """Steps per second of wall time while training runs; pauses do not count."""

    def __init__(self) -> None:
        self._rate = 0.0
        self._since: float | None = None
        self._from_step = 0

    def restart(self, step: int) -> None:
        """A new run: what was measured says nothing about it."""
        self._rate = 0.0
        self.resume(step)

    def resume(self, step: int) -> None:
        """Training goes on at ``step`` after a pause or a command."""
        self._since, self._from_step = perf_counter(), step

    def steps_per_second(self, step: int) -> float:
        """The smoothed rate at ``step``."""
        now = perf_counter()
        elapsed = now - (self._since or now)
        if elapsed < _SHORTEST_S:
            return self._rate
        measured = (step - self._from_step) / elapsed
        weight = 1 - math.exp(-elapsed / _SMOOTHING_S) if self._rate else 1.0
        self._rate += weight * (measured - self._rate)
        self._since, self._from_step = now, step
        return self._rate
