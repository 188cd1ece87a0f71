"""ReLU6: a ReLU that stops at six, so that few bits suffice for what comes out."""

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
    "relu6",
    label=N_("ReLU6"),
    summary=N_("Sets negative values to zero and stops positive ones at six."),
    source="Howard et al. 2017, MobileNets; torch.nn.ReLU6",
)
@final
@dataclass(frozen=True)
class ReLU6(Activation):
    """y = min(max(x, 0), 6). The derivative at exactly 0 and 6 is 0, as in PyTorch."""

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        y: FloatArray = np.clip(x, 0, 6, out=memo.y)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = np.subtract(6, memo.y, out=memo.dx)
        dx *= memo.y  # zero exactly where the output is 0 or 6
        np.greater(dx, memo.zeros, out=memo.mask)
        np.multiply(dy, memo.mask, out=dx)
        return dx
