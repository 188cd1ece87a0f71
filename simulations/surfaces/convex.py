"""Bowls: one minimum, and nothing in the way but the difference between steep and flat directions."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, final

from simulations.core.params import param
from simulations.core.text import N_
from simulations.surfaces.base import SURFACES, Box, Point, Scale, Surface, Symbols
from simulations.surfaces.expression import Expression, cos, sin


@final
@SURFACES.register(
    "sphere",
    label=N_("Sphere"),
    summary=N_("The baseline: every direction is alike, and gradient descent walks straight to the bottom."),
    source="De Jong 1975, F1",
)
@dataclass(frozen=True)
class Sphere(Surface):
    """x² + y²."""

    box: ClassVar[Box] = Box.square(5)
    origin: ClassVar[Point] = (-4.0, 3.0)
    fineness: ClassVar[int] = 0  # a bowl has one bottom and nothing else to be found
    scale: ClassVar[Scale] = "linear"

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return x**2 + y**2

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "ravine",
    label=N_("Ravine"),
    summary=N_("A rate small enough for the steep walls hardly moves along the flat floor: the path zig-zags."),
    source="Zhang et al., Dive into Deep Learning, section 12.6",
)
@dataclass(frozen=True)
class Ravine(Surface):
    """flat·x² + steep·y²: curvatures 2·flat and 2·steep."""

    box: ClassVar[Box] = Box(-6, 3, -4, 4)
    origin: ClassVar[Point] = (-5.0, -2.0)
    fineness: ClassVar[int] = 0  # a bowl has one bottom and nothing else to be found
    scale: ClassVar[Scale] = "linear"

    flat: float = param(
        0.1,
        low=0.01,
        high=10.0,
        scale="log",
        live=True,
        label=N_("Flat a"),
        help=N_("Factor of x²: half its curvature."),
    )
    steep: float = param(
        2.0,
        low=0.01,
        high=10.0,
        scale="log",
        live=True,
        label=N_("Steep b"),
        help=N_("Factor of y²: half its curvature."),
    )

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return p.flat * x**2 + p.steep * y**2

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "rotated_quadratic",
    label=N_("Turned ravine"),
    summary=N_("Methods with a rate for each axis lose their advantage as soon as the ravine does not follow an axis."),
    source="Nocedal & Wright 2006, section 3.3",
)
@dataclass(frozen=True)
class RotatedQuadratic(Surface):
    """(u² + κ·v²)/2 with (u, v) = (x, y) turned by −angle: curvature 1 along the angle, κ across it."""

    box: ClassVar[Box] = Box.square(5)
    origin: ClassVar[Point] = (-4.0, 2.0)
    fineness: ClassVar[int] = 0  # a bowl has one bottom and nothing else to be found

    condition: float = param(
        50.0,
        low=1.0,
        high=1e4,
        scale="log",
        live=True,
        label=N_("Condition number κ"),
        help=N_("Greatest curvature over smallest."),
    )
    angle: float = param(
        30.0,
        low=0.0,
        high=180.0,
        live=True,
        unit="°",
        label=N_("Angle α"),
        help=N_("Direction of the flat floor, from the x axis on, counter-clockwise."),
    )

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        turn = p.angle * (math.pi / 180)
        u, v = cos(turn) * x + sin(turn) * y, cos(turn) * y - sin(turn) * x
        return (u**2 + p.condition * v**2) / 2

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "booth",
    label=N_("Booth"),
    summary=N_("A parabola in two variables: conjugate gradients are done in two steps, Newton in one."),
    source="Jamil & Yang 2013, no. 17",
)
@dataclass(frozen=True)
class Booth(Surface):
    """(x + 2y − 7)² + (2x + y − 5)²."""

    box: ClassVar[Box] = Box.square(10)
    origin: ClassVar[Point] = (-8.0, -6.0)
    fineness: ClassVar[int] = 0  # a bowl has one bottom and nothing else to be found

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2

    def bottoms(self) -> Iterable[Point]:
        return [(1, 3)]


@final
@SURFACES.register(
    "matyas",
    label=N_("Matyas"),
    summary=N_("Nearly flat along the diagonal: the curvature is small, so a learning rate far above 1 is right."),
    source="Jamil & Yang 2013, no. 71",
)
@dataclass(frozen=True)
class Matyas(Surface):
    """0.26(x² + y²) − 0.48xy."""

    box: ClassVar[Box] = Box.square(10)
    origin: ClassVar[Point] = (-9.0, 3.0)
    fineness: ClassVar[int] = 0  # a bowl has one bottom and nothing else to be found

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return 0.26 * (x**2 + y**2) - 0.48 * x * y

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "trid",
    label=N_("Trid"),
    summary=N_("Its lowest value is negative: a plain logarithm of the loss has nothing to say here."),
    source="Surjanovic & Bingham 2013, Trid function",
)
@dataclass(frozen=True)
class Trid(Surface):
    """(x − 1)² + (y − 1)² − xy."""

    box: ClassVar[Box] = Box.square(4)
    origin: ClassVar[Point] = (-3.0, 3.0)
    fineness: ClassVar[int] = 0  # a bowl has one bottom and nothing else to be found

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return (x - 1) ** 2 + (y - 1) ** 2 - x * y

    def bottoms(self) -> Iterable[Point]:
        return [(2, 2)]


@final
@SURFACES.register(
    "zakharov",
    label=N_("Zakharov"),
    summary=N_("Steep far out and mild near the bottom: the rate that survives the start is far too small at the end."),
    source="Jamil & Yang 2013, no. 173",
)
@dataclass(frozen=True)
class Zakharov(Surface):
    """x² + y² + s² + s⁴ with s = x/2 + y."""

    box: ClassVar[Box] = Box(-5, 10, -5, 10)
    origin: ClassVar[Point] = (-4.0, 8.0)
    fineness: ClassVar[int] = 0  # a bowl has one bottom and nothing else to be found

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        s = 0.5 * x + y
        return x**2 + y**2 + s**2 + s**4

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]
