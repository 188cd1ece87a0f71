"""How a race stands for one racer, in a word: arrived, on its way, stuck, out of sight, or gone."""

from __future__ import annotations

from enum import Enum
from typing import Final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.text import N_
from simulations.racing.maps import NEAR
from simulations.surfaces.base import Surface

_GONE: Final = 1e3  # view sizes from the middle of the view: farther away a racer has diverged, finite or not
_STILL: Final = 1e-4  # of the view's shorter side: who moved less during the last tenth of the race stands still


class Verdict(Enum):
    """The values are the words, marked for translation."""

    CONVERGED = N_("converged")
    MOVING = N_("moving")
    AT_SADDLE = N_("stuck at a saddle")
    DIVERGED = N_("diverged")
    LEFT = N_("left the view")


def verdict(surface: Surface, path: FloatArray) -> Verdict:
    """The verdict on ``path`` ``(steps + 1, 2)``, the points to judge."""
    view, end = surface.view, path[-1]
    size = min(view.width, view.height)
    middle = np.array([view.x_low + view.x_high, view.y_low + view.y_high]) / 2
    if not np.isfinite(end).all() or np.abs(end - middle).max() > _GONE * size:
        return Verdict.DIVERGED
    near = NEAR * size
    if surface.distance_to_minimum(end, len(path) - 1) <= near:
        return Verdict.CONVERGED
    if not view.contains(end):
        return Verdict.LEFT
    moved = np.abs(path[-1 - len(path) // 10 :] - end).max()
    at_saddle = any(np.hypot(end[0] - one.x, end[1] - one.y) <= near for one in surface.saddles)
    return Verdict.AT_SADDLE if at_saddle and moved <= _STILL * size else Verdict.MOVING
