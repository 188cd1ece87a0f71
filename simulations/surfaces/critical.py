"""Where a function has no slope: found from a lattice, polished by Newton's method, told apart by the Hessian."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from simulations.core.arrays import Array, FloatArray

Slopes = Callable[[FloatArray], FloatArray]  # points (n, 2) → gradients (n, 2) or Hessians (n, 2, 2)

_STEPS: Final = 60
_APART: Final = 1e-6  # of the box: closer than this, two points are one
_BESIDE: Final = 1e-5  # of the box: where the neighbours of a saddle are looked at
_FLAT: Final = 1e-9  # of the greater eigenvalue: below it, the smaller one is zero
_MOST: Final = 4096
_RUN: Final = 16  # pieces of a curve that one circle is put around


def polish(points: FloatArray, gradient: Slopes, hessian: Slopes) -> FloatArray:
    """``points`` ``(n, 2)`` moved by Newton steps as long as each makes the slope smaller; a kink stays where it is."""
    points = np.array(points, np.float64).reshape(-1, 2)
    slope = gradient(points).copy()
    size = _size(slope)
    moving = size > 0
    for _ in range(_STEPS):
        if not moving.any():
            break
        trial = points - newton_step(hessian(points), slope)
        steeper = gradient(trial)
        moving &= _size(steeper) < size
        points[moving], slope[moving] = trial[moving], steeper[moving]
        size = _size(slope)
        moving &= size > 0
    return points


def newton_step(hessian: FloatArray, slope: FloatArray) -> FloatArray:
    """H⁻¹·g of 2×2 Hessians ``(n, 2, 2)``, NaN where there is no inverse."""
    a, b, d = hessian[:, 0, 0], hessian[:, 0, 1], hessian[:, 1, 1]
    with np.errstate(all="ignore"):
        determinant = a * d - b * b
        step = np.stack([d * slope[:, 0] - b * slope[:, 1], a * slope[:, 1] - b * slope[:, 0]], axis=-1)
        found: FloatArray = step / determinant[:, np.newaxis]
    return found


def search(lattice: FloatArray, gradient: Slopes, hessian: Slopes) -> FloatArray:
    """Points without slope ``(n, 2)``: Newton's method from every cell in which both slopes change sign.

    ``lattice`` is ``(rows, columns, 2)``. What leaves its own cell by more than a few cells, or does not arrive, is dropped.
    """
    slopes = gradient(lattice.reshape(-1, 2)).reshape(lattice.shape).copy()
    sizes = _size(slopes.reshape(-1, 2))
    if not np.isfinite(sizes).any():
        return np.empty((0, 2))
    cells = _turns(slopes[..., 0]) & _turns(slopes[..., 1])
    middle = (lattice[:-1, :-1] + lattice[1:, 1:]) / 2
    cell = np.abs(lattice[1, 1] - lattice[0, 0])
    guesses = middle[cells][:_MOST]
    around = np.median(sizes[np.isfinite(sizes)])
    found = polish(guesses, gradient, hessian)
    with np.errstate(invalid="ignore"):
        near = (np.abs(found - guesses) <= 3 * cell).all(axis=-1)
        arrived = _size(gradient(found)) <= 1e-9 * (1 + around)
        sharp = np.isfinite(hessian(found)).all(axis=(-2, -1))
    return distinct(found[near & arrived & sharp], lattice[-1, -1] - lattice[0, 0])


def distinct(points: FloatArray, extent: FloatArray) -> FloatArray:
    """``points`` without those that repeat an earlier one, up to a millionth of ``extent``."""
    for shift in ((0, 0), (0.5, 0), (0, 0.5), (0.5, 0.5)):  # a pair that one grid parts lies in one cell of another
        _, first = np.unique(np.floor(points / (_APART * extent) + np.array(shift)), axis=0, return_index=True)
        points = points[np.sort(first)]
    return points


def curvatures(hessian: FloatArray) -> FloatArray:
    """Eigenvalues ``(n, 2)`` of ``(n, 2, 2)``, the smaller first; those within rounding of zero are zero."""
    values = np.linalg.eigvalsh(np.where(np.isfinite(hessian), hessian, 0.0))
    values[np.abs(values) <= _FLAT * np.abs(values).max(axis=-1, keepdims=True)] = 0.0
    found: FloatArray = values
    return found


def are_saddles(points: FloatArray, value: Slopes, hessian: Slopes, extent: FloatArray) -> Array:
    """Whether each of ``points`` is higher than its neighbours along one axis of its Hessian and lower along the other.

    The Hessian alone would not do where two kinks cross. ``value`` gives ``(n, 1)``.
    """
    here = value(points)[:, 0].copy()
    if not len(points):
        return np.zeros(0, bool)
    _, axes = np.linalg.eigh(hessian(points))
    sides = []
    for axis in (0, 1):
        step = _BESIDE * extent * axes[:, :, axis]
        sides.append(value(points + step)[:, 0] + value(points - step)[:, 0] - 2 * here)
    found: Array = (sides[0] < 0) & (sides[1] > 0)
    return found


def distance_to_curve(points: FloatArray, curve: FloatArray) -> FloatArray:
    """From ``points`` ``(…, 2)`` to the straight pieces between the corners ``curve`` ``(m, 2)``; ``(…)``, NaN where a point is.

    The pieces are taken in runs with a circle around each: a point looks at the runs only whose circle may hold the nearest.
    """
    flat = points.reshape(-1, 2)
    nearest = np.where(np.isfinite(flat).all(axis=1), np.inf, np.nan)
    runs = [curve[first : first + _RUN + 1] for first in range(0, len(curve) - 1, _RUN)]
    centres = np.array([(run.min(axis=0) + run.max(axis=0)) / 2 for run in runs])
    radii = np.array([np.hypot(*(run - centre).T).max() for run, centre in zip(runs, centres, strict=True)])
    away = flat[:, np.newaxis] - centres
    to_centres = np.hypot(away[..., 0], away[..., 1])
    may_hold = to_centres - radii <= (to_centres + radii).min(axis=1, keepdims=True)
    for run, rows in zip(runs, may_hold.T, strict=True):
        nearest[rows] = np.minimum(nearest[rows], _distance_to_pieces(flat[rows], run))
    return nearest.reshape(points.shape[:-1])


def _distance_to_pieces(points: FloatArray, corners: FloatArray) -> FloatArray:
    """From ``points`` ``(n, 2)`` to the nearest of the pieces between ``corners`` ``(m, 2)``; ``(n,)``."""
    along_x, along_y = np.diff(corners, axis=0).T
    away_x, away_y = (points[:, axis, np.newaxis] - corners[:-1, axis] for axis in (0, 1))
    share = (away_x * along_x + away_y * along_y) / (along_x * along_x + along_y * along_y)
    share = np.minimum(np.maximum(share, 0, out=share), 1, out=share)
    away_x -= share * along_x
    away_y -= share * along_y
    nearest = (away_x * away_x + away_y * away_y).argmin(axis=1)
    row = np.arange(len(points))
    found: FloatArray = np.hypot(away_x[row, nearest], away_y[row, nearest])
    return found


def _turns(slope: FloatArray) -> Array:
    """The cells ``(rows − 1, columns − 1)`` at whose corners ``slope`` has both signs, or is zero."""
    turns: Array = _at_a_corner(slope <= 0) & _at_a_corner(slope >= 0) & ~_at_a_corner(np.isnan(slope))
    return turns


def _at_a_corner(marks: Array) -> Array:
    """The cells ``(rows − 1, columns − 1)`` at one of whose corners there is a mark."""
    beside = marks[:, :-1] | marks[:, 1:]
    found: Array = beside[:-1] | beside[1:]
    return found


def _size(slope: FloatArray) -> FloatArray:
    size: FloatArray = np.hypot(slope[:, 0], slope[:, 1])
    return np.where(np.isnan(size), np.inf, size)
