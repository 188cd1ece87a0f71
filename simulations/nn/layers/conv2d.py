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
from simulations.nn.initializers.zeros import Zeros
from simulations.nn.layers.base import LAYERS, Layer, Memo, Parameter, joined
from simulations.nn.layers.grouped import GroupedConvolution, check_groups
from simulations.nn.layers.windows import Windows, memory, windows

_CHUNK_BYTES = 1 << 18  # unfolded windows of this size stay in the second-level cache until they are multiplied


@LAYERS.register(
    "conv2d",
    label=N_("Conv 2D"),
    summary=N_("Looks at every place of the image through the same small kernels, one per output channel."),
    source="LeCun et al. 1989; torch.nn.Conv2d",
)
@final
@dataclass(frozen=True)
class Conv2D(Layer):
    """Cross-correlation with ``channels`` kernels, W ``(kernel, kernel, c/groups, channels)``; equals ``torch.nn.Conv2d``.

    Forward unfolds the windows into a matrix with a last row of ones and takes one product with weights and bias; backward
    takes the product with the unfolded windows for W, and folds W·dy back for the input. Both go over the image in
    chunks of columns, small enough to stay in the cache.
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
        return (
            Parameter("weight", shape, self.initializer, fan_in, fan_out),
            Parameter("bias", (self.channels,), Zeros(), fan_in, fan_out, decays=False),
        )

    def multiply_adds(self, input_shape: Shape) -> int:
        rows, columns, channels = self.output_shape(input_shape)
        return rows * columns * channels * self.kernel**2 * input_shape[-1] // self.groups

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        found = self._windows(input_shape)
        if self.groups > 1:
            memo.grouped = GroupedConvolution(found, memo, n, self.channels, self.groups, dtype)
            return
        rows, columns, k = found.rows, found.columns, self.kernel**2 * input_shape[-1]
        memo.y = memo.output_buffer(n, (rows, columns, self.channels), dtype)
        memo.source, copies = found.source(memo, n, dtype)
        memo.inside = found.inside(memo.source) if copies else None
        memo.joint = memo.d_joint = None
        memo.spare = np.zeros((self.channels, columns, rows, n), dtype)
        memo.part = np.zeros((k + 1, self.channels), dtype)
        memo.d_source = np.zeros(memo.source.shape, dtype) if memo.wants_dx else None
        memo.dx = found.inside(memo.d_source).T if memo.wants_dx else None

        step = min(columns, max(1, _CHUNK_BYTES // ((k + 1) * rows * n * dtype.itemsize)))
        unfolded = np.ones((k + 1, step * rows * n), dtype)
        d_unfolded = np.zeros((k, step * rows * n), dtype)
        memo.chunks = [
            _chunk(found, memo, unfolded, d_unfolded, slice(start, min(start + step, columns)))
            for start in range(0, columns, step)
        ]

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        if self.groups > 1:
            return memo.grouped.forward(x, weights)  # type: ignore[no-any-return]
        if memo.joint is None:
            memo.joint = joined(weights["weight"], weights["bias"])
        if memo.inside is not None:
            np.copyto(memo.inside, x.T)
        matrix = memo.joint.T
        for chunk in memo.chunks:
            memo.leave_if_interrupted()
            np.copyto(chunk.cells, chunk.seen)
            np.matmul(matrix, chunk.unfolded, out=chunk.y)
        y: FloatArray = memo.y
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        if self.groups > 1:
            return memo.grouped.backward(dy, weights, gradients)  # type: ignore[no-any-return]
        if memo.d_joint is None:
            memo.d_joint = joined(gradients["weight"], gradients["bias"])
        dy_matrix = memory(dy, memo.spare).reshape(self.channels, -1)
        matrix, many = memo.joint[:-1], len(memo.chunks) > 1
        if memo.wants_dx:
            memo.d_source.fill(0)
        for index, chunk in enumerate(memo.chunks):
            memo.leave_if_interrupted()
            d_chunk = dy_matrix[:, chunk.places]
            if many:  # a single chunk is still unfolded from the forward pass
                np.copyto(chunk.cells, chunk.seen)
            np.matmul(chunk.unfolded, d_chunk.T, out=memo.part if index else memo.d_joint)
            if index:
                memo.d_joint += memo.part
            if memo.wants_dx:
                np.matmul(matrix, d_chunk, out=chunk.d_unfolded)
                for target, part in chunk.folds:
                    np.add(target, part, out=target)
        dx: FloatArray = memo.dx
        return dx


@dataclass(frozen=True)
class _Chunk:
    """Some columns of the output: views of what they see, where it is unfolded to, and what they write.

    ``seen`` and ``cells`` are ``(kernel, kernel, c, columns, rows, n)``; ``unfolded`` is the same cells as a matrix
    with a last row of ones; ``places`` are the matrix's columns within the whole output; ``folds`` pairs each cell's
    places in the input gradient with its part of ``d_unfolded``.
    """

    seen: FloatArray
    cells: FloatArray
    unfolded: FloatArray
    y: FloatArray
    places: slice
    d_unfolded: FloatArray
    folds: tuple[tuple[FloatArray, FloatArray], ...]


def _chunk(found: Windows, memo: Memo, unfolded: FloatArray, d_unfolded: FloatArray, columns: slice) -> _Chunk:
    n = memo.source.shape[-1]
    places = slice(columns.start * found.rows * n, columns.stop * found.rows * n)
    size = places.stop - places.start
    k = found.kernel
    shape = (k, k, found.image[-1], columns.stop - columns.start, found.rows, n)
    d_cells = d_unfolded[:, :size].reshape(shape)
    folds: tuple[tuple[FloatArray, FloatArray], ...] = ()
    if memo.wants_dx:
        targets = found.slide(memo.d_source)[:, :, :, columns]
        folds = tuple((targets[a, b], d_cells[a, b]) for a in range(k) for b in range(k))
    return _Chunk(
        seen=found.slide(memo.source)[:, :, :, columns],
        cells=unfolded[:-1, :size].reshape(shape),
        unfolded=unfolded[:, :size],
        y=memo.y.T.reshape(len(memo.y.T), -1)[:, places],
        places=places,
        d_unfolded=d_unfolded[:, :size],
        folds=folds,
    )
