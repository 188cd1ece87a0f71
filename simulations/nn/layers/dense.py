"""The dense layer: every output sees every input."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape, aligned, shape_text
from simulations.core.errors import ShapeError
from simulations.core.params import param
from simulations.core.products import pieces, product
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
    """y = x·W + b, with W ``(d, units)`` and b ``(units,)``; equals ``torch.nn.Linear`` with W transposed.

    A sequence ``(t, d)`` becomes ``(t, units)``: the same weights at every step.
    """

    units: int = param(16, low=1, high=4096, scale="log", label=N_("Units"), help=N_("How many outputs the layer has."))
    initializer: Initializer = param(
        HeNormal(), registry=INITIALIZERS, label=N_("Initialiser"), help=N_("The rule that draws the first weights.")
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) > 2:
            raise ShapeError(
                N_("Dense expects a flat input, got {received}: add a flatten layer before it."),
                received=shape_text(input_shape),
            )
        return (*input_shape[:-1], self.units)

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        d = input_shape[-1]
        return (
            Parameter("weight", (d, self.units), self.initializer, fan_in=d, fan_out=self.units),
            Parameter("bias", (self.units,), Zeros(), fan_in=d, fan_out=self.units, decays=False),
        )

    def multiply_adds(self, input_shape: Shape) -> int:
        return math.prod(input_shape) * self.units

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        *steps, d = input_shape
        positions = math.prod(steps) * n
        memo.y = memo.output_buffer(n, (*steps, self.units), dtype)
        memo.dx = aligned((*reversed(input_shape), n), dtype).T if memo.wants_dx else None
        memo.ones = np.ones(positions, dtype)
        memo.has_steps = bool(steps)
        if steps:
            memo.inputs = np.zeros((d, *steps, n), dtype)
            memo.d_outputs = np.zeros((self.units, *steps, n), dtype)
            return
        memo.extended = None if memo.below is None else memo.below.output
        is_first = memo.extended is None  # data come sample by sample, and BLAS takes them faster so
        memo.by_sample = memo.workspace((n, self.units), dtype) if is_first else None
        work = n * d * self.units
        memo.product = product(work, pieces(n, d * self.units, dtype) if is_first else 1)
        memo.d_product = product(work, pieces(d, n * self.units, dtype) if is_first else 1)
        memo.d_input_product = product(work)
        memo.joint = memo.d_joint = None

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        y: FloatArray = memo.y
        if memo.has_steps:
            np.copyto(memo.inputs, x.T)
            np.dot(weights["weight"].T, _flat(memo.inputs), out=_flat(y.T))
            y += weights["bias"]
            return y
        memo.x = x
        if memo.extended is None:
            memo.product(x, weights["weight"], memo.by_sample)
            np.add(memo.by_sample.T, weights["bias"][:, np.newaxis], out=y.T)
        else:  # the bias is one more row of W, and x has a matching column of ones
            if memo.joint is None:
                memo.joint = joined(weights["weight"], weights["bias"]).T
            memo.product(memo.joint, memo.extended, y.T)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = memo.dx
        if memo.has_steps:
            np.copyto(memo.d_outputs, dy.T)
            d_outputs = _flat(memo.d_outputs)
            if memo.wants_dx:
                np.dot(weights["weight"], d_outputs, out=_flat(dx.T))
            np.dot(d_outputs, memo.ones, out=gradients["bias"])
            np.dot(_flat(memo.inputs), d_outputs.T, out=gradients["weight"])
            return dx
        if memo.wants_dx:
            memo.d_input_product(weights["weight"], dy.T, dx.T)
        if memo.extended is None:
            np.dot(dy.T, memo.ones, out=gradients["bias"])
            np.copyto(memo.by_sample, dy)
            memo.d_product(memo.x.T, memo.by_sample, gradients["weight"])
        else:
            if memo.d_joint is None:
                memo.d_joint = joined(gradients["weight"], gradients["bias"])
            memo.d_product(memo.extended, dy, memo.d_joint)
        return dx


def _flat(steps: FloatArray) -> FloatArray:
    """``(d, t, n)`` as ``(d, t·n)``; a view."""
    return steps.reshape(len(steps), -1)
