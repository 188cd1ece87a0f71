"""A box of fixed width, whatever the size of the layer."""

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
    "uniform",
    label=N_("Uniform"),
    summary=N_("Draws evenly between −limit and +limit, whatever the size of the layer."),
    source="torch.nn.init.uniform_",
)
@dataclass(frozen=True)
class Uniform(Initializer):
    """U(−limit, limit); its standard deviation is limit / √3."""

    limit: float = param(
        0.05,
        low=1e-4,
        high=10.0,
        scale="log",
        label=N_("Limit"),
        help=N_("Largest absolute value a first weight can have."),
    )

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        return rng.uniform(-self.limit, self.limit, shape)
