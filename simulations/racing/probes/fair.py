"""The fair race, worked out while nothing else is to be done, and shown method by method."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any, final

from simulations.core.interrupt import Interrupt
from simulations.core.text import N_
from simulations.documents.race import RacerSpec
from simulations.racing.fairness import FairRace, FairResult, FairSettings
from simulations.racing.probes.base import RACE_PROBES, RaceLook, RaceProbe
from simulations.surfaces.base import Surface


@dataclass(frozen=True, eq=False)
class FairAnswer:
    """The ``results`` found so far of the methods ``racers``; ``progress`` of 1 says that all are there."""

    surface: Surface
    racers: tuple[RacerSpec, ...]
    settings: FairSettings
    results: tuple[FairResult, ...]
    progress: float


@final
@RACE_PROBES.register(
    "fair",
    label=N_("Fair race"),
    summary=N_("Every method with the same budget and its own best rate, from many starts."),
)
@dataclass(frozen=True)
class Fair(RaceProbe):
    """It carries what is compared with it, so that the answer holds whatever becomes of the race meanwhile."""

    surface: Surface | None = None
    racers: tuple[RacerSpec, ...] = ()
    settings: FairSettings = FairSettings()

    def key(self, look: RaceLook) -> Hashable:
        return self

    def answers(self, look: RaceLook, interrupt: Interrupt) -> Iterator[Any]:
        """Of the look's own race where no surface is given."""
        spec = look.race.spec
        race = FairRace(self.surface or spec.surface, self.racers or spec.racers, self.settings)
        for progress in race.slices(interrupt):
            yield FairAnswer(race.surface, race.racers, self.settings, tuple(race.results), progress)
