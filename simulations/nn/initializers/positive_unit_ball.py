"""Positive weights that add up to one for every unit, so that it starts as a weighted mean of its inputs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer


@final
@INITIALIZERS.register(
    "positive_unit_ball",
    label=N_("Positive unit ball"),
    summary=N_("Draws positive weights that add up to 1 for every unit, which starts as a mean of its inputs."),
    source="Caffe, PositiveUnitballFiller",
)
@dataclass(frozen=True)
class PositiveUnitBall(Initializer):
    """U(0, 1), divided by the sum over everything but the last axis."""

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        units = shape[-1] if len(shape) > 1 else 1
        values = 1 - rng.random((math.prod(shape) // units, units))  # 0 < values ≤ 1: a sum is never zero
        result: FloatArray = (values / values.sum(axis=0)).reshape(shape)
        return result
