"""Widths that keep the variance of activations alike in linear and self-normalising layers: one over the inputs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer
from simulations.nn.initializers.he import chosen_fan, fan_choice


@final
@INITIALIZERS.register(
    "lecun_uniform",
    label=N_("LeCun uniform"),
    summary=N_("Draws evenly; the variance is one over the inputs of the layer. Made for tanh and SELU."),
    source="LeCun et al. 1998, Efficient BackProp, section 4.6",
)
@dataclass(frozen=True)
class LeCunUniform(Initializer):
    """U(−a, a) with a = √(3 / fan)."""

    fan: str = fan_choice()

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        limit = math.sqrt(3.0 / chosen_fan(self.fan, fan_in, fan_out))
        return rng.uniform(-limit, limit, shape)


@final
@INITIALIZERS.register(
    "lecun_normal",
    label=N_("LeCun normal"),
    summary=N_("Draws from a Gaussian; the variance is one over the inputs of the layer. Made for tanh and SELU."),
    source="LeCun et al. 1998, Efficient BackProp, section 4.6; Klambauer et al. 2017",
)
@dataclass(frozen=True)
class LeCunNormal(Initializer):
    """N(0, 1 / fan)."""

    fan: str = fan_choice()

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        return rng.standard_normal(shape) / math.sqrt(chosen_fan(self.fan, fan_in, fan_out))
