"""Paths of a race as lines to paint: mapped, thinned to what pixels can show, cut off at the plane's edge, dashed.

Everything is done for all racers at once in NumPy. A point may be anywhere, 1e300 and NaN included: a painter is never given a
coordinate outside the plane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from PySide6.QtCore import QRectF

from simulations.core.arrays import Array, FloatArray, IntArray
from widgets.plots.plane_frame import Frame

_CELL: Final = 0.5  # pixels: steps that stay inside one cell are one point
_MOST_DASHES: Final = 20_000  # at once; what would have more is drawn whole

Dashes: TypeAlias = tuple[float, ...]  # pixels drawn and left out by turns; none is a whole line


@dataclass(frozen=True, eq=False)
class Paths:
    """Lines ``rows`` ``(m, 4)`` in pixels, in the order of racers and of their steps; line i ends at step ``steps[i]``.

    The lines of racer r are ``rows[first[r] : first[r + 1]]``.
    """

    rows: FloatArray
    steps: IntArray
    first: IntArray

    def of(self, racer: int, after: int, until: int) -> FloatArray:
        """The lines of ``racer`` that end after step ``after`` and not after step ``until``."""
        low, high = int(self.first[racer]), int(self.first[racer + 1])
        steps = self.steps[low:high]
        start, stop = np.searchsorted(steps, (after, until), side="right").tolist()
        return self.rows[low + start : low + stop]

    def nearest(self, x: float, y: float, racers: list[int]) -> tuple[float, int, int] | None:
        """The distance in pixels from a place to the nearest line of ``racers``, its racer and its step."""
        found = None
        for racer in racers:
            low, high = int(self.first[racer]), int(self.first[racer + 1])
            if low == high:
                continue
            away = distances(self.rows[low:high], x, y)
            best = int(away.argmin())
            if found is None or away[best] < found[0]:
                found = float(away[best]), racer, int(self.steps[low + best])
        return found


def paths_in(frame: Frame, points: FloatArray, dashes: Sequence[Dashes] = ()) -> Paths:
    """The lines along ``points`` ``(steps + 1, r, 2)`` as they are seen in ``frame``, those of racer r dashed as ``dashes[r]``
    says; without ``dashes`` none is.

    Few operations on many numbers: between two of them the simulation thread may take its turn, and each turn is long.
    """
    count, racers = points.shape[:2]
    with np.errstate(all="ignore"):
        places = pixels(frame, np.swapaxes(points, 0, 1)).reshape(-1, 2)  # racer by racer
        cells = np.floor(places * (1 / _CELL)).view(np.complex128)[:, 0]  # both coordinates at once
        is_new = np.ones(len(cells), bool)
        np.not_equal(cells[1:], cells[:-1], out=is_new[1:])
        is_new[::count] = True
        kept = np.flatnonzero(is_new)
        racer, step = np.divmod(kept, count)
        flat = places[kept]
        rows = np.concatenate([flat[:-1], flat[1:]], axis=1)
        is_seen = step[1:] > 0
        rows, is_inside = clipped(rows[is_seen], frame.plane)
    owner, steps = racer[1:][is_seen][is_inside], step[1:][is_seen][is_inside]
    if any(dashes):
        rows, line = _dashed_each(rows, owner, dashes)
        owner, steps = owner[line], steps[line]
    return Paths(rows, steps, np.searchsorted(owner, np.arange(racers + 1)))


def _dashed_each(rows: FloatArray, owner: IntArray, dashes: Sequence[Dashes]) -> tuple[FloatArray, IntArray]:
    """The dashes of all paths, in the order of their lines, and the line each is of."""
    parts, lines = [], []
    for pattern in set(dashes):
        mine = np.flatnonzero(np.array([one == pattern for one in dashes])[owner])
        part, line = _dashed(rows[mine], pattern)
        parts.append(part)
        lines.append(mine[line])
    line = np.concatenate(lines)
    order = np.argsort(line, kind="stable")
    return np.concatenate(parts)[order], line[order]


def pixels(frame: Frame, points: FloatArray) -> FloatArray:
    """Where ``points`` ``(…, 2)`` are in pixels; y grows upwards. Not finite stays so, and may become so."""
    x0, x1, y0, y1 = frame.extent
    plane = frame.plane
    with np.errstate(all="ignore"):
        scale = np.array([plane.width() / (x1 - x0), -plane.height() / (y1 - y0)])
        found: FloatArray = points * scale
        found += np.array([plane.left(), plane.bottom()]) - np.array([x0, y0]) * scale
    return found


def clipped(rows: FloatArray, plane: QRectF) -> tuple[FloatArray, Array]:
    """The parts of lines ``(m, 4)`` inside ``plane`` and which have one ``(m,)``."""
    low, high = (plane.left(), plane.top()) * 2, (plane.right(), plane.bottom()) * 2
    is_whole: Array = np.all((rows >= low) & (rows <= high), axis=1)
    if is_whole.all():
        return rows, is_whole
    cut = np.flatnonzero(~is_whole)
    rows = rows.copy()
    rows[cut], is_whole[cut] = _cut_off(rows[cut], plane)
    return np.clip(rows[is_whole], low, high), is_whole  # rounding, where a line comes from far away


def _cut_off(rows: FloatArray, plane: QRectF) -> tuple[FloatArray, Array]:
    """Every line cut off at the plane's edges, and which has a part inside (Liang & Barsky 1984)."""
    with np.errstate(all="ignore"):
        x, y = rows[:, 0], rows[:, 1]
        dx, dy = rows[:, 2] - x, rows[:, 3] - y
        enter, leave = np.zeros(len(rows)), np.ones(len(rows))
        is_seen = np.isfinite(dx) & np.isfinite(dy)
        sides = ((-dx, x - plane.left()), (dx, plane.right() - x), (-dy, y - plane.top()), (dy, plane.bottom() - y))
        for towards, room in sides:
            share = room / towards
            np.copyto(enter, np.maximum(enter, share), where=towards < 0)
            np.copyto(leave, np.minimum(leave, share), where=towards > 0)
            is_seen &= (towards != 0) | (room >= 0)
        is_seen &= enter <= leave
        found = np.stack([x + enter * dx, y + enter * dy, x + leave * dx, y + leave * dy], axis=1)
    return found, is_seen


def dashed(rows: FloatArray, pattern: Dashes) -> FloatArray:
    """The dashes ``(k, 4)`` of the path of lines ``(m, 4)``; ``pattern`` alternates pixels drawn and left out."""
    return _dashed(rows, pattern)[0]


def _dashed(rows: FloatArray, pattern: Dashes) -> tuple[FloatArray, IntArray]:
    """The dashes and the line each is of."""
    whole = np.arange(len(rows))
    if not pattern or not len(rows):
        return rows, whole
    way = rows[:, 2:] - rows[:, :2]
    length = np.hypot(way[:, 0], way[:, 1])
    end = np.cumsum(length)
    period = sum(pattern)
    if end[-1] > _MOST_DASHES * period:
        return rows, whole
    parts, lines = [], []
    at = 0.0
    for drawn, left_out in zip(pattern[::2], pattern[1::2], strict=True):
        part, line = _on(rows, way, end - length, length, (at, drawn, period))
        parts.append(part)
        lines.append(line)
        at += drawn + left_out
    return np.concatenate(parts), np.concatenate(lines)


def _on(
    rows: FloatArray, way: FloatArray, begin: FloatArray, length: FloatArray, dash: tuple[float, float, float]
) -> tuple[FloatArray, IntArray]:
    """The parts of ``rows`` where the distance walked lies in [at, at + drawn), once every period, and the line each is of."""
    at, drawn, period = dash
    before = np.floor((begin - (at + drawn)) / period) + 1
    count = np.maximum(np.floor((begin + length - at) / period) - before + 1, 0).astype(int)
    line = np.repeat(np.arange(len(rows)), count)
    nth = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    start = (before[line] + nth) * period + at - begin[line]
    ends = np.stack([np.maximum(start, 0), np.minimum(start + drawn, length[line])], axis=1)
    with np.errstate(all="ignore"):
        share = ends / np.maximum(length[line], 1e-12)[:, np.newaxis]
    part = np.tile(rows[line, :2], 2) + np.repeat(share, 2, axis=1) * np.tile(way[line], 2)
    return part, line


def distances(rows: FloatArray, x: float, y: float) -> FloatArray:
    """From a place to each of the lines ``(m, 4)``."""
    along = rows[:, 2:] - rows[:, :2]
    to = np.array([x, y]) - rows[:, :2]
    square = (along**2).sum(axis=1)
    share = np.clip((to * along).sum(axis=1) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    off = to - share[:, np.newaxis] * along
    found: FloatArray = np.hypot(off[:, 0], off[:, 1])
    return found
