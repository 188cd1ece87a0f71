"""Who is shown a new snapshot at once and who waits for a turn, so that a picture under the finger is never late.

Panels that lead are shown every snapshot. Those that follow share a part of every frame: who takes longer than that waits until
the frames that passed have left enough of it, and the frames between are short. When no snapshot comes for a while, everybody is
shown the last.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

from widgets.panel import Panel

_ROOM_S: Final = 0.004  # of a frame, for those that follow
_LEAST_S: Final = 0.0002
_WEIGHT: Final = 0.5  # of the last frame in what a panel is thought to cost


class Turns:
    """The order of the panels in view. Those that follow are shown in turn, each as soon as there is room for what it is known
    to cost; room that nobody needed is not kept."""

    def __init__(self) -> None:
        self._leading: tuple[Panel, ...] = ()
        self._following: deque[Panel] = deque()
        self._shown: tuple[Panel, ...] = ()  # of those that follow
        self._behind: dict[Panel, None] = {}
        self._cost_s: dict[Panel, float] = {}  # of a frame, what those that lead cost left out
        self._lead_s = 0.0
        self._room_s = 0.0  # that frames have left until now

    def begin(self, panels: Sequence[Panel]) -> None:
        """``panels`` are in view from now on, and have been shown what there is."""
        self._leading = tuple(one for one in panels if not one.follows)
        self._shown = tuple(one for one in panels if one.follows)
        self._following = deque(self._shown)
        self._behind = {}
        even = _ROOM_S / max(1, len(self._shown))
        self._cost_s = {one: self._cost_s.get(one, even) for one in self._shown}

    def next(self) -> tuple[Panel, ...]:
        """Who is shown the new snapshot."""
        shown: list[Panel] = []
        self._room_s += _ROOM_S * (1 + 1e-9)
        room_s = self._room_s
        while self._following and self._cost_s[self._following[0]] <= room_s:
            room_s = min(room_s, _ROOM_S) - self._cost_s[self._following[0]]  # what was saved is for one
            shown.append(self._following.popleft())
        if shown or not self._following:
            self._room_s = 0.0
        self._behind = dict.fromkeys(self._following)
        self._following.extend(shown)
        self._shown = tuple(shown)
        return (*self._leading, *shown)

    def note(self, seconds: float) -> None:
        """The last frame took so long, painting included."""
        if not self._shown:
            self._lead_s += _WEIGHT * (seconds - self._lead_s)
            return
        theirs = max(seconds - self._lead_s, 0.0)
        expected = sum(self._cost_s[one] for one in self._shown)
        for one in self._shown:
            seen = theirs * self._cost_s[one] / expected
            self._cost_s[one] = max(_LEAST_S, self._cost_s[one] + _WEIGHT * (seen - self._cost_s[one]))

    @property
    def is_somebody_behind(self) -> bool:
        return bool(self._behind)

    def catch_up(self) -> tuple[Panel, ...]:
        """Who has missed the last snapshot and is shown it now."""
        found, self._behind = tuple(self._behind), {}
        return found
