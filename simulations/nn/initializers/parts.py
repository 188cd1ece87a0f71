"""Weights that lie in one array but belong to separate maps: each map is drawn by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.nn.initializers.base import Initializer


@final
@dataclass(frozen=True)
class Grouped(Initializer):
    """``initializer`` for each of the ``groups`` that the last axis falls into, as if each were a layer of its own."""

    initializer: Initializer
    groups: int

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        part = (*shape[:-1], shape[-1] // self.groups)
        return np.concatenate([self.initializer.draw(part, fan_in, fan_out, rng) for _ in range(self.groups)], axis=-1)


@final
@dataclass(frozen=True)
class PlaceByPlace(Initializer):
    """``initializer`` for the kernels of every place: shape ``(rows, columns, kernel², c, channels)``."""

    initializer: Initializer
    kernel: int

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        rows, columns, _, c, channels = shape
        one = (self.kernel, self.kernel, c, channels)
        drawn = [self.initializer.draw(one, fan_in, fan_out, rng) for _ in range(rows * columns)]
        result: FloatArray = np.stack(drawn).reshape(shape)
        return result
