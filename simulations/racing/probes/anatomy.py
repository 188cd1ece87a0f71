"""What the anatomy panel and the plane's arrows show: the step one racer takes where the timeline stands."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar, final

from simulations.core.interrupt import Interrupt
from simulations.core.text import N_
from simulations.racing.anatomy import Anatomy, anatomy
from simulations.racing.probes.base import RACE_PROBES, RaceLook, RaceProbe


@final
@RACE_PROBES.register(
    "anatomy",
    label=N_("Anatomy"),
    summary=N_("The step one racer takes from where the timeline stands, line by line of its rule."),
)
@dataclass(frozen=True)
class AnatomyProbe(RaceProbe):
    """An :class:`Anatomy` of ``racer``, None where there is no such racer."""

    is_quick: ClassVar[bool] = True

    racer: int = 0

    def key(self, look: RaceLook) -> Hashable:
        """A race that is published again with more steps is another one; only a step at the end would differ."""
        return look.race.spec, look.moment, look.moment < look.race.done

    def answers(self, look: RaceLook, interrupt: Interrupt) -> Iterator[Anatomy | None]:
        there = 0 <= self.racer < len(look.race.spec.racers)
        yield anatomy(look.race, self.racer, look.moment) if there else None
