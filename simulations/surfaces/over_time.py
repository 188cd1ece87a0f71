"""Surfaces in which time matters: one unrolled through fifty steps of a recurrence, two that change under one's feet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos as cosine
from math import pi
from math import sin as sine
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.surfaces.base import SURFACES, Box, Minimum, Point, Scale, Surface, Symbols
from simulations.surfaces.expression import Expression, cos, greater, relu, select, sigmoid, sin


@final
@SURFACES.register(
    "rnn_cliff",
    label=N_("Cliff of a recurrence"),
    summary=N_(
        "Gradients multiplied fifty times make a cliff: one step off it undoes all others, unless it is clipped."
    ),
    source="Pascanu, Mikolov & Bengio 2013, figure 6",
)
@dataclass(frozen=True)
class RecurrentCliff(Surface):
    """(σ(s_T) − 0.7)² with s_t = x·σ(s_{t−1}) + y and s₀ = 0.5. Where σ(s_T) = 0.7 it is zero: a curve of minima."""

    box: ClassVar[Box] = Box(4, 6.5, -3.2, -2)
    origin: ClassVar[Point] = (5.0, -2.4)
    steady_rate: ClassVar[float | None] = 0.1  # suits the plain; what the cliff does to it is the lesson
    softening: ClassVar[float] = 1e-3
    fineness: ClassVar[int] = 0  # its minima are a curve

    steps: int = param(
        50, low=1, high=50, live=True, label=N_("Steps"), help=N_("How often the recurrence is applied.")
    )

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        s = p.number(0.5)
        for _ in range(self.steps):
            s = x * sigmoid(s) + y
        return (sigmoid(s) - 0.7) ** 2

    def floors(self) -> tuple[FloatArray, ...]:
        return (self._floor(np.linspace(self.box.x_low, self.box.x_high, 201)),)

    def bottoms(self) -> Iterable[Point]:  # further right, the nearest float is off the curve
        return [(float(x), float(y)) for x, y in self._floor(np.array([4.5, 5.0]))]

    def _floor(self, x: FloatArray) -> FloatArray:
        """For each weight the bias, by bisection: s_T grows with it."""
        low, high = np.full_like(x, -10.0), np.full_like(x, 10.0)
        for _ in range(60):
            y = (low + high) / 2
            s = np.full_like(x, 0.5)
            for _ in range(self.steps):
                s = x * (0.5 + 0.5 * np.tanh(s / 2)) + y
            is_high = s > np.log(0.7 / 0.3)
            low, high = np.where(is_high, low, y), np.where(is_high, y, high)
        return np.stack([x, (low + high) / 2], axis=-1)


@final
@SURFACES.register(
    "adam_counterexample",
    label=N_("Adam's counter-example"),
    summary=N_(
        "One large slope to the right after two small ones to the left: Adam forgets the large one and goes wrong."
    ),
    source="Reddi, Kale & Kumar 2018, theorem 1, with steep walls in place of a projection",
)
@dataclass(frozen=True)
class AdamCounterexample(Surface):
    """c_t·x + wall + y²/2 with c_t = C if t mod 3 = 1, else −1; the wall is 10·(|x| − 1)² where |x| > 1.

    As a whole (``t`` None) the mean over three steps counts: (C − 2)/3 · x, lowest just behind the left wall.
    """

    box: ClassVar[Box] = Box(-1.2, 1.2, -1, 1)
    origin: ClassVar[Point] = (0.0, 0.5)
    scale: ClassVar[Scale] = "linear"
    is_moving: ClassVar[bool] = True
    is_judged_whole: ClassVar[bool] = True

    large: float = param(
        3.0, low=2.1, high=10.0, live=True, label=N_("Large slope C"), help=N_("Every third step; the others have −1.")
    )

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        t = p.step()
        is_large = greater(cos((t - 1) * (2 * pi / 3)), 0.5)
        slope = select(greater(t, 0.5), select(is_large, p.large, p.number(-1)), (p.large - 2) / 3)
        return slope * x + 10 * (relu(x - 1) ** 2 + relu(-1 - x) ** 2) + y**2 / 2

    def bottoms(self) -> Iterable[Point]:
        return [(-1 - (self.large - 2) / 60, 0)]


@final
@SURFACES.register(
    "moving_minimum",
    label=N_("Moving minimum"),
    summary=N_(
        "The goal moves on while one approaches it: what remembers long lags behind, what forgets fast follows."
    ),
    source="Dupont 2018, “Interactive visualization of optimization algorithms”, time-dependent surface",
)
@dataclass(frozen=True)
class MovingMinimum(Surface):
    """((x − 2cos φ)² + κ·(y − 2sin φ)²)/2 with φ = 2π·t / period; without a step, at t = 0."""

    box: ClassVar[Box] = Box.square(4)
    origin: ClassVar[Point] = (-3.0, -3.0)
    scale: ClassVar[Scale] = "linear"
    is_moving: ClassVar[bool] = True

    condition: float = param(
        5.0,
        low=1.0,
        high=100.0,
        scale="log",
        live=True,
        label=N_("Condition number κ"),
        help=N_("Greatest curvature over smallest."),
    )
    period: float = param(
        400.0,
        low=10.0,
        high=1e4,
        scale="log",
        unit=N_("steps"),
        live=True,
        label=N_("Period T"),
        help=N_("Steps for one round."),
    )

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        turn = p.step() * (2 * pi) / p.period
        return ((x - 2 * cos(turn)) ** 2 + p.condition * (y - 2 * sin(turn)) ** 2) / 2

    def minima_at(self, t: int | None) -> tuple[Minimum, ...]:
        turn = 2 * pi * (t or 0) / self.period
        return (Minimum(2 * cosine(turn), 2 * sine(turn), 0.0, True),)

    def bottoms(self) -> Iterable[Point]:
        return [(2, 0)]
