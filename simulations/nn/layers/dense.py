"""The dense layer: every output sees every input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape, shape_text
from simulations.core.errors import ShapeError
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer
from simulations.nn.initializers.he import HeNormal
from simulations.nn.initializers.zeros import Zeros
from simulations.nn.layers.base import LAYERS, Memo, Parameter, joined
from simulations.nn.layers.trainable import Trainable


@LAYERS.register(
    "dense",
    label=N_("Dense"),
    summary=N_("Every unit adds up all inputs, each times its own weight, plus a bias."),
    source="torch.nn.Linear",
)
@final
@dataclass(frozen=True)
class Dense(Trainable):
    """y = x·W + b, with W ``(d, units)`` and b ``(units,)``; equals ``torch.nn.Linear`` with W transposed."""

    units: int = param(16, low=1, high=4096, scale="log", label=N_("Units"), help=N_("How many outputs the layer has."))
    initializer: Initializer = param(
        HeNormal(), registry=INITIALIZERS, label=N_("Initialiser"), help=N_("The rule that draws the first weights.")
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 1:
            raise ShapeError(
                N_("Dense expects a flat input, got {received}: add a flatten layer before it."),
                received=shape_text(input_shape),
            )
        return (self.units,)

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        (d,) = input_shape
        return (
            Parameter("weight", (d, self.units), self.initializer, fan_in=d, fan_out=self.units),
            Parameter("bias", (self.units,), Zeros(), fan_in=d, fan_out=self.units, decays=False),
        )

    def multiply_adds(self, input_shape: Shape) -> int:
        return input_shape[0] * self.units

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        memo.y = memo.output_buffer(n, (self.units,), dtype)
        memo.dx = np.zeros((n, *input_shape), dtype, order="F") if memo.wants_dx else None
        memo.ones = np.ones(n, dtype)
        memo.extended = None if memo.below is None else memo.below.output
        memo.joint = memo.d_joint = None

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        memo.x = x
        y: FloatArray = memo.y
        if memo.extended is None:
            np.dot(weights["weight"].T, x.T, out=y.T)
            y += weights["bias"]
        else:  # the bias is one more row of W, and x has a matching column of ones
            if memo.joint is None:
                memo.joint = joined(weights["weight"], weights["bias"]).T
            np.dot(memo.joint, memo.extended, out=y.T)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = memo.dx
        if memo.wants_dx:
            np.dot(weights["weight"], dy.T, out=dx.T)
        if memo.extended is None:
            np.dot(dy.T, memo.ones, out=gradients["bias"])
            np.dot(memo.x.T, dy, out=gradients["weight"])
        else:
            if memo.d_joint is None:
                memo.d_joint = joined(gradients["weight"], gradients["bias"])
            np.dot(memo.extended, dy, out=memo.d_joint)
        return dx
