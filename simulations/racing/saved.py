"""A race as it is saved: the race, and the results of fair races that still belong to it.

A result takes seconds to minutes and is the same whenever it is worked out again. So a file may hold some, each with a
fingerprint of what it answers: surface, methods, settings and the program's version. One that does not fit is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.errors import SpecError
from simulations.core.params import Json, hyperparameters, value_to_json
from simulations.core.text import N_
from simulations.documents.fields import values_from_json
from simulations.documents.race import RESULTS, RacerSpec, RaceSpec
from simulations.documents.race_presets import race_in
from simulations.documents.reading import read_json
from simulations.racing.fairness import FairResult, FairSettings, Tuning, method_of, methods_of, rates_of
from simulations.racing.probes.fair import FairAnswer
from simulations.surfaces.base import Surface

MOST_NUMBERS: Final = 100_000  # of all results in a file: 2 MB
_MOST_RESULTS: Final = 12


@dataclass(frozen=True)
class SavedRace:
    """What a race's file holds: its spec, and whole ``results`` that fit it, the oldest first."""

    spec: RaceSpec
    results: tuple[FairAnswer, ...] = ()

    @property
    def name(self) -> str:
        return self.spec.name


def question_of(surface: Surface, racers: Sequence[RacerSpec], settings: FairSettings) -> Hashable:
    """What a result is the answer to; equal questions have equal results."""
    return surface, tuple(method_of(one) for one in methods_of(racers)), settings


def fits(answer: FairAnswer, spec: RaceSpec) -> bool:
    """Whether ``answer`` is a whole result about the surface and the methods of ``spec``, with whatever settings."""
    asked = question_of(answer.surface, answer.racers, answer.settings)
    return answer.progress >= 1 and asked == question_of(spec.surface, spec.racers, answer.settings)


def text_of(saved: SavedRace, program: str) -> str:
    """``saved`` as JSON, a result a line, the newest of them where there is not room for all; ``program`` is its version."""
    text = json.dumps(saved.spec.to_json(), ensure_ascii=False, indent=2)
    lines: list[str] = []
    left = MOST_NUMBERS
    for answer in reversed(saved.results):
        left -= sum(2 * len(one.tuning.rates) + 2 * len(one.costs) for one in answer.results)
        if left < 0 or len(lines) == _MOST_RESULTS:
            break
        lines.insert(0, json.dumps(_result_to_json(answer, saved.spec, program), allow_nan=False))
    if lines:
        text = text.removesuffix("\n}") + f',\n  "{RESULTS}": [\n    ' + ",\n    ".join(lines) + "\n  ]\n}"
    return text + "\n"


def load_saved(path: Path, program: str) -> SavedRace:
    """The race stored in the JSON file ``path``, with the results that fit it and are of this ``program``. Raises as
    :func:`simulations.documents.race_presets.load_race` does."""
    data = read_json(path)
    spec = race_in(data, path)
    assert isinstance(data, Mapping)  # else it were no race
    try:
        return SavedRace(spec, _results_from_json(data.get(RESULTS, []), spec, program))
    except SpecError as error:
        raise SpecError(N_("{file}: {reason}"), path=error.path, file=str(path), reason=error) from error


def _fingerprint(spec: RaceSpec, settings: Json, program: str) -> str:
    """Of all that decides a result, as it is after it was read from a file: a whole number may be a float there."""
    methods = tuple(method_of(one) for one in methods_of(spec.racers))
    asked = RaceSpec.from_json(RaceSpec("", methods, spec.surface).to_json()).to_json()
    content = json.dumps([asked, settings, program], sort_keys=True)
    return sha256(content.encode()).hexdigest()


def _result_to_json(answer: FairAnswer, spec: RaceSpec, program: str) -> Json:
    settings = {
        one.name: value_to_json(one, getattr(answer.settings, one.name)) for one in hyperparameters(FairSettings)
    }
    methods = [
        {
            "successes": one.tuning.successes.tolist(),
            "medians": _numbers(one.tuning.medians),
            "best": one.tuning.best,
            "costs": _numbers(one.costs),
            "gaps": _numbers(one.gaps),
        }
        for one in answer.results
    ]
    return {"of": _fingerprint(spec, settings, program), "settings": settings, "methods": methods}


def _results_from_json(data: object, spec: RaceSpec, program: str) -> tuple[FairAnswer, ...]:
    if not isinstance(data, list) or len(data) > _MOST_RESULTS:
        raise _unexpected(RESULTS, f"[…], 0…{_MOST_RESULTS}", data)
    found = []
    for i, one in enumerate(data):
        path = f"{RESULTS}[{i}]"
        if not isinstance(one, Mapping):
            raise _unexpected(path, "{…}", one)
        settings = one.get("settings")
        if isinstance(settings, Mapping) and one.get("of") == _fingerprint(spec, dict(settings), program):
            found.append(_answer_from_json(one, spec, path))
    return tuple(found)


def _answer_from_json(data: Mapping[str, Any], spec: RaceSpec, path: str) -> FairAnswer:
    settings = FairSettings(**values_from_json(FairSettings, data["settings"], f"{path}.settings"))
    racers, methods = methods_of(spec.racers), data.get("methods")
    if not isinstance(methods, list) or len(methods) != len(racers):
        raise _unexpected(f"{path}.methods", f"[…], {len(racers)}", methods)
    results = tuple(
        _method_from_json(one, racer, spec.surface, settings, f"{path}.methods[{i}]")
        for i, (one, racer) in enumerate(zip(methods, racers, strict=True))
    )
    return FairAnswer(spec.surface, racers, settings, results, 1.0)


def _method_from_json(
    data: object, racer: RacerSpec, surface: Surface, settings: FairSettings, path: str
) -> FairResult:
    if not isinstance(data, Mapping):
        raise _unexpected(path, "{…}", data)
    rates = rates_of(racer, surface)
    count, starts = len(rates), settings.side**2
    best = data.get("best")
    if type(best) is not int or not 0 <= best < count:
        raise _unexpected(f"{path}.best", f"0…{count - 1}", best)
    tuning = Tuning(rates, _array(data, "successes", count, path), _array(data, "medians", count, path), best)
    return FairResult(racer, tuning, _array(data, "costs", starts, path), _array(data, "gaps", starts, path))


def _numbers(values: FloatArray) -> list[float | None]:
    """JSON has no ∞: a null stands for it."""
    return [value if np.isfinite(value) else None for value in values.tolist()]


def _array(data: Mapping[str, Any], name: str, count: int, path: str) -> FloatArray:
    """The inverse of :func:`_numbers`: none of them is below 0."""
    found = data.get(name)
    if not isinstance(found, list) or len(found) != count or not all(map(_is_number, found)):
        raise _unexpected(f"{path}.{name}", f"[…], {count}", found)
    return np.array([np.inf if one is None else one for one in found], np.float64)


def _is_number(value: object) -> bool:
    return value is None or (type(value) in (int, float) and value >= 0)  # type: ignore[operator]  # a number by now


def _unexpected(path: str, expected: str, received: object) -> SpecError:
    template = N_("{path}: expected {expected}, got {received}")
    return SpecError(template, path=path, expected=expected, received=str(received)[:60])
