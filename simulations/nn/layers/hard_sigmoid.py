"""Hard sigmoid: the sigmoid as three straight lines, for chips that have no exponential."""

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
    "hard_sigmoid",
    label=N_("Hard sigmoid"),
    summary=N_("Squeezes every value into the range from 0 to 1 along three straight lines."),
    source="Courbariaux et al. 2015; torch.nn.Hardsigmoid",
)
@final
@dataclass(frozen=True)
class HardSigmoid(Activation):
    """y = min(max(x/6 + 1/2, 0), 1). The derivative is 1/6 inside (−3, 3) and 0 elsewhere, as in PyTorch."""

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        y: FloatArray = np.multiply(x, 1 / 6, out=memo.y)
        y += 0.5
        np.clip(y, 0, 1, out=y)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = np.subtract(1, memo.y, out=memo.dx)
        dx *= memo.y  # zero exactly where the output is 0 or 1
        np.greater(dx, memo.zeros, out=memo.mask)
        np.multiply(dy, 1 / 6, out=dx)
        dx *= memo.mask
        return dx
