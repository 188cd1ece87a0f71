"""Which minimum a racer ends at from every place of the view, or how many steps it needs to get near one."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any, Final, final

from simulations.core.arrays import IntArray, frozen
from simulations.core.interrupt import Interrupt
from simulations.core.text import N_
from simulations.documents.race import RacerSpec
from simulations.racing.maps import BasinMap, Ending
from simulations.racing.probes.base import GIVES_WAY, RACE_PROBES, RaceLook, RaceProbe
from simulations.racing.swarm import moving
from simulations.surfaces.base import Box, Surface

SIDES: Final = (32, 64, 128)  # cells a side of a map, coarse first


@dataclass(frozen=True, eq=False)
class BasinsAnswer:
    """The map of ``racer`` over a part of ``surface`` after ``steps``; ``progress`` of 1 says that no finer one follows."""

    racer: RacerSpec
    surface: Surface
    steps: int
    map: BasinMap
    progress: float

    @property
    def arrivals(self) -> IntArray | None:
        return self.map.arrivals


@final
@RACE_PROBES.register(
    "basins",
    label=N_("Basins"),
    summary=N_("From every place of the view: the minimum a racer ends at, or the steps it takes to get near one."),
)
@dataclass(frozen=True)
class Basins(RaceProbe):
    """``racer`` is its index; with ``is_timed`` the first step near a minimum is found too, which takes half as long again.

    ``box`` is the part of the plane the starts lie in; None is the surface's own view.
    """

    racer: int = 0
    is_timed: bool = False
    box: Box | None = None

    def key(self, look: RaceLook) -> Hashable:
        spec = look.race.spec
        racer = moving(spec.racers[self.racer]) if self.racer < len(spec.racers) else None
        return self.is_timed, self.box or spec.surface.view, spec.surface, spec.steps, racer

    def answers(self, look: RaceLook, interrupt: Interrupt) -> Iterator[Any]:
        """Nothing where there is no such racer."""
        spec = look.race.spec
        if not 0 <= self.racer < len(spec.racers):
            return
        racer, surface = spec.racers[self.racer], spec.surface
        box = self.box or surface.view
        cells = sum(side**2 for side in SIDES)
        done, found = 0, None
        for side in SIDES:
            starts = box.lattice(side, side)
            ending = Ending(surface, racer, starts.reshape(-1, 2), spec.steps, is_timed=self.is_timed)
            for share in ending.slices(interrupt):
                if found is not None:
                    yield BasinsAnswer(racer, surface, spec.steps, found, (done + share * side**2) / cells)
                elif interrupt.is_set:
                    yield GIVES_WAY
            done += side**2
            arrivals = frozen(ending.arrivals.reshape(side, side)) if self.is_timed else None
            ends = frozen(ending.ends.reshape(starts.shape))
            found = BasinMap(box, ends, frozen(ending.reached().reshape(side, side)), arrivals)
            yield BasinsAnswer(racer, surface, spec.steps, found, done / cells)


@final
@RACE_PROBES.register(
    "underlay",
    label=N_("Basins in the plane"),
    summary=N_("The minimum a racer ends at from every place of the plane, to be seen under its paths."),
)
@dataclass(frozen=True)
class Underlay(RaceProbe):
    """:class:`Basins` of ``racer`` over ``box``, asked beside those of a map."""

    racer: int = 0
    box: Box | None = None

    def key(self, look: RaceLook) -> Hashable:
        return Basins(self.racer, box=self.box).key(look)

    def answers(self, look: RaceLook, interrupt: Interrupt) -> Iterator[Any]:
        return Basins(self.racer, box=self.box).answers(look, interrupt)
