"""Thousands of short races at once, of which only the end is kept: basins of attraction, and sweeps over hyperparameters.

They are worked out a few thousand points at a time, which fit into the processor's cache.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simulations.core.arrays import Array, FloatArray, IntArray
from simulations.core.interrupt import Interrupt, Interrupted
from simulations.optimizers.base import SURFACE, Optimizer
from simulations.surfaces.base import Box, Point, Surface
from simulations.surfaces.objective import SurfaceObjective

ELSEWHERE: Final = -1  # in :class:`BasinMap`: near no minimum
DIVERGED: Final = -2
NEAR: Final = 0.01  # of the view's shorter side: closer to a minimum than this is arrived

_PIECE: Final = 4096
_LOOKED_AT_EVERY: Final = 8


@dataclass(frozen=True)
class BasinMap:
    """For each start of a lattice over ``box`` where it ends: ``ends`` ``(rows, columns, 2)`` and, as ``reached``, the index
    of the minimum in ``surface.minima``, :data:`ELSEWHERE` or :data:`DIVERGED`."""

    box: Box
    ends: FloatArray
    reached: IntArray


@dataclass(frozen=True)
class Sweep:
    """Where a method ends for each setting: ``values`` of the surface there, and whether it ``arrived`` at a minimum.

    Both have an axis for each swept hyperparameter, in the order of ``settings``.
    """

    settings: Mapping[str, FloatArray]
    values: FloatArray
    arrived: Array


def basins(
    surface: Surface,
    optimizer: Optimizer,
    *,
    columns: int,
    rows: int,
    steps: int,
    box: Box | None = None,
    interrupt: Interrupt | None = None,
) -> BasinMap:
    """Start ``optimizer`` at every point of a lattice over ``box``, the view by default, and see where it is after ``steps``.

    Raises :class:`Interrupted` when asked to leave.
    """
    box = surface.view if box is None else box
    starts = box.lattice(columns, rows)
    ends = finish(surface, optimizer, starts.reshape(-1, 2), steps, interrupt)
    return BasinMap(box, ends.reshape(starts.shape), _reached(surface, ends).reshape(rows, columns))


def sweep(
    surface: Surface,
    optimizer: Optimizer,
    start: Point,
    settings: Mapping[str, FloatArray],
    steps: int,
    interrupt: Interrupt | None = None,
) -> Sweep:
    """Run ``optimizer`` from ``start`` with every combination of the float hyperparameters in ``settings``.

    One of them is a sweep of rates, two are a phase map. Raises :class:`Interrupted` when asked to leave.
    """
    grid = np.meshgrid(*settings.values(), indexing="ij")
    changed: dict[str, Any] = {name: one.reshape(-1, 1) for name, one in zip(settings, grid, strict=True)}
    starts = np.tile(np.array(start, np.float64), (grid[0].size, 1))
    ends = finish(surface, dataclasses.replace(optimizer, **changed), starts, steps, interrupt)
    arrived = _reached(surface, ends) >= 0
    return Sweep(settings, surface.value(ends).reshape(grid[0].shape), arrived.reshape(grid[0].shape))


def finish(
    surface: Surface, optimizer: Optimizer, starts: FloatArray, steps: int, interrupt: Interrupt | None = None
) -> FloatArray:
    """The points to judge ``(n, 2)`` after ``steps`` from ``starts`` ``(n, 2)``; hyperparameters may be columns ``(n, 1)``."""
    optimizer.check(SURFACE, 2)
    ends = np.empty(starts.shape)
    objective = SurfaceObjective(surface)
    with np.errstate(all="ignore"):
        for first in range(0, len(starts), _PIECE):
            piece = slice(first, first + _PIECE)
            theta, method = starts[piece].copy(), _rows(optimizer, piece)
            state = method.start(theta)
            for t in range(1, steps + 1):
                if interrupt is not None and t % _LOOKED_AT_EVERY == 0 and interrupt.is_set:
                    raise Interrupted
                objective.use(t=t)
                method.step(theta, objective, state, t)
            ends[piece] = method.answer(theta, state)
    return ends


def _rows(optimizer: Optimizer, piece: slice) -> Optimizer:
    fields = {one.name: getattr(optimizer, one.name) for one in dataclasses.fields(optimizer)}
    columns: dict[str, Any] = {name: value[piece] for name, value in fields.items() if isinstance(value, np.ndarray)}
    return dataclasses.replace(optimizer, **columns)


def _reached(surface: Surface, ends: FloatArray) -> IntArray:
    """The index of the minimum each of ``ends`` is at; a curve of minima counts as the first of them."""
    near = NEAR * min(surface.view.width, surface.view.height)
    reached = np.full(len(ends), ELSEWHERE)
    closest = np.full(len(ends), near)
    if surface.floors():
        reached[surface.distance_to_minimum(ends) <= near] = 0
    for index, one in enumerate(surface.minima):
        away = np.hypot(ends[:, 0] - one.x, ends[:, 1] - one.y)
        is_closer = away < closest
        reached[is_closer], closest[is_closer] = index, away[is_closer]
    reached[~np.isfinite(ends).all(axis=-1)] = DIVERGED
    return reached
