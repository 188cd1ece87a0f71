"""Leaky ReLU: a ReLU that never quite closes, so that no unit dies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.activation import Activation
from simulations.nn.layers.base import LAYERS, Memo


@LAYERS.register(
    "leaky_relu",
    label=N_("Leaky ReLU"),
    summary=N_("Keeps positive values and shrinks negative ones instead of removing them."),
    source="Maas, Hannun & Ng 2013; torch.nn.LeakyReLU",
)
@final
@dataclass(frozen=True)
class LeakyReLU(Activation):
    """y = max(x, 0) + slope·min(x, 0). The derivative at exactly 0 is the slope, as in PyTorch."""

    remembers: ClassVar[bool] = True

    slope: float = param(
        0.01,
        low=0.0,
        high=0.99,
        live=True,
        label=N_("Slope"),
        help=N_("What negative values are multiplied by."),
    )

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        y: FloatArray = np.multiply(x, self.slope, out=memo.y)
        np.maximum(x, y, out=y)  # slope < 1
        np.greater(x, memo.zeros, out=memo.mask)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = np.multiply(memo.mask, memo.y.dtype.type(1 - self.slope), out=memo.dx)
        dx += self.slope
        dx *= dy
        return dx
