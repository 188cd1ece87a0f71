"""The update ratio of every layer, now and through training: how big a step is beside what it changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from simulations.core.arrays import Array, frozen

if TYPE_CHECKING:
    from simulations.training.view import NetworkView

_KEPT = 256


def update_ratios(view: NetworkView) -> tuple[float, ...]:
    """log10(‖update‖ / ‖parameters‖) of each layer (nan where there is none)."""
    update = view.last_update()
    if update is None:
        return (math.nan,) * len(view.layers)
    theta = view.network.theta
    ratios = []
    for part in view.network.slices:
        moved, size = update[part], theta[part]
        norm = math.sqrt(float(size @ size)) if size.size else 0.0
        ratio = math.sqrt(float(moved @ moved)) / norm if norm else math.nan
        ratios.append(math.log10(ratio) if ratio > 0 else math.nan)
    return tuple(ratios)


class UpdateHistory:
    """At most 256 moments, evenly thinned, and the newest; a return to an earlier step forgets what came after it."""

    def __init__(self, layers: int) -> None:
        self._rows = np.full((_KEPT + 1, layers + 1), math.nan)  # step, then a ratio per layer; the last row is now
        self._count = 0
        self._stride = 1

    def remember(self, step: int, ratios: tuple[float, ...]) -> None:
        """Note ``ratios`` as the newest; nothing is noted before the first update was measured."""
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
