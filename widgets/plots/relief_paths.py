"""Paths of a race laid onto the sheet: cut off at its edge, bent along it, and split into what is seen and what is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF

from simulations.core.arrays import Array, FloatArray, IntArray
from simulations.surfaces.base import Box
from widgets.plots.race_lines import clipped
from widgets.plots.relief_camera import Projection, Sides
from widgets.plots.relief_sheet import Raster, Sheet

_CELL: Final = 0.002  # of the box: steps that stay inside are one point
_PIECE: Final = 0.02  # of the box: a longer way is bent along the sheet
_PIXEL: Final = 0.7  # points nearer than this to the last one are left out


@dataclass(frozen=True, eq=False)
class Draped:
    """Points ``(m, 3)`` of the box on the sheet, in the order of racers and of their steps; ``steps`` ``(m,)`` is the step each
    leads to, ``joins`` ``(m,)`` whether it goes on from the point before. Racer r has ``first[r]`` to ``first[r + 1]``."""

    points: FloatArray
    steps: IntArray
    joins: Array
    first: IntArray

    def seen(self, projection: Projection, raster: Raster | None) -> SeenPaths:
        """The lines on the screen; without a picture of the sheet nothing is hidden."""
        places = projection.project(self.points)[:, :2]
        if not len(places):
            return SeenPaths(np.empty((0, 4)), np.empty(0, np.intp), np.empty(0, bool), self.first)
        is_new = ~self.joins
        is_new[1:] |= (np.floor(places[1:] / _PIXEL) != np.floor(places[:-1] / _PIXEL)).any(axis=1)
        kept = np.flatnonzero(is_new)
        flat, joins = places[kept], self.joins[kept[1:]]
        is_shown = np.ones(len(kept), bool) if raster is None else raster.shows(self.points[kept])
        rows = np.concatenate([flat[:-1], flat[1:]], axis=1)[joins]
        ends = kept[1:][joins]
        return SeenPaths(
            rows, self.steps[ends], (is_shown[:-1] & is_shown[1:])[joins], np.searchsorted(ends, self.first)
        )


@dataclass(frozen=True, eq=False)
class Averages:
    """The points to judge of the ``racers`` whose methods average, on the sheet."""

    paths: Draped
    racers: frozenset[int]


@dataclass(frozen=True, eq=False)
class SeenPaths:
    """Lines ``rows`` ``(m, 4)`` in pixels; line i ends at step ``steps[i]``, hidden by the sheet unless ``is_shown[i]``."""

    rows: FloatArray
    steps: IntArray
    is_shown: Array
    first: IntArray

    def of(self, racer: int, after: int, until: int) -> tuple[FloatArray, FloatArray]:
        """The lines of ``racer`` that end after step ``after`` and not after ``until``: those seen, and those hidden."""
        low, high = int(self.first[racer]), int(self.first[racer + 1])
        start, stop = np.searchsorted(self.steps[low:high], (after, until), side="right").tolist()
        some = slice(low + start, low + stop)
        rows, is_shown = self.rows[some], self.is_shown[some]
        return rows[is_shown], rows[~is_shown]


def boxed(points: Array, box: Box, sides: Sides) -> FloatArray:
    """Points ``(…, 2)`` of the plane as x and y of the box that stands for ``box``."""
    middle = np.array([box.x_low + box.x_high, box.y_low + box.y_high]) / 2
    scale = np.array([2 * sides.x / box.width, 2 * sides.y / box.height])
    with np.errstate(all="ignore"):
        found: FloatArray = (points - middle) * scale
    return found


def draped(paths: FloatArray, box: Box, sheet: Sheet) -> Draped:
    """``paths`` ``(steps + 1, r, 2)`` on the sheet over ``box``."""
    with np.errstate(all="ignore"):
        places = boxed(np.swapaxes(paths, 0, 1), box, sheet.sides)
        racers, count = places.shape[:2]
        cells = np.floor(places / _CELL)
        is_new = np.ones((racers, count), bool)
        np.any(cells[:, 1:] != cells[:, :-1], axis=-1, out=is_new[:, 1:])
        kept = np.flatnonzero(is_new)
        racer, step = np.divmod(kept, max(count, 1))
        flat = places.reshape(-1, 2)[kept]
        together = racer[1:] == racer[:-1]
        rows = np.concatenate([flat[:-1], flat[1:]], axis=1)[together]
        rows, is_in = clipped(rows, QRectF(-sheet.sides.x, -sheet.sides.y, 2 * sheet.sides.x, 2 * sheet.sides.y))
    owner, ends = racer[1:][together][is_in], step[1:][together][is_in]
    return _bent(rows, owner, ends, racers, sheet)


def _bent(rows: FloatArray, owner: IntArray, steps: IntArray, racers: int, sheet: Sheet) -> Draped:
    """The lines ``rows`` ``(m, 4)`` of the floor, each in as many pieces as it takes to follow the sheet."""
    if not len(rows):
        return Draped(np.empty((0, 3)), np.empty(0, np.intp), np.empty(0, bool), np.zeros(racers + 1, np.intp))
    along = rows[:, 2:] - rows[:, :2]
    pieces = np.ceil(np.hypot(along[:, 0], along[:, 1]) / _PIECE).astype(np.intp)
    counts = np.maximum(pieces, 1) + 1
    line = np.repeat(np.arange(len(rows)), counts)
    nth = np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = nth / (counts[line] - 1)
    flat = rows[line, :2] + share[:, np.newaxis] * along[line]
    goes_on = np.zeros(len(rows), bool)
    goes_on[1:] = (owner[1:] == owner[:-1]) & (rows[1:, :2] == rows[:-1, 2:]).all(axis=1)
    ups = sheet.up_at(flat[:, 0], flat[:, 1])
    is_on = np.isfinite(ups)
    joins = (nth > 0) | goes_on[line]
    joins[1:] &= is_on[:-1]
    points = np.concatenate([flat, ups[:, np.newaxis]], axis=1)[is_on]
    return Draped(points, steps[line][is_on], joins[is_on], np.searchsorted(owner[line][is_on], np.arange(racers + 1)))
