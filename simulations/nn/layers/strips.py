"""The windows over an image, a few columns at a time: what makes a convolution a product of matrices.

The columns of positions are worked through in strips, one for each processor that may help, and each strip in chunks that
stay in the cache between being loaded and being multiplied. Only the rows of a window are unfolded. Its columns are not: a
chunk lies in memory column by column, so what a window sees is one run of it, and the run of the next window overlaps.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.lanes import MOST_LANES, WORTH_SHARING
from simulations.nn.layers.base import Memo
from simulations.nn.layers.windows import Windows

_CHUNK_BYTES = 1 << 21  # columns of this size stay near until multiplied, and keep both lanes busy for long


class Chunk:
    """Some ``columns`` of positions of ``found`` and the columns of the image that they see.

    ``windows`` ``(columns, kernel·height, rows·n)`` has a matrix for every column of positions, whose rows go through the
    cells of a window: column by column, in each row by row, in each channel by channel, and where ``ones`` is set a row of
    ones after each column. ``memory`` is where all that goes.
    """

    def __init__(self, found: Windows, columns: slice, n: int, memory: FloatArray, *, ones: bool) -> None:
        self.columns = columns
        height, many = _height(found, ones), columns.stop - columns.start
        slots = memory[: _slots(found, many) * height * found.rows * n].reshape(-1, height, found.rows, n)
        self._slots = slots
        step = _advance(found)
        reach = (many - 1) * step + 1
        self._by_column = [slots[b : b + reach : step] for b in range(found.kernel)]
        self._cells = slots[:, : height - ones].reshape(len(slots), found.kernel, found.image[-1], found.rows, n)
        self._ones = slots[:, -1] if ones else slots[:0]
        self._copies: list[tuple[FloatArray, tuple[slice, slice, slice]]] = []
        self._borders: list[FloatArray] = []
        for cells, first, step in self._columns_of_image(found, many):
            self._plan(found, cells, first, step)
        slot, row, _, sample = slots.strides
        self.windows = np.lib.stride_tricks.as_strided(
            slots, (many, found.kernel * height, found.rows * n), (slot * _advance(found), row, sample)
        )

    def __len__(self) -> int:
        return len(self.windows)

    def load(self, image: FloatArray) -> None:
        """Take what the windows see from ``image``, memory ``(c, w, h, n)``; before that :attr:`windows` is undefined."""
        by_column = image.swapaxes(0, 1)
        for target, places in self._copies:
            np.copyto(target, by_column[places])
        for border in self._borders:
            border.fill(0)
        self._ones.fill(1)

    def clear(self) -> None:
        self._slots.fill(0)

    def add(self, some: slice, parts: FloatArray) -> None:
        """Add ``parts`` ``(columns, kernel, height, rows, n)`` to what ``some`` columns of positions see."""
        for b, slots in enumerate(self._by_column):
            target = slots[some]
            np.add(target, parts[:, b], out=target)

    def give(self, image: FloatArray) -> None:
        """The adjoint of :meth:`load`: add what is held to the cells of ``image`` that it would be taken from."""
        by_column = image.swapaxes(0, 1)
        for source, places in self._copies:
            target = by_column[places]
            np.add(target, source, out=target)

    def _columns_of_image(self, found: Windows, many: int) -> Iterator[tuple[FloatArray, int, int]]:
        """Slots, the column of the image the first of them holds, and how many columns further the next one is."""
        first = self.columns.start * found.stride - found.low
        if found.dilation == 1:
            yield self._cells, first, 1
            return
        cells = self._cells.reshape(many, found.kernel, *self._cells.shape[1:])
        for b in range(found.kernel):
            yield cells[:, b], first + b * found.dilation, found.stride

    def _plan(self, found: Windows, cells: FloatArray, first: int, step: int) -> None:
        h, w, _ = found.image
        into, columns = _covered(first, step, len(cells), w)
        self._borders += _ends(cells, 0, into)
        for a in range(found.kernel):
            target = cells[into, a]
            rows_into, rows = _covered(a * found.dilation - found.low, found.stride, found.rows, h)
            self._borders += _ends(target, 2, rows_into)
            self._copies.append((target[:, :, rows_into], (columns, slice(None), rows)))


class Strip:
    """The ``columns`` of positions of ``found`` in chunks, and the ``image_columns`` that they see."""

    def __init__(
        self,
        found: Windows,
        memo: Memo,
        n: int,
        dtype: np.dtype[Any],
        columns: slice,
        *,
        ones: bool,
    ) -> None:
        w = found.image[1]
        first = columns.start * found.stride - found.low
        span = (columns.stop - columns.start - 1) * found.stride + found.reach
        self.columns, self.samples = columns, n
        self.image_columns = slice(max(0, first), min(w, first + span))
        wide = columns.stop - columns.start
        bounds = even_bounds(wide, _most_columns(found, n, dtype, ones))
        most = max(stop - start for start, stop in bounds)
        numbers = _slots(found, most) * _height(found, ones) * found.rows * n
        memory = memo.workspace((numbers,), dtype)
        self.chunks = [
            Chunk(found, slice(columns.start + start, columns.start + stop), n, memory, ones=ones)
            for start, stop in bounds
        ]


def even_bounds(size: int, most: int) -> list[tuple[int, int]]:
    """``size`` places in as few runs of about the same length as have at most ``most`` each."""
    count = -(-size // most)
    return [(size * index // count, size * (index + 1) // count) for index in range(count)]


def _height(found: Windows, ones: bool) -> int:
    """Rows of one column of a window."""
    return found.kernel * found.image[-1] + ones


def _slots(found: Windows, columns: int) -> int:
    """Columns of the image that so many columns of positions see; where windows have gaps every window has its own."""
    return columns * found.kernel if found.dilation > 1 else (columns - 1) * found.stride + found.kernel


def _advance(found: Windows) -> int:
    return found.kernel if found.dilation > 1 else found.stride


def _most_columns(found: Windows, n: int, dtype: np.dtype[Any], ones: bool) -> int:
    slots = _CHUNK_BYTES // (_height(found, ones) * found.rows * n * dtype.itemsize)
    return max(1, (slots - found.kernel) // _advance(found) + 1)


def _covered(first: int, step: int, count: int, size: int) -> tuple[slice, slice]:
    """Which of ``count`` places, ``step`` apart and the first at ``first``, lie within 0…``size``, and where they do."""
    start = min(count, max(0, -(first // step)))
    stop = max(start, min(count, -((first - size) // step)))
    at = first + start * step
    return slice(start, stop), slice(at, at + (stop - start) * step, step) if stop > start else slice(0, 0)


def _ends(array: FloatArray, axis: int, middle: slice) -> list[FloatArray]:
    """What lies before and after ``middle`` along ``axis``, without what is empty."""
    ends = (slice(0, middle.start), slice(middle.stop, array.shape[axis]))
    return [array[(*[slice(None)] * axis, end)] for end in ends if end.stop > end.start and array.size]


def strips(found: Windows, memo: Memo, n: int, dtype: np.dtype[Any], outputs: int, *, ones: bool) -> list[Strip]:
    """All positions of ``found`` in one strip, or in two where a product with ``outputs`` rows is worth it."""
    work = found.kernel**2 * found.image[-1] * found.rows * found.columns * n * outputs
    count = min(MOST_LANES, found.columns) if work >= WORTH_SHARING else 1
    bounds = [found.columns * index // count for index in range(count + 1)]
    return [Strip(found, memo, n, dtype, slice(bounds[index], bounds[index + 1]), ones=ones) for index in range(count)]
