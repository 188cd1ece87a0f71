"""The two passes of a convolution, as products of matrices over strips of the image.

There are two ways back to the input. Folding multiplies ∂loss/∂y with W and adds the parts up where windows overlap; its
adjoint unfolds ∂loss/∂y instead and gathers, which is a convolution with the kernel turned round. Gathering is several
times as fast as adding up, but wants a position for every cell of the image; so both have their place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.lanes import in_lanes
from simulations.nn.layers.base import Memo, joined
from simulations.nn.layers.strips import Chunk, Strip, strips
from simulations.nn.layers.windows import Windows, memory

_PER_FOLD, _PER_GATHER, _PER_PRODUCT = 0.38, 0.06, 0.022  # nanoseconds a number, a number, a multiply-add; measured


class Convolution:
    """The buffers and the two passes of one memo; W is ``(kernel, kernel, c, channels)``, its bias the neighbour in θ."""

    def __init__(self, found: Windows, memo: Memo, n: int, channels: int, dtype: np.dtype[Any]) -> None:
        h, w, c = found.image
        self._memo, self._channels = memo, channels
        self._y = memo.output_buffer(n, (found.rows, found.columns, channels), dtype)
        self._y_matrix = self._y.T.reshape(channels, -1)
        self._strips = strips(found, memo, n, dtype, channels, found.below(memo, n))
        self._joint: FloatArray | None = None
        self._d_joint: FloatArray | None = None
        self._dx = np.zeros((n, h, w, c), dtype, order="F") if memo.wants_dx else np.zeros((0, h, w, c), dtype)
        self._back: _Adjoint | _Folding
        if memo.wants_dx and _is_gathered(found, channels):
            self._back = _Adjoint(found, memo, n, channels, dtype)
        else:
            self._back = _Folding(found, memo, self._strips, channels, dtype)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray]) -> FloatArray:
        if self._joint is None:
            self._joint = joined(weights["weight"], weights["bias"])
        image, matrix = x.T, self._joint.T
        self._back.image = image

        def work(number: int) -> None:
            strip = self._strips[number]
            strip.load(image)
            for chunk in strip.chunks:
                self._memo.leave_if_interrupted()
                chunk.unfold()
                np.matmul(matrix, chunk.extended, out=self._y_matrix[:, chunk.places])

        in_lanes(work, len(self._strips))
        return self._y

    def backward(
        self, dy: FloatArray, weights: Mapping[str, FloatArray], gradients: Mapping[str, FloatArray]
    ) -> FloatArray:
        if self._d_joint is None:
            self._d_joint = joined(gradients["weight"], gradients["bias"])
        self._back.run(memory(dy, self._memo), weights["weight"], self._d_joint, self._dx)
        return self._dx


def _has_adjoint(found: Windows) -> bool:
    """Whether there is a position of the turned kernel for every cell of the image."""
    return found.stride == 1 and max(found.low, found.high) < found.reach


def _is_gathered(found: Windows, channels: int) -> bool:
    """Whether the adjoint exists and costs less than folding."""
    h, w, c = found.image
    fold = found.rows * found.columns * c * (2 * channels * _PER_PRODUCT + _PER_FOLD + _PER_GATHER)
    return _has_adjoint(found) and h * w * channels * (2 * c * _PER_PRODUCT + _PER_GATHER) < fold


class _Folding:
    """Backward through the windows of the forward pass: ∂loss/∂W = unfolded·dyᵀ, and W·dy added up for the input."""

    def __init__(self, found: Windows, memo: Memo, parts: Sequence[Strip], channels: int, dtype: np.dtype[Any]) -> None:
        self.image: FloatArray | None = None
        self._memo, self._strips, self._channels = memo, parts, channels
        height = found.kernel**2 * found.image[-1]
        self._sums = [np.zeros((height + 1, channels), dtype) for _ in parts]
        self._terms = [np.zeros_like(one) for one in self._sums]
        self._canvases: list[FloatArray] = []
        self._folds: list[list[_Fold]] = []
        if not memo.wants_dx:
            return
        for number, strip in enumerate(parts):
            canvas = memo.scratch(f"canvas {number}", strip.padded.shape, dtype)
            slid = found.slide(canvas, strip.columns.stop - strip.columns.start)
            self._canvases.append(canvas)
            self._folds.append([_Fold(chunk, slid, memo, number, dtype) for chunk in strip.chunks])

    def run(self, d_memory: FloatArray, weight: FloatArray, d_joint: FloatArray, dx: FloatArray) -> None:
        d_matrix, matrix = d_memory.reshape(self._channels, -1), weight.reshape(-1, self._channels)
        in_lanes(lambda number: self._strip(number, d_matrix, matrix), len(self._strips))
        np.copyto(d_joint, self._sums[0])
        for other in self._sums[1:]:
            d_joint += other
        if self._memo.wants_dx:
            self._merge(dx.T)

    def _strip(self, number: int, d_matrix: FloatArray, matrix: FloatArray) -> None:
        strip, total, term = self._strips[number], self._sums[number], self._terms[number]
        wants_dx = self._memo.wants_dx
        assert self.image is not None
        strip.load(self.image)
        if wants_dx:
            self._canvases[number].fill(0)
        for index, chunk in enumerate(strip.chunks):
            self._memo.leave_if_interrupted()
            d_chunk = d_matrix[:, chunk.places]
            chunk.unfold()
            np.matmul(chunk.extended, d_chunk.T, out=term if index else total)
            if index:
                total += term
            if wants_dx:
                self._folds[number][index].add(matrix, d_chunk)

    def _merge(self, d_image: FloatArray) -> None:
        """Put the strips' parts of ∂loss/∂x together; neighbours overlap by what a window reaches over its stride."""
        done = 0
        for strip, canvas in zip(self._strips, self._canvases, strict=True):
            part = strip.inside(canvas)
            start, stop = strip.image_columns.start, strip.image_columns.stop
            both = max(0, done - start)
            d_image[:, start : start + both] += part[:, :both]
            np.copyto(d_image[:, start + both : stop], part[:, both:])
            done = stop


class _Fold:
    """Where a chunk's part of ∂loss/∂x goes: pairs of the cells' places on the canvas and of what is added there."""

    def __init__(self, chunk: Chunk, slid: FloatArray, memo: Memo, number: int, dtype: np.dtype[Any]) -> None:
        shape = chunk.cells.shape
        self._d_unfolded = memo.scratch(f"d_unfolded {number}", chunk.unfolded.shape, dtype)
        d_cells, targets = self._d_unfolded.reshape(shape), slid[:, :, :, chunk.columns]
        self._pairs = [(targets[a, b], d_cells[a, b]) for a in range(shape[0]) for b in range(shape[1])]

    def add(self, matrix: FloatArray, d_chunk: FloatArray) -> None:
        np.matmul(matrix, d_chunk, out=self._d_unfolded)
        for target, part in self._pairs:
            np.add(target, part, out=target)


class _Adjoint:
    """Backward as a convolution of ∂loss/∂y with the kernel turned round: what is unfolded once serves W and the input."""

    def __init__(self, found: Windows, memo: Memo, n: int, channels: int, dtype: np.dtype[Any]) -> None:
        c, k, margin = found.image[-1], found.kernel, found.reach - 1
        image = (found.rows, found.columns, channels)
        turned = Windows(image, k, 1, found.dilation, margin - found.low, margin - found.high)
        self.image: FloatArray | None = None
        self._memo, self._channels = memo, channels
        self._strips = strips(turned, memo, n, dtype, c, None)
        self._kernel = np.zeros((c, k, k, channels), dtype)
        self._sums = [np.zeros((k, k, channels, c), dtype) for _ in self._strips]
        self._terms = [np.zeros((k * k * channels, c), dtype) for _ in self._strips]

    def run(self, d_memory: FloatArray, weight: FloatArray, d_joint: FloatArray, dx: FloatArray) -> None:
        assert self.image is not None
        np.copyto(self._kernel, weight.transpose(2, 0, 1, 3)[:, ::-1, ::-1])
        x_matrix = memory(self.image.T, self._memo, "image").reshape(len(self._kernel), -1)
        dx_matrix = dx.T.reshape(len(self._kernel), -1)
        d_bias, many = d_joint[-1], len(self._strips)

        def work(number: int) -> None:
            part = slice(self._channels * number // many, self._channels * (number + 1) // many)
            np.add.reduce(d_memory[part], axis=(1, 2, 3), out=d_bias[part])
            self._strip(number, d_memory, x_matrix, dx_matrix)

        in_lanes(work, many)
        total = self._sums[0]
        for other in self._sums[1:]:
            total += other
        np.copyto(d_joint[:-1].reshape(weight.shape), total[::-1, ::-1].swapaxes(2, 3))

    def _strip(self, number: int, d_memory: FloatArray, x_matrix: FloatArray, dx_matrix: FloatArray) -> None:
        strip, term = self._strips[number], self._terms[number]
        total, kernel = self._sums[number].reshape(term.shape), self._kernel.reshape(len(self._kernel), -1)
        strip.load(d_memory)
        for index, chunk in enumerate(strip.chunks):
            self._memo.leave_if_interrupted()
            np.copyto(chunk.cells, chunk.seen)
            np.matmul(kernel, chunk.unfolded, out=dx_matrix[:, chunk.places])
            np.matmul(chunk.unfolded, x_matrix[:, chunk.places].T, out=term if index else total)
            if index:
                total += term
