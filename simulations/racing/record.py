"""What is known of a race so far, as one frozen value that may cross to the window: paths, curves, verdicts, memories."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.documents.race import RaceSpec
from simulations.racing.session import Curves, RaceSession
from simulations.racing.verdicts import Verdict, verdicts


class Memories(Protocol):
    """What ran a race, asked what a racer's method remembered after one step, or after every step it was run."""

    def memory(self, racer: int, step: int) -> Mapping[str, FloatArray]: ...
    def memories(self, racer: int) -> Mapping[str, FloatArray]: ...


@dataclass(frozen=True, eq=False)
class Rows:
    """The steps from ``first`` on, as in :class:`Race`."""

    first: int
    points: FloatArray
    answers: FloatArray
    curves: Curves


@dataclass(frozen=True, eq=False)
class Race:
    """The steps ``0…done`` of the race of ``spec``. Its arrays are read-only views; the same object holds the same numbers.

    ``points`` ``(done + 1, r, 2)`` are where the methods stand, ``answers`` ``(done + 1, r, 2)`` the points to judge: the same
    array, but for methods that average. ``verdicts`` say how each racer stands after ``done``. Records of one run have the same
    ``source``.
    """

    spec: RaceSpec
    done: int
    points: FloatArray
    answers: FloatArray
    curves: Curves
    verdicts: tuple[Verdict, ...]
    source: Memories

    @property
    def is_complete(self) -> bool:
        """Whether every step has been run."""
        return self.done == self.spec.steps

    def memory(self, racer: int, step: int) -> Mapping[str, FloatArray]:
        """What ``racer``'s method remembered after ``step`` (0…done): arrays ``(2,)``, ``(1,)`` or ``(k, 2)`` by name."""
        return self.source.memory(racer, step)

    def memories(self, racer: int) -> Mapping[str, FloatArray]:
        """What it remembered after the steps ``0…done``: arrays ``(done + 1, …)`` by name."""
        return {name: one[: self.done + 1] for name, one in self.source.memories(racer).items()}

    def verdicts_at(self, step: int) -> tuple[Verdict, ...]:
        """How each racer stood after ``step`` (0…done)."""
        if step == self.done:
            return self.verdicts
        end, curves = step + 1, self.curves
        return verdicts(self.spec.surface, self.answers[:end], curves.values[:end], curves.gradient_norms[:end])

    def rows(self, first: int) -> Rows:
        """The steps ``first…done``."""
        points = self.points[first:]
        answers = points if self.answers is self.points else self.answers[first:]
        named = {one.name: getattr(self.curves, one.name)[first:] for one in dataclasses.fields(self.curves)}
        return Rows(first, points, answers, Curves(**named))

    def called(self, spec: RaceSpec) -> Race:
        """The same paths under ``spec``, which may differ in names, colours, dashes and visibility only."""
        return dataclasses.replace(self, spec=spec)


class Book:
    """The rows of one run as they come, in buffers that never move: earlier races stay true while a later one grows."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self.count = 0  # rows that are in the buffers, that of step 0 included
        self._points: FloatArray = np.empty((0, 0, 2))
        self._answers: FloatArray = self._points
        self._curves: dict[str, Array] = {}
        self._last: Race | None = None

    def add(self, rows: Rows) -> None:
        """Append ``rows``, which begin where the last ended."""
        first, count = rows.first, rows.first + len(rows.points)
        new = {one.name: getattr(rows.curves, one.name) for one in dataclasses.fields(rows.curves)}
        if not first:
            self._points = self._room(rows.points)
            self._answers = self._points if rows.answers is rows.points else self._room(rows.answers)
            self._curves = {name: self._room(one) for name, one in new.items()}
        self._points[first:count] = rows.points
        if self._answers is not self._points:
            self._answers[first:count] = rows.answers
        for name, one in new.items():
            self._curves[name][first:count] = one
        self.count = count

    def race(self, spec: RaceSpec, done: int, source: Memories, found: tuple[Verdict, ...] | None = None) -> Race:
        """The race as far as ``done``; its verdicts are worked out unless they are ``found`` already."""
        if self._last is not None and self._last.done == done:
            return self._last.called(spec)
        count = done + 1
        points = _view(self._points, count)
        answers = points if self._answers is self._points else _view(self._answers, count)
        curves = Curves(**{name: _view(one, count) for name, one in self._curves.items()})
        if found is None:
            found = verdicts(spec.surface, answers, curves.values, curves.gradient_norms)
        self._last = Race(spec, done, points, answers, curves, found, source)
        return self._last

    def _room(self, rows: Array) -> Any:
        """A buffer for as many rows as the race has steps, which takes memory only as it fills."""
        return np.empty((self._steps + 1, *rows.shape[1:]), rows.dtype)


class Recorder:
    """Makes the :class:`Race` of a session as far as it has run, again and again; what stood before is not copied again."""

    def __init__(self, session: RaceSession) -> None:
        self._session = session
        self._book = Book(session.spec.steps)

    def record(self) -> Race:
        """The race as it stands."""
        session, first = self._session, self._book.count
        if first <= session.done:
            points, answers = session.rows(first)
            self._book.add(Rows(first, points, answers, session.curves(first)))
        return self._book.race(session.spec, session.done, session)


class Rerun:
    """Knows the memories of a race that was run elsewhere as far as ``done``: being a pure function of its spec, it is run again
    when they are asked for."""

    def __init__(self, spec: RaceSpec) -> None:
        self.done = 0
        self._spec = spec
        self._session: RaceSession | None = None
        self._turn = threading.Lock()  # tables are written on threads of their own

    def memory(self, racer: int, step: int) -> Mapping[str, FloatArray]:
        return self._run().memory(racer, step)

    def memories(self, racer: int) -> Mapping[str, FloatArray]:
        return self._run().memories(racer)

    def _run(self) -> RaceSession:
        with self._turn:
            self._session = self._session or RaceSession(self._spec)
            self._session.advance(self.done)
            return self._session


def _view(buffer: Array, count: int) -> Any:
    view = buffer[:count]
    view.flags.writeable = False
    return view
