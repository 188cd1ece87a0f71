"""Widths that keep the variance of activations and gradients alike from layer to layer, for tanh and linear units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer
from simulations.nn.initializers.he import chosen_fan, fan_choice


def _gain() -> Any:
    return param(
        1.0,
        low=0.01,
        high=10.0,
        scale="log",
        label=N_("Gain"),
        help=N_("Multiplies the width: 1 for linear and sigmoid units, 5/3 for tanh, √2 for ReLU."),
    )


def xavier_std(gain: float, fan: str, fan_in: int, fan_out: int) -> float:
    """gain·√(1 / fan), by default of the average: gain·√(2 / (fan_in + fan_out))   (Glorot & Bengio 2010, eq. 12)."""
    return gain / math.sqrt(chosen_fan(fan, fan_in, fan_out))


@final
@INITIALIZERS.register(
    "xavier_uniform",
    label=N_("Xavier uniform"),
    summary=N_("Draws evenly; the width follows from the inputs and outputs of the layer. Made for tanh."),
    source="Glorot & Bengio 2010, eq. 16; torch.nn.init.xavier_uniform_",
)
@dataclass(frozen=True)
class XavierUniform(Initializer):
    """U(−a, a) with a = gain·√(6 / (fan_in + fan_out))."""

    gain: float = _gain()
    fan: str = fan_choice("average")

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        limit = math.sqrt(3.0) * xavier_std(self.gain, self.fan, fan_in, fan_out)
        return rng.uniform(-limit, limit, shape)


@final
@INITIALIZERS.register(
    "xavier_normal",
    label=N_("Xavier normal"),
    summary=N_("Draws from a Gaussian; the width follows from the inputs and outputs of the layer. Made for tanh."),
    source="Glorot & Bengio 2010, eq. 12; torch.nn.init.xavier_normal_",
)
@dataclass(frozen=True)
class XavierNormal(Initializer):
    """N(0, σ²) with σ = gain·√(2 / (fan_in + fan_out))."""

    gain: float = _gain()
    fan: str = fan_choice("average")

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        return rng.standard_normal(shape) * xavier_std(self.gain, self.fan, fan_in, fan_out)
