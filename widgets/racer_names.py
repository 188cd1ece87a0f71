"""What racers are called, the same in every panel, table and script; knows no window."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

from simulations.core.params import hyperparameters
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.schedules.base import SCHEDULES
from simulations.optimizers.wrappers.base import WRAPPERS
from widgets.numbers import format_number
from widgets.text import _, catalogue

_KNOWN: Final[deque[tuple[tuple[RacerSpec, ...], object, tuple[str, ...]]]] = deque(
    maxlen=4
)  # the last races asked for
_ROUNDS: Final = 3  # racers told apart by their method, say, may still be alike among themselves


def racer_label(spec: RaceSpec, index: int) -> str:
    """What the racer at ``index`` is called; no two racers of a race are called the same."""
    return racer_labels(spec)[index]


def racer_labels(spec: RaceSpec) -> tuple[str, ...]:
    """Every racer's own name, or its method and rate (“Adam 0.01”). Those that would be the same say what differs between
    them; those that differ in nothing are numbered."""
    for racers, language, known in tuple(_KNOWN):
        if racers is spec.racers and language is catalogue():
            return known
    found = _labels(spec)
    _KNOWN.append((spec.racers, catalogue(), found))
    return found


def _labels(spec: RaceSpec) -> tuple[str, ...]:
    labels = [_plain(one) for one in spec.racers]
    for _round in range(_ROUNDS):
        for same in _alike(labels):
            for index, more in zip(same, _differences([spec.racers[one] for one in same]), strict=True):
                labels[index] = " · ".join((labels[index], *more))
    for same in _alike(labels):
        for ordinal, index in enumerate(same, 1):
            labels[index] = f"{labels[index]} #{ordinal}"
    return tuple(labels)


def _plain(racer: RacerSpec) -> str:
    return racer.name or f"{_method(racer)} {format_number(racer.optimizer.learning_rate)}"


def _method(racer: RacerSpec) -> str:
    return _(OPTIMIZERS.entry(racer.optimizer.kind).label)


def _alike(labels: Sequence[str]) -> list[list[int]]:
    """The positions of each label that occurs more than once."""
    found: dict[str, list[int]] = {}
    for index, label in enumerate(labels):
        found.setdefault(label, []).append(index)
    return [some for some in found.values() if len(some) > 1]


def _differences(racers: Sequence[RacerSpec]) -> Iterator[list[str]]:
    """For each of ``racers`` the traits it does not share with all the others, of those that all of them have."""
    traits = [_traits(one) for one in racers]
    common = [name for name in traits[0] if all(name in one for one in traits)]
    different = [name for name in common if len({one[name] for one in traits}) > 1]
    for one in traits:
        yield [one[name] for name in different if one.get(name)]


def _traits(racer: RacerSpec) -> dict[str, str]:
    """What could tell a racer from others of its name, in words."""
    found = {"method": _method(racer)}
    for one in hyperparameters(racer.optimizer):
        found[f"optimizer.{one.name}"] = f"{_(one.label)} {_value_text(getattr(racer.optimizer, one.name))}"
    is_constant = racer.schedule.kind == "constant"
    found["schedule"] = "" if is_constant else _(SCHEDULES.entry(racer.schedule.kind).label)
    for one in hyperparameters(racer.schedule):
        found[f"schedule.{one.name}"] = f"{_(one.label)} {_value_text(getattr(racer.schedule, one.name))}"
    found["wrappers"] = " + ".join(_(WRAPPERS.entry(one.kind).label) for one in racer.wrappers)
    found["batch"] = _("batch {size}").format(size=racer.batch_size) if racer.batch_size else ""
    found["seed"] = _("seed {seed}").format(seed=racer.seed)
    found["start"] = ""
    if racer.has_own_start:
        found["start"] = f"({format_number(racer.start_x)}, {format_number(racer.start_y)})"
    return found


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return format_number(value) if isinstance(value, int | float) else str(value)
