"""What can be done to a race: every edit is a function from one :class:`RaceSpec` to the next, so that undo is free."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any, Final

from simulations.core.errors import GradLabError
from simulations.core.params import Hyperparameter, hyperparameters
from simulations.documents.race import COLORS, DASHES, MOST_RACERS, RacerSpec, RaceSpec
from simulations.optimizers.base import OPTIMIZERS, Optimizer
from simulations.optimizers.wrappers.base import Wrapper
from simulations.surfaces.base import Box, Point, Surface

_DECADES_ABOVE_ZERO: Final = 6  # a log scale that includes 0 reaches this far below its top, as its slider does
_DECADES_BELOW_SUGGESTED: Final = 3


def with_suggested_rate(optimizer: Optimizer, surface: Surface) -> Optimizer:
    """``optimizer`` at the rate ``surface`` suggests to its family: two digits of it, inside the declared range."""
    suggested = surface.suggested_rate(optimizer.rate_family)
    declared = next(one for one in hyperparameters(optimizer) if one.name == "learning_rate")
    low, high = declared.low or 0.0, declared.high or math.inf
    return optimizer.at_rate(min(max(float(f"{suggested:.2g}"), low), high))


def rates_to_try(optimizer: Optimizer, surface: Surface) -> tuple[float, float]:
    """The ends of a search for a rate: the usual ones, and three decades below a suggested rate that is lower still."""
    declared = next(one for one in hyperparameters(optimizer) if one.name == "learning_rate")
    low, high = declared.span
    assert low is not None
    assert high is not None
    suggested = surface.suggested_rate(optimizer.rate_family)
    if not 0 < suggested < low:
        return low, high
    return max(declared.low or 0.0, 10.0 ** (math.floor(math.log10(suggested)) - _DECADES_BELOW_SUGGESTED)), high


def has_suggested_rate(optimizer: Optimizer, surface: Surface) -> bool:
    return optimizer == with_suggested_rate(optimizer, surface)


def next_look(racers: Sequence[RacerSpec]) -> tuple[int, int]:
    """The first colour and dash that the fewest of ``racers`` have: all colours as whole lines, then dashed ones."""
    used = [(one.color, one.dash) for one in racers]
    looks = [(color, dash) for dash in range(DASHES) for color in range(COLORS)]
    return min(looks, key=used.count)


def add_racer(spec: RaceSpec, kind: str) -> RaceSpec:
    """A new racer of the method ``kind``, last, at the suggested rate and with a look of its own."""
    optimizer = with_suggested_rate(OPTIMIZERS[kind](), spec.surface)
    color, dash = next_look(spec.racers)
    return with_racers(spec, (*spec.racers, RacerSpec(optimizer, color=color, dash=dash)))


def duplicate_racer(spec: RaceSpec, index: int) -> RaceSpec:
    """A copy of a racer right behind it, with a look of its own."""
    color, dash = next_look(spec.racers)
    copy = dataclasses.replace(spec.racers[index], color=color, dash=dash)
    return with_racers(spec, (*spec.racers[: index + 1], copy, *spec.racers[index + 1 :]))


def remove_racer(spec: RaceSpec, index: int) -> RaceSpec:
    return with_racers(spec, (*spec.racers[:index], *spec.racers[index + 1 :]))


def move_racer(spec: RaceSpec, index: int, target: int) -> RaceSpec:
    """The racer at ``index`` taken out and put in again so that it stands at ``target``."""
    racers = list(spec.racers)
    racers.insert(target, racers.pop(index))
    return with_racers(spec, racers)


def replace_racer(spec: RaceSpec, index: int, racer: RacerSpec) -> RaceSpec:
    return with_racers(spec, (*spec.racers[:index], racer, *spec.racers[index + 1 :]))


def with_racers(spec: RaceSpec, racers: Sequence[RacerSpec]) -> RaceSpec:
    return dataclasses.replace(spec, racers=tuple(racers))


def with_method(racer: RacerSpec, optimizer: Optimizer, surface: Surface) -> RacerSpec:
    """``racer`` with ``optimizer``. Another method keeps the rate if it means the same by it, else begins at the suggested
    one; wrappers it would not notice are taken off."""
    if type(optimizer) is type(racer.optimizer):
        return dataclasses.replace(racer, optimizer=optimizer)
    if optimizer.rate_family == racer.optimizer.rate_family:
        optimizer = optimizer.at_rate(racer.optimizer.learning_rate)
    else:
        optimizer = with_suggested_rate(optimizer, surface)
    wrappers = tuple(one for one in racer.wrappers if _suits(one, optimizer))
    return dataclasses.replace(racer, optimizer=optimizer, wrappers=wrappers)


def _suits(wrapper: Wrapper, optimizer: Optimizer) -> bool:
    try:
        wrapper.check([optimizer])
    except GradLabError:
        return False
    return True


def sweepable(optimizer: Optimizer) -> tuple[Hyperparameter, ...]:
    """The hyperparameters a sweep can run through: the numbers that are no counts."""
    return tuple(
        one
        for one in hyperparameters(optimizer)
        if one.kind == "float" and one.low is not None and one.high is not None and one.applies(optimizer)
    )


def sweep_values(declared: Hyperparameter, low: float, high: float, count: int) -> tuple[float, ...]:
    """``count`` values from ``low`` to ``high``, both included, even on the declared scale, to three digits.

    On a logarithmic one a 0 stays 0 and the others keep off it, as on the slider.
    """
    if count < 2 or low == high:
        return (low,)
    shares = [i / (count - 1) for i in range(1, count - 1)]
    if declared.scale == "log":
        bottom, top = (one or max(low, high) * 10.0**-_DECADES_ABOVE_ZERO for one in (low, high))
        return (low, *(_short(bottom * (top / bottom) ** share) for share in shares), high)
    return (low, *(_short(low + (high - low) * share) for share in shares), high)


def sweep_racer(spec: RaceSpec, index: int, name: str, values: Sequence[float]) -> RaceSpec:
    """In the place of the racer at ``index`` one for each of ``values`` of its hyperparameter ``name``.

    The first keeps its look; there are never more than :data:`MOST_RACERS`.
    """
    racer = spec.racers[index]
    room = MOST_RACERS - len(spec.racers) + 1
    others = [*spec.racers[:index], *spec.racers[index + 1 :]]
    swept: list[RacerSpec] = []
    for value in values[:room]:
        changed: dict[str, Any] = {name: value}
        optimizer = dataclasses.replace(racer.optimizer, **changed)
        color, dash = next_look((*others, *swept)) if swept else (racer.color, racer.dash)
        swept.append(dataclasses.replace(racer, optimizer=optimizer, color=color, dash=dash))
    return with_racers(spec, (*spec.racers[:index], *swept, *spec.racers[index + 1 :]))


def show_all(spec: RaceSpec, is_visible: bool) -> RaceSpec:
    return with_racers(spec, [dataclasses.replace(one, is_visible=is_visible) for one in spec.racers])


def with_surface(spec: RaceSpec, surface: Surface) -> RaceSpec:
    """The race on ``surface``.

    On another kind it begins at that surface's start, own starts keep their place in the view, and rates that were the
    suggested ones are suggested again. Where only parameters changed, everything else stays; the start stays the surface's.
    """
    old, racers = spec.surface, spec.racers
    start = (spec.start_x, spec.start_y)
    if type(surface) is not type(old):
        racers = tuple(_moved(one, old, surface) for one in racers)
        start = surface.start
    elif start == old.start:
        start = surface.start
    return dataclasses.replace(spec, surface=surface, start_x=start[0], start_y=start[1], racers=racers)


def _moved(racer: RacerSpec, old: Surface, new: Surface) -> RacerSpec:
    optimizer = racer.optimizer
    if has_suggested_rate(optimizer, old):
        optimizer = with_suggested_rate(optimizer, new)
    x, y = _carried((racer.start_x, racer.start_y), old.view, new.view) if racer.has_own_start else (0.0, 0.0)
    return dataclasses.replace(racer, optimizer=optimizer, start_x=x, start_y=y)


def _carried(point: Point, old: Box, new: Box) -> Point:
    x = new.x_low + (point[0] - old.x_low) / old.width * new.width
    y = new.y_low + (point[1] - old.y_low) / old.height * new.height
    return _short(x), _short(y)


def _short(value: float) -> float:
    return float(f"{value:.3g}")
