"""Flatten: lays an image out in a row, so that dense layers can follow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS, Layer, Memo


@LAYERS.register(
    "flatten",
    label=N_("Flatten"),
    summary=N_("Lays all values of a sample out in one row, so that dense layers can follow."),
    source="torch.nn.Flatten",
)
@final
@dataclass(frozen=True)
class Flatten(Layer):
    """``(h, w, c)`` → ``(c·w·h,)``: channel by channel, each column by column.

    That is the order values have in memory, so nothing moves; equals ``torch.nn.Flatten`` of ``(n, c, w, h)``.
    """

    def output_shape(self, input_shape: Shape) -> Shape:
        return (math.prod(input_shape),)

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        memo.shape = (*reversed(input_shape), n)
        memo.pass_through()
        memo.y = None
        if memo.output is None:  # the first layer: batches come in another order and are copied
            memo.y = memo.output_buffer(n, self.output_shape(input_shape), dtype)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        if memo.y is None:
            return x.T.reshape(-1, memo.shape[-1]).T
        np.copyto(memo.y.T.reshape(memo.shape), x.T)
        y: FloatArray = memo.y
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        return dy.T.reshape(memo.shape).T
