"""Products of matrices in pieces that BLAS multiplies fastest.

Where a processor has 512-bit vectors, OpenBLAS multiplies small float32 matrices as they lie, without the copies it makes of
large ones; with the few rows of a convolution's kernel that is up to twice as fast. So a large product is asked for in pieces
of that size. Which pieces depends on the shapes and the kind of processor alone, so equal seeds give equal bits.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from functools import cache, partial
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import DTypeLike

from simulations.core.arrays import FloatArray
from simulations.core.lanes import WORTH_SHARING, Pair, parts_of

_SMALL: Final = 1_000_000  # multiply-adds of what OpenBLAS calls small (its sgemm_small_kernel_permit for SkylakeX)
_MOST_PIECES: Final = 24
_LEAST_WIDTH: Final = 8  # of a piece
_BEST_WIDTH: Final = 64  # or a multiple: the kernel takes so many columns at once
_WIDE_VECTORS: Final = {"AVX512_SKX", "X86_V4"}  # NumPy's names for them
_WIDE_KERNELS: Final = {"skylakex", "cooperlake", "sapphirerapids"}


@cache
def has_small_kernels() -> bool:
    """Whether this process's BLAS is known to have a way of its own for small matrices."""
    config: dict[str, Any] = np.show_config(mode="dicts")  # type: ignore[assignment]
    chosen = os.environ.get("OPENBLAS_CORETYPE", "")
    is_open = "openblas" in str(config.get("Build Dependencies", {}).get("blas", {}).get("name", ""))
    found = config.get("SIMD Extensions", {}).get("found", [])
    return is_open and bool(_WIDE_VECTORS & {*found}) and (not chosen or chosen.lower() in _WIDE_KERNELS)


def pieces(across: int, others: int, dtype: DTypeLike, widest: int | None = None) -> int:
    """Into how many pieces of equal width to cut a product along an axis of ``across``, none wider than ``widest`` if that can
    be; ``others`` are the multiply-adds of one place on it. 1 where that would not help, or not be even."""
    if across * others <= _SMALL or np.dtype(dtype) != np.float32 or not has_small_kernels():
        return 1
    small = _SMALL // others
    fitting = _even(across, min(small, widest or small)) or _even(across, small)
    return max(fitting, key=lambda count: (math.gcd(across // count, _BEST_WIDTH), -count), default=1)


def _even(across: int, widest: int) -> list[int]:
    """Numbers of pieces that are equally wide, at most ``widest``."""
    return [
        count
        for count in range(2, _MOST_PIECES + 1)
        if across % count == 0 and _LEAST_WIDTH * count <= across <= count * widest
    ]


def by_columns(left: FloatArray, right: FloatArray, out: FloatArray, count: int) -> None:
    """left·right for ``(…, m, k)`` and ``(…, k, n)``, in ``count`` pieces of the columns."""
    if count == 1:
        np.matmul(left, right, out=out)
    else:
        np.matmul(left, _cut(right, count), out=_cut(out, count))


def by_rows(left: FloatArray, right: FloatArray, out: FloatArray, count: int) -> None:
    """left·right for ``(m, k)`` and ``(k, n)``, in ``count`` pieces of the rows."""
    if count == 1:
        np.matmul(left, right, out=out)
    else:
        np.matmul(left.reshape(count, -1, left.shape[1]), right, out=out.reshape(count, -1, out.shape[1]))


def by_rows_each(left: FloatArray, right: FloatArray, out: FloatArray, count: int) -> None:
    """left·right for ``(…, m, k)`` and ``(…, k, n)``, in ``count`` pieces of the rows of each."""
    if count == 1:
        np.matmul(left, right, out=out)
    else:
        np.matmul(_cut_rows(left, count), right[..., np.newaxis, :, :], out=_cut_rows(out, count))


Product: TypeAlias = Callable[[FloatArray, FloatArray, FloatArray], object]
"""left·right into a third array, for ``(m, k)`` and ``(k, n)``."""


def product(work: int, count: int = 1) -> Product:
    """A product of ``work`` multiply-adds in ``count`` pieces of the rows, by two lanes where that is worth it."""
    if work >= WORTH_SHARING:
        return _Shared(count)
    return np.dot if count == 1 else partial(by_rows, count=count)


class _Shared:
    """In two parts: some of the ``count`` pieces and the others, or of rows or columns, whichever are more."""

    def __init__(self, count: int) -> None:
        self._pair, self._count = Pair(), count

    def __call__(self, left: FloatArray, right: FloatArray, out: FloatArray) -> None:
        if self._count > 1:
            self._pair.run(
                partial(_some_pieces, left, right, out, self._count),
                whole=partial(by_rows, left, right, out, self._count),
            )
            return
        is_by_row = len(out) >= out.shape[1]
        parts = parts_of(max(out.shape))

        def work(number: int) -> None:
            part = parts[number]
            if is_by_row:
                np.matmul(left[part], right, out=out[part])
            else:
                np.matmul(left, right[:, part], out=out[:, part])

        self._pair.run(work)


def _some_pieces(left: FloatArray, right: FloatArray, out: FloatArray, count: int, part: int) -> None:
    """The first half of the pieces and a bit more, or the rest."""
    first = (count + 1) // 2
    rows = first * (len(left) // count)
    if part:
        by_rows(left[rows:], right, out[rows:], count - first)
    else:
        by_rows(left[:rows], right, out[:rows], first)


def _cut_rows(matrix: FloatArray, count: int) -> FloatArray:
    """``(…, m, k)`` as ``(…, count, m / count, k)``; a view."""
    return matrix.reshape(*matrix.shape[:-2], count, -1, matrix.shape[-1])


def _cut(matrix: FloatArray, count: int) -> FloatArray:
    """``(…, k, n)`` as ``(…, count, k, n / count)``; a view."""
    return matrix.reshape(*matrix.shape[:-1], count, -1).swapaxes(-3, -2)
