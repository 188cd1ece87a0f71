"""Two-dimensional convolution: one small set of weights, looked through at every place of the image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer
from simulations.nn.initializers.he import HeNormal
from simulations.nn.initializers.parts import Grouped
from simulations.nn.initializers.zeros import Zeros
from simulations.nn.layers.base import LAYERS, Memo, Parameter
from simulations.nn.layers.convolution import Convolution
from simulations.nn.layers.grouped import GroupedConvolution, check_groups
from simulations.nn.layers.trainable import Trainable
from simulations.nn.layers.windows import Windows, windows


@LAYERS.register(
    "conv2d",
    label=N_("Conv 2D"),
    summary=N_("Looks at every place of the image through the same small kernels, one per output channel."),
    source="LeCun et al. 1989; torch.nn.Conv2d",
)
@final
@dataclass(frozen=True)
class Conv2D(Trainable):
    """Cross-correlation with ``channels`` kernels, W ``(kernel, kernel, c/groups, channels)``; equals ``torch.nn.Conv2d``.

    Forward unfolds the windows into a matrix with a last row of ones and takes one product with weights and bias; how
    backward goes is told in :mod:`~simulations.nn.layers.convolution`.
    """

    channels: int = param(8, low=1, high=512, scale="log", label=N_("Channels"), help=N_("How many kernels it learns."))
    kernel: int = param(3, low=1, high=11, label=N_("Kernel"), help=N_("Height and width of what a kernel sees."))
    stride: int = param(1, low=1, high=8, label=N_("Stride"), help=N_("How far the kernel moves from place to place."))
    padding: str | int = param(
        "same",
        low=0,
        high=16,
        choices=("valid", "same"),
        labels=(N_("valid"), N_("same")),
        label=N_("Padding"),
        help=N_("Rows and columns of zeros around the image: none, as many as keep its size, or a number."),
    )
    dilation: int = param(1, low=1, high=8, label=N_("Dilation"), help=N_("Distance between the cells a kernel sees."))
    groups: int = param(
        1,
        low=1,
        high=512,
        scale="log",
        label=N_("Groups"),
        help=N_("How many parts the channels fall into, each seen by its own kernels; as many as channels: depthwise."),
    )
    initializer: Initializer = param(
        HeNormal(), registry=INITIALIZERS, label=N_("Initialiser"), help=N_("The rule that draws the first weights.")
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        found = self._windows(input_shape)
        check_groups(self.groups, input_shape[-1], self.channels)
        return (found.rows, found.columns, self.channels)

    def _windows(self, input_shape: Shape) -> Windows:
        return windows("Conv 2D", input_shape, self.kernel, self.stride, self.padding, self.dilation)

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        c, area = input_shape[-1] // self.groups, self.kernel**2
        fan_in, fan_out = area * c, area * self.channels // self.groups
        shape = (self.kernel, self.kernel, c, self.channels)
        initializer = self.initializer if self.groups == 1 else Grouped(self.initializer, self.groups)
        return (
            Parameter("weight", shape, initializer, fan_in, fan_out),
            Parameter("bias", (self.channels,), Zeros(), fan_in, fan_out, decays=False),
        )

    def multiply_adds(self, input_shape: Shape) -> int:
        rows, columns, channels = self.output_shape(input_shape)
        return rows * columns * channels * self.kernel**2 * input_shape[-1] // self.groups

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        found = self._windows(input_shape)
        if self.groups > 1:
            memo.passes = GroupedConvolution(found, memo, n, self.channels, self.groups, dtype)
        else:
            memo.passes = Convolution(found, memo, n, self.channels, dtype)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        y: FloatArray = memo.passes.forward(x, weights)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = memo.passes.backward(dy, weights, gradients)
        return dx
