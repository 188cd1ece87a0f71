"""A Gaussian of fixed width, whatever the size of the layer: what deep networks drown or explode in."""

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
    "normal",
    label=N_("Normal"),
    summary=N_("Draws from a Gaussian of a fixed width, whatever the size of the layer."),
    source="torch.nn.init.normal_",
)
@dataclass(frozen=True)
class Normal(Initializer):
    """N(0, std²)."""

    std: float = param(
        0.01,
        low=1e-4,
        high=10.0,
        scale="log",
        label=N_("Standard deviation"),
        help=N_("Width of the Gaussian the first values are drawn from."),
    )

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        return rng.standard_normal(shape) * self.std
