"""What theory says of methods on a quadratic bowl: the largest stable learning rate, and the best numbers.

A quadratic is a set of independent one-dimensional problems, one for each curvature λ; a linear method moves each by a fixed
matrix, so that all is decided by the greatest size of their eigenvalues. Other surfaces are quadratic near a minimum only,
and what is said there says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.rng import stream
from simulations.documents.race import RacerSpec
from simulations.optimizers.base import Optimizer
from simulations.surfaces.base import Point, Surface
from simulations.surfaces.critical import curvatures

_LOOKED_AT: Final = 16  # points at which a quadratic has to have the same Hessian
_SAME: Final = 1e-9


class Curvature(NamedTuple):
    """The curvatures ``low`` ≤ ``high`` at ``place``. ``is_everywhere``: the surface is a quadratic, so place is any place."""

    low: float
    high: float
    place: Point
    is_everywhere: bool

    @property
    def condition(self) -> float:
        """κ = high / low; ∞ where the floor is flat or falls."""
        return self.high / self.low if self.low > 0 else math.inf


@lru_cache(maxsize=32)
def curvature_of(surface: Surface, start: Point) -> Curvature | None:
    """The curvatures of a quadratic, or those at the minimum nearest to ``start``; None where no smooth bowl is near."""
    if surface.is_moving:
        return None
    quadratic = _constant_hessian(surface)
    minima = surface.minima
    if not minima:
        return None
    nearest = min(minima, key=lambda one: math.hypot(one.x - start[0], one.y - start[1]))
    place = nearest.x, nearest.y
    found = quadratic if quadratic is not None else surface.hessian(np.array([place]))[0]
    if not np.isfinite(found).all():
        return None
    low, high = curvatures(found[np.newaxis])[0].tolist()
    return Curvature(low, high, place, quadratic is not None) if high > 0 and low >= 0 else None


def _constant_hessian(surface: Surface) -> FloatArray | None:
    box = surface.domain
    shares = stream(0, "is it a quadratic").random((_LOOKED_AT, 2))
    points = np.array([box.x_low, box.y_low]) + shares * np.array([box.width, box.height])
    found = surface.hessian(points)
    if not np.isfinite(found).all():
        return None
    spread = np.abs(found - found[0]).max()
    return found[0] if spread <= _SAME * max(float(np.abs(found).max()), 1e-300) else None


class Best(NamedTuple):
    """The numbers of a method that contract the slowest direction fastest, by ``factor`` a step in the long run."""

    numbers: Mapping[str, float]
    factor: float


@dataclass(frozen=True)
class Theory:
    """What is known of a linear method.

    ``limit(μ)`` is the largest stable η·λ (μ is 0 where there is none); ``best(low, high)`` the optimal numbers for these
    curvatures, both above 0; ``formula`` and ``best_formula`` say both in symbols, without words. ``matrix(η·λ, μ)`` acts on
    the distances to the minimum now and one step before.
    """

    limit: Callable[[FloatArray], FloatArray]
    best: Callable[[float, float], Best]
    formula: str
    best_formula: str
    matrix: Callable[[float, float], FloatArray]
    source: str


def _descent(low: float, high: float) -> Best:
    return Best({"learning_rate": 2 / (low + high)}, (high - low) / (high + low))


def _heavy_ball(low: float, high: float) -> Best:
    a, b = math.sqrt(high), math.sqrt(low)
    share = (a - b) / (a + b)
    return Best({"learning_rate": 4 / (a + b) ** 2, "momentum": share**2}, share)


def _nesterov(low: float, high: float) -> Best:
    root = math.sqrt(3 * high / low + 1)
    return Best({"learning_rate": 4 / (3 * high + low), "momentum": (root - 2) / (root + 2)}, 1 - 2 / root)


THEORIES: Final[Mapping[str, Theory]] = {
    "sgd": Theory(
        lambda b: 2 + 0 * b,
        _descent,
        "2 / λmax",
        "η* = 2 / (λmin + λmax)",
        lambda z, b: np.array([[1 - z, 0.0], [1.0, 0.0]]),
        "Nesterov 2004, theorem 2.1.14",
    ),
    "momentum": Theory(
        lambda b: 2 * (1 + b),
        _heavy_ball,
        "2(1 + μ) / λmax",
        "η* = 4 / (√λmax + √λmin)², μ* = ((√κ − 1) / (√κ + 1))²",
        lambda z, b: np.array([[1 + b - z, -b], [1.0, 0.0]]),
        "Polyak 1964; Lessard, Recht & Packard 2016, proposition 1",
    ),
    "nesterov": Theory(
        lambda b: 2 * (1 + b) / (1 + 2 * b),
        _nesterov,
        "2(1 + μ) / ((1 + 2μ) λmax)",
        "η* = 4 / (3λmax + λmin), μ* = (√(3κ + 1) − 2) / (√(3κ + 1) + 2)",
        lambda z, b: np.array([[(1 + b) * (1 - z), -b * (1 - z)], [1.0, 0.0]]),
        "Lessard, Recht & Packard 2016, proposition 1",
    ),
}


def theory_of(optimizer: Optimizer) -> Theory | None:
    """What is known of this method; None for those that are not linear in the gradient."""
    return THEORIES.get(optimizer.kind)


def best_of(optimizer: Optimizer, curvature: Curvature) -> Best | None:
    """The optimal numbers, where theory knows them and the floor is not flat."""
    theory = theory_of(optimizer)
    return theory.best(curvature.low, curvature.high) if theory is not None and curvature.low > 0 else None


def is_bare(racer: RacerSpec) -> bool:
    """Whether the racer is its method alone: theory knows no schedule, wrapper or batch."""
    return racer.schedule.kind == "constant" and not racer.wrappers and racer.batch_size == 0


def factor(optimizer: Optimizer, curvature: Curvature) -> float:
    """By what the slowest direction shrinks a step in the long run; 1 and more is no convergence.

    Raises :class:`KeyError` for methods without theory.
    """
    theory = THEORIES[optimizer.kind]
    share = getattr(optimizer, "momentum", 0.0)
    matrices = [theory.matrix(optimizer.learning_rate * one, share) for one in (curvature.low, curvature.high)]
    return max(float(np.abs(np.linalg.eigvals(one)).max()) for one in matrices)


def largest_rate(optimizer: Optimizer, curvature: Curvature, share: FloatArray | float | None = None) -> FloatArray:
    """The largest stable learning rate, for every momentum in ``share``, or the method's own.

    Raises :class:`KeyError` for methods without theory.
    """
    own = getattr(optimizer, "momentum", 0.0)
    found: FloatArray = THEORIES[optimizer.kind].limit(np.asarray(own if share is None else share)) / curvature.high
    return found
