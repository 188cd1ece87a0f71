"""Parallel branches: several stacks look at the same input, and what they make of it stands side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape, shape_text
from simulations.core.errors import ShapeError
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS, Buffer, Layer, Memo, Parameter
from simulations.nn.layers.conv2d import Conv2D
from simulations.nn.layers.strand import Strand, stack_buffers, stack_multiply_adds, stack_parameters, stack_shapes
from simulations.nn.layers.trainable import Trainable


def _branch(default: tuple[Layer, ...], label: str, only_with: tuple[int, ...] = (2, 3, 4)) -> Any:
    return param(
        default,
        registry=LAYERS,
        label=label,
        only_if=("branches", only_with),
        help=N_("The layers of this branch; without any, it passes the input on."),
    )


@LAYERS.register(
    "parallel",
    label=N_("Parallel branches"),
    summary=N_("Runs several stacks of layers on the same input and joins their channels."),
    source="Szegedy et al. 2015, GoogLeNet; Huang et al. 2017, DenseNet",
)
@final
@dataclass(frozen=True)
class Parallel(Trainable):
    """y = [F₁(x), F₂(x), …], joined along the last axis; all other sizes must be equal.

    A branch without layers passes the input on, which makes a dense block of one step.
    """

    branches: int = param(2, low=2, high=4, label=N_("Branches"), help=N_("How many branches there are."))
    first: tuple[Layer, ...] = _branch((Conv2D(channels=4, kernel=1),), N_("Branch 1"))
    second: tuple[Layer, ...] = _branch((Conv2D(channels=4, kernel=3),), N_("Branch 2"))
    third: tuple[Layer, ...] = _branch((), N_("Branch 3"), (3, 4))
    fourth: tuple[Layer, ...] = _branch((), N_("Branch 4"), (4,))

    def _stacks(self) -> tuple[tuple[Layer, ...], ...]:
        return (self.first, self.second, self.third, self.fourth)[: self.branches]

    @property
    def reads_tokens(self) -> bool:
        return any(one.reads_tokens for stack in self._stacks() for one in stack)

    def output_shape(self, input_shape: Shape) -> Shape:
        shapes = [self._end(number, input_shape) for number in range(1, self.branches + 1)]
        for number, shape in enumerate(shapes[1:], 2):
            if shape[:-1] != shapes[0][:-1]:
                raise ShapeError(
                    N_("Branch {number} makes {received} and branch 1 {expected}: only the channels may differ."),
                    number=number,
                    received=shape_text(shape),
                    expected=shape_text(shapes[0]),
                )
        return (*shapes[0][:-1], sum(shape[-1] for shape in shapes))

    def _end(self, number: int, input_shape: Shape) -> Shape:
        """What branch ``number`` makes of ``input_shape``."""
        try:
            return stack_shapes(self._stacks()[number - 1], input_shape)[-1]
        except ShapeError as error:
            raise ShapeError(N_("branch {number}, {reason}"), number=number, reason=error) from error

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        return tuple(
            one
            for number, stack in enumerate(self._stacks(), 1)
            for one in stack_parameters(stack, input_shape, f"{number}.")
        )

    def buffers(self, input_shape: Shape) -> tuple[Buffer, ...]:
        return tuple(
            one
            for number, stack in enumerate(self._stacks(), 1)
            for one in stack_buffers(stack, input_shape, f"{number}.")
        )

    def multiply_adds(self, input_shape: Shape) -> int:
        return sum(stack_multiply_adds(stack, input_shape) for stack in self._stacks())

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        memo.y = memo.output_buffer(n, self.output_shape(input_shape), dtype)
        memo.dx = np.zeros((n, *input_shape), dtype, order="F")
        memo.strands = [
            Strand(stack, memo, n, input_shape, dtype, prefix=f"{number}.", branch=number, below=memo.below)
            for number, stack in enumerate(self._stacks(), 1)
        ]
        widths = [stack_shapes(stack, input_shape)[-1][-1] for stack in self._stacks()]
        ends = np.cumsum([0, *widths]).tolist()
        memo.channels = [slice(start, end) for start, end in pairwise(ends)]

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        y: FloatArray = memo.y
        for stack, strand, channels in zip(self._stacks(), memo.strands, memo.channels, strict=True):
            np.copyto(y.T[channels], strand.forward(stack, x, weights).T)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = memo.dx
        dx.fill(0)
        for stack, strand, channels in zip(self._stacks(), memo.strands, memo.channels, strict=True):
            d_branch = strand.backward(stack, dy.T[channels].T, weights, gradients)
            if memo.wants_dx:
                dx += d_branch
        return dx

    def gate_values(self, memo: Memo) -> dict[str, FloatArray]:
        """As every layer's, with the number of the branch in front: ``1.2.forget``."""
        return {
            f"{number}.{name}": values
            for number, (stack, strand) in enumerate(zip(self._stacks(), memo.strands, strict=True), 1)
            for name, values in strand.gate_values(stack).items()
        }
