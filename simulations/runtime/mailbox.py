"""The newest snapshot, and only the newest: nothing piles up when the window stalls."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """A place for one value between two threads: the writer overwrites nothing that was not taken.

    The writer asks :attr:`is_free` before it builds a value, so an untaken one costs it nothing.
    """

    def __init__(self) -> None:
        self._value: T | None = None
        self._lock = threading.Lock()

    @property
    def is_free(self) -> bool:
        return self._value is None

    def put(self, value: T) -> None:
        """Leave ``value``, replacing one that was not taken."""
        with self._lock:
            self._value = value

    def take(self) -> T | None:
        """The value left last, or None; the place is free afterwards."""
        with self._lock:
            value, self._value = self._value, None
        return value
