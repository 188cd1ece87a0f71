"""Where the timeline of a race stands: put there, moved, or running by the clock."""

from __future__ import annotations

import math
from typing import Final

WHOLE_S: Final = 10.0  # what a whole race takes while no speed was chosen
SLOWEST: Final = 1.0
FASTEST: Final = 20_000.0


class Timeline:
    """A moment between 0 and ``end``. At the end it stays there when the end moves: the whole race is what is looked at.

    ``speed`` is in steps per second; None is the one at which the whole race takes :data:`WHOLE_S`.
    """

    def __init__(self) -> None:
        self.end = 0
        self.speed: float | None = None
        self.is_running = False
        self._at = math.inf
        self._seen_at = 0.0

    @property
    def moment(self) -> int:
        return self.end if self._at >= self.end else int(self._at)

    @property
    def pace(self) -> float:
        """Steps per second."""
        return max(SLOWEST, self.end / WHOLE_S) if self.speed is None else self.speed

    def set_end(self, end: int) -> None:
        """The race has ``end`` steps now."""
        if self._at >= self.end:
            self._at = math.inf
        self.end = end

    def stand(self, step: int) -> None:
        """Stand at ``step``, or as near as there is one."""
        self._at = float(max(step, 0))

    def play(self, now: float) -> None:
        """Run from here on; from the beginning when this is the end."""
        if self._at >= self.end:
            self._at = 0.0
        self.is_running = self.end > 0
        self._seen_at = now

    def pause(self) -> None:
        self.is_running = False

    def set_speed(self, steps_per_second: float | None) -> None:
        self.speed = None if steps_per_second is None else min(max(steps_per_second, SLOWEST), FASTEST)

    def pass_time(self, now: float, done: int) -> bool:
        """Let the clock run on to ``now``, no further than the steps ``done``; whether the moment is another one."""
        if not self.is_running:
            return False
        before = self.moment
        self._at = min(self._at + (now - self._seen_at) * self.pace, float(max(done, before)))
        self._seen_at = now
        self.is_running = self._at < self.end
        return self.moment != before or not self.is_running

    def due_in(self) -> float:
        """Seconds until the moment is another one, while it runs."""
        return (int(self._at) + 1 - self._at) / self.pace
