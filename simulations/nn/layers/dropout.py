"""Dropout: silences units at random while training, so that none can rely on another."""

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
    "dropout",
    label=N_("Dropout"),
    summary=N_("While training, sets a random share of the values to zero and enlarges the rest."),
    source="Srivastava et al. 2014; torch.nn.Dropout",
)
@final
@dataclass(frozen=True)
class Dropout(Layer):
    """y = x·m/(1 − rate), m ∈ {0, 1} with mean 1 − rate; y = x in evaluation (inverted dropout).

    The classic form of 2014 trains with y = x·m and evaluates with y = x·(1 − rate).
    """

    rate: float = param(
        0.5, low=0.0, high=0.95, live=True, label=N_("Rate"), help=N_("Share of the values that is set to zero.")
    )
    scaling: str = param(
        "inverted",
        choices=("inverted", "classic"),
        labels=(N_("in training"), N_("in evaluation")),
        label=N_("Rescaled"),
        help=N_("When the missing share is made up for: at once by enlarging the rest, or later by shrinking all."),
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        if not memo.training and self.scaling == "inverted":
            memo.pass_through()
            return
        memo.y = memo.output_buffer(n, input_shape, dtype)
        memo.mask = np.zeros_like(memo.y)
        memo.dx = np.zeros_like(memo.y)
        memo.noise = np.zeros(memo.y.size, np.float32)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        if not memo.training:
            return x if self.scaling == "inverted" else np.multiply(x, 1 - self.rate, out=memo.y)
        memo.stream("dropout").random(dtype=np.float32, out=memo.noise)
        np.copyto(memo.mask.T, (memo.noise >= self.rate).reshape(memo.mask.T.shape))
        if self.scaling == "inverted":
            memo.mask *= 1 / (1 - self.rate)
        y: FloatArray = np.multiply(x, memo.mask, out=memo.y)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        if not memo.training:
            return dy if self.scaling == "inverted" else np.multiply(dy, 1 - self.rate, out=memo.dx)
        dx: FloatArray = np.multiply(dy, memo.mask, out=memo.dx)
        return dx
