"""The probe behind the surface in space: its heights over its own view, as numbers, with the colours of the plane's ground.

Asked twice, as the ground is: coarsely, so that the sheet follows a parameter under the finger, then finer and finer.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Final, final

from simulations.core.arrays import FloatArray
from simulations.core.interrupt import Interrupt
from simulations.core.text import N_
from simulations.racing.probes.base import RACE_PROBES, RaceLook, RaceProbe
from simulations.racing.probes.ground import GroundAnswer, colored_ground_of, time_of

_COARSE: Final = 57  # lattice points along the shorter side
_COARSE_OF_SAMPLES: Final = 33  # where every height is a mean over samples
_FINE: Final = (145, 289)


@dataclass(frozen=True, eq=False)
class ReliefAnswer:
    """``heights`` ``(rows, columns)`` over ``ground.box``, values of ``ground.transform``, row 0 at the least y; NaN is a hole.

    The ground's shades, levels and lines are those of the same lattice.
    """

    ground: GroundAnswer
    heights: FloatArray

    def is_of(self, other: ReliefAnswer) -> bool:
        """Whether both show the same surface at the same step."""
        return self.ground.surface == other.ground.surface and self.ground.t == other.ground.t


@RACE_PROBES.register(
    "relief",
    label=N_("Relief"),
    summary=N_("The heights of the surface over its view, for the picture in space."),
)
@final
@dataclass(frozen=True)
class Relief(RaceProbe):
    """Coarse, in time for every picture."""

    is_quick: ClassVar[bool] = True

    def key(self, look: RaceLook) -> Hashable:
        return _key(look)

    def answers(self, look: RaceLook, interrupt: Interrupt) -> Iterator[ReliefAnswer]:
        yield relief_of(look, _COARSE_OF_SAMPLES if look.race.spec.surface.samples else _COARSE, interrupt)


@RACE_PROBES.register(
    "fine_relief",
    label=N_("Fine relief"),
    summary=N_("The heights of the surface over its view once more, finer and finer."),
)
@final
@dataclass(frozen=True)
class FineRelief(RaceProbe):
    """As fine as it is looked at, in two steps."""

    def key(self, look: RaceLook) -> Hashable:
        return _key(look)

    def answers(self, look: RaceLook, interrupt: Interrupt) -> Iterator[ReliefAnswer]:
        for side in _FINE:
            yield relief_of(look, side, interrupt)


def relief_of(look: RaceLook, side: int, interrupt: Interrupt | None = None) -> ReliefAnswer:
    """The relief with ``side`` lattice points along the shorter side. Raises :class:`Interrupted` when asked to leave."""
    surface = look.race.spec.surface
    found = colored_ground_of(surface, surface.view, time_of(surface, look.moment), side, interrupt)
    return ReliefAnswer(*found)


def finest(coarse: ReliefAnswer | None, fine: ReliefAnswer | None) -> ReliefAnswer | None:
    """The finer of two answers, if it is about the same."""
    return fine if coarse is not None and fine is not None and fine.is_of(coarse) else coarse


def _key(look: RaceLook) -> Hashable:
    surface = look.race.spec.surface
    return surface, time_of(surface, look.moment)
