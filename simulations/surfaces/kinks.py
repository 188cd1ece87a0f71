"""Minima where a function has a kink or an edge instead of a slope of zero, found by comparing heights.

Newton's method does not see them. Each low place of a lattice is looked at more and more closely: along one axis, and for every
place on it along the other, so that a narrow valley between two kinks is followed whatever its direction. What is found counts
only if all around it is higher and no direction leads down: zero lies among the slopes around it (Clarke 1983, section 2.3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from simulations.core.arrays import Array, FloatArray

Heights = Callable[[FloatArray], FloatArray]  # points (n, 2) → (n, 1)
Slopes = Callable[[FloatArray], FloatArray]  # points (n, 2) → (n, 2)

_MOST: Final = 32  # low places that are looked at, the lowest first
_HALF: Final = 1.5  # cells to each side of a low place are looked at
_PLACES: Final = 9  # at once along an axis: the best and its neighbours stay, a quarter of the width
_ROUNDS: Final = 19  # down to 4⁻¹⁹ of a cell
_STEEP: Final = 3  # rounds: how the lowest y goes with x is no steeper than 4³ cells a cell
_MOVES: Final = 4  # times a minimum may lie on the edge of what was looked at
_AROUND: Final = 64  # directions
_RADII: Final = (1e-2, 1e-4)  # of a cell
_TURNS: Final = 14  # rounds in which the lowest direction is found
_ROUNDING: Final = 8 * float(np.finfo(float).eps)
_FLAT: Final = 1e-7  # of how high it is around: less is a level way
_DIGITS: Final = 10  # of the extent: coordinates that are as low with so many are written with so many


def kink_minima(lattice: FloatArray, value: Heights, gradient: Slopes, known: FloatArray) -> FloatArray:
    """Points ``(n, 2)`` that are strictly lower than their surroundings, other than those ``known`` ``(m, 2)``.

    ``lattice`` is ``(rows, columns, 2)``; no minimum on its edge is found.
    """
    cell, extent = lattice[1, 1] - lattice[0, 0], lattice[-1, -1] - lattice[0, 0]
    places = _low_places(lattice, value, known, cell)
    if not len(places):
        return places
    lowest, is_inside = places, np.zeros(len(places), bool)
    for _move in range(_MOVES):
        is_open = ~is_inside
        if not is_open.any():
            break
        found = _nested(lowest[is_open], cell, value)
        is_inside[is_open] = (np.abs(found - lowest[is_open]) < 0.99 * _HALF * cell).all(axis=-1)
        lowest[is_open] = found
    lowest = _rounded(lowest[is_inside], extent, value)
    if not len(lowest):
        return lowest
    return lowest[_are_minima(lowest, cell, value, gradient)]


def _low_places(lattice: FloatArray, value: Heights, known: FloatArray, cell: FloatArray) -> FloatArray:
    """Lattice points not higher than their eight neighbours, away from what is ``known``."""
    heights = _heights(value, lattice.reshape(-1, 2)).reshape(lattice.shape[:2])
    middle = heights[1:-1, 1:-1]
    is_low = np.isfinite(middle)
    for i in range(3):
        for j in range(3):
            is_low &= middle <= heights[i : i + middle.shape[0], j : j + middle.shape[1]]
    places = lattice[1:-1, 1:-1][is_low]
    for one in known:
        is_away = (np.abs(places - one) > cell).any(axis=-1)
        places = places[is_away]
    order = np.argsort(_heights(value, places), kind="stable") if len(places) else np.zeros(0, np.intp)
    found: FloatArray = places[order[:_MOST]]
    return found


def _nested(middles: FloatArray, cell: FloatArray, value: Heights) -> FloatArray:
    """The lowest places ``(n, 2)`` near ``middles`` ``(n, 2)``: over x, the lowest over y for each x."""
    shares = np.linspace(-1, 1, _PLACES)
    x, y = middles[:, :1], middles[:, 1:]
    for done in range(_ROUNDS):
        across = x + _HALF * cell[0] * 4.0**-done * shares
        nearer = max(done - _STEEP, 0)
        best_y, heights = _lowest_over_y(across, y, _HALF * cell[1] * 4.0**-nearer, _ROUNDS - nearer, value)
        best = heights.argmin(axis=1)[:, np.newaxis]
        x, y = (np.take_along_axis(one, best, axis=1) for one in (across, best_y))
    return np.concatenate([x, y], axis=1)


def _lowest_over_y(
    x: FloatArray, y: FloatArray, half: float, rounds: int, value: Heights
) -> tuple[FloatArray, FloatArray]:
    """For each of ``x`` ``(n, k)`` the lowest y near ``y`` ``(n, 1)`` and the height there, ``(n, k)`` each."""
    shares = np.linspace(-1, 1, _PLACES)
    y = np.broadcast_to(y, x.shape)
    for done in range(rounds):
        up = y[..., np.newaxis] + half * 4.0**-done * shares
        points = np.stack([np.broadcast_to(x[..., np.newaxis], up.shape), up], axis=-1)
        heights = _heights(value, points.reshape(-1, 2)).reshape(up.shape)
        best = heights.argmin(axis=-1)[..., np.newaxis]
        y = np.take_along_axis(up, best, axis=-1)[..., 0]
    return y, np.take_along_axis(heights, best, axis=-1)[..., 0]


def _rounded(points: FloatArray, extent: FloatArray, value: Heights) -> FloatArray:
    """``points`` with fewer digits where they are not higher for it: a kink at 0 is at 0."""
    steps = 10.0 ** np.floor(np.log10(extent)) * 10.0**-_DIGITS
    short = np.round(points / steps) * steps
    is_as_low = _heights(value, short) <= _heights(value, points) + _ROUNDING * np.abs(_heights(value, points))
    return np.where(is_as_low[:, np.newaxis], short, points)


def _are_minima(points: FloatArray, cell: FloatArray, value: Heights, gradient: Slopes) -> Array:
    """Whether all around each of ``points`` is higher, and the slopes there surround zero."""
    angles = np.arange(_AROUND) * (2 * np.pi / _AROUND)
    heights = _heights(value, points)
    are: Array = np.isfinite(heights)
    for radius in _RADII:
        low, high = _range_around(points, radius * cell, value)
        are &= low - heights > _ROUNDING * np.abs(heights) + _FLAT * (high - heights)
    around = _ring(points, _RADII[0] * cell, np.broadcast_to(angles, (len(points), _AROUND)))
    slopes = gradient(around.reshape(-1, 2)).reshape(around.shape)
    turns = np.sort(np.arctan2(slopes[..., 1], slopes[..., 0]), axis=1)
    gaps = np.diff(np.concatenate([turns, turns[:, :1] + 2 * np.pi], axis=1), axis=1)
    are &= gaps.max(axis=1, initial=0) <= np.pi + 1e-6
    return are


def _range_around(points: FloatArray, radii: FloatArray, value: Heights) -> tuple[FloatArray, FloatArray]:
    """The least and the greatest height on ellipses around ``points``, ``(n,)`` each; the least however narrow the way to it: a
    curve of minima is met."""
    spread = 2 * np.pi / _AROUND
    angles = np.broadcast_to(np.arange(_AROUND) * spread, (len(points), _AROUND))
    high = np.full(len(points), -np.inf)
    for _round in range(_TURNS):
        around = _ring(points, radii, angles)
        heights = _heights(value, around.reshape(-1, 2)).reshape(angles.shape)
        high = np.maximum(high, np.where(np.isfinite(heights), heights, -np.inf).max(axis=1))
        best = np.take_along_axis(angles, heights.argmin(axis=1)[:, np.newaxis], axis=1)
        angles = best + spread * np.linspace(-1, 1, _PLACES)
        spread /= 4
    return heights.min(axis=1), high


def _ring(points: FloatArray, radii: FloatArray, angles: FloatArray) -> FloatArray:
    """``(n, k, 2)`` for ``angles`` ``(n, k)``."""
    found: FloatArray = points[:, np.newaxis] + radii * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return found


def _heights(value: Heights, points: FloatArray) -> FloatArray:
    """∞ where there is none."""
    heights = value(points)[:, 0]
    found: FloatArray = np.where(np.isnan(heights), np.inf, heights)
    return found
