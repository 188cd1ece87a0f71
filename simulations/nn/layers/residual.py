"""Residual block: adds what a stack of layers makes of its input to the input itself, so that depth cannot hurt."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape, shape_text
from simulations.core.errors import ShapeError
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.he import HeNormal
from simulations.nn.initializers.zeros import Zeros
from simulations.nn.layers.base import LAYERS, Buffer, Layer, Memo, Parameter
from simulations.nn.layers.conv2d import Conv2D
from simulations.nn.layers.relu import ReLU
from simulations.nn.layers.strand import Strand, stack_buffers, stack_multiply_adds, stack_parameters, stack_shapes
from simulations.nn.layers.trainable import Trainable

_LARGEST_STRIDE = 16


@LAYERS.register(
    "residual",
    label=N_("Residual block"),
    summary=N_("Adds what its inner layers make of the input to the input itself: gradients have a way around them."),
    source="He et al. 2016, Deep residual learning; He et al. 2016, Identity mappings",
)
@final
@dataclass(frozen=True)
class Residual(Trainable):
    """y = s(x) + F(x), F the inner stack and s the shortcut: the input itself, or a learnt 1×1 projection of it.

    ReLU can follow the sum (post-activation, the first paper) or stand before the inner stack (pre-activation, the
    second). A projection steps over the places as the stack does, and maps the channels: x·W + b, with W ``(c, k)``.
    """

    stack: tuple[Layer, ...] = param(
        (Conv2D(), ReLU(), Conv2D()),
        registry=LAYERS,
        label=N_("Inner layers"),
        help=N_("The layers the shortcut leads around."),
    )
    shortcut: str = param(
        "projection",
        choices=("identity", "projection"),
        labels=(N_("identity"), N_("1×1 projection")),
        label=N_("Shortcut"),
        help=N_("What is added: the input, which needs equal shapes, or a learnt map of its channels."),
    )
    activation: str = param(
        "after",
        choices=("after", "before", "none"),
        labels=(N_("after the sum"), N_("before the layers"), N_("none")),
        label=N_("ReLU"),
        help=N_("Where the block has a ReLU of its own, if it has one."),
    )

    @property
    def reads_tokens(self) -> bool:
        return any(one.reads_tokens for one in self.stack)

    def output_shape(self, input_shape: Shape) -> Shape:
        after = stack_shapes(self.stack, input_shape)[-1]
        self._stride(input_shape, after)  # first: where no projection can match, none must be recommended
        if self.shortcut == "identity" and after != input_shape:
            raise ShapeError(
                N_(
                    "The inner layers turn {before} into {after}, which cannot be added to the input: use a projection."
                ),
                before=shape_text(input_shape),
                after=shape_text(after),
            )
        return after

    def _stride(self, before: Shape, after: Shape) -> int:
        """How far apart the places of the input are that the outputs stand for."""
        for stride in range(1, _LARGEST_STRIDE + 1) if len(before) == len(after) else ():
            if all(-(-a // stride) == b for a, b in zip(before[:-1], after[:-1], strict=True)):
                return stride
        raise ShapeError(
            N_("The inner layers turn {before} into {after}, which no projection can match: use padding ‘same’."),
            before=shape_text(before),
            after=shape_text(after),
        )

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        inner = stack_parameters(self.stack, input_shape)
        if self.shortcut == "identity":
            return inner
        c, k = input_shape[-1], self.output_shape(input_shape)[-1]
        return (
            *inner,
            Parameter("projection.weight", (c, k), HeNormal(), fan_in=c, fan_out=k),
            Parameter("projection.bias", (k,), Zeros(), fan_in=c, fan_out=k, decays=False),
        )

    def buffers(self, input_shape: Shape) -> tuple[Buffer, ...]:
        return stack_buffers(self.stack, input_shape)

    def multiply_adds(self, input_shape: Shape) -> int:
        inner = stack_multiply_adds(self.stack, input_shape)
        projecting = math.prod(self.output_shape(input_shape)) * input_shape[-1]
        return inner + (projecting if self.shortcut == "projection" else 0)

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        after = self.output_shape(input_shape)
        stride = self._stride(input_shape, after)
        memo.y = memo.output_buffer(n, after, dtype)
        memo.d_sum, memo.mask = np.zeros_like(memo.y), np.zeros_like(memo.y, bool)
        memo.dx = np.zeros((n, *input_shape), dtype, order="F")
        memo.taken = (slice(None), *[slice(None, None, stride)] * (len(input_shape) - 1))  # of memory (c, …, n)
        memo.places = np.zeros((input_shape[-1], *memo.y.T.shape[1:]), dtype)
        memo.d_places = np.zeros_like(memo.places)
        memo.projected = np.zeros_like(memo.y.T)
        memo.ones = np.ones(math.prod(after[:-1]) * n, dtype)
        below = memo.below
        memo.first = None
        if self.activation == "before":
            memo.first = below = Memo(memo.layer, training=memo.training)
            _FIRST.allocate(below, n, input_shape, dtype)
        memo.strand = Strand(self.stack, memo, n, input_shape, dtype, below=below)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        inside = x if memo.first is None else _FIRST.forward(x, {}, memo.first)
        y: FloatArray = memo.y
        made = memo.strand.forward(self.stack, inside, weights)
        if self.shortcut == "identity":
            np.add(made, x, out=y)
        else:
            np.copyto(memo.places, x.T[memo.taken])
            matrix, projected = _rows(memo.places), _rows(memo.projected)
            np.matmul(weights["projection.weight"].T, matrix, out=projected)
            projected += weights["projection.bias"][:, None]
            np.add(made, memo.projected.T, out=y)
        if self.activation == "after":
            np.maximum(y, 0, out=y)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        d_sum = dy
        if self.activation == "after":
            np.greater(memo.y, 0, out=memo.mask)
            d_sum = np.multiply(dy, memo.mask, out=memo.d_sum)
        if self.shortcut == "projection":
            self._project_back(d_sum, weights, gradients, memo)
        dx: FloatArray = memo.dx
        d_inside = memo.strand.backward(self.stack, d_sum, weights, gradients)
        if memo.wants_dx:
            d_inside = d_inside if memo.first is None else _FIRST.backward(d_inside, {}, {}, memo.first)
            if self.shortcut == "identity":
                np.add(d_inside, d_sum, out=dx)
            else:
                np.copyto(dx, d_inside)
                dx.T[memo.taken] += memo.d_places
        return dx

    def gate_values(self, memo: Memo) -> dict[str, FloatArray]:
        found: dict[str, FloatArray] = memo.strand.gate_values(self.stack)
        return found

    def _project_back(
        self, d_sum: FloatArray, weights: Mapping[str, FloatArray], gradients: Mapping[str, FloatArray], memo: Memo
    ) -> None:
        np.copyto(memo.projected, d_sum.T)
        d_projected = _rows(memo.projected)
        np.matmul(_rows(memo.places), d_projected.T, out=gradients["projection.weight"])
        np.dot(d_projected, memo.ones, out=gradients["projection.bias"])
        np.matmul(weights["projection.weight"], d_projected, out=_rows(memo.d_places))


_FIRST = ReLU()


def _rows(memory: FloatArray) -> FloatArray:
    return memory.reshape(len(memory), -1)
