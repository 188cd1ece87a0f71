"""Identity: what comes in goes out, to see what a network is without the activation that stood here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS, Layer, Memo


@LAYERS.register(
    "identity",
    label=N_("Identity"),
    summary=N_("Passes every value on unchanged: a layer followed by it stays linear."),
    source="torch.nn.Identity",
)
@final
@dataclass(frozen=True)
class Identity(Layer):
    """y = x, in the same memory."""

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        memo.pass_through()

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        return x

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        return dy
