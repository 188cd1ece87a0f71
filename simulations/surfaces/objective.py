"""A surface as an optimizer sees it: something that answers at θ and counts how often it was asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from simulations.core.arrays import FloatArray, IntArray
from simulations.core.rng import stream
from simulations.optimizers.base import SURFACE, Need
from simulations.surfaces.base import Surface, square
from simulations.surfaces.evaluation import Question


@dataclass(frozen=True)
class Batches:
    """Which samples each step looks at: every epoch is a new order of all, cut into batches of ``size``.

    What does not fill a batch waits for the next epoch. Any step can be asked for, in any order, with the same answer.
    """

    samples: int
    size: int
    seed: int

    def at(self, t: int) -> IntArray:
        """The indices ``(size,)`` of step ``t``, from 1 on."""
        size = min(self.size, self.samples)
        epoch, position = divmod(t - 1, self.samples // size)
        return _order(self.seed, self.samples, epoch)[position * size : (position + 1) * size]


@lru_cache(maxsize=64)
def _order(seed: int, samples: int, epoch: int) -> IntArray:
    return stream(seed, "surface batches", epoch).permutation(samples)


class SurfaceObjective:
    """``surface`` for points ``(…, 2)`` of any float type; it computes in float64 and belongs to one thread.

    ``seed`` is where random draws begin for whoever draws around it. A question about many points counts once: each of them
    has used one evaluation. An answer is valid until the next question of its kind. ``followed`` are points whose gradient is
    asked for again and again as their numbers change in place, which goes faster; floating-point warnings are then the
    caller's.
    """

    offers: ClassVar[tuple[Need, ...]] = SURFACE

    def __init__(self, surface: Surface, seed: int = 0, followed: FloatArray | None = None) -> None:
        self.seed = seed
        self._evaluator = surface.evaluator()
        self._followed = followed
        self._slope_at = None if followed is None else self._evaluator.following("gradient", followed)
        self._batch: IntArray | None = None
        self._t: int | None = None
        self.values = 0
        self.gradients = 0
        self.hessians = 0

    def use(self, batch: IntArray | None = None, t: int | None = None) -> None:
        """Look at the samples ``batch`` and the step ``t`` from now on; None is all samples, and the whole of time."""
        self._batch, self._t = batch, t

    def value(self, theta: FloatArray) -> FloatArray:
        """``(…)``."""
        self.values += 1
        return self._ask("value", theta)[..., 0]

    def gradient(self, theta: FloatArray) -> FloatArray:
        """``(…, 2)``."""
        self.gradients += 1
        if theta is self._followed and self._slope_at is not None:
            return self._slope_at(self._t or 0)
        return self._ask("gradient", theta)

    def hessian(self, theta: FloatArray) -> FloatArray:
        """``(…, 2, 2)``."""
        self.hessians += 1
        return square(self._ask("hessian", theta))

    def _ask(self, question: Question, theta: FloatArray) -> FloatArray:
        found = self._evaluator.ask(question, theta, self._batch, self._t)
        return found if theta.dtype == np.float64 else found.astype(theta.dtype)
