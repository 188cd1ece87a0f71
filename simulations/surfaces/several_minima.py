"""A few minima each: where one ends depends on the start, the rate and the method."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import pi
from typing import ClassVar, final

from simulations.core.params import param
from simulations.core.text import N_
from simulations.surfaces.base import SURFACES, Box, Point, Scale, Surface, Symbols
from simulations.surfaces.expression import Expression, cos, exp, sin


@final
@SURFACES.register(
    "himmelblau",
    label=N_("Himmelblau"),
    summary=N_("Four minima of equal depth: the learning rate alone can decide which of them is reached."),
    source="Himmelblau 1972",
)
@dataclass(frozen=True)
class Himmelblau(Surface):
    """(x² + y − 11)² + (x + y² − 7)²."""

    box: ClassVar[Box] = Box.square(6)
    origin: ClassVar[Point] = (0.0, 0.0)
    softening: ClassVar[float] = 1.0

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2

    def bottoms(self) -> Iterable[Point]:
        return [(3, 2), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)]


@final
@SURFACES.register(
    "three_hump_camel",
    label=N_("Three-hump camel"),
    summary=N_("Two shallow pockets beside the minimum: momentum crosses them, plain descent does not."),
    source="Jamil & Yang 2013, no. 30",
)
@dataclass(frozen=True)
class ThreeHumpCamel(Surface):
    """2x² − 1.05x⁴ + x⁶/6 + xy + y²."""

    box: ClassVar[Box] = Box.square(5)
    window: ClassVar[Box | None] = Box.square(2.5)
    origin: ClassVar[Point] = (-2.0, 1.5)

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "six_hump_camel",
    label=N_("Six-hump camel"),
    summary=N_("Six minima on three levels: ending in a minimum says little about how good it is."),
    source="Dixon & Szegő 1978",
)
@dataclass(frozen=True)
class SixHumpCamel(Surface):
    """(4 − 2.1x² + x⁴/3)x² + xy + (−4 + 4y²)y²."""

    box: ClassVar[Box] = Box(-3, 3, -2, 2)
    window: ClassVar[Box | None] = Box(-2.1, 2.1, -1.3, 1.3)
    origin: ClassVar[Point] = (-1.9, 1.1)
    softening: ClassVar[float] = 0.1

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (-4 + 4 * y**2) * y**2

    def bottoms(self) -> Iterable[Point]:
        return [(0.089842, -0.712656), (-0.089842, 0.712656)]


@final
@SURFACES.register(
    "mccormick",
    label=N_("McCormick"),
    summary=N_("Outside its box it falls without end: who overshoots never comes back."),
    source="Adorio & Diliman 2005; Jamil & Yang 2013, no. 73",
)
@dataclass(frozen=True)
class McCormick(Surface):
    """sin(x + y) + (x − y)² − 1.5x + 2.5y + 1."""

    box: ClassVar[Box] = Box(-1.5, 4, -3, 4)
    origin: ClassVar[Point] = (3.5, 3.0)
    scale: ClassVar[Scale] = "asinh"
    softening: ClassVar[float] = 1.0

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1

    def bottoms(self) -> Iterable[Point]:
        third = pi / 3  # at the minimum cos(x + y) = −1/2 and x − y = 1
        return [(0.5 - third, -0.5 - third)]


@final
@SURFACES.register(
    "goldstein_price",
    label=N_("Goldstein–Price"),
    summary=N_("Values from 3 to a million: without a logarithm the picture is flat and every rate explodes."),
    source="Goldstein & Price 1971",
)
@dataclass(frozen=True)
class GoldsteinPrice(Surface):
    """The product of two quartic factors of x + y + 1 and 2x − 3y."""

    box: ClassVar[Box] = Box.square(2)
    origin: ClassVar[Point] = (-1.5, 1.0)
    softening: ClassVar[float] = 1.0

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        first = 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
        second = 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
        return (1 + (x + y + 1) ** 2 * first) * (30 + (2 * x - 3 * y) ** 2 * second)

    def bottoms(self) -> Iterable[Point]:
        return [(0, -1), (-0.6, -0.4), (1.8, 0.2), (1.2, 0.8)]


@final
@SURFACES.register(
    "branin",
    label=N_("Branin"),
    summary=N_("Three equal minima, one of them twice as sharp: a large rate cannot stay in the sharp one."),
    source="Branin 1972; Dixon & Szegő 1978",
)
@dataclass(frozen=True)
class Branin(Surface):
    """(y − 5.1x²/4π² + 5x/π − 6)² + 10(1 − 1/8π)·cos x + 10."""

    box: ClassVar[Box] = Box(-5, 10, 0, 15)
    origin: ClassVar[Point] = (2.0, 13.0)
    softening: ClassVar[float] = 0.5

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        bent = y - 5.1 / (4 * pi**2) * x**2 + 5 / pi * x - 6
        return bent**2 + 10 * (1 - 1 / (8 * pi)) * cos(x) + 10

    def bottoms(self) -> Iterable[Point]:
        return [(-pi, 12.275), (pi, 2.275), (3 * pi, 2.475)]


@final
@SURFACES.register(
    "styblinski_tang",
    label=N_("Styblinski–Tang"),
    summary=N_("Each axis has a good and a bad side of its own: four pockets, and the start alone decides."),
    source="Styblinski & Tang 1990",
)
@dataclass(frozen=True)
class StyblinskiTang(Surface):
    """½·Σ (t⁴ − 16t² + 5t) over t = x, y."""

    box: ClassVar[Box] = Box.square(5)
    origin: ClassVar[Point] = (0.5, -0.5)
    softening: ClassVar[float] = 1.0

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return 0.5 * (x**4 - 16 * x**2 + 5 * x + (y**4 - 16 * y**2 + 5 * y))

    def bottoms(self) -> Iterable[Point]:
        return [(-2.903534, -2.903534)]


@final
@SURFACES.register(
    "two_wells",
    label=N_("Two wells"),
    summary=N_("A shallow well beside a deep one: momentum and noise jump from one to the other, small steps do not."),
    source="Dupont 2018, “Interactive visualization of optimization algorithms”",
)
@dataclass(frozen=True)
class TwoWells(Surface):
    """x² + y² − shallow·exp(−((x−1)² + y²)/w) − deep·exp(−((x+1)² + y²)/w)."""

    box: ClassVar[Box] = Box.square(2)
    origin: ClassVar[Point] = (1.6, 1.2)
    scale: ClassVar[Scale] = "linear"

    shallow: float = param(
        2.0, low=0.0, high=5.0, live=True, label=N_("Right well a"), help=N_("Depth of the well at x = 1.")
    )
    deep: float = param(
        3.0, low=0.0, high=5.0, live=True, label=N_("Left well b"), help=N_("Depth of the well at x = −1.")
    )
    width: float = param(
        0.2, low=0.05, high=2.0, scale="log", live=True, label=N_("Width w"), help=N_("Squared width of both wells.")
    )

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        right = p.shallow * exp(-((x - 1) ** 2 + y**2) / p.width)
        left = p.deep * exp(-((x + 1) ** 2 + y**2) / p.width)
        return x**2 + y**2 - right - left
