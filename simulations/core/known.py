"""What was worked out for the latest keys: by whoever asked first, on whichever thread, or elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Known(Generic[K, V]):
    """A function that remembers the last ``most`` keys it was asked about or told of; its values are never None."""

    def __init__(self, work_out: Callable[[K], V], most: int) -> None:
        self._work_out, self._most = work_out, most
        self._values: dict[K, V] = {}
        self._turn = threading.Lock()

    def __call__(self, key: K) -> V:
        found = self.get(key)
        if found is None:
            found = self._work_out(key)
            self.tell(key, found)
        return found

    def get(self, key: K) -> V | None:
        """What is known already."""
        with self._turn:
            return self._values.get(key)

    def tell(self, key: K, value: V) -> None:
        """Spare the work: it has been done."""
        with self._turn:
            self._values[key] = value
            if len(self._values) > self._most:
                del self._values[next(iter(self._values))]
