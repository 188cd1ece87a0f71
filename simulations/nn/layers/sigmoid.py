"""Sigmoid: squeezes any number into (0, 1), and saturates at both ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.numerics import sigmoid
from simulations.core.text import N_
from simulations.nn.layers.activation import Activation
from simulations.nn.layers.base import LAYERS, Memo


@LAYERS.register(
    "sigmoid",
    label=N_("Sigmoid"),
    summary=N_("Squeezes every value into the range from 0 to 1."),
    source="torch.nn.Sigmoid",
)
@final
@dataclass(frozen=True)
class Sigmoid(Activation):
    """y = 1/(1 + e⁻ˣ), and derivative y·(1 − y)."""

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        return sigmoid(x, out=memo.y)

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = np.multiply(memo.y, memo.y, out=memo.dx)
        np.subtract(memo.y, dx, out=dx)  # y·(1 − y)
        dx *= dy
        return dx
