"""Widths that keep the variance alive through ReLU units, half of which are silent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer


def fan_choice(default: str = "in") -> Any:
    """Declare which of a parameter's fans its width follows from."""
    return param(
        default,
        choices=("in", "out", "average"),
        labels=(N_("Inputs"), N_("Outputs"), N_("Both")),
        label=N_("Keep variance of"),
        help=N_("Inputs keeps activations alike from layer to layer, outputs gradients, both is between the two."),
    )


def _negative_slope() -> Any:
    return param(
        0.0,
        low=0.0,
        high=3.0,
        label=N_("Negative slope"),
        help=N_("Slope of the following unit below zero: 0 for ReLU, its own slope for Leaky ReLU."),
    )


def chosen_fan(fan: str, fan_in: int, fan_out: int) -> float:
    """The number a width is divided by; at least 1, for parameters that have no fans."""
    return max(1.0, {"in": fan_in, "out": fan_out, "average": (fan_in + fan_out) / 2}[fan])


def he_std(fan: str, negative_slope: float, fan_in: int, fan_out: int) -> float:
    """√(2 / ((1 + a²)·fan))   (He et al. 2015, eq. 10, 14 and 15)."""
    return math.sqrt(2.0 / (1.0 + negative_slope**2) / chosen_fan(fan, fan_in, fan_out))


@final
@INITIALIZERS.register(
    "he_uniform",
    label=N_("He uniform"),
    summary=N_("Draws evenly; the width follows from the inputs of the layer. Made for ReLU."),
    source="He et al. 2015; torch.nn.init.kaiming_uniform_",
)
@dataclass(frozen=True)
class HeUniform(Initializer):
    """U(−a, a) with a = √(6 / ((1 + slope²)·fan)). A slope of √5 gives PyTorch's default for layers, ±1/√fan_in."""

    fan: str = fan_choice()
    negative_slope: float = _negative_slope()

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        limit = math.sqrt(3.0) * he_std(self.fan, self.negative_slope, fan_in, fan_out)
        return rng.uniform(-limit, limit, shape)


@final
@INITIALIZERS.register(
    "he_normal",
    label=N_("He normal"),
    summary=N_("Draws from a Gaussian; the width follows from the inputs of the layer. Made for ReLU."),
    source="He et al. 2015, eq. 10; torch.nn.init.kaiming_normal_",
)
@dataclass(frozen=True)
class HeNormal(Initializer):
    """N(0, σ²) with σ = √(2 / ((1 + slope²)·fan))."""

    fan: str = fan_choice()
    negative_slope: float = _negative_slope()

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        return rng.standard_normal(shape) * he_std(self.fan, self.negative_slope, fan_in, fan_out)
