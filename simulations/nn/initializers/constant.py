"""One value for all: where a scale begins at 1 or a slope at a quarter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer


@final
@INITIALIZERS.register(
    "constant",
    label=N_("Constant"),
    summary=N_("Starts every weight at the same value; equal units then stay equal and learn the same."),
    source="torch.nn.init.constant_",
)
@dataclass(frozen=True)
class Constant(Initializer):
    """Every value ``value``."""

    value: float = param(0.1, low=-10.0, high=10.0, label=N_("Value"), help=N_("What every first weight is set to."))

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        return np.full(shape, float(self.value))
