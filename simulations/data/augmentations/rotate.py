"""Rotate: the picture turns about its middle, between the pixels linearly interpolated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray, IntArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.data.augmentations.base import AUGMENTATIONS, Augmentation

_PIXELS = 12_000  # turned at once: temporaries this small stay in the cache and are never given back to the system


@final
@AUGMENTATIONS.register(
    "rotate",
    label=N_("Rotate"),
    summary=N_("Turns each picture by a random angle about its middle; the edge is repeated."),
    source="Simard, Steinkraus & Platt 2003, “Best practices for convolutional neural networks”",
)
@dataclass(frozen=True)
class Rotate(Augmentation):
    """Counter-clockwise by an angle uniform in −degrees…degrees; bilinear, beyond the edge stands the edge."""

    degrees: float = param(
        10.0, low=0.5, high=180.0, unit="°", label=N_("Up to"), help=N_("The farthest a picture turns, either way.")
    )

    def apply(self, x: FloatArray, rng: np.random.Generator) -> None:
        n, h, w, c = x.shape
        angle = np.radians(rng.uniform(-self.degrees, self.degrees, n)).astype(x.dtype)
        some = max(1, _PIXELS // (h * w * c))
        for start in range(0, n, some):
            part = slice(start, start + some)
            turn_bilinear(x[part], np.cos(angle[part]), np.sin(angle[part]))


def turn_bilinear(x: FloatArray, cos: FloatArray, sin: FloatArray) -> None:
    """Turn each of the pictures ``x`` ``(n, h, w, c)`` in place by the angle with ``cos`` and ``sin`` ``(n,)``."""
    n, h, w, c = x.shape
    if h < 2 or w < 2:
        return
    down, right = _grid(h, w)
    cos, sin = cos[:, np.newaxis], sin[:, np.newaxis]
    row, row_part = _split(cos * down + sin * right, h)  # where the pixel of the turned picture comes from
    column, column_part = _split(cos * right - sin * down, w)
    row *= w
    row += column
    place = row.astype(np.intp)
    place += np.arange(0, n * h * w, h * w)[:, np.newaxis]
    if c > 1:
        row_part, column_part = row_part[..., np.newaxis], column_part[..., np.newaxis]
    flat = x.reshape(-1, c) if c > 1 else x.reshape(-1)
    above = _between(flat, place, column_part)
    place += w
    below = _between(flat, place, column_part)
    below -= above
    below *= row_part
    above += below
    x[...] = above.reshape(x.shape)


def _between(flat: FloatArray, place: IntArray, part: FloatArray) -> FloatArray:
    """Between the pixel at ``place`` and the one to its right."""
    left: FloatArray = flat.take(place, axis=0)
    right = flat[1:].take(place, axis=0)
    right -= left
    right *= part
    left += right
    return left


def _split(position: FloatArray, size: int) -> tuple[FloatArray, FloatArray]:
    """A position about the middle of ``size`` pixels as the pixel before it, 0…size−2, and the way to the next, 0…1."""
    position += (size - 1) / 2
    np.clip(position, 0, size - 1, out=position)
    whole = np.floor(position)
    np.clip(whole, 0, size - 2, out=whole)
    position -= whole
    return whole, position


@lru_cache(maxsize=8)
def _grid(h: int, w: int) -> tuple[FloatArray, FloatArray]:
    """How far down and right of the middle every pixel lies, ``(h·w,)`` each."""
    down, right = np.mgrid[:h, :w].astype(np.float32).reshape(2, -1)
    return down - np.float32((h - 1) / 2), right - np.float32((w - 1) / 2)
