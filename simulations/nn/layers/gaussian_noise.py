"""Gaussian noise: shakes what passes while training, so that the network learns to look past small differences."""

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
    "gaussian_noise",
    label=N_("Gaussian noise"),
    summary=N_("While training, adds a small random number to every value."),
    source="Bishop 1995, Training with noise is equivalent to Tikhonov regularization",
)
@final
@dataclass(frozen=True)
class GaussianNoise(Layer):
    """y = x + std·z with z standard normal; y = x in evaluation."""

    std: float = param(
        0.1,
        low=0.0,
        high=2.0,
        live=True,
        label=N_("Standard deviation"),
        help=N_("Width of the noise that is added."),
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        if not memo.training:
            memo.pass_through()
            return
        memo.y = memo.output_buffer(n, input_shape, dtype)
        memo.noise = np.zeros(memo.y.T.shape, np.float32)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        if not memo.training:
            return x
        memo.stream("noise").standard_normal(dtype=np.float32, out=memo.noise)
        y: FloatArray = memo.y
        np.multiply(memo.noise, self.std, out=y.T)
        y += x
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        return dy
