"""Comparing methods fairly: the same budget of evaluations, rates tuned for each in the open, many starts, and no lucky one.

Two habits make most comparisons on surfaces worthless: everybody gets the rate that suits the author's favourite, and one path
from one start is taken for the method. Here each method tries the same lattice of rates on starts of their own, and is judged
with its best rate on others that tuning never saw.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import ClassVar, Final, NamedTuple

import numpy as np

from simulations.core.arrays import Array, FloatArray, IntArray
from simulations.core.interrupt import Interrupt
from simulations.core.params import param
from simulations.core.rng import stream
from simulations.core.text import N_
from simulations.documents.race import RacerSpec
from simulations.documents.race_edits import rates_to_try
from simulations.optimizers.base import SURFACE, Need
from simulations.racing.maps import NEAR
from simulations.racing.swarm import Swarm, moving
from simulations.surfaces.base import Surface
from simulations.surfaces.objective import SurfaceObjective

COSTS: Final = (1 / 3, 1.0, 2.0)  # value, gradient, Hessian: a network's backward pass takes twice its forward pass,
#                                   and the Hessian of two unknowns takes two gradients
TUNING_STARTS: Final = 16
_RATES_A_DECADE: Final = 8
_SLICE_S: Final = 0.008
_HALF: Final = 0.5


@dataclass(frozen=True)
class FairSettings:
    """What is equal for all: budget, starts, and what counts as arrived."""

    budget: int = param(
        500,
        low=10,
        high=10_000,
        scale="log",
        live=True,
        unit=N_("gradients"),
        label=N_("Budget"),
        help=N_("What each run may spend, in gradients: a value counts ⅓, a Hessian 2."),
    )
    side: int = param(
        6,
        low=2,
        high=20,
        live=True,
        label=N_("Starts a side"),
        help=N_("The methods are judged from the square of this number of starts, spread over the view."),
    )
    layout: str = param(
        "lattice",
        choices=("lattice", "random"),
        labels=(N_("Lattice"), N_("Random")),
        live=True,
        label=N_("Starts"),
        help=N_("Evenly spaced starts, or starts drawn at random with the seed."),
    )
    tolerance: float = param(
        1e-3,
        low=1e-12,
        high=10.0,
        scale="log",
        live=True,
        label=N_("Tolerance (f − f*)"),
        help=N_(
            "A run has succeeded when its loss comes this close to the lowest one and stays there: a difference of "
            "losses, the same number on every surface, however high it is."
        ),
    )
    seed: int = param(
        0,
        low=0,
        high=2**31 - 1,
        live=True,
        label=N_("Seed"),
        help=N_("Decides the starts that rates are tuned on, and random starts."),
    )


class Quartiles(NamedTuple):
    """Of a sample in which whoever never arrived counts as ∞."""

    low: float
    median: float
    high: float

    @staticmethod
    def of(values: FloatArray) -> Quartiles:
        """Of ``values`` ``(n,)``: each is one of them, since there is no middle between a number and ∞."""
        return Quartiles(*np.quantile(values, (0.25, 0.5, 0.75), method="inverted_cdf").tolist())


@dataclass(frozen=True, eq=False)
class Tuning:
    """What each of ``rates`` ``(m,)`` is worth on the tuning starts: the share that succeeded and the median cost."""

    rates: FloatArray
    successes: FloatArray
    medians: FloatArray
    best: int

    @property
    def usable(self) -> Array:
        """Rates from which at least half of the starts succeed, ``(m,)``."""
        usable: Array = self.successes >= _HALF
        return usable

    @property
    def decades(self) -> float:
        """How many powers of ten the usable rates around the best one span; 0 where none is."""
        first, end = self._around_the_best
        return (end - first) / _RATES_A_DECADE

    @property
    def is_cut_off(self) -> bool:
        """Whether the usable rates reach an end of those that were tried, so that there may be more beyond."""
        first, end = self._around_the_best
        return first < end and (first == 0 or end == len(self.rates))

    @property
    def _around_the_best(self) -> tuple[int, int]:
        """The first of the usable rates around the best one, and the first after them; equal where none is usable."""
        usable = self.usable
        if not usable[self.best]:
            return self.best, self.best
        below = np.flatnonzero(~usable[: self.best])
        above = np.flatnonzero(~usable[self.best :])
        return int(below[-1]) + 1 if len(below) else 0, self.best + int(above[0]) if len(above) else len(usable)


@dataclass(frozen=True, eq=False)
class FairResult:
    """How ``racer`` did with its best rate: the ``costs`` ``(n,)`` in gradients until it had arrived for good, ∞ for never, and
    the ``gaps`` ``(n,)`` that were left when the budget was spent."""

    racer: RacerSpec
    tuning: Tuning
    costs: FloatArray
    gaps: FloatArray

    @property
    def rate(self) -> float:
        """The rate it was judged with."""
        return float(self.tuning.rates[self.tuning.best])

    @property
    def success(self) -> float:
        """The share of starts from which it arrived."""
        return float(np.isfinite(self.costs).mean())

    @property
    def cost(self) -> Quartiles:
        return Quartiles.of(self.costs)

    @property
    def gap(self) -> Quartiles:
        return Quartiles.of(self.gaps)


class Meter:
    """A surface that counts for each of ``count`` points what was asked about it: ``(3, count)`` values, gradients, Hessians.

    Asking again within a step where one just asked is free: points wait for one another in a line search.
    """

    offers: ClassVar[tuple[Need, ...]] = SURFACE

    def __init__(self, surface: Surface, seed: int, count: int) -> None:
        self.seed = seed
        self.counts: IntArray = np.zeros((3, count), np.int64)
        self._objective = SurfaceObjective(surface, seed)
        self._last: list[FloatArray | None] = [None, None, None]

    @property
    def costs(self) -> FloatArray:
        """What each point has spent, in gradients ``(count,)``."""
        spent: FloatArray = np.array(COSTS) @ self.counts
        return spent

    def use(self, batch: IntArray | None = None, t: int | None = None) -> None:
        self._objective.use(batch, t)
        self._last = [None, None, None]

    def value(self, theta: FloatArray) -> FloatArray:
        self._count(0, theta)
        return self._objective.value(theta)

    def gradient(self, theta: FloatArray) -> FloatArray:
        self._count(1, theta)
        return self._objective.gradient(theta)

    def hessian(self, theta: FloatArray) -> FloatArray:
        self._count(2, theta)
        return self._objective.hessian(theta)

    def _count(self, kind: int, theta: FloatArray) -> None:
        last = self._last[kind]
        self.counts[kind] += 1 if last is None else (theta != last).any(axis=-1)
        self._last[kind] = theta.copy()


class Spending:
    """``racer`` from ``starts`` ``(n, 2)`` with ``rates`` ``(n,)`` until everyone's budget is spent."""

    def __init__(
        self, surface: Surface, racer: RacerSpec, starts: FloatArray, rates: FloatArray, settings: FairSettings
    ) -> None:
        self._surface, self._racer, self._settings = surface, racer, settings
        self._starts, self._rates = starts, rates
        self._least = surface.color_transform.offset
        self.costs = np.full(len(starts), np.inf)
        self.gaps = np.full(len(starts), np.inf)

    def slices(self, interrupt: Interrupt | None = None) -> Iterator[float]:
        """Work it out; every few milliseconds, and at once when somebody waits, say which share is done."""
        budget = self._settings.budget
        meter = Meter(self._surface, self._racer.seed, len(self._starts))
        with np.errstate(all="ignore"):
            swarm = Swarm(
                self._surface, self._racer, self._starts, {"learning_rate": self._rates[:, np.newaxis]}, meter
            )
        self._note(self._starts, meter.costs)
        since = perf_counter()
        for t in range(1, int(budget / min(COSTS)) + 1):
            with np.errstate(all="ignore"):
                swarm.step(t)
                spent = meter.costs
                self._note(swarm.answer(), spent)
            least = float(spent.min())
            if least >= budget:
                return
            if perf_counter() - since > _SLICE_S or (interrupt is not None and interrupt.is_set):
                yield least / budget
                since = perf_counter()

    def _note(self, points: FloatArray, spent: FloatArray) -> None:
        """Write down how the points stand that could still afford to be there."""
        gaps = self._surface.value(points) - self._least
        gaps = np.where(np.isfinite(gaps), np.maximum(gaps, 0), np.inf)
        can_afford = spent <= self._settings.budget
        np.copyto(self.gaps, gaps, where=can_afford)
        is_there = gaps <= self._settings.tolerance
        np.copyto(self.costs, np.inf, where=can_afford & ~is_there)
        np.copyto(self.costs, spent, where=can_afford & is_there & np.isinf(self.costs))


class FairRace:
    """All methods of ``racers``, one after the other; racers that differ in their rate only are one method."""

    def __init__(self, surface: Surface, racers: Sequence[RacerSpec], settings: FairSettings) -> None:
        self.surface, self.settings = surface, settings
        self.racers = methods_of(racers)
        self.results: list[FairResult] = []

    def slices(self, interrupt: Interrupt | None = None) -> Iterator[float]:
        """Work it out; every few milliseconds say which share is done, ``results`` growing."""
        for index, racer in enumerate(self.racers):
            rates = rates_of(racer, self.surface)
            tuning_starts = random_starts(self.surface, TUNING_STARTS, self.settings.seed, "fair race, tuning")
            tried = Spending(
                self.surface,
                racer,
                np.tile(tuning_starts, (len(rates), 1)),
                np.repeat(rates, TUNING_STARTS),
                self.settings,
            )
            for share in tried.slices(interrupt):
                yield (index + 0.9 * share) / len(self.racers)
            tuning = _tuned(rates, tried)
            starts = judging_starts(self.surface, self.settings)
            judged = Spending(self.surface, racer, starts, np.full(len(starts), rates[tuning.best]), self.settings)
            for share in judged.slices(interrupt):
                yield (index + 0.9 + 0.1 * share) / len(self.racers)
            self.results.append(FairResult(racer, tuning, judged.costs, judged.gaps))
            yield (index + 1) / len(self.racers)


def methods_of(racers: Sequence[RacerSpec]) -> tuple[RacerSpec, ...]:
    """The racers without those that are an earlier one with another rate: rates are tuned anyway."""
    found: dict[RacerSpec, RacerSpec] = {}
    for one in racers:
        found.setdefault(method_of(one), one)
    return tuple(found.values())


def method_of(racer: RacerSpec) -> RacerSpec:
    """What of ``racer`` a fair race is about: neither its rate, nor its start, nor how it looks."""
    return dataclasses.replace(moving(racer), optimizer=racer.optimizer.at_rate(0.01))


def rates_of(racer: RacerSpec, surface: Surface) -> FloatArray:
    """The lattice of rates a method may choose from on ``surface``, evenly spaced in their logarithm."""
    low, high = np.log10(rates_to_try(racer.optimizer, surface))
    return np.logspace(low, high, round((high - low) * _RATES_A_DECADE) + 1)


def judging_starts(surface: Surface, settings: FairSettings) -> FloatArray:
    """``(side², 2)`` inside the view: the middles of a lattice's cells, or drawn at random."""
    count = settings.side**2
    if settings.layout == "random":
        return random_starts(surface, count, settings.seed, "fair race, judging")
    middles = (np.arange(settings.side) + 0.5) / settings.side
    return _inside(surface, np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2))


def random_starts(surface: Surface, count: int, seed: int, purpose: str) -> FloatArray:
    """``(count, 2)`` inside the view, none of them on its very edge."""
    return _inside(surface, NEAR + (1 - 2 * NEAR) * stream(seed, purpose).random((count, 2)))


def _inside(surface: Surface, shares: FloatArray) -> FloatArray:
    view = surface.view
    found: FloatArray = np.array([view.x_low, view.y_low]) + shares * np.array([view.width, view.height])
    return found


def _tuned(rates: FloatArray, tried: Spending) -> Tuning:
    """The best rate: most successes, then the least median cost, then the least median gap."""
    costs, gaps = (one.reshape(len(rates), TUNING_STARTS) for one in (tried.costs, tried.gaps))
    successes = np.isfinite(costs).mean(axis=1)
    medians, left = (np.quantile(one, 0.5, axis=1, method="inverted_cdf") for one in (costs, gaps))
    best = int(np.lexsort((left, medians, -successes))[0])
    return Tuning(rates, successes, medians, best)
