"""Training in a process of its own: what of a snapshot has to travel, so that the window is handed the objects it knows.

Threads share one interpreter: what the window paints in Python, a small network cannot train meanwhile. Of a snapshot only that
travels which is not the very object of the one before; an experiment that the window sent is named by its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import count
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from simulations import families
from simulations.core.errors import GradLabError
from simulations.core.text import N_
from simulations.documents.experiment import ExperimentSpec
from simulations.runtime.elsewhere import Elsewhere, Room
from simulations.runtime.messages import Apply, Play, Refused, Rejected, Snapshot, Watch
from simulations.runtime.observer import Observer
from simulations.runtime.simulation import Simulation
from simulations.runtime.worker import Worker

Number: TypeAlias = int
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
        asked = said.get(Apply)
        heir = Worker(asked.spec if asked is not None else self.spec)
        if Watch in said:
            heir.send(said[Watch])
        if last is not None and last.status == "running":
            heir.send(Play())
        return heir

    def regret(self) -> Refused:
        return Refused(GradLabError(N_("The process that trained was ended from outside; the run begins again.")))

    def sender(self) -> TrainSender:
        return TrainSender(self.spec)

    def receiver(self) -> TrainReceiver:
        return TrainReceiver(self.spec)


@dataclass(frozen=True, eq=False)
class _Parcel:
    """What of a snapshot is new: plain fields, the experiment (None: the last one), answers; of the ``kept`` kinds of probes the
    last answer holds."""

    changed: dict[str, Any]
    spec: Number | ExperimentSpec | None
    answers: dict[str, Any]
    kept: tuple[str, ...]


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
        self.note(Apply(spec))

    def note(self, command: Any) -> None:
        if isinstance(command, Apply):
            self._specs[id(command.spec)] = next(self._numbers), command.spec

    def packed(self, value: Any) -> Any:
        if isinstance(value, Rejected):
            assert isinstance(value.spec, ExperimentSpec)
            return _Refusal(self._spec(value.spec), value.error)
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

    def _spec(self, spec: ExperimentSpec) -> Number | ExperimentSpec:
        known = self._specs.get(id(spec))
        if known is None:
            return spec
        for key, (number, _) in list(self._specs.items()):
            if number < known[0]:
                del self._specs[key]
        return known[0]


class TrainReceiver:
    """The near end."""

    def __init__(self, spec: ExperimentSpec) -> None:
        self._numbers = count()
        self._specs: dict[Number, ExperimentSpec] = {}
        self._plain: dict[str, Any] = {}
        self._spec: ExperimentSpec = spec
        self._answers: dict[str, Any] = {}
        self.note(Apply(spec))

    def note(self, command: Any) -> None:
        if isinstance(command, Apply):
            self._specs[next(self._numbers)] = command.spec

    def unpacked(self, parcel: Any) -> Any:
        if isinstance(parcel, _Refusal):
            return Rejected(self._known(parcel.spec), parcel.error)
        return self._snapshot(parcel) if isinstance(parcel, _Parcel) else parcel

    def _snapshot(self, parcel: _Parcel) -> Snapshot:
        self._plain |= parcel.changed
        if parcel.spec is not None:
            self._spec = self._known(parcel.spec)
        self._answers = parcel.answers | {kind: self._answers[kind] for kind in parcel.kept}
        return Snapshot(spec=self._spec, probes=MappingProxyType(self._answers), **self._plain)

    def _known(self, spec: Number | ExperimentSpec) -> ExperimentSpec:
        if not isinstance(spec, Number):
            return spec
        for number in list(self._specs):
            if number < spec:
                del self._specs[number]
        return self._specs[spec]
