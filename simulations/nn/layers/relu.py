"""ReLU: lets positive numbers through and stops the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.activation import Activation
from simulations.nn.layers.base import LAYERS, Memo


@LAYERS.register(
    "relu",
    label=N_("ReLU"),
    summary=N_("Keeps positive values and sets negative ones to zero."),
    source="Nair & Hinton 2010; torch.nn.ReLU",
)
@final
@dataclass(frozen=True)
class ReLU(Activation):
    """y = max(x, 0). The derivative at exactly 0 is a convention: 0, as in PyTorch, unless chosen otherwise."""

    at_zero: float = param(
        0.0,
        low=0.0,
        high=1.0,
        live=True,
        label=N_("Derivative at 0"),
        help=N_("The slope taken where a value is exactly zero, between the slopes on its two sides."),
    )

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        memo.x = x
        y: FloatArray = np.maximum(x, memo.zeros, out=memo.y)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        np.greater(memo.y, memo.zeros, out=memo.mask)
        dx: FloatArray = np.multiply(dy, memo.mask, out=memo.dx)
        if self.at_zero:
            np.copyto(dx, dy * self.at_zero, where=memo.x == 0)
        return dx
