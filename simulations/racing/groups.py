"""Racers that are one method with different numbers, moved as the rows of one array.

Most of the cost of a step is the cost of calling NumPy, not of the numbers: twelve rates of one method take little longer
than one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simulations.core.arrays import FloatArray, IntArray
from simulations.documents.race import RacerSpec
from simulations.optimizers.base import SURFACE, FirstOrder, Need, Optimizer, State
from simulations.optimizers.wrappers.base import Chain, Wrapper
from simulations.racing.rules import Made, rule_of
from simulations.surfaces.base import Surface
from simulations.surfaces.objective import SurfaceObjective

_MEASURED_EVERY = 10  # steps between the losses a schedule may look at


def grouped(racers: Sequence[RacerSpec]) -> list[list[int]]:
    """Indices of ``racers`` that can share an array, those with equal batch sizes beside each other, and of these first who is
    moved on plain floats."""
    found: dict[Hashable, list[int]] = {}
    for index, one in enumerate(racers):
        found.setdefault(_key(index, one), []).append(index)
    return sorted(
        found.values(),
        key=lambda group: (racers[group[0]].batch_size, len(group) > 1 or rule_for(racers[group[0]]) is None),
    )


def rule_for(racer: RacerSpec) -> Made | None:
    """How ``racer``, if it is alone of its kind, is moved on plain floats; None where NumPy has to."""
    method = racer.optimizer
    if racer.wrappers or racer.schedule.kind != "constant" or not isinstance(method, FirstOrder):
        return None
    return rule_of(method)


def _key(index: int, racer: RacerSpec) -> Hashable:
    """Equal for racers that differ in float hyperparameters, start, visibility and, without wrappers, seed only.

    Methods that ask several times a step, and schedules that look at losses, decide for each racer by itself.
    """
    if not isinstance(racer.optimizer, FirstOrder) or racer.schedule.kind == "reduce_on_plateau":
        return index
    fixed = tuple(value for value in _values(racer.optimizer).values() if not isinstance(value, float))
    seed = racer.seed if racer.wrappers else None
    return racer.batch_size, type(racer.optimizer), fixed, racer.schedule, racer.wrappers, seed


def _values(config: Optimizer) -> dict[str, object]:
    return {one.name: getattr(config, one.name) for one in dataclasses.fields(config)}


def merged(methods: Sequence[Optimizer]) -> Optimizer:
    """One method for all rows: where their numbers differ, a column ``(r, 1)``."""
    first = _values(methods[0])
    changed: dict[str, Any] = {}
    for name, value in first.items():
        values = [getattr(one, name) for one in methods]
        if any(one != value for one in values):
            changed[name] = np.array(values)[:, np.newaxis]
    return dataclasses.replace(methods[0], **changed)


def titles(wrappers: Sequence[Wrapper]) -> list[str]:
    """A name for each of ``wrappers``' memories: its kind, numbered where it is not the first of it."""
    kinds = [one.kind for one in wrappers]
    counts = [kinds[: i + 1].count(kind) for i, kind in enumerate(kinds)]
    return [kind if count == 1 else f"{kind} {count}" for kind, count in zip(kinds, counts, strict=True)]


class Served:
    """The surface as one group sees it: the gradient at θ is already there, everything else is a question of its own."""

    offers: ClassVar[tuple[Need, ...]] = SURFACE

    def __init__(self, surface: Surface, theta: FloatArray, seed: int) -> None:
        self._objective = SurfaceObjective(surface)
        self._theta = theta
        self._gradient: FloatArray | None = None
        self._served = 0
        self.seed = seed

    @property
    def counts(self) -> tuple[int, int, int]:
        """Values, gradients and Hessians asked for so far."""
        return self._objective.values, self._objective.gradients + self._served, self._objective.hessians

    def use(self, gradient: FloatArray, batch: IntArray | None, t: int) -> None:
        """Look at the step ``t`` from now on, where the gradient at θ is ``gradient``."""
        self._gradient = gradient
        self._objective.use(batch, t)

    def measured(self, theta: FloatArray) -> FloatArray:
        """f of the whole surface, as a schedule looks at it between two steps: no batch, no moment."""
        self._objective.use()
        return self._objective.value(theta)

    def value(self, theta: FloatArray) -> FloatArray:
        return self._objective.value(theta)

    def gradient(self, theta: FloatArray) -> FloatArray:
        found, self._gradient = self._gradient, None
        if found is None or theta is not self._theta:
            return self._objective.gradient(theta)
        self._served += 1
        return found

    def hessian(self, theta: FloatArray) -> FloatArray:
        return self._objective.hessian(theta)


@dataclass
class Group:
    """One method on the rows ``theta`` ``(r, 2)``, with its memory, its wrappers and their memories."""

    racers: tuple[RacerSpec, ...]
    theta: FloatArray
    objective: Served

    def __post_init__(self) -> None:
        self.optimizer = merged([one.optimizer for one in self.racers])
        self.schedule = self.racers[0].schedule
        self.chain = Chain(self.racers[0].wrappers)
        self.state = self.optimizer.start(self.theta)
        self.wrapper_states = self.chain.start(self.theta)
        self.is_plain = isinstance(self.optimizer, FirstOrder) and not self.chain.wrappers
        self.is_steady = self.is_plain and self.schedule.kind == "constant"  # nothing to do but to update
        if isinstance(self.optimizer, FirstOrder):
            self.update = self.optimizer.update
        self.is_averaged = self.answer() is not self.theta
        self._losses: list[float] = []
        self._at_factor = (1.0, self.optimizer)

    def memories(self) -> dict[str, tuple[State, str]]:
        """What is remembered from step to step, by a name a person can read; scratch left out."""
        found = {name: (self.state, name) for name in self.state if not name.startswith("_")}
        for title, state in zip(titles(self.chain.wrappers), self.wrapper_states, strict=True):
            found |= {f"{title} {name}": (state, name) for name in state if not name.startswith("_")}
        return found

    def answer(self) -> FloatArray:
        """The points to judge ``(r, 2)``: ``theta`` itself, or averages of the paths."""
        inner = self.optimizer.answer(self.theta, self.state)
        return self.chain.answer(inner, self.wrapper_states)

    def factor(self, t: int) -> float:
        """What the learning rate is multiplied by in step ``t``."""
        if self.schedule.kind == "reduce_on_plateau" and t % _MEASURED_EVERY == 1:
            self._losses.append(float(self.objective.measured(self.theta)[0]))
        return self.schedule.factor(t - 1, self._losses)

    def step(self, gradient: FloatArray, batch: IntArray | None, t: int, factor: float) -> None:
        """Move θ once; ``gradient`` is that at θ."""
        if factor != self._at_factor[0]:
            rate = self.optimizer.learning_rate * factor
            self._at_factor = (factor, self.optimizer.at_rate(rate) if factor != 1 else self.optimizer)
        optimizer = self._at_factor[1]
        if self.is_plain:
            assert isinstance(optimizer, FirstOrder)
            optimizer.update(self.theta, gradient, self.state, t)
            return
        self.objective.use(gradient, batch, t)
        if not self.chain.wrappers:
            optimizer.step(self.theta, self.objective, self.state, t)
            return

        def move(theta: FloatArray, objective: object) -> None:
            optimizer.step(theta, objective, self.state, t)  # type: ignore[arg-type]

        self.chain.step(self.theta, self.objective, self.wrapper_states, t, move)
