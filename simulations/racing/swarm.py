"""One racer at thousands of places at once: everything it has, schedule, wrappers and batches, moves all of them.

Maps and fair comparisons are made of such swarms, so that a cell of a map is the path the race itself would draw from there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final, Protocol, TypeAlias

import numpy as np

from simulations.core.arrays import FloatArray, IntArray, aligned
from simulations.documents.race import RacerSpec
from simulations.optimizers.base import SURFACE, Objective, Optimizer
from simulations.optimizers.wrappers.base import Chain
from simulations.surfaces.base import Surface
from simulations.surfaces.objective import Batches, SurfaceObjective

Settings: TypeAlias = Mapping[str, FloatArray]  # hyperparameters of the method with a value for every point, (n, 1)

_MEASURED_EVERY: Final = 10  # steps between the losses a schedule may look at, as in a race


class Asked(Objective, Protocol):
    """An objective that is told which samples and which step to look at."""

    def use(self, batch: IntArray | None = None, t: int | None = None) -> None: ...


class Swarm:
    """``racer`` at the points ``starts`` ``(n, 2)``; what ``settings`` name is one number for each point.

    All points see the batches and the noise of the racer's seed, as racers with equal seeds do. ``objective`` is what is
    asked instead of the surface itself, by whoever counts.
    """

    def __init__(
        self,
        surface: Surface,
        racer: RacerSpec,
        starts: FloatArray,
        settings: Settings | None = None,
        objective: Asked | None = None,
    ) -> None:
        racer.optimizer.check(SURFACE, 2)
        self.theta = aligned(starts.shape, np.float64)
        self.theta[...] = starts
        self._racer = racer
        self._objective: Asked = SurfaceObjective(surface, racer.seed, self.theta) if objective is None else objective
        self._whole = SurfaceObjective(surface)
        self._full = self._method = with_settings(racer.optimizer, settings or {})
        self._factor: float | FloatArray = 1.0
        self._losses: list[FloatArray] = []
        self._state = self._method.start(self.theta)
        self._chain = Chain(racer.wrappers)
        self._states = self._chain.start(self.theta)
        is_whole = racer.batch_size == 0 or racer.batch_size >= surface.samples
        self._batches = None if is_whole else Batches(surface.samples, racer.batch_size, racer.seed)

    def step(self, t: int) -> None:
        """Move every point once; ``t`` counts from 1."""
        self._follow_schedule(t)
        self._objective.use(self._batches.at(t) if self._batches else None, t)
        if not self._chain.wrappers:
            self._method.step(self.theta, self._objective, self._state, t)
            return

        def move(theta: FloatArray, objective: Objective) -> None:
            self._method.step(theta, objective, self._state, t)

        self._chain.step(self.theta, self._objective, self._states, t, move)

    def answer(self) -> FloatArray:
        """The points to judge ``(n, 2)``, valid until the next step."""
        return self._chain.answer(self._method.answer(self.theta, self._state), self._states)

    def _follow_schedule(self, t: int) -> None:
        schedule = self._racer.schedule
        if schedule.kind == "constant":
            return
        factor: float | FloatArray = self._factor
        if schedule.kind != "reduce_on_plateau":
            factor = schedule.factor(t - 1)
        elif t % _MEASURED_EVERY == 1:  # each point has losses, and so a rate, of its own
            self._losses.append(self._whole.value(self.theta).copy())
            measured = np.stack(self._losses, axis=-1).tolist()
            factor = np.array([[schedule.factor(t - 1, losses)] for losses in measured])
        if factor is not self._factor:
            self._factor = factor
            self._method = self._full.at_rate(self._full.learning_rate * factor)  # type: ignore[arg-type]  # or a column


def with_settings(method: Optimizer, settings: Mapping[str, Any]) -> Optimizer:
    """``method`` with some of its numbers replaced, by columns too, which its own checks would refuse."""
    return dataclasses.replace(method, **settings) if settings else method


def moving(racer: RacerSpec) -> RacerSpec:
    """``racer`` without what is only seen of it: equal ones go the same way from the same start."""
    return dataclasses.replace(
        racer, color=0, dash=0, name="", is_visible=True, has_own_start=False, start_x=0.0, start_y=0.0
    )
