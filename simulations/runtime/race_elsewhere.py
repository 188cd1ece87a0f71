"""Races in a process of their own: what of a snapshot has to travel, so that the window is handed the objects it knows.

A race is recognised by being the same object, so is its spec, and so is every probe's answer. Each travels once; of a race that
grew, only the steps that are new. What its methods remembered stays where it is: a race can be run again to ask for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal, NamedTuple, TypeAlias

from simulations import families
from simulations.core.errors import GradLabError
from simulations.documents.race import RaceSpec
from simulations.racing.record import Book, Memories, Race, Rerun, Rows
from simulations.racing.verdicts import Verdict
from simulations.runtime.elsewhere import Elsewhere, Room
from simulations.runtime.messages import Pause, Play, Rejected, Watch
from simulations.runtime.race_messages import Preview, RaceSnapshot, RunRace, SetSpeed, Stand
from simulations.runtime.race_worker import RaceWorker
from simulations.runtime.simulation import Simulation
from simulations.surfaces.base import Places, Surface, places_of

Number = int


def race_simulation(spec: RaceSpec, room: Room | None) -> Simulation:
    """Races in ``room``, or where there is none on a thread."""
    return RaceWorker(spec) if room is None else Elsewhere(RaceCarrier(spec), room)


def prepare() -> None:
    """Import what a race may be made of, while the window still makes its panels."""
    families.load_races_alone()


@dataclass(frozen=True)
class RaceCarrier:
    """Begins with the race of ``spec``."""

    spec: RaceSpec

    def begun(self) -> RaceWorker:
        return RaceWorker(self.spec)

    def heir(self, said: Mapping[type, Any], last: RaceSnapshot | None) -> RaceWorker:
        """The same race at the same moment; the ghost is lost."""
        asked = said.get(RunRace)
        heir = RaceWorker(asked.spec if asked is not None else self.spec)
        for kind in (Watch, SetSpeed, Preview):
            if kind in said:
                heir.send(said[kind])
        if last is not None:
            heir.send(Stand(last.moment))
            heir.send(Play() if last.status == "running" else Pause())
        return heir

    def regret(self) -> None:
        """The heir shows the same race."""

    def sender(self) -> RaceSender:
        return RaceSender(self.spec)

    def receiver(self) -> RaceReceiver:
        return RaceReceiver(self.spec)


@dataclass(frozen=True, eq=False)
class _Record:
    """A race that the near end has not seen: which it is, of which run, under which spec, and the rows that are new."""

    number: Number
    run: Number
    spec: Number | RaceSpec
    done: int
    rows: Rows
    verdicts: tuple[Verdict, ...]
    places: Places | None  # of its surface, unless the near end has been told


_Seen: TypeAlias = Number | _Record | None


@dataclass(frozen=True, eq=False)
class _Parcel:
    """A snapshot; ``kept`` are the kinds of probes whose last answer holds."""

    sequence: int
    status: Literal["running", "paused"]
    moment: int
    speed: float | None
    race: _Seen
    ghost: _Seen
    preview: _Seen
    answers: dict[str, Any]
    kept: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Refusal:
    """A :class:`Rejected`."""

    spec: Number | RaceSpec
    error: GradLabError


class RaceSender:
    """The far end. What was part of the last snapshot is known at the other: its races, their runs, its answers.

    Specs are numbered as they come; those older than any that is shown are forgotten.
    """

    def __init__(self, spec: RaceSpec) -> None:
        self._numbers, self._spec_numbers = count(), count()
        self._specs: dict[int, tuple[Number, RaceSpec]] = {}  # this and the next by identity
        self._races: dict[int, tuple[Number, Race]] = {}
        self._runs: dict[int, tuple[Number, int, Memories]] = {}  # with how many rows have travelled
        self._answers: Mapping[str, Any] = {}
        self._told: Surface | None = None  # of whose places
        self.note(Preview(spec))

    def note(self, arrived: Any) -> Any:
        if isinstance(arrived, RunRace | Preview) and arrived.spec is not None:
            self._specs[id(arrived.spec)] = next(self._spec_numbers), arrived.spec
        return arrived

    def packed(self, value: Any) -> Any:
        if isinstance(value, Rejected):
            assert isinstance(value.spec, RaceSpec)
            return _Refusal(self._spec(value.spec), value.error)
        return self._parcel(value) if isinstance(value, RaceSnapshot) else value

    def _parcel(self, value: RaceSnapshot) -> _Parcel:
        shown = [one for one in (value.race, value.ghost, value.preview) if one is not None]
        race, ghost, preview = (self._seen(one) for one in (value.race, value.ghost, value.preview))
        kept = tuple(kind for kind, one in value.probes.items() if self._answers.get(kind) is one)
        answers = {kind: one for kind, one in value.probes.items() if kind not in kept}
        self._forget(shown)
        self._answers = value.probes
        return _Parcel(value.sequence, value.status, value.moment, value.speed, race, ghost, preview, answers, kept)

    def _seen(self, race: Race | None) -> _Seen:
        if race is None:
            return None
        if id(race) in self._races:
            return self._races[id(race)][0]
        number, source = next(self._numbers), race.source
        run, sent, _ = self._runs.get(id(source)) or (next(self._numbers), 0, source)
        self._races[id(race)] = number, race
        self._runs[id(source)] = run, max(sent, race.done + 1), source
        spec, rows = self._spec(race.spec), race.rows(sent)
        return _Record(number, run, spec, race.done, rows, race.verdicts, self._places(race.spec.surface))

    def _places(self, surface: Surface) -> Places | None:
        """Whoever ran the race has found them, so that nobody else need search."""
        if surface == self._told:
            return None
        self._told = surface
        return places_of.get(surface)

    def _spec(self, spec: RaceSpec) -> Number | RaceSpec:
        known = self._specs.get(id(spec))
        return spec if known is None else known[0]

    def _forget(self, shown: list[Race]) -> None:
        """Everything that is not ``shown``, as the other end does."""
        self._races = {id(one): self._races[id(one)] for one in shown}
        self._runs = {id(one.source): self._runs[id(one.source)] for one in shown}
        oldest = min((self._specs[id(one.spec)][0] for one in shown if id(one.spec) in self._specs), default=0)
        for key, (number, _) in list(self._specs.items()):
            if number < oldest:
                del self._specs[key]


class _Known(NamedTuple):
    """A race of the last snapshot, and the numbers of its run and its spec."""

    race: Race
    run: Number
    spec: Number | RaceSpec


class RaceReceiver:
    """The near end."""

    def __init__(self, spec: RaceSpec) -> None:
        self._spec_numbers = count()
        self._specs: dict[Number, RaceSpec] = {}
        self._races: dict[Number, _Known] = {}
        self._runs: dict[Number, tuple[Book, Rerun]] = {}
        self._answers: dict[str, Any] = {}
        self.note(Preview(spec))

    def note(self, command: Any) -> Any:
        if isinstance(command, RunRace | Preview) and command.spec is not None:
            self._specs[next(self._spec_numbers)] = command.spec
        return command

    def unpacked(self, parcel: Any) -> Any:
        if isinstance(parcel, _Refusal):
            return Rejected(self._spec(parcel.spec), parcel.error)
        return self._snapshot(parcel) if isinstance(parcel, _Parcel) else parcel

    def _snapshot(self, parcel: _Parcel) -> RaceSnapshot:
        numbers = [self._number(one) for one in (parcel.race, parcel.ghost, parcel.preview)]
        self._races = {number: self._races[number] for number in numbers if number is not None}
        self._runs = {one.run: self._runs[one.run] for one in self._races.values()}
        oldest = min((one.spec for one in self._races.values() if isinstance(one.spec, Number)), default=0)
        for number in list(self._specs):
            if number < oldest:
                del self._specs[number]
        self._answers = parcel.answers | {kind: self._answers[kind] for kind in parcel.kept}
        race, ghost, preview = (None if one is None else self._races[one].race for one in numbers)
        assert race is not None
        return RaceSnapshot(
            parcel.sequence, parcel.status, race, parcel.moment, parcel.speed, ghost, preview, dict(self._answers)
        )

    def _number(self, seen: _Seen) -> Number | None:
        """That of the race that is meant, which is there from now on."""
        if not isinstance(seen, _Record):
            return seen
        spec = self._spec(seen.spec)
        book, rerun = self._runs.setdefault(seen.run, (Book(spec.steps), Rerun(spec)))
        book.add(seen.rows)
        rerun.done = max(rerun.done, seen.done)
        if seen.places is not None:
            places_of.tell(spec.surface, seen.places)
        race = book.race(spec, seen.done, rerun, seen.verdicts)
        self._races[seen.number] = _Known(race, seen.run, seen.spec)
        return seen.number

    def _spec(self, spec: Number | RaceSpec) -> RaceSpec:
        return self._specs[spec] if isinstance(spec, Number) else spec
