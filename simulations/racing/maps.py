"""Thousands of short races at once, of which only the end is kept: basins of attraction, and sweeps over hyperparameters.

They are worked out a few thousand points at a time, which fit into the processor's cache, and in slices, between which
whoever computes them may see to something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import numpy as np

from simulations.core.arrays import Array, FloatArray, IntArray
from simulations.core.interrupt import Interrupt, Interrupted
from simulations.documents.race import RacerSpec
from simulations.optimizers.base import Optimizer
from simulations.racing.swarm import Settings, Swarm
from simulations.surfaces.base import Box, Point, Surface
from simulations.surfaces.critical import distance_to_curve

ELSEWHERE: Final = -1  # in :class:`BasinMap`: near no minimum
DIVERGED: Final = -2
NEVER: Final = -1  # among arrivals
NEAR: Final = 0.01  # of the view's shorter side: closer to a minimum than this is arrived

_PIECE: Final = 4096
_SLICE_S: Final = 0.008  # a picture of the window's is drawn sixty times a second


@dataclass(frozen=True)
class BasinMap:
    """For each start of a lattice over ``box`` where it ends: ``ends`` ``(rows, columns, 2)`` and, as ``reached``, the index
    of the minimum in ``surface.minima``, :data:`ELSEWHERE` or :data:`DIVERGED`. ``arrivals`` are the first step near any
    minimum, or :data:`NEVER`; None if nobody asked for them."""

    box: Box
    ends: FloatArray
    reached: IntArray
    arrivals: IntArray | None = None


@dataclass(frozen=True)
class Sweep:
    """Where a method ends for each setting: ``values`` of the surface there, and whether it ``arrived`` at a minimum.

    Both have an axis for each swept hyperparameter, in the order of ``settings``.
    """

    settings: Mapping[str, FloatArray]
    values: FloatArray
    arrived: Array


class Ending:
    """Where one racer ends from each of ``starts`` ``(n, 2)``: ``ends`` ``(n, 2)``, the points to judge after ``steps``.

    ``arrivals`` ``(n,)`` are the first step near a minimum, :data:`NEVER` where there was none, filled only when ``is_timed``.
    """

    def __init__(
        self,
        surface: Surface,
        racer: RacerSpec,
        starts: FloatArray,
        steps: int,
        *,
        settings: Settings | None = None,
        is_timed: bool = False,
    ) -> None:
        self._surface, self._racer, self._starts, self._steps = surface, racer, starts, steps
        self._settings, self._is_timed = settings or {}, is_timed
        self.ends = np.empty(starts.shape)
        self.arrivals = np.full(len(starts), NEVER)

    def slices(self, interrupt: Interrupt | None = None) -> Iterator[float]:
        """Work it out; every few milliseconds, and whenever ``interrupt`` is set, say which share is done."""
        pieces = range(0, len(self._starts), _PIECE)
        since = perf_counter()
        for index, first in enumerate(pieces):
            piece = slice(first, first + _PIECE)
            settings = {name: column[piece] for name, column in self._settings.items()}
            with np.errstate(all="ignore"):
                swarm = Swarm(self._surface, self._racer, self._starts[piece], settings)
                clock = _Clock(self._surface, self.arrivals[piece]) if self._is_timed else None
            t = 0
            while t < self._steps:
                with np.errstate(all="ignore"):
                    t = self._advance(swarm, clock, t, since + _SLICE_S, interrupt)
                is_asked = interrupt is not None and interrupt.is_set
                if is_asked or perf_counter() > since + _SLICE_S:
                    yield (index + t / self._steps) / len(pieces)
                    since = perf_counter()
            self.ends[piece] = swarm.answer()

    def _advance(self, swarm: Swarm, clock: _Clock | None, t: int, until: float, interrupt: Interrupt | None) -> int:
        """Take steps after step ``t``, one at least, until it is time or ``interrupt`` is set; the last step taken."""
        while True:
            t += 1
            swarm.step(t)
            if clock is not None:
                clock.look(swarm.answer(), t)
            is_asked = interrupt is not None and interrupt.is_set
            if t == self._steps or is_asked or perf_counter() > until:
                return t

    def run(self, interrupt: Interrupt | None = None) -> None:
        """Work it out in one go. Raises :class:`Interrupted` when asked to leave."""
        for _ in self.slices(interrupt):
            if interrupt is not None and interrupt.is_set:
                raise Interrupted

    def reached(self) -> IntArray:
        """For each end the index of its minimum, :data:`ELSEWHERE` or :data:`DIVERGED`; a curve of minima counts as the first."""
        surface, ends = self._surface, self.ends
        near = near_of(surface)
        reached = np.full(len(ends), ELSEWHERE)
        closest = np.full(len(ends), near)
        for floor in surface.floors():
            reached[distance_to_curve(ends, floor) <= near] = 0
        for index, one in enumerate(surface.minima_at(self._steps)):
            away = np.hypot(ends[:, 0] - one.x, ends[:, 1] - one.y)
            is_closer = away < closest
            reached[is_closer], closest[is_closer] = index, away[is_closer]
        reached[~np.isfinite(ends).all(axis=-1)] = DIVERGED
        return reached


def near_of(surface: Surface) -> float:
    """How close to a minimum is arrived, in units of the plane."""
    return NEAR * min(surface.view.width, surface.view.height)


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
    ending = Ending(surface, RacerSpec(optimizer), starts.reshape(-1, 2), steps)
    ending.run(interrupt)
    return BasinMap(box, ending.ends.reshape(starts.shape), ending.reached().reshape(rows, columns))


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
    ending = sweeping(surface, RacerSpec(optimizer), start, settings, steps)
    ending.run(interrupt)
    return swept(surface, ending, settings)


def sweeping(
    surface: Surface, racer: RacerSpec, start: Point, settings: Mapping[str, FloatArray], steps: int
) -> Ending:
    """The ends of ``racer`` from ``start`` for every combination in ``settings``, still to be worked out."""
    grid = np.meshgrid(*settings.values(), indexing="ij")
    columns = {name: one.reshape(-1, 1) for name, one in zip(settings, grid, strict=True)}
    starts = np.tile(np.array(start, np.float64), (grid[0].size, 1))
    return Ending(surface, racer, starts, steps, settings=columns)


def swept(surface: Surface, ending: Ending, settings: Mapping[str, FloatArray]) -> Sweep:
    """The sweep over ``settings`` that ``ending``, worked out, is."""
    shape = tuple(len(one) for one in settings.values())
    values = surface.value(ending.ends).reshape(shape)
    return Sweep(settings, values, (ending.reached() >= 0).reshape(shape))


def finish(
    surface: Surface, optimizer: Optimizer, starts: FloatArray, steps: int, interrupt: Interrupt | None = None
) -> FloatArray:
    """The points to judge ``(n, 2)`` after ``steps`` from ``starts`` ``(n, 2)``."""
    ending = Ending(surface, RacerSpec(optimizer), starts, steps)
    ending.run(interrupt)
    return ending.ends


class _Clock:
    """Writes into ``arrivals`` ``(n,)`` when each point is first near a minimum; who has arrived is soon not looked at again."""

    def __init__(self, surface: Surface, arrivals: IntArray) -> None:
        self._surface, self._arrivals = surface, arrivals
        self._near = near_of(surface)
        self._minima = [(one.x, one.y) for one in surface.minima]
        self._look_at(np.arange(len(arrivals)))

    def look(self, points: FloatArray, t: int) -> None:
        if not len(self._rows):
            return
        if len(self._rows) < len(points):
            points = points[self._rows]
        near = self._is_near(points, t)
        near &= self._waiting
        if not near.any():
            return
        self._arrivals[self._rows[near]] = t
        self._waiting ^= near
        if 2 * np.count_nonzero(self._waiting) < len(self._rows):
            self._look_at(self._rows[self._waiting])

    def _look_at(self, rows: IntArray) -> None:
        self._rows, self._waiting = rows, np.ones(len(rows), bool)
        self._x, self._y, self._across, self._up = np.empty((4, len(rows)))

    def _is_near(self, points: FloatArray, t: int) -> Array:
        surface, across, up = self._surface, self._across, self._up
        if surface.has_moving_values or surface.floors():
            near: Array = surface.distance_to_minimum(points, t) <= self._near
            return near
        np.copyto(self._x, points[:, 0])
        np.copyto(self._y, points[:, 1])
        is_near = np.zeros(len(points), bool)
        for minimum_x, minimum_y in self._minima:
            np.subtract(self._x, minimum_x, out=across)
            np.subtract(self._y, minimum_y, out=up)
            across *= across
            up *= up
            across += up
            is_near |= across <= self._near**2
        return is_near
