"""What a surface is: a function of two numbers with exact slopes, where to look at it, where its minima are, what it teaches.

A surface is configuration only: its parameters are declared like every other hyperparameter, and its formula is written
once, as an expression, from which value, gradient, Hessian and text follow. Nothing is clamped to the domain, which is only
the box its claims are made for; where a formula is undefined, value and slopes are NaN or ±∞, as IEEE arithmetic says.
"""

from __future__ import annotations

import dataclasses
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import ClassVar, Final, Literal, NamedTuple, TypeAlias

import numpy as np

from simulations.core.arrays import Array, FloatArray, IntArray
from simulations.core.known import Known
from simulations.core.registry import Registry
from simulations.core.text import N_
from simulations.optimizers.base import RateFamily
from simulations.surfaces.critical import are_saddles, curvatures, distance_to_curve, distinct, polish, search
from simulations.surfaces.evaluation import Evaluator, Programs, Question
from simulations.surfaces.expression import Expression, Graph
from simulations.surfaces.kinks import kink_minima

Point: TypeAlias = tuple[float, float]
Scale: TypeAlias = Literal["linear", "log", "asinh"]

_EQUAL = 1e-9  # values closer than this, relatively, count as equal


class Box(NamedTuple):
    """A part of the plane, its edges included."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    @staticmethod
    def square(half: float) -> Box:
        """The square [−half, half]²."""
        return Box(-half, half, -half, half)

    @property
    def width(self) -> float:
        return self.x_high - self.x_low

    @property
    def height(self) -> float:
        return self.y_high - self.y_low

    def contains(self, points: FloatArray) -> Array:
        """Whether each of ``points`` ``(…, 2)`` lies inside; ``(…)`` of bool."""
        x, y = points[..., 0], points[..., 1]
        inside: Array = (x >= self.x_low) & (x <= self.x_high) & (y >= self.y_low) & (y <= self.y_high)
        return inside

    def lattice(self, columns: int, rows: int) -> FloatArray:
        """Evenly spaced points ``(rows, columns, 2)``, corners included, y growing with the row."""
        x, y = np.linspace(self.x_low, self.x_high, columns), np.linspace(self.y_low, self.y_high, rows)
        return np.stack(np.meshgrid(x, y), axis=-1)


@dataclass(frozen=True)
class ColorTransform:
    """How values become colours: straight, by log₁₀(f − f* + ``softening``), or by asinh((f − f*) / ``softening``)."""

    scale: Scale
    offset: float
    softening: float

    def apply(self, values: FloatArray) -> FloatArray:
        """Same shape; values below f* (by rounding, or outside the domain) count as f* where a logarithm is taken."""
        above: FloatArray = values - self.offset
        if self.scale == "log":
            np.log10(np.maximum(above, 0) + self.softening, out=above)
        elif self.scale == "asinh":
            np.arcsinh(above / self.softening, out=above)
        return above

    def invert(self, colors: FloatArray) -> FloatArray:
        """The values that :meth:`apply` maps to ``colors``: what a contour level or a colour bar's tick stands for."""
        if self.scale == "linear":
            return colors + self.offset
        if self.scale == "log":
            return 10.0**colors - self.softening + self.offset
        return np.sinh(colors) * self.softening + self.offset


@dataclass(frozen=True)
class Minimum:
    """A point lower than its surroundings; several may be global."""

    x: float
    y: float
    value: float
    is_global: bool


@dataclass(frozen=True)
class Saddle:
    """A point without slope that is higher than some of its surroundings and lower than others."""

    x: float
    y: float
    value: float


class Symbols:
    """The leaves a surface's formula is written with: a float field by its name, the step, a column of the data."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.x = graph.leaf("point", "x")
        self.y = graph.leaf("point", "y")

    def __getattr__(self, parameter: str) -> Expression:
        return self._graph.leaf("parameter", parameter)

    def sample(self, column: str) -> Expression:
        """The entry of ``column`` of one sample: a formula takes the mean over the samples."""
        return self._graph.leaf("sample", column)

    def step(self) -> Expression:
        """The step t, from 1 on."""
        return self._graph.leaf("time", "t")

    def number(self, value: float) -> Expression:
        return self._graph.constant(value)


@dataclass(frozen=True)
class Surface(ABC):
    """A function to descend. Points are ``(…, 2)`` float64 and every answer has their leading axes.

    Float fields are parameters of the formula; every other field decides its structure. ``batch`` are the indices of the samples
    whose mean is asked for, ``(m,)`` or, one batch for every point, ``(…, m)``; None is all of them. ``t`` is the step, from 1
    on; None is the whole a moving surface stands for.
    """

    kind: ClassVar[str]
    box: ClassVar[Box]
    window: ClassVar[Box | None] = None
    origin: ClassVar[Point]
    scale: ClassVar[Scale] = "log"
    softening: ClassVar[float] = 1e-2
    is_moving: ClassVar[bool] = False
    is_judged_whole: ClassVar[bool] = (
        False  # a moving one whose steps count together, by their mean, not each by itself
    )
    fineness: ClassVar[int] = 129  # lattice points a side that minima and saddles are searched from; 0: none are
    may_have_kinks: ClassVar[bool] = False  # minima without a slope of zero are searched, too, if the formula has kinks
    steady_rate: ClassVar[float | None] = None  # of steps η·g, where what curvature suggests would miss the point

    @abstractmethod
    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        """f(x, y), written with operators and the functions of :mod:`simulations.surfaces.expression`."""

    @property
    def domain(self) -> Box:
        """Where what is said of the surface holds."""
        return self.box

    @property
    def view(self) -> Box:
        """What a picture shows at first."""
        return self.window or self.domain

    @property
    def start(self) -> Point:
        """A place to start from that shows the trap."""
        return self.origin

    def check(self) -> None:
        """Raise :class:`GradLabError` in words if the fields, each right by itself, do not make a surface together."""
        return

    def bottoms(self) -> Iterable[Point]:
        """Minima known in closed form, or nearly: they are polished. A search over the domain adds the others."""
        return ()

    def edges(self) -> Iterable[Point]:
        """Minima on the edge of the domain, where the slope is not zero: they are taken as they are."""
        return ()

    def floors(self) -> tuple[FloatArray, ...]:
        """Curves ``(m, 2)`` all of whose points are global minima."""
        return ()

    def passes(self) -> Iterable[Point]:
        """Saddles that a search by slopes would not find."""
        return ()

    def data(self) -> Mapping[str, FloatArray]:
        """The columns ``(n,)`` a data-backed surface is the mean over; none for the others."""
        return {}

    @property
    def samples(self) -> int:
        """How many samples the surface is the mean of; 0 where it is none."""
        return len(next(iter(columns_of(self).values()), ()))

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """The lowest first, of the whole: ``t`` and ``batch`` None. None is global where the domain's edge is lower."""
        return places_of(self).minima

    @property
    def saddles(self) -> tuple[Saddle, ...]:
        return places_of(self).saddles

    @property
    def has_moving_values(self) -> bool:
        """Whether a height is that of a step: a moving surface, unless it is judged as a whole."""
        return self.is_moving and not self.is_judged_whole

    def minima_at(self, t: int | None) -> tuple[Minimum, ...]:
        """The minima at step ``t``, which move on some surfaces."""
        return self.minima

    def distance_to_minimum(self, points: FloatArray, t: int | None = None) -> FloatArray:
        """From each of ``points`` ``(…, 2)`` to the nearest minimum, ``(…)``; ∞ where there is none."""
        nearest = np.full(points.shape[:-1], math.inf)
        for one in self.minima_at(t):
            np.minimum(nearest, np.hypot(points[..., 0] - one.x, points[..., 1] - one.y), out=nearest)
        for floor in self.floors():
            np.minimum(nearest, distance_to_curve(points, floor), out=nearest)
        return nearest

    @property
    def color_transform(self) -> ColorTransform:
        least = places_of(self).least
        return ColorTransform(self.scale, least if math.isfinite(least) else 0.0, self.softening)

    def suggested_rate(self, family: RateFamily) -> float:
        """A learning rate to begin with.

        ``gradient``: for steps of η·g, 1/λ of the greatest curvature between start and minimum, and no first step beyond a
        twentieth of the view. ``length``: for steps of about η, a hundredth of the view. ``both``: the lesser, for methods
        that begin with the one and go on with the other. ``whole``: 1, for methods that work out the length themselves.
        """
        if family == "whole":
            return 1.0
        if family == "both":
            return min(self.suggested_rate("gradient"), self.suggested_rate("length"))
        size = min(self.view.width, self.view.height)
        if family == "length":
            return 0.01 * size
        return self.steady_rate or min(1 / _greatest_curvature(self), 0.05 * size / _first_slope(self))

    @property
    def trap(self) -> str:
        """What the surface teaches, in one sentence marked for translation."""
        return SURFACES.entry(self.kind).summary

    @property
    def citation(self) -> str:
        return SURFACES.entry(self.kind).source

    def evaluator(self) -> Evaluator:
        """What answers many questions quickly, on one thread."""
        return Evaluator(programs_of(self), parameters_of(self), columns_of(self))

    def value(self, points: FloatArray, batch: IntArray | None = None, t: int | None = None) -> FloatArray:
        """f, ``(…)``."""
        return self._ask("value", points, batch, t)[..., 0]

    def gradient(self, points: FloatArray, batch: IntArray | None = None, t: int | None = None) -> FloatArray:
        """∇f, ``(…, 2)``."""
        return self._ask("gradient", points, batch, t)

    def hessian(self, points: FloatArray, batch: IntArray | None = None, t: int | None = None) -> FloatArray:
        """∇²f, ``(…, 2, 2)``."""
        return square(self._ask("hessian", points, batch, t))

    def _ask(self, question: Question, points: FloatArray, batch: IntArray | None, t: int | None) -> FloatArray:
        return self.evaluator().ask(question, np.asarray(points, np.float64), batch, t)


def square(triple: FloatArray) -> FloatArray:
    """xx, xy, yy ``(…, 3)`` as Hessians ``(…, 2, 2)``."""
    found: FloatArray = triple[..., [0, 1, 1, 2]].reshape(*triple.shape[:-1], 2, 2)
    return found


class _Structure:
    """A surface as a key: those that differ in float fields only share their programs."""

    __slots__ = ("key", "surface")

    def __init__(self, surface: Surface) -> None:
        values = (getattr(surface, one.name) for one in dataclasses.fields(surface))
        self.key = (type(surface), tuple(one for one in values if not isinstance(one, float)))
        self.surface = surface

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Structure) and self.key == other.key


def programs_of(surface: Surface) -> Programs:
    """The surface's programs, compiled once for all surfaces of its structure."""
    return _programs(_Structure(surface))


@lru_cache(maxsize=128)
def _programs(structure: _Structure) -> Programs:
    symbols = Symbols(Graph())
    return Programs(structure.surface.formula(symbols.x, symbols.y, symbols), symbols.x, symbols.y)


@lru_cache(maxsize=32)
def columns_of(surface: Surface) -> Mapping[str, FloatArray]:
    """The surface's data, made once and read-only."""
    columns = {name: np.array(values, np.float64) for name, values in surface.data().items()}
    for values in columns.values():
        values.flags.writeable = False
    return columns


def parameters_of(surface: Surface) -> dict[str, float]:
    """The float fields, which are the parameters of the formula."""
    fields = {one.name: getattr(surface, one.name) for one in dataclasses.fields(surface)}
    return {name: value for name, value in fields.items() if isinstance(value, float)}


class Places(NamedTuple):
    """What is special about a surface that stands still."""

    minima: tuple[Minimum, ...]
    saddles: tuple[Saddle, ...]
    least: float  # the lowest value known inside the domain


def _found_places(surface: Surface) -> Places:
    evaluator = surface.evaluator()
    gradient = partial(evaluator.ask, "gradient")
    domain = surface.domain
    extent = np.array([domain.width, domain.height])

    def hessian(points: FloatArray) -> FloatArray:
        return square(evaluator.ask("hessian", points))

    value = partial(evaluator.ask, "value")
    low = np.concatenate([polish(_points(surface.bottoms()), gradient, hessian), _points(surface.edges())])
    passes = _points(surface.passes())
    least = math.inf
    if surface.fineness:
        lattice = domain.lattice(surface.fineness, surface.fineness)
        found = search(lattice, gradient, hessian)
        curved = curvatures(hessian(found))
        low = np.concatenate([low, found[curved[:, 0] > 0]])
        between = found[(curved[:, 0] < 0) & (curved[:, 1] > 0)]
        passes = np.concatenate([passes, between[are_saddles(between, value, hessian, extent)]])
        if surface.may_have_kinks and programs_of(surface).has_kinks:
            low = np.concatenate([low, kink_minima(lattice, value, gradient, low)])
        values = value(lattice)
        least = float(values[np.isfinite(values)].min(initial=math.inf))
    low, passes = (distinct(one[domain.contains(one)], extent) for one in (low, passes))
    heights = evaluator.ask("value", low)[:, 0].copy()
    least = min(least, float(heights.min(initial=math.inf)))
    deep = heights <= least + _EQUAL * (1 + abs(least))
    order = np.argsort(heights, kind="stable").tolist()
    minima = (Minimum(float(low[i, 0]), float(low[i, 1]), float(heights[i]), bool(deep[i])) for i in order)
    saddles = zip(passes.tolist(), evaluator.ask("value", passes)[:, 0].tolist(), strict=True)
    return Places(tuple(minima), tuple(Saddle(x, y, value) for (x, y), value in saddles), least)


places_of: Final = Known(_found_places, 64)


def _points(points: Iterable[Point]) -> FloatArray:
    return np.array(list(points), np.float64).reshape(-1, 2)


@lru_cache(maxsize=64)
def _greatest_curvature(surface: Surface) -> float:
    """The greatest |λ| on the line from the start to the nearest minimum."""
    start = np.array(surface.start)
    goals = [np.array([one.x, one.y]) for one in surface.minima] or [start]
    goal = min(goals, key=lambda one: float(np.hypot(*(one - start))))
    line = start + np.linspace(0, 1, 65)[:, np.newaxis] * (goal - start)
    greatest = float(np.abs(curvatures(surface.hessian(line))).max())
    return greatest if 0 < greatest < math.inf else 1.0


@lru_cache(maxsize=64)
def _first_slope(surface: Surface) -> float:
    size = float(np.hypot(*surface.gradient(np.array(surface.start))))
    return size if 0 < size < math.inf else 1.0


SURFACES: Registry[Surface] = Registry(N_("surface"))
