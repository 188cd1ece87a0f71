"""What is known of a race so far, as one frozen value that may cross to the window: paths, curves, verdicts, memories."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.documents.race import RaceSpec
from simulations.racing.session import Curves, RaceSession
from simulations.racing.verdicts import Verdict, verdicts


@dataclass(frozen=True, eq=False)
class Race:
    """The steps ``0…done`` of the race of ``spec``. Its arrays are read-only views; the same object holds the same numbers.

    ``points`` ``(done + 1, r, 2)`` are where the methods stand, ``answers`` ``(done + 1, r, 2)`` the points to judge: the same
    array, but for methods that average. ``verdicts`` say how each racer stands after ``done``.
    """

    spec: RaceSpec
    done: int
    points: FloatArray
    answers: FloatArray
    curves: Curves
    verdicts: tuple[Verdict, ...]
    _session: RaceSession

    @property
    def is_complete(self) -> bool:
        """Whether every step has been run."""
        return self.done == self.spec.steps

    def memory(self, racer: int, step: int) -> Mapping[str, FloatArray]:
        """What ``racer``'s method remembered after ``step`` (0…done): arrays ``(2,)``, ``(1,)`` or ``(k, 2)`` by name."""
        return self._session.memory(racer, step)

    def memories(self, racer: int) -> Mapping[str, FloatArray]:
        """What it remembered after the steps ``0…done``: arrays ``(done + 1, …)`` by name."""
        return {name: one[: self.done + 1] for name, one in self._session.memories(racer).items()}

    def verdicts_at(self, step: int) -> tuple[Verdict, ...]:
        """How each racer stood after ``step`` (0…done)."""
        if step == self.done:
            return self.verdicts
        end, curves = step + 1, self.curves
        return verdicts(self.spec.surface, self.answers[:end], curves.values[:end], curves.gradient_norms[:end])

    def called(self, spec: RaceSpec) -> Race:
        """The same paths under ``spec``, which may differ in names, colours, dashes and visibility only."""
        return dataclasses.replace(self, spec=spec)


class Recorder:
    """Makes the :class:`Race` of a session as far as it has run, again and again; what stood before is not copied again.

    The numbers of steps that were run never change, so the views of an earlier record stay true while a later one grows.
    """

    def __init__(self, session: RaceSession) -> None:
        self._session = session
        self._kept = 0  # steps that are in the buffers, 0 included
        self._points: FloatArray = np.empty((0, 0, 2))
        self._answers: FloatArray = self._points
        self._curves: dict[str, Array] = {}

    def record(self) -> Race:
        """The race as it stands."""
        session = self._session
        count = session.done + 1
        if self._kept < count:
            self._keep(count)
        points = _view(self._points, count)
        answers = points if self._answers is self._points else _view(self._answers, count)
        curves = Curves(**{name: _view(one, count) for name, one in self._curves.items()})
        found = verdicts(session.spec.surface, answers, curves.values, curves.gradient_norms)
        return Race(session.spec, session.done, points, answers, curves, found, session)

    def _keep(self, count: int) -> None:
        """Append the steps that are new."""
        session, first = self._session, self._kept
        points, answers = session.rows(first)
        curves = session.curves(first)
        new = {one.name: getattr(curves, one.name) for one in dataclasses.fields(curves)}
        if not first:
            self._points = self._room(points)
            self._answers = self._points if answers is points else self._room(answers)
            self._curves = {name: self._room(one) for name, one in new.items()}
        self._points[first:count] = points
        self._answers[first:count] = answers
        for name, one in new.items():
            self._curves[name][first:count] = one
        self._kept = count

    def _room(self, rows: Array) -> Any:
        """A buffer for as many rows as the race has steps, which takes memory only as it fills."""
        return np.empty((self._session.spec.steps + 1, *rows.shape[1:]), rows.dtype)


def _view(buffer: Array, count: int) -> Any:
    view = buffer[:count]
    view.flags.writeable = False
    return view
