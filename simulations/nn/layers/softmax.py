"""Softmax: turns scores into shares that add up to one. The cross-entropy loss has its own inside."""

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
    "softmax",
    label=N_("Softmax"),
    summary=N_("Turns the values of every place into shares between 0 and 1 that add up to 1."),
    source="Bridle 1990; torch.nn.Softmax",
)
@final
@dataclass(frozen=True)
class Softmax(Activation):
    """y = e^(x − max)/Σ e^(x − max) over the last axis. Subtracting the largest keeps e^x from overflowing."""

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        super().allocate(memo, n, input_shape, dtype)
        memo.one = np.zeros((1, *memo.y.T.shape[1:]), dtype)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        y: FloatArray = memo.y
        np.max(x.T, axis=0, keepdims=True, out=memo.one)
        np.subtract(x.T, memo.one, out=y.T)
        np.exp(y, out=y)
        np.sum(y.T, axis=0, keepdims=True, out=memo.one)
        np.divide(y.T, memo.one, out=y.T)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = np.multiply(dy, memo.y, out=memo.dx)
        np.sum(dx.T, axis=0, keepdims=True, out=memo.one)
        np.subtract(dy.T, memo.one, out=dx.T)
        dx *= memo.y
        return dx
