"""The update ratio of every layer through training: how big a step is beside what it changes."""

from __future__ import annotations

import math

import numpy as np

from simulations.core.arrays import Array, frozen
from simulations.training.update import Update

_KEPT = 256


class UpdateHistory:
    """At most 256 moments, evenly thinned, and the newest; a return to an earlier step forgets what came after it."""

    def __init__(self, layers: int) -> None:
        self._rows = np.full((_KEPT + 1, layers + 1), math.nan)  # step, then a ratio per layer; the last row is now
        self._count = 0
        self._stride = 1

    def remember(self, update: Update) -> None:
        """Note ``update`` as the newest, unless it changed no layer."""
        step, ratios = update
        if all(math.isnan(one) for one in ratios):
            return
        while self._count and self._rows[self._count - 1, 0] >= step:
            self._count -= 1
        if self._count > 1 and self._rows[self._count - 1, 0] - self._rows[self._count - 2, 0] < self._stride:
            self._count -= 1  # the newest of before stands too close to the one before it
        if self._count >= _KEPT:
            self._rows[: _KEPT // 2] = self._rows[:_KEPT:2]
            self._count = _KEPT // 2
            self._stride *= 2
        self._rows[self._count, 0] = step
        self._rows[self._count, 1:] = ratios
        self._count += 1

    def table(self) -> Array:
        """``(m, layers + 1)``: a step and every layer's ratio at it, oldest first; nan for a layer without parameters."""
        return frozen(self._rows[: self._count])
