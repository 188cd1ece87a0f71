"""An image unfolded into the windows over it, a few columns at a time: what makes a convolution one product of matrices.

The columns of positions are worked through in strips, one for each processor that may help, and each strip in chunks that
stay in the cache between being unfolded and being multiplied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.lanes import MOST_LANES, WORTH_SHARING
from simulations.nn.layers.base import Memo
from simulations.nn.layers.windows import Windows

_CHUNK_BYTES = 1 << 20  # unfolded windows of this size stay near until multiplied, and keep both lanes busy for long


@dataclass(frozen=True)
class Chunk:
    """Some columns of positions. ``seen`` and ``cells`` are ``(kernel, kernel, c, columns, rows, n)``, what the windows see
    and where it is unfolded to; ``unfolded`` is ``cells`` as a matrix and ``extended`` the same with a row of ``ones``
    below; ``places`` are its columns within a matrix of all positions, ``columns`` the columns of positions.
    """

    seen: FloatArray
    cells: FloatArray
    unfolded: FloatArray
    extended: FloatArray
    ones: FloatArray
    places: slice
    columns: slice

    def unfold(self) -> None:
        np.copyto(self.cells, self.seen)
        self.ones.fill(1)


class Strip:
    """The ``columns`` of positions of ``found`` and the part of the image they see, padded, as memory ``(c, w, h, n)``.

    ``padded`` and what chunks unfold to is memory shared by all layers of a tape; so :meth:`load` before unfolding.
    ``number`` tells strips apart that are worked on at the same time. ``direct`` is memory that needs no padding and is
    looked at where it lies.
    """

    def __init__(
        self,
        found: Windows,
        memo: Memo,
        n: int,
        dtype: np.dtype[Any],
        columns: slice,
        *,
        number: int,
        direct: FloatArray | None = None,
    ) -> None:
        h, w, c = found.image
        first = columns.start * found.stride - found.low
        span = (columns.stop - columns.start - 1) * found.stride + found.reach
        self.columns = columns
        self.places = slice(columns.start * found.rows * n, columns.stop * found.rows * n)
        self.image_columns = slice(max(0, first), min(w, first + span))
        self._found, self._direct = found, direct
        if direct is not None:
            self.padded = direct[:, self.image_columns]
        else:
            self.padded = memo.scratch(f"padded {number}", (c, span, h + found.low + found.high, n), dtype)
        self._inside = slice(self.image_columns.start - first, self.image_columns.stop - first)
        self.chunks = self._chunks(memo, n, dtype, number)

    def load(self, image: FloatArray) -> None:
        """Take the strip's part of ``image`` ``(c, w, h, n)``, in whatever order it lies."""
        if self._direct is None:
            self.clear_borders()
            np.copyto(self.inside(self.padded), image[:, self.image_columns])

    def inside(self, padded: FloatArray) -> FloatArray:
        """The part that is image, ``(c, columns of the image, h, n)``, of memory shaped like ``padded``."""
        h, low = self._found.image[0], self._found.low
        return padded[:, self._inside, low : low + h]

    def clear_borders(self) -> None:
        h, low, high = self._found.image[0], self._found.low, self._found.high
        if self._inside.start:
            self.padded[:, : self._inside.start].fill(0)
        if self._inside.stop < self.padded.shape[1]:
            self.padded[:, self._inside.stop :].fill(0)
        if low:
            self.padded[:, :, :low].fill(0)
        if high:
            self.padded[:, :, low + h :].fill(0)

    def _chunks(self, memo: Memo, n: int, dtype: np.dtype[Any], number: int) -> Sequence[Chunk]:
        found, columns = self._found, self.columns
        k, c, rows = found.kernel, found.image[-1], found.rows
        height, wide = k * k * c, columns.stop - columns.start
        step = min(wide, max(1, _CHUNK_BYTES // max(1, (height + 1) * rows * n * dtype.itemsize)))
        memory = memo.scratch(f"unfolded {number}", ((height + 1) * step * rows * n,), dtype)
        seen = found.slide(self.padded, wide)
        chunks = []
        for start in range(0, wide, step):
            stop = min(start + step, wide)
            size = (stop - start) * rows * n
            extended = memory[: (height + 1) * size].reshape(height + 1, size)
            at = columns.start + start
            chunks.append(
                Chunk(
                    seen=seen[:, :, :, start:stop],
                    cells=extended[:-1].reshape(k, k, c, stop - start, rows, n),
                    unfolded=extended[:-1],
                    extended=extended,
                    ones=extended[-1],
                    places=slice(at * rows * n, at * rows * n + size),
                    columns=slice(start, stop),
                )
            )
        return chunks


def strips(
    found: Windows, memo: Memo, n: int, dtype: np.dtype[Any], outputs: int, direct: FloatArray | None
) -> list[Strip]:
    """All positions of ``found`` in one strip, or in two where a product with ``outputs`` rows is worth it."""
    work = found.kernel**2 * found.image[-1] * found.rows * found.columns * n * outputs
    count = min(MOST_LANES, found.columns) if work >= WORTH_SHARING else 1
    bounds = [found.columns * index // count for index in range(count + 1)]
    return [
        Strip(found, memo, n, dtype, slice(bounds[index], bounds[index + 1]), number=index, direct=direct)
        for index in range(count)
    ]
