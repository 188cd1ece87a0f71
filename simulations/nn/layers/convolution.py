"""The two passes of a convolution, as products of matrices over strips of the image.

There are two ways back to the input. Folding multiplies ∂loss/∂y with W and adds the parts up where windows overlap; its
adjoint looks at ∂loss/∂y through windows instead and gathers, which is a convolution with the kernel turned round.
Gathering is several times as fast as adding up, but wants a position for every cell of the image; so both have their place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.lanes import Pair
from simulations.core.products import by_columns, by_rows_each, pieces
from simulations.nn.layers.base import Memo
from simulations.nn.layers.strips import Chunk, Strip, strips
from simulations.nn.layers.windows import Windows, memory

_PER_FOLD, _PER_GATHER, _PER_PRODUCT = 0.38, 0.06, 0.022  # nanoseconds a number, a number, a multiply-add; measured
_FOLD_BYTES = 1 << 19  # what is folded at once
_MOST_TERMS = 1 << 16  # numbers of the products of single columns before they are added up
_ROWS_AT_ONCE = 21  # of a product with few columns, where that is a matter of choice; measured


class Convolution:
    """The buffers and the two passes of one memo; W is ``(kernel, kernel, c, channels)``.

    ``_matrix`` ``(kernel, kernel·c + 1, channels)`` is W with the columns of the kernel outermost and a row after each, which
    meets the ones below what that column sees: the first of these rows is the bias, the others stay zero.
    """

    def __init__(self, found: Windows, memo: Memo, n: int, channels: int, dtype: np.dtype[Any]) -> None:
        (h, w, c), k = found.image, found.kernel
        self._memo = memo
        self._y = memo.output_buffer(n, (found.rows, found.columns, channels), dtype)
        self._strips = strips(found, memo, n, dtype, channels, ones=True)
        self._matrix = np.zeros((k, k * c + 1, channels), dtype)
        self._kernel = self._matrix[:, :-1].reshape(k, k, c, channels)
        self._by_output = np.zeros((channels, k * (k * c + 1)), dtype)
        self._pieces = pieces(found.rows * n, self._by_output.size, dtype)
        self._dx = np.zeros((n, h, w, c), dtype, order="F") if memo.wants_dx else np.zeros((0, h, w, c), dtype)
        self._x: FloatArray | None = None
        self._pair = Pair()
        self._back: _Adjoint | _Folding
        if memo.wants_dx and _is_gathered(found, channels):
            memo.reuse_workspace()
            self._back = _Adjoint(found, memo, n, channels, dtype)
        else:
            self._back = _Folding(found, memo, self._strips, self._matrix, dtype)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray]) -> FloatArray:
        self._x = x
        image, columns = memory(x, self._memo, "image"), _by_column(self._y.T)
        np.copyto(self._kernel, weights["weight"].swapaxes(0, 1))
        np.copyto(self._matrix[0, -1], weights["bias"])
        matrix = self._by_output
        np.copyto(matrix, self._matrix.reshape(-1, len(matrix)).T)

        def work(number: int) -> None:
            for chunk in self._strips[number].chunks:
                self._memo.leave_if_interrupted()
                chunk.load(image)
                by_columns(matrix, chunk.windows, columns[chunk.columns], self._pieces)

        self._pair.run(work, len(self._strips))
        return self._y

    def backward(
        self, dy: FloatArray, weights: Mapping[str, FloatArray], gradients: Mapping[str, FloatArray]
    ) -> FloatArray:
        assert self._x is not None
        image = memory(self._x, self._memo, "image")
        self._back.run(image, memory(dy, self._memo), weights["weight"], gradients, self._dx)
        return self._dx


def _by_column(images: FloatArray) -> FloatArray:
    """Memory ``(c, w, h, n)`` as a matrix for each column, ``(w, c, h·n)``; a view."""
    return images.reshape(*images.shape[:2], -1).swapaxes(0, 1)


def _has_adjoint(found: Windows) -> bool:
    """Whether there is a position of the turned kernel for every cell of the image."""
    return found.stride == 1 and max(found.low, found.high) < found.reach


def _is_gathered(found: Windows, channels: int) -> bool:
    """Whether the adjoint exists and costs less than folding."""
    h, w, c = found.image
    fold = found.rows * found.columns * c * (2 * channels * _PER_PRODUCT + _PER_FOLD + _PER_GATHER)
    return _has_adjoint(found) and h * w * channels * (2 * c * _PER_PRODUCT + _PER_GATHER) < fold


class _Total:
    """The sum over a strip's columns of products with one result ``(rows, outputs)``."""

    def __init__(self, strip: Strip, rows: int, outputs: int, places: int, memo: Memo, dtype: np.dtype[Any]) -> None:
        most = max(map(len, strip.chunks))
        self._many = max(1, min(most, _MOST_TERMS // (rows * outputs)))
        self._terms = memo.workspace((self._many + 1, rows, outputs), dtype)
        self._pieces = pieces(rows, places * outputs, dtype, widest=_ROWS_AT_ONCE)
        self.value: FloatArray = np.zeros((rows, outputs), dtype)

    def add(self, left: FloatArray, right: FloatArray) -> None:
        """Add left·right of every column: ``(columns, rows, places)`` and ``(columns, places, outputs)``."""
        sums = self._terms[-1]
        for start in range(0, len(left), self._many):
            some = slice(start, min(start + self._many, len(left)))
            terms = self._terms[: some.stop - start]
            by_rows_each(left[some], right[some], terms, self._pieces)
            np.add.reduce(terms, axis=0, out=sums)
            self.value += sums


class _Folding:
    """Backward through the windows of the forward pass: ∂loss/∂W = windows·dyᵀ, and W·dy added up for the input."""

    def __init__(
        self, found: Windows, memo: Memo, parts: Sequence[Strip], matrix: FloatArray, dtype: np.dtype[Any]
    ) -> None:
        self._memo, self._strips, self._matrix, self._pair = memo, parts, matrix, Pair()
        k, height, channels = matrix.shape
        self._totals = [_Total(strip, k * height, channels, found.rows * strip.samples, memo, dtype) for strip in parts]
        self._folded: list[FloatArray] = []
        self._others: list[FloatArray] = []
        if not memo.wants_dx:
            return
        h, w, c = found.image
        n = parts[0].samples
        self._pieces = pieces(found.rows * n, matrix.size, dtype)
        for strip in parts:
            most = max(1, _FOLD_BYTES // (k * height * found.rows * n * dtype.itemsize))
            most = min(most, max(map(len, strip.chunks)))
            self._folded.append(memo.workspace((most, k, height, found.rows, n), dtype))
        self._others = [memo.workspace((c, w, h, n), dtype) for _ in parts[1:]]

    def run(
        self,
        image: FloatArray,
        d_memory: FloatArray,
        weight: FloatArray,
        gradients: Mapping[str, FloatArray],
        dx: FloatArray,
    ) -> None:
        d_columns, d_images = _by_column(d_memory), [dx.T, *self._others]
        self._pair.run(lambda number: self._strip(number, image, d_columns, d_images), len(self._strips))
        sums = self._totals[0].value
        for other in self._totals[1:]:
            sums += other.value
        d_matrix = sums.reshape(self._matrix.shape)
        k, _, c, channels = weight.shape
        np.copyto(gradients["weight"], d_matrix[:, :-1].reshape(k, k, c, channels).swapaxes(0, 1))
        np.copyto(gradients["bias"], d_matrix[0, -1])
        for strip, d_image in zip(self._strips[1:], self._others, strict=False):
            dx.T[:, strip.image_columns] += d_image[:, strip.image_columns]

    def _strip(self, number: int, image: FloatArray, d_columns: FloatArray, d_images: list[FloatArray]) -> None:
        strip, total = self._strips[number], self._totals[number]
        total.value.fill(0)
        if self._memo.wants_dx:
            (d_images[number][:, strip.image_columns] if number else d_images[0]).fill(0)
        for chunk in strip.chunks:
            self._memo.leave_if_interrupted()
            d_chunk = d_columns[chunk.columns]
            chunk.load(image)
            total.add(chunk.windows, d_chunk.swapaxes(1, 2))
            if self._memo.wants_dx:
                self._fold(chunk, d_chunk, self._folded[number], d_images[number])

    def _fold(self, chunk: Chunk, d_chunk: FloatArray, folded: FloatArray, d_image: FloatArray) -> None:
        """Add up what the windows of a chunk say to the cells they see, in the place of what they saw."""
        most, k, height, *_ = folded.shape
        matrix = self._matrix.reshape(k * height, -1)
        chunk.clear()
        for start in range(0, len(chunk), most):
            some = slice(start, min(start + most, len(chunk)))
            parts = folded[: some.stop - start]
            by_columns(matrix, d_chunk[some], parts.reshape(len(parts), k * height, -1), self._pieces)
            chunk.add(some, parts)
        chunk.give(d_image)


class _Adjoint:
    """Backward as a convolution of ∂loss/∂y with the kernel turned round: its windows serve both W and the input."""

    def __init__(self, found: Windows, memo: Memo, n: int, channels: int, dtype: np.dtype[Any]) -> None:
        c, k, margin = found.image[-1], found.kernel, found.reach - 1
        image = (found.rows, found.columns, channels)
        turned = Windows(image, k, 1, found.dilation, margin - found.low, margin - found.high)
        self._memo, self._channels, self._pair = memo, channels, Pair()
        self._strips = strips(turned, memo, n, dtype, c, ones=False)
        self._kernel = np.zeros((c, k, k, channels), dtype)
        self._pieces = pieces(turned.rows * n, self._kernel.size, dtype)
        self._totals = [_Total(strip, k * k * channels, c, turned.rows * n, memo, dtype) for strip in self._strips]

    def run(
        self,
        image: FloatArray,
        d_memory: FloatArray,
        weight: FloatArray,
        gradients: Mapping[str, FloatArray],
        dx: FloatArray,
    ) -> None:
        np.copyto(self._kernel, weight.transpose(2, 1, 0, 3)[:, ::-1, ::-1])
        x_columns, dx_columns = _by_column(image), _by_column(dx.T)
        d_bias, many = gradients["bias"], len(self._strips)

        def work(number: int) -> None:
            part = slice(self._channels * number // many, self._channels * (number + 1) // many)
            np.add.reduce(d_memory[part], axis=(1, 2, 3), out=d_bias[part])
            self._strip(number, d_memory, x_columns, dx_columns)

        self._pair.run(work, many)
        sums = self._totals[0].value
        for other in self._totals[1:]:
            sums += other.value
        k, _, c, channels = weight.shape
        np.copyto(gradients["weight"], sums.reshape(k, k, channels, c)[::-1, ::-1].transpose(1, 0, 3, 2))

    def _strip(self, number: int, d_memory: FloatArray, x_columns: FloatArray, dx_columns: FloatArray) -> None:
        total, kernel = self._totals[number], self._kernel.reshape(len(self._kernel), -1)
        total.value.fill(0)
        for chunk in self._strips[number].chunks:
            self._memo.leave_if_interrupted()
            chunk.load(d_memory)
            by_columns(kernel, chunk.windows, dx_columns[chunk.columns], self._pieces)
            total.add(chunk.windows, x_columns[chunk.columns].swapaxes(1, 2))
