"""Who is shown a new snapshot at once and who waits for a turn, so that a picture under the finger is never late.

Panels that lead are shown every snapshot. Those that follow take turns, as many at a time as a frame has room for; when no
snapshot comes for a while, everybody is shown the last.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

from widgets.panel import Panel

_FULL_S: Final = 0.010  # a frame that took longer has no room for as many
_ROOM_S: Final = 0.006  # one that took less has room for another


class Turns:
    """The order of the panels in view. At least one that follows is shown with every snapshot."""

    def __init__(self) -> None:
        self._leading: tuple[Panel, ...] = ()
        self._following: deque[Panel] = deque()
        self._behind: dict[Panel, None] = {}
        self._at_a_time = 1

    def begin(self, panels: Sequence[Panel]) -> None:
        """``panels`` are in view from now on, and have been shown what there is."""
        self._leading = tuple(one for one in panels if not one.follows)
        self._following = deque(one for one in panels if one.follows)
        self._behind = {}
        self._at_a_time = max(1, len(self._following))

    def next(self) -> tuple[Panel, ...]:
        """Who is shown the new snapshot."""
        shown = [self._following.popleft() for _ in range(min(self._at_a_time, len(self._following)))]
        self._behind = dict.fromkeys(self._following)
        self._following.extend(shown)
        return (*self._leading, *shown)

    def note(self, seconds: float) -> None:
        """The last frame took so long, painting included."""
        if seconds > _FULL_S:
            self._at_a_time = max(1, self._at_a_time - 1)
        elif seconds < _ROOM_S:
            self._at_a_time = min(max(1, len(self._following)), self._at_a_time + 1)

    @property
    def is_somebody_behind(self) -> bool:
        return bool(self._behind)

    def catch_up(self) -> tuple[Panel, ...]:
        """Who has missed the last snapshot and is shown it now."""
        found, self._behind = tuple(self._behind), {}
        return found
