"""What lies around a step: the piece of the surface a close-up of it shows, as large as the step asks for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.optimizers.worksheet import Part
from simulations.surfaces.base import Box
from simulations.surfaces.objective import SurfaceObjective

SIDE: Final = 33  # lattice points of a side
_FAR: Final = 4.0  # times the step's reach: what lies farther off does not make the picture wider
_ROOM: Final = 1.25  # beyond what is shown
_GONE: Final = 1e6  # view sizes from the middle of the view: farther away there is nothing to see but the view itself
_FINEST: Final = 1e-6  # of the view and of the coordinates: half a smaller square would show rounding
_STILL: Final = 1e-3  # of the view, about who stands still
_SMALLEST: Final = 1e-9  # of the view: a shorter step is none


@dataclass(frozen=True, eq=False)
class Surroundings:
    """``heights`` ``(m, m)`` of the surface over ``box``, a square about the point; y grows with the row."""

    box: Box
    heights: FloatArray


def surroundings_of(
    seen: SurfaceObjective,
    point: FloatArray,
    landing: FloatArray,
    center: FloatArray | None,
    parts: Sequence[Part],
    view: Box,
) -> Surroundings:
    """The square about ``point`` that holds the step to ``landing`` and of the rest what is not much farther off."""
    size = min(view.width, view.height)
    middle = np.array([view.x_low + view.width / 2, view.y_low + view.height / 2])
    if not _away(point, middle) <= _GONE * size:
        return _over(seen, middle, size / 2)
    reach = _away(landing, point)
    if not math.isfinite(reach) or reach > 1e3 * size:
        reach = size / 4
    others = [one for part in parts for arrow in part.arrows for one in (arrow.tail, arrow.tail + arrow.vector)]
    others += [corner for part in parts for shape in part.shapes for corner in shape.outline(8)]
    others += [spot.place for part in parts for spot in part.spots] + ([] if center is None else [center])
    away = [one for one in (_away(place, point) for place in others) if one > _SMALLEST * size]
    if reach < _SMALLEST * size:  # it stays where it is: then what it looked at is the picture
        reach = min(away, default=_STILL * size)
    simplex = [
        _away(one, point) for part in parts for shape in part.shapes if shape.kind == "simplex" for one in shape.matrix
    ]
    reach = max([reach, *simplex])
    half = _ROOM * max([reach, *(one for one in away if one <= _FAR * reach)])
    return _over(seen, point, _round_up(max(half, _FINEST * max(size, float(np.abs(point).max())))))


def _away(place: FloatArray, point: FloatArray) -> float:
    """The larger of both distances: half the side of a square that holds ``place``."""
    return float(np.abs(place - point).max())


def _round_up(size: float) -> float:
    """The next of … 1, 1.5, 2, 3, 5, 7, 10 …: so the picture keeps its scale over many steps."""
    decade = 10.0 ** math.floor(math.log10(size))
    return next(one for one in (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0) if one * decade >= size) * decade


def _over(seen: SurfaceObjective, middle: FloatArray, half: float) -> Surroundings:
    x, y = middle.tolist()
    box = Box(x - half, x + half, y - half, y + half)
    return Surroundings(box, seen.value(box.lattice(SIDE, SIDE)).copy())
