"""Paths of a race as lines to paint: mapped, thinned to what pixels can show, cut off at the plane's edge, dashed.

Everything is done for all racers at once in NumPy. A point may be anywhere, 1e300 and NaN included: a painter is never given a
coordinate outside the plane.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF

from simulations.core.arrays import Array, FloatArray, IntArray
from widgets.plots.plane_frame import Frame

_CELL: Final = 0.5  # pixels: steps that stay inside one cell are one point
_MOST_DASHES: Final = 4_000  # of one path; a longer one is drawn whole


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


def paths_in(frame: Frame, points: FloatArray) -> Paths:
    """The lines along ``points`` ``(steps + 1, r, 2)`` as they are seen in ``frame``."""
    with np.errstate(all="ignore"):
        places = pixels(frame, np.swapaxes(points, 0, 1))  # (r, steps + 1, 2)
        racers, count = places.shape[:2]
        cells = np.floor(places / _CELL)
        is_new = np.ones((racers, count), bool)
        np.any(cells[:, 1:] != cells[:, :-1], axis=-1, out=is_new[:, 1:])
        kept = np.flatnonzero(is_new)
        racer, step = np.divmod(kept, max(count, 1))
        flat = places.reshape(-1, 2)[kept]
        together = racer[1:] == racer[:-1]
        rows = np.concatenate([flat[:-1], flat[1:]], axis=1)[together]
        rows, is_seen = clipped(rows, frame.plane)
    owner = racer[1:][together][is_seen]
    first = np.searchsorted(owner, np.arange(racers + 1))
    return Paths(rows, step[1:][together][is_seen], first)


def pixels(frame: Frame, points: FloatArray) -> FloatArray:
    """Where ``points`` ``(…, 2)`` are in pixels; y grows upwards. Not finite stays so, and may become so."""
    x0, x1, y0, y1 = frame.extent
    plane = frame.plane
    with np.errstate(all="ignore"):
        scale = np.array([plane.width() / (x1 - x0), -plane.height() / (y1 - y0)])
        found: FloatArray = (points - np.array([x0, y0])) * scale + np.array([plane.left(), plane.bottom()])
    return found


def clipped(rows: FloatArray, plane: QRectF) -> tuple[FloatArray, Array]:
    """The parts of lines ``(m, 4)`` inside ``plane`` and which have one ``(m,)`` (Liang & Barsky 1984)."""
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
        found = np.stack([x + enter * dx, y + enter * dy, x + leave * dx, y + leave * dy], axis=1)[is_seen]
    low, high = (plane.left(), plane.top()) * 2, (plane.right(), plane.bottom()) * 2
    return np.clip(found, low, high), is_seen  # rounding, where a line comes from far away


def dashed(rows: FloatArray, pattern: tuple[float, ...]) -> FloatArray:
    """The dashes ``(k, 4)`` of the path of lines ``(m, 4)``; ``pattern`` alternates pixels drawn and left out."""
    period = sum(pattern)
    if not pattern or not len(rows):
        return rows
    length = np.hypot(rows[:, 2] - rows[:, 0], rows[:, 3] - rows[:, 1])
    end = np.cumsum(length)
    if end[-1] > _MOST_DASHES * period:
        return rows
    begin = end - length
    parts = []
    at = 0.0
    for drawn, left_out in zip(pattern[::2], pattern[1::2], strict=True):
        parts.append(_on(rows, begin, end, length, (at, drawn, period)))
        at += drawn + left_out
    return np.concatenate(parts)


def _on(
    rows: FloatArray, begin: FloatArray, end: FloatArray, length: FloatArray, dash: tuple[float, float, float]
) -> FloatArray:
    """The parts of ``rows`` where the way walked lies in [at, at + drawn), once every period."""
    at, drawn, period = dash
    before = np.floor((begin - at - drawn) / period) + 1
    after = np.floor((end - at) / period)
    count = np.maximum(after - before + 1, 0).astype(int)
    line = np.repeat(np.arange(len(rows)), count)
    nth = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    start = at + (before[line] + nth) * period
    low = np.maximum(start, begin[line]) - begin[line]
    high = np.minimum(start + drawn, end[line]) - begin[line]
    with np.errstate(all="ignore"):
        share = np.nan_to_num(np.stack([low, high], axis=1) / length[line, np.newaxis])
    from_, along = rows[line, :2], rows[line, 2:] - rows[line, :2]
    return np.concatenate([from_ + share[:, :1] * along, from_ + share[:, 1:] * along], axis=1)


def distances(rows: FloatArray, x: float, y: float) -> FloatArray:
    """From a place to each of the lines ``(m, 4)``."""
    along = rows[:, 2:] - rows[:, :2]
    to = np.array([x, y]) - rows[:, :2]
    square = (along**2).sum(axis=1)
    share = np.clip((to * along).sum(axis=1) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    off = to - share[:, np.newaxis] * along
    found: FloatArray = np.hypot(off[:, 0], off[:, 1])
    return found
