"""Batch normalisation: gives every feature zero mean and unit variance over the batch, then lets it learn its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.base import Initializer
from simulations.nn.initializers.zeros import Zeros
from simulations.nn.layers.base import LAYERS, Buffer, Memo, Parameter
from simulations.nn.layers.trainable import Trainable


@LAYERS.register(
    "batch_norm",
    label=N_("Batch norm"),
    summary=N_("Shifts and scales every feature to zero mean and unit variance over the batch, then learns its own."),
    source="Ioffe & Szegedy 2015; torch.nn.BatchNorm1d, BatchNorm2d",
)
@final
@dataclass(frozen=True)
class BatchNorm(Trainable):
    """y = γ·(x − μ)/√(σ² + ε) + β, over every axis but the last (Ioffe & Szegedy 2015, algorithm 1).

    Training normalises with the batch's biased variance and keeps running averages of the mean and the *unbiased*
    variance, which evaluation uses; equals ``torch.nn.BatchNorm``. A single value has no variance: it becomes β and
    leaves the running variance alone.
    """

    momentum: float = param(
        0.1,
        low=0.001,
        high=1.0,
        scale="log",
        live=True,
        label=N_("Momentum"),
        help=N_("Share of the newest batch in the running mean and variance."),
    )
    epsilon: float = param(
        1e-5,
        low=1e-8,
        high=0.1,
        scale="log",
        label=N_("ε"),
        help=N_("Added to the variance, so that it is never zero."),
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        shape = (input_shape[-1],)
        return (
            Parameter("weight", shape, _Ones(), decays=False),
            Parameter("bias", shape, Zeros(), decays=False),
        )

    def buffers(self, input_shape: Shape) -> tuple[Buffer, ...]:
        shape = (input_shape[-1],)
        return (Buffer("running_mean", shape, 0.0), Buffer("running_variance", shape, 1.0))

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        memo.y = memo.output_buffer(n, input_shape, dtype)
        memo.rows = memo.y.T.reshape(input_shape[-1], -1)  # (c, m): one row a feature
        memo.normal = np.zeros_like(memo.rows)
        memo.part = np.zeros_like(memo.rows)
        memo.dx = np.zeros_like(memo.y)
        memo.average = np.full(memo.rows.shape[1], 1 / memo.rows.shape[1], dtype)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        rows = x.T.reshape(memo.rows.shape)
        mean, variance = memo.state["running_mean"], memo.state["running_variance"]
        if memo.training:
            mean = rows @ memo.average
        np.subtract(rows, mean[:, None], out=memo.normal)
        if memo.training:
            np.multiply(memo.normal, memo.normal, out=memo.part)
            variance = memo.part @ memo.average
            self._remember(mean, variance, memo)
        memo.inverse = 1 / np.sqrt(variance + self.epsilon)
        memo.normal *= memo.inverse[:, None]
        np.multiply(memo.normal, weights["weight"][:, None], out=memo.rows)
        memo.rows += weights["bias"][:, None]
        y: FloatArray = memo.y
        return y

    def _remember(self, mean: FloatArray, variance: FloatArray, memo: Memo) -> None:
        """Move the running statistics a share ``momentum`` towards this batch's."""
        count = memo.rows.shape[1]
        memo.state["running_mean"][...] += self.momentum * (mean - memo.state["running_mean"])
        if count > 1:
            running = memo.state["running_variance"]
            running[...] += self.momentum * (variance * (count / (count - 1)) - running)

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        d_rows = dy.T.reshape(memo.rows.shape)
        count = memo.rows.shape[1]
        np.multiply(d_rows, memo.normal, out=memo.part)
        np.sum(memo.part, axis=1, out=gradients["weight"])
        np.sum(d_rows, axis=1, out=gradients["bias"])
        dx_rows = memo.dx.T.reshape(memo.rows.shape)
        if memo.training:
            np.multiply(memo.normal, (gradients["weight"] / -count)[:, None], out=dx_rows)
            dx_rows += d_rows
            dx_rows -= (gradients["bias"] / count)[:, None]
            dx_rows *= (weights["weight"] * memo.inverse)[:, None]
        else:
            np.multiply(d_rows, (weights["weight"] * memo.inverse)[:, None], out=dx_rows)
        dx: FloatArray = memo.dx
        return dx


@final
@dataclass(frozen=True)
class _Ones(Initializer):
    """γ begins at 1, so that a fresh layer only normalises."""

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        return np.ones(shape)
