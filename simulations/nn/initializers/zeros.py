"""All zeros: right for biases, and the classic mistake for weights, because equal units then stay equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer


@final
@INITIALIZERS.register(
    "zeros",
    label=N_("Zeros"),
    summary=N_("Starts at zero: right for biases; weights that start equal stay equal and the layer never learns."),
    source="torch.nn.init.zeros_",
)
@dataclass(frozen=True)
class Zeros(Initializer):
    """Every value 0."""

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        return np.zeros(shape)
