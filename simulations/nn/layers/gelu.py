"""GELU: multiplies each value by the chance that a Gaussian is smaller, the activation of the transformers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.numerics import Erf
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.activation import Activation
from simulations.nn.layers.base import LAYERS, Memo

_TANH_SLOPE = math.sqrt(2 / math.pi)
_TANH_CUBE = 0.044715  # Hendrycks & Gimpel 2016, section 2


@LAYERS.register(
    "gelu",
    label=N_("GELU"),
    summary=N_("Multiplies every value by the chance that a standard Gaussian is smaller than it."),
    source="Hendrycks & Gimpel 2016; torch.nn.GELU",
)
@final
@dataclass(frozen=True)
class GELU(Activation):
    """y = x·Φ(x) with Φ(x) = (1 + erf(x/√2))/2, or its approximation (1 + tanh(√(2/π)·(x + 0.044715·x³)))/2."""

    approximation: str = param(
        "exact",
        choices=("exact", "tanh"),
        labels=(N_("exact"), N_("by tanh")),
        label=N_("Form"),
        help=N_("The exact Gaussian, or the tanh that early transformers used in its place."),
    )

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        super().allocate(memo, n, input_shape, dtype)
        memo.chance = np.zeros_like(memo.y)
        memo.part = np.zeros_like(memo.y)
        memo.erf = Erf(memo.y) if self.approximation == "exact" else None

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        memo.x = x
        chance, part = memo.chance, memo.part
        if memo.erf is not None:
            np.multiply(x, math.sqrt(0.5), out=part)
            memo.erf(part, out=chance)
        else:
            np.multiply(x, x, out=part)
            part *= _TANH_CUBE
            part += 1
            part *= x
            part *= _TANH_SLOPE
            np.tanh(part, out=chance)
        chance += 1
        chance *= 0.5
        y: FloatArray = np.multiply(x, chance, out=memo.y)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = memo.dx
        self._density(memo)
        np.multiply(memo.x, memo.part, out=dx)
        dx += memo.chance
        dx *= dy
        return dx

    def _density(self, memo: Memo) -> None:
        """The derivative of the chance, into ``memo.part``."""
        x, part, chance = memo.x, memo.part, memo.chance
        np.multiply(x, x, out=part)
        if memo.erf is not None:
            part *= -0.5
            np.exp(part, out=part)
            part *= 1 / math.sqrt(2 * math.pi)
        else:  # Φ' = 2·Φ·(1 − Φ)·slope of the tanh's argument
            part *= 3 * _TANH_CUBE
            part += 1
            part *= 2 * _TANH_SLOPE
            part *= chance
            np.subtract(1, chance, out=memo.dx)
            part *= memo.dx
