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


_IN_ORDER: Final = (Verdict.DIVERGED, Verdict.CONVERGED, Verdict.LEFT, Verdict.AT_SADDLE, Verdict.MOVING)


def verdict(surface: Surface, path: FloatArray) -> Verdict:
    """The verdict on ``path`` ``(steps + 1, 2)``, the points to judge."""
    return verdicts(surface, path[:, np.newaxis])[0]


def verdicts(surface: Surface, paths: FloatArray) -> tuple[Verdict, ...]:
    """The verdict on each of ``paths`` ``(steps + 1, r, 2)``, the points to judge."""
    view, ends = surface.view, paths[-1]
    size = min(view.width, view.height)
    middle = np.array([view.x_low + view.x_high, view.y_low + view.y_high]) / 2
    with np.errstate(all="ignore"):
        is_gone = ~np.isfinite(ends).all(axis=-1) | (np.abs(ends - middle).max(axis=-1, initial=0) > _GONE * size)
        is_there = surface.distance_to_minimum(ends, len(paths) - 1) <= NEAR * size
        moved = np.abs(paths[-1 - len(paths) // 10 :] - ends).max(axis=(0, 2), initial=0)
        at_saddle = np.zeros(len(ends), bool)
        for one in surface.saddles:
            at_saddle |= np.hypot(ends[:, 0] - one.x, ends[:, 1] - one.y) <= NEAR * size
    at_saddle &= moved <= _STILL * size
    found = np.select(
        [is_gone, is_there, ~view.contains(ends), at_saddle], [0, 1, 2, 3], default=4
    )  # the first that holds
    return tuple(_IN_ORDER[i] for i in found.tolist())
