"""Spatial dropout: silences whole channels, because neighbouring pixels tell each other what a single one hides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS, Layer, Memo


@LAYERS.register(
    "spatial_dropout",
    label=N_("Spatial dropout"),
    summary=N_("While training, sets whole channels to zero at random and enlarges the rest."),
    source="Tompson et al. 2015; torch.nn.Dropout2d",
)
@final
@dataclass(frozen=True)
class SpatialDropout(Layer):
    """y = x·m/(1 − rate) with one m ∈ {0, 1} for each channel of each sample; y = x in evaluation."""

    rate: float = param(
        0.2, low=0.0, high=0.95, live=True, label=N_("Rate"), help=N_("Share of the channels that is set to zero.")
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        if not memo.training:
            memo.pass_through()
            return
        memo.y = memo.output_buffer(n, input_shape, dtype)
        memo.dx = np.zeros_like(memo.y)
        memo.noise = np.zeros((input_shape[-1], *[1] * (len(input_shape) - 1), n), np.float32)
        memo.mask = np.zeros(memo.noise.shape, dtype)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        if not memo.training:
            return x
        memo.stream("dropout").random(dtype=np.float32, out=memo.noise)
        np.greater_equal(memo.noise, self.rate, out=memo.mask)
        memo.mask *= 1 / (1 - self.rate)
        y: FloatArray = memo.y
        np.multiply(x.T, memo.mask, out=y.T)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        if not memo.training:
            return dy
        dx: FloatArray = memo.dx
        np.multiply(dy.T, memo.mask, out=dx.T)
        return dx
