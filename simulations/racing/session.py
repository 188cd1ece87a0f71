"""Running a race: all racers advance in lockstep, one gradient serves them all, and every step is kept.

A race is a pure function of its spec, so there is nothing to edit here: another spec is another session. It can be advanced
a part at a time, so that a long race shows its first steps at once; what is kept makes scrubbing back exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from time import perf_counter

import numpy as np

from simulations.core.arrays import FloatArray, IntArray
from simulations.core.interrupt import Interrupt, Interrupted
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.racing.field import Field, slices
from simulations.racing.groups import Group, Served, grouped
from simulations.racing.history import MemoryHistory


@dataclass(frozen=True)
class Curves:
    """What is drawn over the steps ``0…done`` for every racer, ``(done + 1, r)`` each.

    ``values`` are those of the whole surface at the points to judge: of all samples, and of all its steps where it is judged as
    a whole; ``gradient_norms`` those of its slope where the method stands; ``distances`` to the nearest minimum of the points to
    judge; ``evaluations`` ``(done + 1, r, 3)`` how many values, gradients and Hessians were asked for up to then; ``rates`` the
    learning rate of the step that led there.

    ``seconds`` are what the steps up to then took here, measured: the one thing that differs from run to run. What racers do
    together (a gradient of all, a step of several rates of one method) is shared evenly between them.
    """

    values: FloatArray
    gradient_norms: FloatArray
    distances: FloatArray
    evaluations: IntArray
    rates: FloatArray
    seconds: FloatArray


class RaceSession:
    """The race of ``spec``. ``points`` and ``answers`` are ``(steps + 1, r, 2)``, in the order of its racers.

    ``points`` are where the methods stand, ``answers`` the points to judge: the same, but for methods that average. Valid are the
    steps up to :attr:`done`. Nothing is clamped; a racer that diverges goes on as ∞ and NaN.
    """

    def __init__(self, spec: RaceSpec, interrupt: Interrupt | None = None) -> None:
        self.spec = spec
        self.done = 0
        self._interrupt = interrupt
        self._evaluator = spec.surface.evaluator()
        members = grouped(spec.racers)
        order = [index for group in members for index in group]
        self._row = np.argsort(np.array(order, np.intp))  # of each racer
        self._theta = np.array([spec.start_of(spec.racers[index]) for index in order], np.float64).reshape(-1, 2)
        racers = [tuple(spec.racers[index] for index in group) for group in members]
        self._slices = list(slices(racers))
        self._groups = [
            Group(some, theta := self._theta[rows], Served(spec.surface, theta, some[0].seed))
            for some, rows in zip(racers, self._slices, strict=True)
        ]
        with np.errstate(all="ignore"):  # a start may lie where the surface has no value
            self._fields = [Field(spec, self._theta[rows], some) for some, rows in _by_batch_size(racers, self._slices)]
        self._memory = MemoryHistory(self._groups, spec.steps)
        first = 0
        for field in self._fields:
            field.straighten(self._groups[first : first + len(field.rows)], self._memory, first)
            first += len(field.rows)
        self._points = np.full((spec.steps + 1, *self._theta.shape), np.nan)
        self._points[0] = self._theta
        self._averaged = [(g, rows) for g, rows in zip(self._groups, self._slices, strict=True) if g.is_averaged]
        self._answers = self._points.copy() if self._averaged else self._points
        self._factors = np.ones((spec.steps + 1, len(self._groups)))
        self._counts = np.zeros((spec.steps + 1, len(self._groups), 3), np.int64)
        self._spent = np.zeros((spec.steps + 1, len(self._fields) + len(self._groups)))  # seconds of every step

    def advance(self, until: int) -> None:
        """Run up to step ``until``. Raises :class:`Interrupted` when asked to leave; the steps run so far stay valid."""
        with np.errstate(all="ignore"):
            for t in range(self.done + 1, min(until, self.spec.steps) + 1):
                if self._interrupt is not None and self._interrupt.is_set:
                    raise Interrupted
                self._step(t)
                self.done = t

    @property
    def points(self) -> FloatArray:
        return self._points[:, self._row]

    @property
    def answers(self) -> FloatArray:
        return self._answers[:, self._row]

    def rows(self, first: int = 0) -> tuple[FloatArray, FloatArray]:
        """Points and answers of the steps ``first…done``, ``(done + 1 - first, r, 2)`` each; one array where they agree."""
        points = self._points[first : self.done + 1, self._row]
        return points, self._answers[first : self.done + 1, self._row] if self._averaged else points

    def curves(self, first: int = 0) -> Curves:
        """The curves of the steps ``first…done``, worked out at once for all of them."""
        count = self.done + 1
        steps = np.arange(first, count)
        moves = self.spec.surface.has_moving_values
        t = np.broadcast_to(steps[:, np.newaxis], (len(steps), len(self._row))) if moves else None
        points, answers = self._points[first:count], self._answers[first:count]
        slope = self._evaluator.ask("slope", points, t=t)
        values, norms = slope[..., 0].copy(), np.hypot(slope[..., 1], slope[..., 2])
        if self._averaged:
            values = self._evaluator.ask("value", answers, t=t)[..., 0].copy()
        column = [i for i, group in enumerate(self._groups) for _ in group.racers]
        full_rates = np.array([one.optimizer.learning_rate for group in self._groups for one in group.racers])
        evaluations = self._evaluations(steps)[:, column]
        rates = self._factors[first:count, column] * full_rates
        distances, seconds, row = self._distances(answers, first), self._seconds(count)[first:], self._row
        return Curves(
            values[:, row], norms[:, row], distances[:, row], evaluations[:, row], rates[:, row], seconds[:, row]
        )

    def memory(self, racer: int, step: int) -> Mapping[str, FloatArray]:
        """What ``racer``'s method remembered after ``step``: arrays ``(2,)``, ``(1,)`` or ``(k, 2)`` by name."""
        return self._memory.at(*self._place(racer), step)

    def memories(self, racer: int) -> Mapping[str, FloatArray]:
        """What it remembered after the steps ``0…done``: arrays ``(done + 1, …)`` by name."""
        return self._memory.over(*self._place(racer), self.done)

    def _place(self, racer: int) -> tuple[int, int]:
        """The group of ``racer`` and its row there."""
        row = int(self._row[racer])
        index = next(i for i, rows in enumerate(self._slices) if rows.start <= row < rows.stop)
        return index, row - self._slices[index].start

    def _distances(self, answers: FloatArray, first: int) -> FloatArray:
        surface = self.spec.surface
        if not surface.has_moving_values:
            return surface.distance_to_minimum(answers)
        return np.stack([surface.distance_to_minimum(one, t) for t, one in enumerate(answers, first)])

    def _evaluations(self, steps: IntArray) -> IntArray:
        found = self._counts[steps]
        for i, group in enumerate(self._groups):
            if group.is_plain:
                found[:, i, 1] = steps
        return found

    def _seconds(self, count: int) -> FloatArray:
        """What the first ``count`` steps took each racer, added up, in the order of the groups."""
        looks = len(self._fields)
        shares = [
            self._spent[:count, f] / field.count + self._spent[:count, looks + i] / len(group.racers)
            for f, i, field, group in self._members()
            for _ in group.racers
        ]
        return np.cumsum(np.stack(shares, axis=1), axis=0) if shares else np.zeros((count, 0))

    def _members(self) -> Iterator[tuple[int, int, Field, Group]]:
        """Every group and its field, with the places of both."""
        groups = iter(enumerate(self._groups))
        for f, field in enumerate(self._fields):
            for _ in field.rows:
                i, group = next(groups)
                yield f, i, field, group

    def _step(self, t: int) -> None:
        first, spent = 0, self._spent[t]
        looks = len(self._fields)
        now = perf_counter()
        for f, field in enumerate(self._fields):
            gradients, batch = field.look(t)
            then, now = now, perf_counter()
            spent[f] = now - then
            for i, seconds in enumerate(field.go_straight(t), first):
                spent[looks + i] = seconds
            now = perf_counter()
            for i, gradient, rows in zip(
                count(first + field.straight), gradients, field.rows[field.straight :], strict=False
            ):
                self._move(i, gradient, None if batch is None else batch[rows], t)
                then, now = now, perf_counter()
                spent[looks + i] = now - then
            first += len(field.rows)
        self._points[t] = self._theta
        if self._averaged:
            self._answers[t] = self._theta
            for group, rows in self._averaged:
                self._answers[t, rows] = group.answer()
        self._memory.keep(t)

    def _move(self, number: int, gradient: FloatArray, batch: IntArray | None, t: int) -> None:
        """The step of one group, by NumPy."""
        group = self._groups[number]
        if group.is_steady:
            group.update(group.theta, gradient, group.state, t)
            return
        factor = self._factors[t, number] = group.factor(t)
        group.step(gradient, batch, t, factor)
        if not group.is_plain:
            self._counts[t, number] = group.objective.counts


def _by_batch_size(
    groups: Sequence[tuple[RacerSpec, ...]], slices: Sequence[slice]
) -> Iterator[tuple[list[tuple[RacerSpec, ...]], slice]]:
    """Neighbouring groups with batches of one size, and the rows they have together."""
    for _, some in groupby(zip(groups, slices, strict=True), key=lambda one: one[0][0].batch_size):
        found = list(some)
        yield [group for group, _ in found], slice(found[0][1].start, found[-1][1].stop)
