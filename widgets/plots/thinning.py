"""Long paths with no more points than the screen can tell apart, and cut where they have gaps."""

from __future__ import annotations

import numpy as np

from simulations.core.arrays import Array, FloatArray


def thinned(x: Array, y: Array, left: float, right: float, columns: int) -> tuple[Array, Array]:
    """The part of a path from ``left`` to ``right`` with the first, the lowest and the highest point of each column.

    ``x`` ascends. One point beyond either edge stays, so that the line leaves the picture where it should; gaps (nan) stay.
    """
    first = max(int(np.searchsorted(x, left)) - 1, 0)
    last = min(int(np.searchsorted(x, right, side="right")) + 1, len(x))
    x, y = x[first:last], y[first:last]
    if len(x) <= 2 * columns:
        return x, y
    column = np.floor((x - left) * (columns / (right - left)))
    starts = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
    low, high = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    lengths = np.diff(starts, append=len(y))
    kept = np.isnan(y)
    for extreme in (low, high):
        has_it = y == np.repeat(extreme, lengths)
        kept |= has_it & ~np.concatenate(([False], has_it[:-1]))  # of a plateau its beginning is enough
    kept[starts] = kept[-1] = True
    return x[kept], y[kept]


def runs(points: FloatArray) -> list[FloatArray]:
    """The unbroken parts of a path of at least two points, NaN being a gap."""
    is_there = np.isfinite(points).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_there, [False]]).astype(np.int8)))
    return [points[a:b] for a, b in edges.reshape(-1, 2).tolist() if b - a > 1]
