"""Softsign: a tanh that saturates slowly, like 1/x instead of an exponential."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.text import N_
from simulations.nn.layers.activation import Activation
from simulations.nn.layers.base import LAYERS, Memo


@LAYERS.register(
    "softsign",
    label=N_("Softsign"),
    summary=N_("Squeezes every value into the range from −1 to 1, more slowly than tanh."),
    source="Bergstra et al. 2009; torch.nn.Softsign",
)
@final
@dataclass(frozen=True)
class Softsign(Activation):
    """y = x/(1 + |x|), with derivative 1/(1 + |x|)²."""

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        super().allocate(memo, n, input_shape, dtype)
        memo.size = np.zeros_like(memo.y)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        np.abs(x, out=memo.size)
        memo.size += 1
        y: FloatArray = np.divide(x, memo.size, out=memo.y)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = np.divide(dy, memo.size, out=memo.dx)
        dx /= memo.size
        return dx
