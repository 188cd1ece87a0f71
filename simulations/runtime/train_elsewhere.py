"""Training in a process of its own: what of a snapshot has to travel, so that the window is handed the objects it knows.

Threads share one interpreter: what the window paints in Python, a small network cannot train meanwhile. Of a snapshot only that
travels which is not the very object of the one before; an experiment that the window sent is named by its number. Of an edit only
that travels which it changed: a teacher of a million numbers is no burden to who drags a slider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import count
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from simulations import families
from simulations.core.errors import GradLabError
from simulations.core.text import N_
from simulations.documents.experiment import ExperimentSpec
from simulations.runtime.elsewhere import Elsewhere, Room
from simulations.runtime.messages import (
    Apply,
    Pause,
    Play,
    Recover,
    Refused,
    Rejected,
    Snapshot,
    TakeEpoch,
    TakeSteps,
    Watch,
)
from simulations.runtime.observer import Observer
from simulations.runtime.simulation import Simulation
from simulations.runtime.worker import Worker

Number: TypeAlias = int
_PARTS: Final = tuple(one.name for one in fields(ExperimentSpec))
_PLAIN: Final = tuple(one.name for one in fields(Snapshot) if one.name not in ("spec", "probes"))


def training(spec: ExperimentSpec, room: Room | None) -> Simulation:
    """Training in ``room``, or where there is none on a thread."""
    return Worker(spec) if room is None else Elsewhere(TrainCarrier(spec), room)


def prepare() -> None:
    """Import what an experiment may be made of, while the window still makes its panels."""
    families.load_experiments()


@dataclass(frozen=True)
class TrainCarrier:
    """Begins with the experiment ``spec``, paused."""

    spec: ExperimentSpec

    def begun(self) -> Worker:
        return Worker(self.spec, Observer())

    def heir(self, said: Mapping[type, Any], last: Snapshot | None) -> Worker:
        """The same experiment from its first step on: what the network had learnt is lost with the process."""
        shown = self.spec if last is None else last.spec
        heir = Worker(shown, runs=0 if last is None else last.run)
        asked = said.get(Apply)
        if asked is not None and asked.spec is not shown:  # it may have been refused, and would be again
            heir.send(asked)
        if Watch in said:
            heir.send(said[Watch])
        if _last_word(said) is Play and (last is None or last.status == "running"):
            heir.send(Play())
        return heir

    def regret(self) -> Refused:
        return Refused(GradLabError(N_("The process that trained is gone; the run begins again.")))

    def sender(self) -> TrainSender:
        return TrainSender(self.spec)

    def receiver(self) -> TrainReceiver:
        return TrainReceiver(self.spec)


def _last_word(said: Mapping[type, Any]) -> type | None:
    """What was said last of whether to train, by a window that may not have been heard yet."""
    return next((kind for kind in reversed(tuple(said)) if kind in (Play, Pause, TakeSteps, TakeEpoch, Recover)), None)


@dataclass(frozen=True, eq=False)
class _Parcel:
    """What of a snapshot is new: plain fields, the experiment (None: the last one), answers; of the ``kept`` kinds of probes the
    last answer holds."""

    changed: dict[str, Any]
    spec: Number | ExperimentSpec | None
    answers: dict[str, Any]
    kept: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Edit:
    """An :class:`Apply`: those parts of its experiment that are not the very objects of the last one sent."""

    changed: dict[str, Any]
    anew: bool


@dataclass(frozen=True, eq=False)
class _Refusal:
    """A :class:`Rejected`."""

    spec: Number | ExperimentSpec
    error: GradLabError


class TrainSender:
    """The far end. Experiments are numbered as they come; those older than the one that is shown are forgotten."""

    def __init__(self, spec: ExperimentSpec) -> None:
        self._numbers = count()
        self._specs: dict[int, tuple[Number, ExperimentSpec]] = {}  # by identity
        self._last: Snapshot | None = None  # kept whole, so that none of its objects gives its place to another
        self._arrived = spec
        self._specs[id(spec)] = next(self._numbers), spec

    def note(self, arrived: Any) -> Any:
        if not isinstance(arrived, _Edit):
            return arrived
        self._arrived = spec = replace(self._arrived, **arrived.changed)
        self._specs[id(spec)] = next(self._numbers), spec
        return Apply(spec, arrived.anew)

    def packed(self, value: Any) -> Any:
        if isinstance(value, Rejected):
            assert isinstance(value.spec, ExperimentSpec)
            return _Refusal(self._name(value.spec), value.error)
        return self._parcel(value) if isinstance(value, Snapshot) else value

    def _parcel(self, value: Snapshot) -> _Parcel:
        last, self._last = self._last, value
        changed = {name: getattr(value, name) for name in _PLAIN}
        if last is None:
            return _Parcel(changed, self._spec(value.spec), dict(value.probes), ())
        changed = {name: one for name, one in changed.items() if one is not getattr(last, name)}
        shown = last.probes
        kept = tuple(kind for kind, one in value.probes.items() if kind in shown and shown[kind] is one)
        answers = {kind: one for kind, one in value.probes.items() if kind not in kept}
        return _Parcel(changed, None if value.spec is last.spec else self._spec(value.spec), answers, kept)

    def _name(self, spec: ExperimentSpec) -> Number | ExperimentSpec:
        known = self._specs.get(id(spec))
        return spec if known is None else known[0]

    def _spec(self, spec: ExperimentSpec) -> Number | ExperimentSpec:
        """The name of one that is shown from now on."""
        name = self._name(spec)
        if isinstance(name, Number):
            for key, (number, _) in list(self._specs.items()):
                if number < name:
                    del self._specs[key]
        return name


class TrainReceiver:
    """The near end."""

    def __init__(self, spec: ExperimentSpec) -> None:
        self._numbers = count()
        self._specs: dict[Number, ExperimentSpec] = {}
        self._plain: dict[str, Any] = {}
        self._spec: ExperimentSpec = spec
        self._answers: dict[str, Any] = {}
        self._sent = spec
        self.note(Apply(spec))

    def note(self, command: Any) -> Any:
        if not isinstance(command, Apply):
            return command
        spec, sent = command.spec, self._sent
        self._specs[next(self._numbers)] = self._sent = spec
        changed = {name: getattr(spec, name) for name in _PARTS if getattr(spec, name) is not getattr(sent, name)}
        return _Edit(changed, command.anew)

    def unpacked(self, parcel: Any) -> Any:
        if isinstance(parcel, _Refusal):
            return Rejected(self._known(parcel.spec), parcel.error)  # one that is shown later may be older
        return self._snapshot(parcel) if isinstance(parcel, _Parcel) else parcel

    def _snapshot(self, parcel: _Parcel) -> Snapshot:
        self._plain |= parcel.changed
        if parcel.spec is not None:
            self._spec = self._known(parcel.spec)
            self._forget_before(parcel.spec)
        self._answers = parcel.answers | {kind: self._answers[kind] for kind in parcel.kept}
        return Snapshot(spec=self._spec, probes=MappingProxyType(self._answers), **self._plain)

    def _known(self, spec: Number | ExperimentSpec) -> ExperimentSpec:
        return self._specs[spec] if isinstance(spec, Number) else spec

    def _forget_before(self, spec: Number | ExperimentSpec) -> None:
        if isinstance(spec, Number):
            for number in list(self._specs):
                if number < spec:
                    del self._specs[number]
