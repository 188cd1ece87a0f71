"""Writing an animated GIF a frame at a time, so that a long animation needs no more memory than its file.

One palette serves all frames. It is made from a few of them: rare colours count for more than they cover, so that the
thin lines of a plot keep theirs beside large smooth areas, and every entry is a colour that really occurs. A frame stores
only what changed; the rest of it is transparent and lets the frame before show through.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Final, TypeAlias, final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.GifImagePlugin import getdata

Pixels: TypeAlias = NDArray[np.uint8]
Indices: TypeAlias = NDArray[np.uint8]
Colors: TypeAlias = NDArray[np.int32]  # packed, a byte a part

_COLORS: Final = 255  # one more is transparent
_TRANSPARENT: Final = 255
_UNKNOWN: Final = -1
_WEIGHED: Final = 200_000  # pixels the palette is cut from
_FAIRNESS: Final = 0.6  # 1: colours count as often as they occur, 0: all alike
_PIECE: Final = 8192  # colours compared at a time
_FOREVER: Final = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
TAIL: Final = b";"


@final
class GifStream:
    """Frames are ``(height, width, 3)`` of bytes, all of the size of ``samples``, which the palette is made from."""

    def __init__(self, samples: Sequence[Pixels], *, loops: bool) -> None:
        self._height, self._width = samples[0].shape[:2]
        self._loops = loops
        self._entries = _palette(samples)
        self._known = np.full(1 << 24, _UNKNOWN, np.int16)  # the entry of every colour that occurred
        self._before: Indices | None = None

    def head(self) -> bytes:
        """What stands before the frames."""
        size = struct.pack("<HH", self._width, self._height)
        colors = _parts(self._entries).tobytes().ljust(3 * 256, b"\0")
        return b"GIF89a" + size + b"\xf7\x00\x00" + colors + (_FOREVER if self._loops else b"")

    def frame(self, pixels: Pixels, duration_ms: int) -> bytes:
        """The next frame, shown for ``duration_ms``, which GIF knows in hundredths of a second."""
        indices = self._indices(pixels)
        before, self._before = self._before, indices
        corner = (0, 0)
        if before is not None:
            differs = indices != before
            rows, columns = _extent(differs.any(axis=1)), _extent(differs.any(axis=0))
            corner = (columns.start, rows.start)
            indices = np.where(differs[rows, columns], indices[rows, columns], _TRANSPARENT).astype(np.uint8)
        settings: dict[str, Any] = {"duration": duration_ms, "disposal": 1, "transparency": _TRANSPARENT}
        found: list[bytes] = getdata(Image.fromarray(np.ascontiguousarray(indices), "P"), corner, **settings)
        return b"".join(found)

    def _indices(self, pixels: Pixels) -> Indices:
        """The entry of the palette nearest to each pixel."""
        packed = _packed(pixels)
        found = self._known[packed]
        new = np.unique(packed[found == _UNKNOWN])
        if len(new):
            self._known[new] = _nearest(new, self._entries)
            found = self._known[packed]
        return found.astype(np.uint8).reshape(pixels.shape[:2])


def _palette(samples: Sequence[Pixels]) -> Colors:
    """The entries, packed."""
    colors, counts = np.unique(np.concatenate([_packed(one) for one in samples]), return_counts=True)
    weights = counts**_FAIRNESS
    repeated = np.repeat(colors, np.ceil(weights * (_WEIGHED / weights.sum())).astype(np.intp))
    strip = Image.fromarray(_parts(repeated)[np.newaxis], "RGB")
    cut = strip.quantize(_COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    means = _packed(np.array(cut.getpalette(), np.uint8).reshape(1, -1, 3)[:, :_COLORS])
    nearest = _nearest(colors, means)
    chosen: dict[int, int] = {}
    for index in np.argsort(counts).tolist():  # the most frequent of those around a mean stands for it
        chosen[int(nearest[index])] = int(colors[index])
    return np.array(sorted(chosen.values()), np.int32)


def _nearest(colors: Colors, entries: Colors) -> NDArray[np.intp]:
    """The index in ``entries`` of the one nearest to each of ``colors``."""
    targets = _parts(entries).astype(np.float32)
    found = []
    for first in range(0, len(colors), _PIECE):
        here = _parts(colors[first : first + _PIECE]).astype(np.float32)
        # |a − b|² less |a|², which is the same for all entries
        found.append(np.argmin((targets**2).sum(axis=1) - 2 * here @ targets.T, axis=1))
    return np.concatenate(found)


def _extent(differs: NDArray[np.bool_]) -> slice:
    """From the first True to the last; the first place where there is none."""
    where = np.flatnonzero(differs)
    return slice(int(where[0]), int(where[-1]) + 1) if len(where) else slice(0, 1)


def _packed(pixels: Pixels) -> Colors:
    red, green, blue = (pixels[..., i].reshape(-1).astype(np.int32) for i in range(3))
    packed: Colors = (red << 16) | (green << 8) | blue
    return packed


def _parts(colors: Colors) -> Pixels:
    return np.stack([colors >> 16, colors >> 8 & 255, colors & 255], axis=-1).astype(np.uint8)
