"""Paths of many points as lines in pixels: decimated to what can be seen, cut at gaps, broken into dashes.

A dashed pen costs the painter ten times as much as a whole one. Here dashes are cut out of the path by its length, all at
once, and stroked with a whole pen in one call.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulations.core.arrays import Array, FloatArray
from widgets.plots.batch import chain


def dashed(points: FloatArray, pattern: Sequence[float] = ()) -> FloatArray:
    """The lines ``(m, 4)`` of a path through ``points`` ``(n, 2)``, where NaN is a gap; ``pattern`` holds the lengths of
    stroke and gap in turns, in pixels, and none is a whole line."""
    lines = chain(points[:, 0], points[:, 1])
    if not pattern or len(points) < 2:
        return lines[np.isfinite(lines).all(axis=1)]
    steps = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])
    along = np.concatenate([[0.0], np.cumsum(np.nan_to_num(steps))])
    marks = np.cumsum(pattern)
    period = float(marks[-1])
    turns = np.arange(int(along[-1] / period) + 1)[:, np.newaxis] * period
    breaks = (turns + np.concatenate([[0.0], marks[:-1]])).ravel()
    breaks = breaks[(breaks > 0) & (breaks < along[-1])]
    order = np.argsort(np.concatenate([along, breaks]), kind="stable")
    where = np.concatenate([along, breaks])[order]
    owner = np.clip(np.searchsorted(along, breaks, side="right") - 1, 0, len(steps) - 1)
    share = (breaks - along[owner]) / np.where(steps[owner] > 0, steps[owner], 1.0)
    between = lines[owner, :2] + (lines[owner, 2:] - lines[owner, :2]) * share[:, np.newaxis]
    placed = np.concatenate([points, between])[order]
    pieces = chain(placed[:, 0], placed[:, 1])
    middle = (where[:-1] + where[1:]) / 2 % period
    is_stroke = np.searchsorted(marks, middle, side="right") % 2 == 0
    strokes: FloatArray = pieces[is_stroke & np.isfinite(pieces).all(axis=1)]
    return strokes


def runs(points: FloatArray) -> list[FloatArray]:
    """The unbroken parts of a path of at least two points, NaN being a gap."""
    is_there = np.isfinite(points).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_there, [False]]).astype(np.int8)))
    return [points[a:b] for a, b in edges.reshape(-1, 2).tolist() if b - a > 1]


def decimated(x: Array, y: Array, columns: Array) -> tuple[FloatArray, FloatArray]:
    """A curve with first, least, greatest and last of all measurements in one of ``columns`` (a pixel for each
    measurement, never falling): the same pixels from at most four points a column."""
    starts = np.concatenate([[0], np.flatnonzero(np.diff(columns)) + 1])
    if 4 * len(starts) >= len(y):
        return x, y
    ends = np.concatenate([starts[1:], [len(y)]]) - 1
    low, high = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    return np.repeat(x[starts], 4), np.stack([y[starts], low, high, y[ends]], axis=1).ravel()
