"""Where the timeline of a race stands: put there, moved, or running by the clock."""

from __future__ import annotations

from typing import Final

SPEED: Final = 100.0  # steps per second, at first
SLOWEST: Final = 1.0
FASTEST: Final = 20_000.0


class Timeline:
    """A moment between 0 and ``end``. At the end it stays there when the end moves: the whole race is what is looked at."""

    def __init__(self) -> None:
        self.end = 0
        self.speed = SPEED
        self.is_running = False
        self._at = 0.0
        self._is_at_end = True
        self._seen_at = 0.0

    @property
    def moment(self) -> int:
        return self.end if self._is_at_end else min(int(self._at), self.end)

    def set_end(self, end: int) -> None:
        """The race has ``end`` steps now."""
        self.end = end

    def stand(self, step: int) -> None:
        """Stand at ``step``, or as near as there is one."""
        self._at = float(min(max(step, 0), self.end))
        self._is_at_end = self._at >= self.end

    def play(self, now: float) -> None:
        """Run from here on; from the beginning when this is the end."""
        if self._is_at_end:
            self._at, self._is_at_end = 0.0, self.end == 0
        self.is_running = not self._is_at_end
        self._seen_at = now

    def pause(self) -> None:
        self.is_running = False

    def set_speed(self, steps_per_second: float) -> None:
        self.speed = min(max(steps_per_second, SLOWEST), FASTEST)

    def pass_time(self, now: float, done: int) -> bool:
        """Let the clock run on to ``now``, no further than the steps ``done``; whether the moment is another one."""
        before = self.moment
        if not self.is_running:
            return False
        self._at = min(self._at + (now - self._seen_at) * self.speed, float(max(done, before)))
        self._seen_at = now
        if self._at >= self.end:
            self._is_at_end, self.is_running = True, False
        return self.moment != before or not self.is_running

    def due_in(self) -> float:
        """Seconds until the moment is another one."""
        return (int(self._at) + 1 - self._at) / self.speed
