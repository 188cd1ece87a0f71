"""Sliding windows over images: the geometry that convolution and pooling share.

Images lie in memory as ``(c, w, h, n)``, samples innermost, so that one offset of a window, taken at all positions and
samples at once, is a few long runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulations.core.arrays import FloatArray, Shape, shape_text
from simulations.core.errors import ShapeError
from simulations.core.text import N_
from simulations.nn.layers.base import Memo


@dataclass(frozen=True)
class Windows:
    """Square windows of ``kernel``² cells, ``dilation`` apart, every ``stride`` cells, over an image ``(h, w, c)``.

    ``low`` cells are added at the top and left, ``high`` at the bottom and right; ``rows`` and ``columns`` count the
    positions of the window.
    """

    image: Shape
    kernel: int
    stride: int
    dilation: int
    low: int
    high: int

    @property
    def rows(self) -> int:
        return self._positions(self.image[0])

    @property
    def columns(self) -> int:
        return self._positions(self.image[1])

    @property
    def reach(self) -> int:
        """How many cells of the image lie under one window, from its first to its last."""
        return self.dilation * (self.kernel - 1) + 1

    def _positions(self, size: int) -> int:
        return (size + self.low + self.high - self.reach) // self.stride + 1

    def padded(self, n: int, dtype: np.dtype[np.floating], value: float = 0.0) -> FloatArray:
        """Memory ``(c, w, h, n)`` of ``n`` padded images, all ``value``."""
        h, w, c = self.image
        margin = self.low + self.high
        return np.full((c, w + margin, h + margin, n), value, dtype)

    def inside(self, padded: FloatArray) -> FloatArray:
        """The images themselves, ``(c, w, h, n)``, without the padding; a view."""
        h, w, _ = self.image
        return padded[:, self.low : self.low + w, self.low : self.low + h]

    def source(self, memo: Memo, n: int, dtype: np.dtype[np.floating], value: float = 0.0) -> tuple[FloatArray, bool]:
        """The memory windows slide over, and whether the input has to be copied into it (padding, or foreign order)."""
        below = self.below(memo, n)
        return (self.padded(n, dtype, value), True) if below is None else (below, False)

    def below(self, memo: Memo, n: int) -> FloatArray | None:
        """The output of the layer below as memory ``(c, w, h, n)``, if windows may slide over it where it lies."""
        h, w, c = self.image
        output = None if memo.below is None else memo.below.output
        return None if output is None or self.low + self.high else output[:-1].reshape(c, w, h, n)

    def slide(self, padded: FloatArray, columns: int | None = None) -> FloatArray:
        """``(kernel row, kernel column, c, columns, rows, n)``: what each cell of the window sees; a view. ``columns``
        says how many columns of positions there are, if not all."""
        c, _, _, n = padded.shape
        plane, column, row, sample = padded.strides
        return np.lib.stride_tricks.as_strided(
            padded,
            (self.kernel, self.kernel, c, self.columns if columns is None else columns, self.rows, n),
            (row * self.dilation, column * self.dilation, plane, column * self.stride, row * self.stride, sample),
        )


def windows(name: str, image: Shape, kernel: int, stride: int, padding: str | int, dilation: int = 1) -> Windows:
    """The windows of layer ``name``; raises :class:`ShapeError` in words when they do not fit into ``image``.

    ``padding`` is ``"valid"`` (none), ``"same"`` (one output per stride; the odd cell goes to the bottom and right, as
    in PyTorch) or a number of cells on every side.
    """
    if len(image) != 3:
        raise ShapeError(
            N_("{layer} expects an image (height×width×channels), got {received}: use image data, before any flatten."),
            layer=name,
            received=shape_text(image),
        )
    reach = dilation * (kernel - 1) + 1
    low = high = padding if isinstance(padding, int) else 0
    if padding == "same":
        low = (reach - 1) // 2
        high = reach - 1 - low
    available = min(image[:2]) + low + high
    if reach > available:
        raise ShapeError(
            N_(
                "{layer} looks at {expected}×{expected} cells, but the image has only {received}: "
                "use a smaller kernel or padding ‘same’."
            ),
            layer=name,
            expected=reach,
            received=shape_text((image[0] + low + high, image[1] + low + high)),
        )
    return Windows(tuple(image), kernel, stride, dilation, low, high)


def memory(images: FloatArray, memo: Memo, purpose: str = "spare") -> FloatArray:
    """``images`` ``(n, h, w, c)`` as memory ``(c, w, h, n)``, copied into scratch only when they lie otherwise."""
    if images.flags.f_contiguous:
        return images.T
    spare: FloatArray = memo.scratch(purpose, images.T.shape, images.dtype)
    np.copyto(spare, images.T)
    return spare
