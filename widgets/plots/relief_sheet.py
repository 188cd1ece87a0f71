"""The heights of a surface as a shaded, coloured sheet in a box, and the picture of it, pixel by pixel, with NumPy.

Seen in parallel projection, one column of pixels looks at one vertical slice of the sheet: a curve. All columns walk their
slices from far to near at once, and what is nearer is written over what is farther. That costs a third of a frame; a
painter would take three frames for a tenth as many quadrilaterals, and would not say how far away each pixel is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from simulations.core.arrays import Array, FloatArray, IntArray
from simulations.racing.probes.ground import DARKEST
from widgets.plots.colormap import rgb
from widgets.plots.race_ground import shade_colors
from widgets.plots.relief_camera import HALF_HEIGHT, Projection, Sides
from widgets.theme import Theme

_COLORS: Final = DARKEST + 1
_SHADES: Final = 96
_DARKEST: Final = 0.42  # of a slope turned away from the light
_BRIGHTEST: Final = 1.12
_LIGHT: Final = (-0.5, -0.45, 0.75)  # right, away, up: over the left shoulder
_UNDERSIDE: Final = 0.55  # how much of the colour an underside keeps


@dataclass(frozen=True, eq=False)
class Sheet:
    """Heights and colours on a lattice ``(rows, columns)``, both as shares 0…1; row 0 has the least y.

    NaN is a hole. ``sides`` are those of the box the sheet fills.
    """

    heights: FloatArray
    colors: FloatArray
    sides: Sides

    @cached_property
    def ups(self) -> FloatArray:
        """The heights in the box."""
        return (2 * self.heights - 1) * HALF_HEIGHT

    @cached_property
    def slopes(self) -> tuple[FloatArray, FloatArray]:
        """∂up/∂y and ∂up/∂x at the lattice points; where they are unknown, flat."""
        rows, columns = self.heights.shape
        across = np.gradient(self.ups, 2 * self.sides.y / (rows - 1), 2 * self.sides.x / (columns - 1))
        along_y, along_x = (np.nan_to_num(one, nan=0.0, posinf=0.0, neginf=0.0) for one in across)
        return np.asarray(along_y), np.asarray(along_x)

    @cached_property
    def has_holes(self) -> bool:
        return not bool(np.isfinite(self.heights).all())

    def shades(self, projection: Projection) -> FloatArray:
        """How bright each lattice point is, 0…1, by a lamp that turns with the camera."""
        along_y, along_x = self.slopes
        right, away, up = np.array(_LIGHT) / np.linalg.norm(_LIGHT)
        sine, cosine = math.sin(projection.azimuth), math.cos(projection.azimuth)
        facing = up - along_x * (right * cosine - away * sine) - along_y * (right * sine + away * cosine)
        facing /= np.sqrt(1 + along_x * along_x + along_y * along_y)
        shades: FloatArray = np.clip(0.25 + 0.85 * facing, 0, 1)
        return shades

    def up_at(self, x: Array, y: Array) -> FloatArray:
        """The sheet's height over places of the box; NaN beside it and in holes."""
        return _at(self.ups, x, y, self.sides)


def _at(lattice: FloatArray, x: Array, y: Array, sides: Sides) -> FloatArray:
    """``lattice`` between its points, along straight lines."""
    rows, columns = lattice.shape
    with np.errstate(invalid="ignore"):
        right, back = (x / sides.x + 1) / 2 * (columns - 1), (y / sides.y + 1) / 2 * (rows - 1)
        is_in = (right >= 0) & (right <= columns - 1) & (back >= 0) & (back <= rows - 1)
    right, back = np.where(is_in, right, 0.0), np.where(is_in, back, 0.0)
    i, j = np.minimum(back.astype(np.intp), rows - 2), np.minimum(right.astype(np.intp), columns - 2)
    back, right = back - i, right - j
    near = lattice[i, j] * (1 - right) + lattice[i, j + 1] * right
    far = lattice[i + 1, j] * (1 - right) + lattice[i + 1, j + 1] * right
    return np.where(is_in, near * (1 - back) + far * back, np.nan)


@lru_cache(maxsize=4)
def palette(theme: Theme) -> Array:
    """Packed ARGB32 of side, colour and shade, flat: the colours of the plane; the underside is mixed with grey."""
    lamps = np.linspace(_DARKEST, _BRIGHTEST, _SHADES)[:, np.newaxis]
    top = shade_colors(theme)[:, np.newaxis] * lamps
    under = _UNDERSIDE * top + (1 - _UNDERSIDE) * rgb(theme.color("text.secondary")) * lamps
    red, green, blue = np.moveaxis(np.clip(np.stack([top, under]), 0, 255).astype(np.uint32), -1, 0)
    packed: Array = np.asarray(np.uint32(0xFF000000) | red << 16 | green << 8 | blue).reshape(-1)
    return packed


def color_of(shares: Array, shades: Array, is_under: Array) -> IntArray:
    """The places in :func:`palette`."""
    colors = np.nan_to_num(shares * (_COLORS - 1)).astype(np.int32)
    places: IntArray = (is_under * _COLORS + colors) * _SHADES + (shades * (_SHADES - 1)).astype(np.int32)
    return places


@dataclass(frozen=True, eq=False)
class Raster:
    """A picture ``(h, w)`` of packed RGB32, and how far away along the floor each pixel's piece of the sheet is.

    Where there is no sheet the picture is 0, and the distance ∞.
    """

    pixels: Array
    distances: FloatArray
    projection: Projection

    def shows(self, points: FloatArray) -> Array:
        """Whether each of ``points`` ``(n, 3)`` of the box, that lie on the sheet, is not hidden by a nearer part of it."""
        height, width = self.distances.shape
        seen = self.projection.project(points)
        _right, away = self.projection.turned(points[:, 0], points[:, 1])
        is_in = np.isfinite(seen).all(axis=1)
        column, row = (np.where(is_in, seen[:, i], -2.0) for i in (0, 1))
        is_in &= (column >= 1) & (column < width - 1) & (row >= 1) & (row < height - 1)
        i, j = np.where(is_in, row, 1).astype(np.intp), np.where(is_in, column, 1).astype(np.intp)
        nearest = np.full(len(points), -np.inf)
        for a in (-1, 0, 1):  # a steep piece is far thinner than a pixel
            for b in (-1, 0, 1):
                beside = self.distances[i + a, j + b]
                np.maximum(nearest, beside, out=nearest, where=np.isfinite(beside))
        nearest[~np.isfinite(nearest)] = np.inf  # no sheet far and wide
        is_shown: Array = is_in & (away <= nearest + _TOLERANCE)
        return is_shown


_TOLERANCE: Final = 0.02  # of a box two wide: how much nearer than a point on it a sheet is without hiding the point


def rasterize(sheet: Sheet, projection: Projection, size: tuple[int, int], samples: int, theme: Theme) -> Raster:
    """Paint ``sheet`` into a picture of ``size`` (width, height), each column by that many ``samples`` of its slice."""
    width, height = size
    found = np.full(width * height, -1, np.int32)
    columns, away = _slices(sheet.sides, projection, width, samples)
    if not len(columns):
        return Raster(np.zeros((height, width), np.uint32), np.full((height, width), np.inf), projection)
    across = ((columns + 0.5 - projection.x) / projection.scale).astype(np.float32)
    ups, shares, shades = _sampled(sheet, projection, across, away)
    sine, cosine = math.sin(projection.elevation), math.cos(projection.elevation)
    level = np.float32(projection.y) - np.float32(projection.scale) * (
        away * np.float32(sine) + ups * np.float32(cosine)
    )
    is_known = np.isfinite(level) if sheet.has_holes else None
    rows = np.floor(np.clip(level if is_known is None else np.where(is_known, level, 0), -1, height)).astype(np.int32)
    farther, nearer = rows[:-1], rows[1:]
    counts = np.abs(nearer - farther)
    if is_known is not None:
        counts *= is_known[:-1] & is_known[1:]
    is_under = nearer < farther
    first = np.minimum(farther, nearer) + ~is_under
    _write(found, first, counts, columns, width)
    colors = palette(theme)[color_of(shares[1:], shades[1:], is_under)].reshape(-1)
    is_sheet = found >= 0
    pixels, distances = np.zeros(width * height, np.uint32), np.full(width * height, np.inf, np.float32)
    pixels[is_sheet] = colors[found[is_sheet]]
    distances[is_sheet] = away[1:].reshape(-1)[found[is_sheet]]
    return Raster(pixels.reshape(height, width), distances.reshape(height, width), projection)


def _slices(sides: Sides, projection: Projection, width: int, samples: int) -> tuple[IntArray, FloatArray]:
    """The pixel columns that see the sheet, and the places along each one's slice, far to near, ``(samples, columns)``."""
    sine, cosine = math.sin(projection.azimuth), math.cos(projection.azimuth)
    across = (np.arange(width) + 0.5 - projection.x) / projection.scale
    low, high = np.full(width, -np.inf), np.full(width, np.inf)
    for along, by, side in ((across * cosine, -sine, sides.x), (across * sine, cosine, sides.y)):
        if abs(by) < 1e-9:
            outside = np.abs(along) > side
            low[outside], high[outside] = np.inf, -np.inf
            continue
        ends = np.sort(np.stack([(-side - along) / by, (side - along) / by]), axis=0)
        low, high = np.maximum(low, ends[0]), np.minimum(high, ends[1])
    columns = np.flatnonzero(high > low)
    low, high = low[columns], high[columns]
    shares = np.linspace(1, 0, samples)[:, np.newaxis]
    return columns, (low + (high - low) * shares).astype(np.float32)


def _sampled(
    sheet: Sheet, projection: Projection, across: FloatArray, away: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Heights, colours and shades of the sheet at the places ``away`` ``(samples, columns)`` of every slice."""
    rows, columns = sheet.heights.shape
    values = np.stack([sheet.ups, sheet.colors, sheet.shades(projection)], axis=-1)
    lattice = values.reshape(-1, 3).astype(np.float32)
    sine, cosine = math.sin(projection.azimuth), math.cos(projection.azimuth)
    right, back = np.float32((columns - 1) / (2 * sheet.sides.x)), np.float32((rows - 1) / (2 * sheet.sides.y))
    x = (across * np.float32(cosine) + np.float32(sheet.sides.x)) * right - away * (np.float32(sine) * right)
    y = (across * np.float32(sine) + np.float32(sheet.sides.y)) * back + away * (np.float32(cosine) * back)
    np.clip(x, 0, columns - 1.001, out=x)
    np.clip(y, 0, rows - 1.001, out=y)
    j, i = x.astype(np.int32), y.astype(np.int32)
    x -= j
    y -= i
    i *= columns
    i += j
    place, x, y = i.reshape(-1), x.reshape(-1, 1), y.reshape(-1, 1)
    near, far = _between(lattice, place, x), _between(lattice, place + columns, x)
    far -= near
    far *= y
    near += far
    ups, shares, shades = (near[:, k].reshape(away.shape) for k in range(3))
    return ups, shares, shades


def _between(lattice: FloatArray, place: IntArray, share: FloatArray) -> FloatArray:
    """The numbers at ``place``, ``share`` of the way to the next column."""
    first: FloatArray = lattice.take(place, axis=0)
    step = lattice.take(place + 1, axis=0)
    step -= first
    step *= share
    first += step
    return first


def _write(found: IntArray, first: IntArray, counts: IntArray, columns: IntArray, width: int) -> None:
    """Write every piece's index into the ``counts`` rows it covers from ``first`` on; of several the last one stays."""
    counts = counts.reshape(-1)
    pieces = np.flatnonzero(counts).astype(np.int32)
    counts = counts[pieces]
    if not len(counts):
        return
    ends = np.cumsum(counts)
    at = np.repeat(pieces, counts)
    start = (first.reshape(-1)[pieces] - (ends - counts)).astype(np.int32)
    rows = np.arange(ends[-1], dtype=np.int32) + np.repeat(start, counts)
    is_in = (rows >= 0) & (rows < len(found) // width)
    pixels = rows * width + columns[at % len(columns)]
    found[pixels[is_in]] = at[is_in]
