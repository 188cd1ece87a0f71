"""Locally connected: a convolution whose kernel is another at every place, to see what sharing weights is worth."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer
from simulations.nn.initializers.he import HeNormal
from simulations.nn.initializers.parts import PlaceByPlace
from simulations.nn.initializers.zeros import Zeros
from simulations.nn.layers.base import LAYERS, Memo, Parameter
from simulations.nn.layers.trainable import Trainable
from simulations.nn.layers.windows import Windows, windows


@LAYERS.register(
    "locally_connected2d",
    label=N_("Locally connected 2D"),
    summary=N_("Like a convolution, but every place of the image learns kernels of its own."),
    source="LeCun 1989, Generalization and network design strategies; Taigman et al. 2014",
)
@final
@dataclass(frozen=True)
class LocallyConnected2D(Trainable):
    """y[r, s] = window(r, s)·W[r, s] + b[r, s], with W ``(rows, columns, kernel², c, channels)``; no padding."""

    channels: int = param(4, low=1, high=128, scale="log", label=N_("Channels"), help=N_("Kernels at every place."))
    kernel: int = param(3, low=1, high=11, label=N_("Kernel"), help=N_("Height and width of what a kernel sees."))
    stride: int = param(1, low=1, high=8, label=N_("Stride"), help=N_("How far apart the places are."))
    initializer: Initializer = param(
        HeNormal(), registry=INITIALIZERS, label=N_("Initialiser"), help=N_("The rule that draws the first weights.")
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        found = self._windows(input_shape)
        return (found.rows, found.columns, self.channels)

    def _windows(self, input_shape: Shape) -> Windows:
        return windows("Locally connected 2D", input_shape, self.kernel, self.stride, "valid")

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        rows, columns, _ = self.output_shape(input_shape)
        c, area = input_shape[-1], self.kernel**2
        fan_in, fan_out = area * c, area * self.channels
        shape = (rows, columns, area, c, self.channels)
        return (
            Parameter("weight", shape, PlaceByPlace(self.initializer, self.kernel), fan_in, fan_out),
            Parameter("bias", (rows, columns, self.channels), Zeros(), fan_in, fan_out, decays=False),
        )

    def multiply_adds(self, input_shape: Shape) -> int:
        return math.prod(self.output_shape(input_shape)) * self.kernel**2 * input_shape[-1]

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        found = self._windows(input_shape)
        rows, columns, k = found.rows, found.columns, self.kernel**2 * input_shape[-1]
        memo.y = memo.output_buffer(n, (rows, columns, self.channels), dtype)
        memo.source, copies = found.source(memo, n, dtype)
        memo.inside = found.inside(memo.source) if copies else None
        memo.seen = found.slide(memo.source).transpose(4, 3, 0, 1, 2, 5)  # (rows, columns, kernel, kernel, c, n)
        memo.cells = np.zeros(memo.seen.shape, dtype)
        memo.unfolded = memo.cells.reshape(rows, columns, k, n)
        memo.part = np.zeros((rows, columns, self.channels, n), dtype)
        memo.matrix = (rows, columns, k, self.channels)
        memo.d_source = np.zeros(memo.source.shape, dtype)
        memo.dx = found.inside(memo.d_source).T
        memo.d_seen = found.slide(memo.d_source).transpose(4, 3, 0, 1, 2, 5)
        memo.d_unfolded = np.zeros_like(memo.unfolded)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        if memo.inside is not None:
            np.copyto(memo.inside, x.T)
        np.copyto(memo.cells, memo.seen)
        matrix = weights["weight"].reshape(memo.matrix)
        np.matmul(matrix.swapaxes(2, 3), memo.unfolded, out=memo.part)
        memo.part += weights["bias"][..., None]
        y: FloatArray = memo.y
        np.copyto(y.T, memo.part.transpose(2, 1, 0, 3))
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        np.copyto(memo.part, dy.T.transpose(2, 1, 0, 3))
        np.sum(memo.part, axis=3, out=gradients["bias"])
        d_matrix = gradients["weight"].reshape(memo.matrix)
        np.matmul(memo.unfolded, memo.part.swapaxes(2, 3), out=d_matrix)
        dx: FloatArray = memo.dx
        if memo.wants_dx:
            np.matmul(weights["weight"].reshape(memo.matrix), memo.part, out=memo.d_unfolded)
            d_cells = memo.d_unfolded.reshape(memo.d_seen.shape)
            memo.d_source.fill(0)
            for a in range(self.kernel):
                for b in range(self.kernel):
                    memo.d_seen[:, :, a, b] += d_cells[:, :, a, b]
        return dx
