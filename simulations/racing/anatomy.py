"""The anatomy of a step: everything that decides where a racer goes from one point, taken from what the race stored there.

Nothing is run again: the point, the memory and the batch of the step are what the race itself had, and the method's own rule
is written out with them. So it can be asked for any step in any order, and where the rule ends is compared with where the
racer went.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.optimizers import sentences as say
from simulations.optimizers.worksheet import Asked, Part, Stability, Worksheet
from simulations.optimizers.wrappers.base import Chain
from simulations.racing.groups import titles
from simulations.racing.record import Race
from simulations.racing.surroundings import Surroundings, surroundings_of
from simulations.surfaces.base import Surface
from simulations.surfaces.objective import Batches, SurfaceObjective

_Memory: TypeAlias = dict[str, FloatArray]
Nature: TypeAlias = Literal["bowl", "saddle", "dome", "flat", "undefined"]

_FLAT: Final = 1e-12  # of the larger curvature: less is none


@dataclass(frozen=True)
class Curvature:
    """The local parabola: the Hessian ``(2, 2)``, its eigenvalues ``(2,)`` ascending and their axes in columns ``(2, 2)``.

    ``center`` ``(2,)`` is where the parabola has no slope: its minimum where it is a bowl. None where there is no such point.
    """

    hessian: FloatArray
    values: FloatArray
    axes: FloatArray
    nature: Nature
    center: FloatArray | None

    @property
    def sharpness(self) -> float:
        """λmax."""
        return float(self.values[-1])


@dataclass(frozen=True)
class Gauge:
    """How near steps of η are to falling apart: stable is η·λ < ``limit``, on a parabola that stays as it is here.

    ``sharpness`` is λmax, in the method's own measure of the plane where ``is_scaled``; ``text`` the limit in symbols.
    """

    rate: float
    sharpness: float
    limit: float
    text: str
    is_scaled: bool

    @property
    def reading(self) -> float:
        """η·λ over its limit: below 1 is stable."""
        return self.rate * self.sharpness / self.limit


@dataclass(frozen=True, eq=False)
class Anatomy:
    """The step ``racer`` takes from ``point`` ``(2,)``, where it is after ``step`` steps.

    ``next_point`` is where the race went, None where it ends. ``parts`` are the lines of its rule, ``landing`` where they end,
    which is what a further step would do at the end of a race. ``value``, ``slope`` and ``curvature`` are those of the whole
    surface; ``gradient`` is that of the batch this step saw, None where the method asks for none.
    """

    racer: int
    step: int
    point: FloatArray
    next_point: FloatArray | None
    landing: FloatArray
    answer: FloatArray
    value: float
    slope: FloatArray
    gradient: FloatArray | None
    rate: float
    curvature: Curvature
    gauge: Gauge | None
    parts: tuple[Part, ...]
    surroundings: Surroundings

    @property
    def error(self) -> float:
        """How far the written rule ends from where the race went: rounding, and nothing else."""
        if self.next_point is None or np.array_equal(self.landing, self.next_point, equal_nan=True):
            return 0.0
        with np.errstate(invalid="ignore"):
            return float(np.abs(self.landing - self.next_point).max())


def anatomy(race: Race, racer: int, step: int) -> Anatomy:
    """The step that ``racer`` takes after ``step`` (0…``race.done``) steps."""
    one = race.spec.racers[racer]
    t = step + 1
    point = race.points[step, racer]
    rate = float(race.curves.rates[t, racer]) if step < race.done else _next_rate(race, racer)
    with np.errstate(all="ignore"):
        seen = _objective_of(race.spec.surface, threading.get_ident())
        sheet = written(race, racer, t, rate, seen)
        seen.use(t=step)
        value, slope = float(seen.value(point)), seen.gradient(point).copy()
        curved = curvature_at(point, slope, seen.hessian(point))
        gauge = None if sheet.stability is None else _gauge(rate, curved, sheet.stability)
        asks = "gradient" in one.optimizer.needs
        next_point = race.points[t, racer] if step < race.done else None
        seen.use(t=step)
        return Anatomy(
            racer=racer,
            step=step,
            point=point,
            next_point=next_point,
            landing=sheet["θ"].copy(),
            answer=race.answers[step, racer],
            value=value,
            slope=slope,
            gradient=sheet.parts[0].value if asks else None,
            rate=rate,
            curvature=curved,
            gauge=gauge,
            parts=tuple(sheet.parts),
            surroundings=surroundings_of(seen, point, sheet["θ"], curved.center, sheet.parts, race.spec.surface.view),
        )


@lru_cache(maxsize=4)
def _objective_of(surface: Surface, thread: int) -> SurfaceObjective:
    """Kept from step to step, since making one takes longer than asking it; it belongs to one thread."""
    return SurfaceObjective(surface)


def written(race: Race, racer: int, t: int, rate: float, seen: SurfaceObjective) -> Worksheet:
    """The worksheet of step ``t`` of ``racer``: down its wrappers, through its method, and back up.

    ``seen`` is the race's surface; it answers for the step's batch and moment from now on.
    """
    one = race.spec.racers[racer]
    point = race.points[t - 1, racer]
    is_whole = one.batch_size == 0 or one.batch_size >= race.spec.surface.samples
    seen.use(None if is_whole else Batches(race.spec.surface.samples, one.batch_size, one.seed).at(t), t)
    asked = Asked(seen, one.seed)
    sheet = Worksheet(point, rate, t, asked)
    sheet.listen(asked.trials)
    memory = race.memory(racer, t - 1)
    inner, states = _told_apart(memory, titles(one.wrappers))
    optimizer = one.optimizer.at_rate(rate)
    if "gradient" in optimizer.needs:
        sheet.line("g ← ∇f(θ)", say.GRADIENT)
        sheet.arrow("gradient", "−η·g")
    fresh = Chain(one.wrappers).start(np.array(point))
    for wrapper, state, start in zip(one.wrappers, states, fresh, strict=True):
        sheet.enter(wrapper, state, wrapper.kind)
        wrapper.explain_around(sheet)
        sheet.ask(wrapper.around(sheet.objective, start, t))
    sheet.enter(optimizer, inner)
    optimizer.explain(sheet)
    for wrapper, state in zip(reversed(one.wrappers), reversed(states), strict=True):
        sheet.enter(wrapper, state, wrapper.kind)
        wrapper.explain_after(sheet)
    return sheet


def curvature_at(point: FloatArray, slope: FloatArray, hessian: FloatArray) -> Curvature:
    """The parabola with this ``slope`` ``(2,)`` and ``hessian`` ``(2, 2)`` at ``point`` ``(2,)``."""
    hessian = hessian.copy()
    if not (np.isfinite(hessian).all() and np.isfinite(slope).all()):
        unknown = np.full(2, np.nan)
        return Curvature(hessian, unknown, np.eye(2), "undefined", None)
    values, axes = np.linalg.eigh(hessian)
    size = float(np.abs(values).max())
    if np.abs(values).min() <= _FLAT * size:
        return Curvature(hessian, values, axes, "flat", None)
    nature: Nature = "bowl" if values[0] > 0 else "dome" if values[1] < 0 else "saddle"
    return Curvature(hessian, values, axes, nature, point - axes @ ((axes.T @ slope) / values))


def _gauge(rate: float, curved: Curvature, stability: Stability) -> Gauge:
    sharpness, scale = curved.sharpness, stability.preconditioner
    if scale is not None:
        is_sound = bool(np.isfinite(scale).all() and np.isfinite(curved.hessian).all() and np.linalg.det(scale))
        found = np.linalg.eigvals(np.linalg.solve(scale, curved.hessian)).real if is_sound else np.array([np.nan])
        sharpness = float(found.max())
    return Gauge(rate, sharpness, stability.limit, stability.text, scale is not None)


def _next_rate(race: Race, racer: int) -> float:
    """The rate of the step after the last: what the schedule says, unless it looks at losses."""
    one = race.spec.racers[racer]
    if one.schedule.kind == "reduce_on_plateau":
        return float(race.curves.rates[-1, racer])
    return one.optimizer.learning_rate * one.schedule.factor(race.done)


def _told_apart(memory: Mapping[str, FloatArray], names: Sequence[str]) -> tuple[_Memory, list[_Memory]]:
    """The method's own memory, and that of the wrappers called ``names``."""
    found: dict[str, _Memory] = {name: {} for name in ("", *names)}
    for name, value in memory.items():
        title, _, own = name.rpartition(" ")
        found[title][own] = value
    return found[""], [found[name] for name in names]
