"""What layer, group and instance normalisation share: each sample is normalised on its own, over some of its values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.constant import Constant
from simulations.nn.initializers.zeros import Zeros
from simulations.nn.layers.base import Memo, Parameter
from simulations.nn.layers.trainable import Trainable


@dataclass(frozen=True)
class SampleNormalization(Trainable, ABC):
    """y = γ·(x − μ)/√(σ² + ε) + β with the biased variance σ²; the same in training and evaluation."""

    epsilon: float = param(
        1e-5,
        low=1e-8,
        high=0.1,
        scale="log",
        label=N_("ε"),
        help=N_("Added to the variance, so that it is never zero."),
    )
    learns: bool = param(
        True,
        label=N_("Scale and shift"),
        help=N_("Whether it learns a factor and a shift for what it has normalised."),
    )

    @abstractmethod
    def blocks(self, input_shape: Shape) -> tuple[int, int]:
        """How the memory ``(c, …, n)`` of a batch falls into ``(blocks, values)``; what remains is normalised apart."""

    def weight_shape(self, input_shape: Shape) -> Shape:
        """The shape of γ and β, ``(c,)`` or that of a sample."""
        return (input_shape[-1],)

    def output_shape(self, input_shape: Shape) -> Shape:
        self.blocks(input_shape)
        return input_shape

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        if not self.learns:
            return ()
        shape = self.weight_shape(input_shape)
        return (
            Parameter("weight", shape, Constant(1.0), decays=False),
            Parameter("bias", shape, Zeros(), decays=False),
        )

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        memo.y = memo.output_buffer(n, input_shape, dtype)
        memo.blocks = (*self.blocks(input_shape), -1)
        memo.normal, memo.dx, memo.part = (np.zeros_like(memo.y) for _ in range(3))
        rows = memo.normal.T.reshape(memo.blocks)
        memo.mean, memo.inverse, memo.part_mean = (np.zeros((len(rows), 1, rows.shape[2]), dtype) for _ in range(3))
        shape = self.weight_shape(input_shape)
        memo.weights = (*reversed(shape), *[1] * (len(input_shape) + 1 - len(shape)))
        memo.others = tuple(range(len(shape), len(input_shape) + 1))  # the axes of memory γ and β are shared over

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        normal, part = memo.normal.T.reshape(memo.blocks), memo.part.T.reshape(memo.blocks)
        rows = x.T.reshape(memo.blocks)
        np.mean(rows, axis=1, keepdims=True, out=memo.mean)
        np.subtract(rows, memo.mean, out=normal)
        np.multiply(normal, normal, out=part)
        np.mean(part, axis=1, keepdims=True, out=memo.inverse)
        memo.inverse += self.epsilon
        np.sqrt(memo.inverse, out=memo.inverse)
        np.divide(1, memo.inverse, out=memo.inverse)
        normal *= memo.inverse
        y: FloatArray = memo.y
        if self.learns:
            np.multiply(memo.normal.T, weights["weight"].T.reshape(memo.weights), out=y.T)
            np.add(y.T, weights["bias"].T.reshape(memo.weights), out=y.T)
        else:
            np.copyto(y, memo.normal)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        d_normal = memo.part
        if self.learns:
            np.multiply(dy, memo.normal, out=memo.dx)
            np.sum(memo.dx.T, axis=memo.others, out=gradients["weight"].T)
            np.sum(dy.T, axis=memo.others, out=gradients["bias"].T)
            np.multiply(dy.T, weights["weight"].T.reshape(memo.weights), out=d_normal.T)
        else:
            np.copyto(d_normal, dy)
        normal, d_rows, dx_rows = (one.T.reshape(memo.blocks) for one in (memo.normal, d_normal, memo.dx))
        np.mean(d_rows, axis=1, keepdims=True, out=memo.mean)
        np.multiply(d_rows, normal, out=dx_rows)
        np.mean(dx_rows, axis=1, keepdims=True, out=memo.part_mean)
        np.multiply(normal, memo.part_mean, out=dx_rows)
        np.subtract(d_rows, dx_rows, out=dx_rows)
        dx_rows -= memo.mean
        dx_rows *= memo.inverse
        dx: FloatArray = memo.dx
        return dx
