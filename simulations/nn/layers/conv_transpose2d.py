"""Transposed convolution: a convolution run backwards, which makes images larger and learns how."""

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
from simulations.nn.initializers.base import INITIALIZERS, Initializer
from simulations.nn.initializers.he import HeNormal
from simulations.nn.initializers.zeros import Zeros
from simulations.nn.layers.base import LAYERS, Memo, Parameter
from simulations.nn.layers.trainable import Trainable
from simulations.nn.layers.windows import Windows


@LAYERS.register(
    "conv_transpose2d",
    label=N_("Transposed conv 2D"),
    summary=N_("Stamps a learnt kernel at every place of the image, times the value there; makes images larger."),
    source="Zeiler et al. 2010; torch.nn.ConvTranspose2d",
)
@final
@dataclass(frozen=True)
class ConvTranspose2D(Trainable):
    """The adjoint of a convolution, W ``(kernel, kernel, c, channels)``; equals ``torch.nn.ConvTranspose2d``.

    Forward multiplies every place with the kernels and adds the stamps up where they overlap; backward gathers them.
    """

    channels: int = param(8, low=1, high=512, scale="log", label=N_("Channels"), help=N_("How many kernels it learns."))
    kernel: int = param(3, low=1, high=11, label=N_("Kernel"), help=N_("Height and width of a stamp."))
    stride: int = param(
        2, low=1, high=8, label=N_("Stride"), help=N_("How far apart stamps are: the factor the image grows by.")
    )
    padding: str | int = param(
        "same",
        low=0,
        high=16,
        choices=("valid", "same"),
        labels=(N_("valid"), N_("same")),
        label=N_("Padding"),
        help=N_("What is cut off the border: nothing, as much as makes it stride times as large, or a number."),
    )
    dilation: int = param(1, low=1, high=8, label=N_("Dilation"), help=N_("Distance between the cells of a stamp."))
    initializer: Initializer = param(
        HeNormal(), registry=INITIALIZERS, label=N_("Initialiser"), help=N_("The rule that draws the first weights.")
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        return self._windows(input_shape).image

    def _windows(self, input_shape: Shape) -> Windows:
        """The windows over the *output*, one for every place of the input."""
        if len(input_shape) != 3:
            raise ShapeError(
                N_(
                    "{layer} expects an image (height×width×channels), got {received}: use image data, before any flatten."
                ),
                layer="Transposed conv 2D",
                received=shape_text(input_shape),
            )
        reach = self.dilation * (self.kernel - 1) + 1
        low = high = self.padding if isinstance(self.padding, int) else 0
        sizes = [(size - 1) * self.stride + reach - low - high for size in input_shape[:2]]
        if self.padding == "same":
            cut = max(0, reach - self.stride)
            low, high = cut // 2, cut - cut // 2
            sizes = [size * self.stride for size in input_shape[:2]]
        if min(sizes) < 1:
            raise ShapeError(
                N_("Transposed conv 2D cuts {padding} cells off every side, and nothing is left: use less padding."),
                padding=low,
            )
        image = (*sizes, self.channels)
        return Windows(image, self.kernel, self.stride, self.dilation, low, high)

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        c, area = input_shape[-1], self.kernel**2
        fan_in, fan_out = area * c, area * self.channels
        shape = (self.kernel, self.kernel, c, self.channels)
        return (
            Parameter("weight", shape, self.initializer, fan_in, fan_out),
            Parameter("bias", (self.channels,), Zeros(), fan_in, fan_out, decays=False),
        )

    def multiply_adds(self, input_shape: Shape) -> int:
        return math.prod(input_shape) * self.kernel**2 * self.channels

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        found = self._windows(input_shape)
        h, w, c = input_shape
        memo.y = memo.output_buffer(n, found.image, dtype)
        memo.dx = np.zeros((n, *input_shape), dtype, order="F")
        memo.stamps = np.zeros((self.kernel, self.kernel, self.channels, w * h * n), dtype)
        memo.flat_stamps = memo.stamps.reshape(-1, w * h * n)
        memo.turned = np.zeros((c, self.kernel, self.kernel, self.channels), dtype)
        cells = memo.stamps.reshape(self.kernel, self.kernel, self.channels, w, h, n)
        memo.canvas = found.padded(n, dtype)
        memo.inside = found.inside(memo.canvas)
        memo.seen = found.slide(memo.canvas)
        memo.cells = cells
        offsets = [(a, b) for a in range(self.kernel) for b in range(self.kernel)]
        memo.folds = [(memo.seen[at], cells[at]) for at in offsets]
        memo.matrix = (c, -1)
        memo.ones = np.ones(math.prod(found.image[:2]) * n, dtype)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        memo.x = x
        np.matmul(weights["weight"].swapaxes(2, 3), x.T.reshape(memo.matrix), out=memo.stamps)
        memo.canvas.fill(0)
        for target, stamp in memo.folds:
            np.add(target, stamp, out=target)
        y: FloatArray = memo.y
        np.add(memo.inside, weights["bias"][:, None, None, None], out=y.T)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        np.dot(dy.T.reshape(self.channels, -1), memo.ones, out=gradients["bias"])
        memo.canvas.fill(0)
        np.copyto(memo.inside, dy.T)
        np.copyto(memo.cells, memo.seen)
        x = memo.x.T.reshape(memo.matrix)
        np.matmul(x, memo.stamps.swapaxes(2, 3), out=gradients["weight"])
        dx: FloatArray = memo.dx
        np.copyto(memo.turned, weights["weight"].transpose(2, 0, 1, 3))
        np.matmul(memo.turned.reshape(memo.matrix), memo.flat_stamps, out=dx.T.reshape(memo.matrix))
        return dx
