"""Tanh: squeezes any number into (−1, 1), centred on zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.text import N_
from simulations.nn.layers.activation import Activation
from simulations.nn.layers.base import LAYERS, Memo


@LAYERS.register(
    "tanh",
    label=N_("Tanh"),
    summary=N_("Squeezes every value into the range from −1 to 1."),
    source="LeCun et al. 1998, Efficient BackProp; torch.nn.Tanh",
)
@final
@dataclass(frozen=True)
class Tanh(Activation):
    """y = tanh x."""

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        y: FloatArray = np.tanh(x, out=memo.y)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = np.multiply(memo.y, memo.y, out=memo.dx)
        np.subtract(1, dx, out=dx)
        dx *= dy
        return dx
