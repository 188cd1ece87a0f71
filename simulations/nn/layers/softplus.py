"""Softplus: the ReLU with its corner rounded off, whose derivative is the sigmoid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.numerics import sigmoid
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.activation import Activation
from simulations.nn.layers.base import LAYERS, Memo


@LAYERS.register(
    "softplus",
    label=N_("Softplus"),
    summary=N_("A ReLU with a round corner: always positive, with the sigmoid as its derivative."),
    source="Dugas et al. 2001; torch.nn.Softplus",
)
@final
@dataclass(frozen=True)
class Softplus(Activation):
    """y = ln(1 + e^(β·x))/β, as max(x, 0) + ln(1 + e^(−|β·x|))/β, which never overflows."""

    beta: float = param(
        1.0, low=0.1, high=10.0, scale="log", live=True, label=N_("β"), help=N_("How sharp the corner is.")
    )

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        memo.x = x
        y: FloatArray = softplus(x, memo.zeros, self.beta, memo.dx, memo.y)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        np.multiply(memo.x, self.beta, out=memo.dx)
        dx: FloatArray = sigmoid(memo.dx, out=memo.dx)
        dx *= dy
        return dx


def softplus(x: FloatArray, zeros: FloatArray, beta: float, part: FloatArray, out: FloatArray) -> FloatArray:
    """ln(1 + e^(β·x))/β, written into ``out``; ``part`` is overwritten."""
    np.abs(x, out=part)
    part *= -beta
    np.exp(part, out=part)
    np.log1p(part, out=part)
    part *= 1 / beta
    np.maximum(x, zeros, out=out)
    out += part
    return out
