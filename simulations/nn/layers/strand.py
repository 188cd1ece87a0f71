"""A stack of layers inside a layer: what a residual block and parallel branches are made of.

Inner parameters, buffers and gradients live in the outer layer's, under names that begin with the inner layer's number,
``0.weight``; so θ stays flat and everything that looks at a network works unchanged.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.errors import ShapeError
from simulations.core.params import LONGEST_STACK
from simulations.core.text import N_
from simulations.nn.layers.base import Buffer, Layer, Memo, Parameter, label_of
from simulations.nn.layers.trainable import trained_parameters

Layers: TypeAlias = Sequence[Layer]
_ADDRESSES = 1024  # inner layers of one outer layer: more than all its stacks together can hold


def stack_shapes(layers: Layers, input_shape: Shape) -> list[Shape]:
    """The input shape and the output shape of every layer; raises :class:`ShapeError` naming the first that does not fit."""
    shapes = [input_shape]
    for number, layer in enumerate(layers, 1):
        try:
            shapes.append(layer.output_shape(shapes[-1]))
        except ShapeError as error:
            raise ShapeError(
                N_("inner layer {number}, {layer}: {reason}"), number=number, layer=label_of(layer), reason=error
            ) from error
    return shapes


def stack_parameters(layers: Layers, input_shape: Shape, prefix: str = "") -> tuple[Parameter, ...]:
    """All parameters in order, named ``{prefix}{number}.{name}``."""
    return tuple(
        dataclasses.replace(one, name=f"{prefix}{index}.{one.name}")
        for index, (layer, shape) in enumerate(zip(layers, stack_shapes(layers, input_shape), strict=False))
        for one in trained_parameters(layer, shape)
    )


def stack_buffers(layers: Layers, input_shape: Shape, prefix: str = "") -> tuple[Buffer, ...]:
    """All buffers in order, named like the parameters."""
    return tuple(
        dataclasses.replace(one, name=f"{prefix}{index}.{one.name}")
        for index, (layer, shape) in enumerate(zip(layers, stack_shapes(layers, input_shape), strict=False))
        for one in layer.buffers(shape)
    )


def stack_multiply_adds(layers: Layers, input_shape: Shape) -> int:
    return sum(
        layer.multiply_adds(shape) for layer, shape in zip(layers, stack_shapes(layers, input_shape), strict=False)
    )


class Strand:
    """One pass through a stack: the memos of its layers, and their views of the outer layer's arrays.

    ``branch`` tells the strands of one outer layer apart, ``below`` is the memo of what feeds the first layer. The
    layers are handed to every call, so that live hyperparameters can change between them.
    """

    def __init__(
        self,
        layers: Layers,
        outer: Memo,
        n: int,
        input_shape: Shape,
        dtype: np.dtype[Any],
        *,
        prefix: str = "",
        branch: int = 0,
        below: Memo | None = None,
    ) -> None:
        self.memos: list[Memo] = []
        self._prefixes = [f"{prefix}{index}." for index in range(len(layers))]
        self._seen: dict[str, tuple[object, list[dict[str, FloatArray]]]] = {}
        shapes = stack_shapes(layers, input_shape)
        for index, layer in enumerate(layers):
            memo = Memo(
                (outer.layer + 1) * _ADDRESSES + branch * LONGEST_STACK + index,
                training=outer.training,
                wants_dx=index > 0 or outer.wants_dx,
                state=_named(outer.state, self._prefixes[index]),
                position=outer.position,
                below=self.memos[-1] if self.memos else below,
            )
            layer.allocate(memo, n, shapes[index], dtype)
            self.memos.append(memo)

    def forward(self, layers: Layers, x: FloatArray, weights: Mapping[str, FloatArray]) -> FloatArray:
        for layer, views, memo in zip(layers, self._views("weights", weights), self.memos, strict=True):
            x = layer.forward(x, views, memo)
        return x

    def backward(
        self,
        layers: Layers,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
    ) -> FloatArray:
        views, d_views = self._views("weights", weights), self._views("gradients", gradients)
        for index in reversed(range(len(layers))):
            dy = layers[index].backward(dy, views[index], d_views[index], self.memos[index])
        return dy

    def gate_values(self, layers: Layers) -> dict[str, FloatArray]:
        """The gates of all layers in the last pass, each under its layer's number, which counts from 1 for a reader."""
        return {
            f"{number}.{name}": values
            for number, (layer, memo) in enumerate(zip(layers, self.memos, strict=True), 1)
            for name, values in layer.gate_values(memo).items()
        }

    def _views(self, role: str, arrays: Mapping[str, FloatArray]) -> list[dict[str, FloatArray]]:
        """Each layer's part of ``arrays``; made once, as a tape hands in the same ones every time."""
        seen = self._seen.get(role)
        if seen is None or seen[0] is not arrays:
            self._seen[role] = seen = (arrays, [_named(arrays, prefix) for prefix in self._prefixes])
        return seen[1]


def _named(arrays: Mapping[str, FloatArray], prefix: str) -> dict[str, FloatArray]:
    return {name[len(prefix) :]: one for name, one in arrays.items() if name.startswith(prefix)}
