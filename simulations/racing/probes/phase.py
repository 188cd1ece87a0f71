"""How far a racer gets for every pair of two of its numbers, such as learning rate and momentum."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import Array, FloatArray, frozen
from simulations.core.interrupt import Interrupt
from simulations.core.params import Hyperparameter
from simulations.core.text import N_
from simulations.documents.race import RacerSpec
from simulations.documents.race_edits import sweepable
from simulations.racing.maps import sweeping, swept
from simulations.racing.probes.base import GIVES_WAY, RACE_PROBES, RaceLook, RaceProbe
from simulations.racing.probes.basins import SIDES
from simulations.racing.probes.rates import gap_at, gaps_of
from simulations.racing.swarm import moving
from simulations.racing.theory import Curvature, curvature_of
from simulations.surfaces.base import Point, Surface

_LEAST_RATE = 1e-4  # of the axis of rates; below, hardly anything moves
_ABOVE_ZERO = 1e-6  # of the highest: where a logarithmic axis begins that would include 0, as its slider does


@dataclass(frozen=True, eq=False)
class PhaseAnswer:
    """The ``gaps`` ``(rows, columns)`` between the final value and the lowest one known, and which ``arrived`` at a minimum.

    ``start_gap`` is that of the ``start``. Columns belong to ``across``, the values of the number ``names[0]``; rows to ``up``,
    those of ``names[1]``.
    """

    racer: RacerSpec
    surface: Surface
    steps: int
    start: Point
    names: tuple[str, str]
    across: FloatArray
    up: FloatArray
    gaps: FloatArray
    arrived: Array
    start_gap: float
    curvature: Curvature | None
    progress: float


@final
@RACE_PROBES.register(
    "phase",
    label=N_("Phase map"),
    summary=N_("The value a racer ends at for every pair of two of its numbers, such as learning rate and momentum."),
)
@dataclass(frozen=True)
class Phase(RaceProbe):
    """``racer`` is its index, ``across`` and ``up`` are names of two float hyperparameters of its method."""

    racer: int = 0
    across: str = "learning_rate"
    up: str = "momentum"

    def key(self, look: RaceLook) -> Hashable:
        spec = look.race.spec
        if not 0 <= self.racer < len(spec.racers):
            return self, None
        racer = spec.racers[self.racer]
        return self.across, self.up, spec.surface, spec.steps, moving(racer), spec.start_of(racer)

    def answers(self, look: RaceLook, interrupt: Interrupt) -> Iterator[Any]:
        """Nothing where there is no such racer, or its method has no such numbers."""
        spec = look.race.spec
        racer = spec.racers[self.racer] if 0 <= self.racer < len(spec.racers) else None
        numbers = {} if racer is None else {one.name: one for one in sweepable(racer.optimizer)}
        if racer is None or self.across not in numbers or self.up not in numbers or self.across == self.up:
            return
        surface, start = spec.surface, spec.start_of(racer)
        bowl = curvature_of(surface, start)
        found: PhaseAnswer | None = None
        cells, done = sum(side**2 for side in SIDES), 0
        for side in SIDES:
            across, up = axis_of(numbers[self.across], side), axis_of(numbers[self.up], side)
            settings = {self.up: up, self.across: across}
            ending = sweeping(surface, racer, start, settings, spec.steps)
            for share in ending.slices(interrupt):
                if found is not None:
                    yield _further(found, (done + share * side**2) / cells)
                elif interrupt.is_set:
                    yield GIVES_WAY
            done += side**2
            one = swept(surface, ending, settings)
            names = self.across, self.up
            gaps = frozen(gaps_of(surface, one.values))
            found = PhaseAnswer(
                racer,
                surface,
                spec.steps,
                start,
                names,
                frozen(across),
                frozen(up),
                gaps,
                frozen(one.arrived),
                gap_at(surface, start),
                bowl,
                done / cells,
            )
            yield found


def _further(answer: PhaseAnswer, progress: float) -> PhaseAnswer:
    return PhaseAnswer(**{**answer.__dict__, "progress": progress})


def axis_of(declared: Hyperparameter, count: int) -> FloatArray:
    """``count`` values of a number over its declared range, evenly spaced in its own scale."""
    assert declared.low is not None
    assert declared.high is not None
    if declared.scale == "linear":
        return np.linspace(declared.low, declared.high, count)
    least = _LEAST_RATE if declared.name == "learning_rate" else 0.0
    low = max(declared.low or declared.high * _ABOVE_ZERO, least)
    return np.geomspace(low, declared.high, count)
