"""How a race stands for one racer, in a word: arrived, on its way, stuck, out of sight, or gone."""

from __future__ import annotations

from enum import Enum
from typing import Final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.text import N_
from simulations.racing.maps import NEAR
from simulations.surfaces.base import Surface

_GONE: Final = 1e3  # view sizes from the middle of the view: farther away a racer has diverged, finite or not
_STILL: Final = 1e-4  # of the view's shorter side: who moved less during the last tenth of the race stands still
_FLAT: Final = 1e-6  # of the slope at the start
_LAST: Final = 10  # the last tenth of a race is looked at
_LOW: Final = 1e-3  # of the height of the start above a minimum: who stays lower than that is at it
_EXACT: Final = 1e-9  # of a value: closer than this, heights are equal


class Verdict(Enum):
    """The values are the words, marked for translation."""

    CONVERGED = N_("converged")
    LOCAL_MINIMUM = N_("in a local minimum")
    MOVING = N_("moving")
    AT_SADDLE = N_("stuck at a saddle")
    AT_REST = N_("at rest where there is no slope")
    DIVERGED = N_("diverged")
    LEFT = N_("left the view")


def verdict(surface: Surface, path: FloatArray) -> Verdict:
    """The verdict on ``path`` ``(steps + 1, 2)``, the points to judge."""
    with np.errstate(all="ignore"):
        slopes = np.hypot(*np.moveaxis(surface.gradient(path), -1, 0))
        return verdicts(surface, path[:, np.newaxis], surface.value(path)[:, np.newaxis], slopes[:, np.newaxis])[0]


def verdicts(surface: Surface, paths: FloatArray, values: FloatArray, slopes: FloatArray) -> tuple[Verdict, ...]:
    """The verdict on each of ``paths`` ``(steps + 1, r, 2)``, the points to judge, where the surface has ``values``
    ``(steps + 1, r)``; ``slopes`` ``(steps + 1, r)`` are |∇f| where the methods stand."""
    view, ends = surface.view, paths[-1]
    size = min(view.width, view.height)
    middle = np.array([view.x_low + view.x_high, view.y_low + view.y_high]) / 2
    last = slice(-1 - len(paths) // _LAST, None)
    with np.errstate(all="ignore"):
        is_gone = ~np.isfinite(ends).all(axis=-1) | (np.abs(ends - middle).max(axis=-1, initial=0) > _GONE * size)
        is_still = np.abs(paths[last] - ends).max(axis=(0, 2), initial=0) <= _STILL * size
        has_arrived, is_lowest = _has_arrived(surface, paths, values, NEAR * size)
        at_saddle = np.zeros(len(ends), bool)
        for one in surface.saddles:
            at_saddle |= np.hypot(ends[:, 0] - one.x, ends[:, 1] - one.y) <= NEAR * size
        has_no_slope = slopes[last].max(axis=0, initial=0) <= _FLAT * slopes[0]
    found = {  # the first that holds
        Verdict.DIVERGED: is_gone,
        Verdict.CONVERGED: has_arrived & is_lowest,
        Verdict.LOCAL_MINIMUM: has_arrived,
        Verdict.LEFT: ~view.contains(ends),
        Verdict.AT_SADDLE: at_saddle & is_still,
        Verdict.AT_REST: has_no_slope & is_still & (len(paths) > 1),
        Verdict.MOVING: np.ones(len(ends), bool),
    }
    words = tuple(found)
    return tuple(words[i] for i in np.argmax(np.stack(list(found.values())), axis=0).tolist())


def _has_arrived(surface: Surface, paths: FloatArray, values: FloatArray, near: float) -> tuple[Array, Array]:
    """Who stayed ``near`` a minimum during the last part of the race, and hardly higher than it: near alone may still be high
    on a wall, and low for a moment may be an oscillation. And whose minimum is a global one."""
    step = len(paths) - 1
    last = (
        paths[-1:] if surface.has_moving_values else paths[-1 - len(paths) // _LAST :]
    )  # a minimum that moves is left behind
    are_near: Array = np.all(surface.distance_to_minimum(last, step) <= near, axis=0)
    if not np.any(are_near):
        return are_near, are_near
    depths, is_lowest = _nearest(surface, paths[-1], step)
    above = values - depths
    highest = above[-len(last) :].max(axis=0)
    return are_near & (highest <= _LOW * above[0] + _EXACT * (1 + np.abs(values[-1]))), is_lowest


def _nearest(surface: Surface, ends: FloatArray, step: int) -> tuple[FloatArray, Array]:
    """How deep the minimum nearest to each of ``ends`` ``(r, 2)`` is, and whether it is global, ``(r,)`` each; a floor of minima
    is as deep anywhere."""
    minima = surface.minima_at(step)
    if surface.floors() or not minima:
        lowest = [one.value for one in minima] + [float(surface.value(floor[0])) for floor in surface.floors()]
        return np.full(len(ends), min(lowest, default=np.inf)), np.ones(len(ends), bool)
    places = np.array([(one.x, one.y) for one in minima])
    nearest = np.hypot(*np.moveaxis(ends[:, np.newaxis] - places, -1, 0)).argmin(axis=1)
    return np.array([one.value for one in minima])[nearest], np.array([one.is_global for one in minima])[nearest]
