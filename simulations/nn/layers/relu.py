"""ReLU: lets positive numbers through and stops the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS, Layer, Memo


@LAYERS.register(
    "relu",
    label=N_("ReLU"),
    summary=N_("Keeps positive values and sets negative ones to zero."),
    source="Nair & Hinton 2010; torch.nn.ReLU",
)
@final
@dataclass(frozen=True)
class ReLU(Layer):
    """y = max(x, 0). The derivative at exactly 0 is 0, as in PyTorch."""

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        memo.y = np.zeros((n, *input_shape), dtype)
        memo.dx = np.zeros_like(memo.y)
        memo.zero = dtype.type(0)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        y: FloatArray = np.maximum(x, memo.zero, memo.y)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = memo.dx
        np.sign(memo.y, dx)  # 0 or 1: multiplying floats is far faster than masking with booleans
        dx *= dy
        return dx
