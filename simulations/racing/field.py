"""Racers that see the same kind of batch: where they stand, what they see, and the gradient of all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter

import numpy as np

from simulations.core.arrays import FloatArray, IntArray
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.optimizers.base import FirstOrder
from simulations.racing.groups import Group, rule_for
from simulations.racing.history import MemoryHistory
from simulations.racing.rules import Straight
from simulations.surfaces.objective import Batches


class Field:
    """The racers whose batches have one size; ``theta`` ``(r, 2)`` is where they stand.

    ``rows`` are the places of their groups in the gradients. The first ``straight`` of these, single racers all, are moved on
    plain floats by :meth:`go_straight`; the others are the caller's to move.
    """

    def __init__(self, spec: RaceSpec, theta: FloatArray, groups: Sequence[tuple[RacerSpec, ...]]) -> None:
        self.rows = list(slices(groups))
        self.count = sum(map(len, groups))
        self.straight = 0
        self._straight: Straight | None = None
        self._evaluator = spec.surface.evaluator()
        self._theta = theta
        self._slope_at = self._evaluator.following("gradient", theta)
        self._gradients = theta if self._slope_at is None else self._slope_at(0)  # then the same array at every step
        self._parts: list[FloatArray] = []
        size, samples = groups[0][0].batch_size, spec.surface.samples
        seeds = [one.seed for group in groups for one in group]
        is_whole = size == 0 or size >= samples
        self._batches = [] if is_whole else [Batches(samples, size, seed) for seed in seeds]

    def straighten(self, groups: Sequence[Group], memory: MemoryHistory, first: int) -> None:
        """Find who of the field's ``groups``, the first of which is number ``first`` in ``memory``, can be moved on plain
        floats; they come before the others."""
        found = []
        for group in groups:
            made = rule_for(group.racers[0]) if len(group.racers) == 1 else None
            if made is None or not isinstance(group.optimizer, FirstOrder):
                break
            found.append((group.optimizer, made, group.state))
        self.straight = len(found)
        self._parts = self._others()
        if found:
            kept, starts = memory.shared_by(range(first, first + len(found)))
            racers = [(*one, start) for one, start in zip(found, starts, strict=True)]
            self._straight = Straight(self._theta[: len(found)], kept, racers)

    def look(self, t: int) -> tuple[list[FloatArray], IntArray | None]:
        """The gradients of step ``t``, one array for each group that goes not straight, valid until the next look; and the
        batches ``(r, m)`` of all."""
        if self._slope_at is not None:
            self._slope_at(t)
            return self._parts, None
        batch = np.stack([one.at(t) for one in self._batches]) if self._batches else None
        self._gradients = self._evaluator.ask("gradient", self._theta, batch, t)
        return self._others(), batch

    def go_straight(self, t: int) -> list[float]:
        """The step ``t``, after the look at it, of those that are moved on plain floats: the seconds of each."""
        straight = self._straight
        if straight is None:
            return []
        gradients: list[float] = self._gradients[: self.straight].reshape(-1).tolist()
        seconds, now = [], perf_counter()
        for number in range(self.straight):
            straight.move(number, gradients, t)
            then, now = now, perf_counter()
            seconds.append(now - then)
        straight.finish()
        return seconds

    def _others(self) -> list[FloatArray]:
        return [self._gradients[rows] for rows in self.rows[self.straight :]]


def slices(groups: Sequence[Sequence[object]]) -> Iterator[slice]:
    """Where each group's rows lie when they follow each other."""
    at = 0
    for group in groups:
        yield slice(at, at + len(group))
        at += len(group)
