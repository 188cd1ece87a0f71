"""How far racers get with every learning rate there is: a sweep for each of them, and the band of rates that is usable."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, final

import numpy as np

from simulations.core.arrays import Array, FloatArray, frozen
from simulations.core.interrupt import Interrupt
from simulations.core.text import N_
from simulations.documents.race import RacerSpec
from simulations.documents.race_edits import rates_to_try
from simulations.racing.maps import sweeping, swept
from simulations.racing.probes.base import RACE_PROBES, RaceLook, RaceProbe
from simulations.racing.swarm import moving
from simulations.racing.theory import Curvature, curvature_of
from simulations.surfaces.base import Point, Surface

COUNTS: Final = (32, 256)  # rates of a sweep, coarse first


class Band(NamedTuple):
    """The widest run of neighbouring rates that end near a minimum, and its width in powers of ten."""

    low: float
    high: float
    decades: float


@dataclass(frozen=True, eq=False)
class RateCurve:
    """One racer's sweep: the ``gaps`` ``(m,)`` between final value and lowest one known, and which ``arrived`` ``(m,)``.
    ``start_gap`` is that of its ``start``."""

    index: int
    racer: RacerSpec
    start: Point
    rates: FloatArray
    gaps: FloatArray
    arrived: Array
    start_gap: float
    band: Band | None
    curvature: Curvature | None


@dataclass(frozen=True, eq=False)
class RatesAnswer:
    """The sweeps of the racers that were asked about; ``progress`` of 1 says that no finer ones follow."""

    surface: Surface
    steps: int
    curves: tuple[RateCurve, ...]
    progress: float


@final
@RACE_PROBES.register(
    "rates",
    label=N_("Learning rates"),
    summary=N_("The value a racer ends at for every learning rate, and the band of rates that is usable."),
)
@dataclass(frozen=True)
class Rates(RaceProbe):
    """``racer`` is its index, or −1 for all of them: hiding one sets nothing back."""

    racer: int = -1

    def key(self, look: RaceLook) -> Hashable:
        spec = look.race.spec
        wanted = tuple((i, moving(spec.racers[i]), spec.start_of(spec.racers[i])) for i in self._wanted(look))
        return self, spec.surface, spec.steps, wanted

    def answers(self, look: RaceLook, interrupt: Interrupt) -> Iterator[Any]:
        spec = look.race.spec
        wanted = sorted(self._wanted(look), key=lambda i: not spec.racers[i].is_visible)  # who is seen comes first
        found: dict[int, RateCurve] = {}
        total = sum(COUNTS) * max(1, len(wanted))
        done = 0
        for count in COUNTS:
            for index in wanted:
                racer, surface = spec.racers[index], spec.surface
                settings = {"learning_rate": np.geomspace(*rates_to_try(racer.optimizer, surface), count)}
                start = spec.start_of(racer)
                ending = sweeping(surface, racer, start, settings, spec.steps)
                for share in ending.slices(interrupt):
                    yield RatesAnswer(surface, spec.steps, tuple(found.values()), (done + share * count) / total)
                done += count
                one = swept(surface, ending, settings)
                bowl = curvature_of(surface, start)
                rates = settings["learning_rate"]
                gaps = gaps_of(surface, one.values)
                band = band_of(rates, one.arrived)
                found[index] = RateCurve(
                    index,
                    racer,
                    start,
                    frozen(rates),
                    frozen(gaps),
                    frozen(one.arrived),
                    gap_at(surface, start),
                    band,
                    bowl,
                )
                yield RatesAnswer(surface, spec.steps, tuple(found.values()), done / total)

    def _wanted(self, look: RaceLook) -> list[int]:
        racers = look.race.spec.racers
        if self.racer >= 0:
            return [self.racer] if self.racer < len(racers) else []
        return list(range(len(racers)))


def gaps_of(surface: Surface, values: FloatArray) -> FloatArray:
    """How far ``values`` lie above the lowest one known; same shape, never below zero, ∞ where they are not finite."""
    least = surface.color_transform.offset
    with np.errstate(invalid="ignore"):
        above = np.maximum(values - least, 0.0)
    return np.where(np.isfinite(above), above, np.inf)


def gap_at(surface: Surface, point: Point) -> float:
    """How far one point lies above the lowest value known."""
    return float(gaps_of(surface, surface.value(np.array(point))))


def band_of(rates: FloatArray, usable: Array) -> Band | None:
    """The widest run of ``usable`` ``(m,)`` among ``rates`` ``(m,)``, evenly spaced in their logarithm; None without any."""
    edges = np.diff(np.concatenate([[0], np.asarray(usable, np.int8), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    if not len(starts):
        return None
    widest = int(np.argmax(ends - starts))
    low, high = float(rates[starts[widest]]), float(rates[ends[widest] - 1])
    spacing = float(np.log10(rates[1] / rates[0])) if len(rates) > 1 else 0.0
    return Band(low, high, float(ends[widest] - starts[widest]) * spacing)
