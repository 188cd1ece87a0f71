"""The newest snapshot, and only the newest: nothing piles up when the window stalls."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """A place for one value between two threads: the writer overwrites nothing that was not taken.

    The writer asks :attr:`is_free` before it builds a value, so an untaken one costs it nothing. One that would disturb the
    reader at work, for both need the interpreter, asks :attr:`is_done`, and may :meth:`wait` for it. ``on_put`` is called by the
    writer after every value.
    """

    def __init__(self) -> None:
        self.on_put: Callable[[], None] | None = None
        self._value: T | None = None
        self._lock = threading.Lock()
        self._is_used = False
        self._stirred = threading.Event()

    @property
    def is_free(self) -> bool:
        return self._value is None

    @property
    def is_done(self) -> bool:
        """Whether the last value was taken and its reader has finished with it."""
        return self._value is None and not self._is_used

    def put(self, value: T) -> None:
        """Leave ``value``, replacing one that was not taken."""
        with self._lock:
            self._value = value
        on_put = self.on_put
        if on_put is not None:
            on_put()

    def take(self) -> T | None:
        """The value left last, or None; the place is free afterwards."""
        with self._lock:
            value, self._value = self._value, None
            self._is_used |= value is not None
        return value

    def finish(self) -> None:
        """The reader has done everything it had to do with the value it took."""
        self._is_used = False
        self._stirred.set()

    def stir(self) -> None:
        """End the writer's :meth:`wait`: there is something else to do."""
        self._stirred.set()

    def wait(self, timeout_s: float) -> None:
        """Sleep until the reader has finished or somebody stirs, without asking for the interpreter meanwhile."""
        self._stirred.wait(timeout_s)
        self._stirred.clear()
