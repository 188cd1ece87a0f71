"""SiLU, also called swish: each value times its own sigmoid, smooth and slightly negative before it dies out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.numerics import sigmoid
from simulations.core.text import N_
from simulations.nn.layers.activation import Activation
from simulations.nn.layers.base import LAYERS, Memo


@LAYERS.register(
    "silu",
    label=N_("SiLU"),
    summary=N_("Multiplies every value by its own sigmoid; also called swish."),
    source="Elfwing, Uchibe & Doya 2018; Ramachandran et al. 2017; torch.nn.SiLU",
)
@final
@dataclass(frozen=True)
class SiLU(Activation):
    """y = x·σ(x), with derivative σ + y·(1 − σ)."""

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        super().allocate(memo, n, input_shape, dtype)
        memo.gate = np.zeros_like(memo.y)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        sigmoid(x, out=memo.gate)
        y: FloatArray = np.multiply(x, memo.gate, out=memo.y)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = np.subtract(1, memo.gate, out=memo.dx)
        dx *= memo.y
        dx += memo.gate
        dx *= dy
        return dx
