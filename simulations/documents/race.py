"""A race: a surface, where it begins, and who takes part, as one frozen value that round-trips through JSON.

A race is a pure function of this value: nothing else decides a path.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from simulations.core.errors import GradLabError, SpecError
from simulations.core.params import Json, hyperparameters, param, validate, value_to_json
from simulations.core.text import N_
from simulations.documents.fields import refuse_unknown, values_from_json
from simulations.documents.reading import RACE_FORMAT
from simulations.optimizers.base import OPTIMIZERS, SURFACE, Optimizer
from simulations.optimizers.schedules.base import SCHEDULES, Schedule
from simulations.optimizers.schedules.constant import Constant
from simulations.optimizers.wrappers.base import WRAPPERS, Wrapper
from simulations.surfaces.base import SURFACES, Point, Surface
from simulations.surfaces.syntax import FormulaError

FORMAT: Final = RACE_FORMAT
VERSION: Final = 1
RESULTS: Final = "fair"  # in a file, beside the spec: what fair races of it came to
MOST_RACERS: Final = 256
COLORS: Final = 8
DASHES: Final = 4


@dataclass(frozen=True)
class RacerSpec:
    """One who takes part: a method with its numbers, and what is put around it."""

    optimizer: Optimizer = param(None, registry=OPTIMIZERS, live=True, label=N_("Optimizer"))
    schedule: Schedule = param(
        Constant(),
        registry=SCHEDULES,
        live=True,
        label=N_("Schedule"),
        help=N_("What the learning rate is multiplied by as the race goes on."),
    )
    wrappers: tuple[Wrapper, ...] = param(
        (),
        registry=WRAPPERS,
        live=True,
        label=N_("Wrappers"),
        help=N_(
            "What is put around the optimizer. The gradient passes down the list; after the step it is walked back up."
        ),
    )
    batch_size: int = param(
        0,
        low=0,
        high=1024,
        scale="log",
        live=True,
        unit=N_("samples"),
        label=N_("Batch size"),
        help=N_("Samples averaged into one gradient, where the surface is made of samples; 0 takes all of them."),
    )
    seed: int = param(
        0,
        low=0,
        high=2**31 - 1,
        live=True,
        label=N_("Seed"),
        help=N_("Decides the batches and the noise; racers with equal seeds see the same."),
    )
    has_own_start: bool = param(
        False, live=True, label=N_("Own start"), help=N_("Starts at a place of its own instead of the race's.")
    )
    start_x: float = param(
        0.0,
        low=-1e6,
        high=1e6,
        live=True,
        label=N_("Start x"),
        help=N_("Where it starts, if at a place of its own."),
        only_if=("has_own_start", (True,)),
    )
    start_y: float = param(
        0.0,
        low=-1e6,
        high=1e6,
        live=True,
        label=N_("Start y"),
        help=N_("Where it starts, if at a place of its own."),
        only_if=("has_own_start", (True,)),
    )
    is_visible: bool = param(True, live=True, label=N_("Visible"), help=N_("Whether its path is drawn."))
    color: int = param(
        0, low=0, high=COLORS - 1, live=True, label=N_("Colour"), help=N_("Which of the eight colours its path has.")
    )
    dash: int = param(
        0, low=0, high=DASHES - 1, live=True, label=N_("Dash"), help=N_("How its line is broken: 0 is a whole line.")
    )
    name: str = param(
        "", high=40, live=True, label=N_("Name"), help=N_("Without a name it is called after its method and its rate.")
    )

    def unadorned(self) -> RacerSpec:
        """The racer as far as it decides its path: without colour, dash, name and visibility."""
        return dataclasses.replace(self, is_visible=True, color=0, dash=0, name="")

    def to_json(self) -> Json:
        return {one.name: value_to_json(one, getattr(self, one.name)) for one in hyperparameters(self)}


@dataclass(frozen=True)
class RaceSpec:
    """Surface, start, length and racers. Equal specs give bit-identical paths."""

    name: str
    racers: tuple[RacerSpec, ...]
    surface: Surface = param(None, registry=SURFACES, live=True, label=N_("Surface"))
    start_x: float = param(
        0.0, low=-1e6, high=1e6, live=True, label=N_("Start x"), help=N_("Where racers start that have no own start.")
    )
    start_y: float = param(
        0.0, low=-1e6, high=1e6, live=True, label=N_("Start y"), help=N_("Where racers start that have no own start.")
    )
    steps: int = param(
        500,
        low=1,
        high=20_000,
        scale="log",
        live=True,
        unit=N_("steps"),
        label=N_("Length"),
        help=N_("Steps each racer takes."),
    )

    def start_of(self, racer: RacerSpec) -> Point:
        return (racer.start_x, racer.start_y) if racer.has_own_start else (self.start_x, self.start_y)

    def has_paths_of(self, other: RaceSpec) -> bool:
        """Whether ``other`` is the same race but for its name and what its racers are called and look like."""
        return self is other or self._unadorned() == other._unadorned()

    def _unadorned(self) -> RaceSpec:
        return dataclasses.replace(self, name="", racers=tuple(one.unadorned() for one in self.racers))

    def to_json(self) -> Json:
        values: Json = {"format": FORMAT, "version": VERSION, "name": self.name}
        for one in hyperparameters(self):
            values[one.name] = value_to_json(one, getattr(self, one.name))
        return {**values, "racers": [one.to_json() for one in self.racers]}

    @staticmethod
    def from_json(data: object) -> RaceSpec:
        """Rebuild a spec; every fault raises :class:`SpecError` with the path of the wrong value."""
        if not isinstance(data, Mapping) or data.get("format") != FORMAT:
            raise SpecError(N_("{path}: this is not a GradLab race"), path="format")
        if data.get("version") != VERSION:
            raise SpecError(
                N_("{path}: version {received} is not known to this program, which reads version {expected}"),
                path="version",
                received=data.get("version"),
                expected=VERSION,
            )
        declared = {one.name for one in hyperparameters(RaceSpec)}
        refuse_unknown(data, {"format", "version", "name", "racers", RESULTS, *declared}, "")
        name, racers = data.get("name", ""), data.get("racers")
        if not isinstance(name, str):
            raise SpecError(
                N_("{path}: expected {expected}, got {received}"), path="name", expected='"…"', received=name
            )
        if not isinstance(racers, list):
            raise SpecError(N_("{path}: expected a list of racers"), path="racers")
        spec = RaceSpec(
            name=name,
            racers=tuple(RacerSpec(**values_from_json(RacerSpec, one, f"racers[{i}]")) for i, one in enumerate(racers)),
            **values_from_json(RaceSpec, {name: data[name] for name in declared if name in data}, ""),
        )
        spec.validate()
        return spec

    def validate(self) -> None:
        """Raise :class:`GradLabError` for the first value out of its range, or a racer that cannot run on a plane."""
        validate(self)
        _check(self.surface)
        if len(self.racers) > MOST_RACERS:
            raise SpecError(N_("{path}: at most {most} racers"), path="racers", most=MOST_RACERS)
        for i, one in enumerate(self.racers):
            validate(one, f"racers[{i}]")
            one.optimizer.check(SURFACE, 2)
            for wrapper in one.wrappers:
                wrapper.check([one.optimizer])


def _check(surface: Surface) -> None:
    """Raise :class:`SpecError` naming the field for what is wrong with ``surface`` as a whole."""
    try:
        surface.check()
    except FormulaError as error:
        template = N_("{path}, character {place}: {reason}")
        raise SpecError(template, path="surface.text", place=error.start + 1, reason=error) from error
    except GradLabError as error:
        raise SpecError(N_("{path}: {reason}"), path="surface", reason=error) from error
