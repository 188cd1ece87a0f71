"""Mish: each value times the tanh of its softplus, a smoother relative of SiLU."""

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
from simulations.nn.layers.softplus import softplus


@LAYERS.register(
    "mish",
    label=N_("Mish"),
    summary=N_("Multiplies every value by the tanh of its softplus."),
    source="Misra 2019; torch.nn.Mish",
)
@final
@dataclass(frozen=True)
class Mish(Activation):
    """y = x·t with t = tanh(ln(1 + eˣ)), and derivative t + x·(1 − t²)·σ(x)."""

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        super().allocate(memo, n, input_shape, dtype)
        memo.gate = np.zeros_like(memo.y)
        memo.part = np.zeros_like(memo.y)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        memo.x = x
        softplus(x, memo.zeros, 1.0, memo.part, memo.gate)
        np.tanh(memo.gate, out=memo.gate)
        y: FloatArray = np.multiply(x, memo.gate, out=memo.y)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = np.multiply(memo.gate, memo.gate, out=memo.dx)
        np.subtract(1, dx, out=dx)
        dx *= memo.x
        dx *= sigmoid(memo.x, out=memo.part)
        dx += memo.gate
        dx *= dy
        return dx
