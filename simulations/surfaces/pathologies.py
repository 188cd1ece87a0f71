"""One difficulty each, taken to its extreme: no slope, a kink, a saddle, a degenerate or endless floor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import pi, sqrt
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.surfaces.base import SURFACES, Box, Point, Scale, Surface, Symbols
from simulations.surfaces.expression import Expression, absolute, cos, exp, sin
from simulations.surfaces.expression import sqrt as root


@final
@SURFACES.register(
    "easom",
    label=N_("Easom"),
    summary=N_("Four fifths of the box have no slope to speak of: only steps that ignore its size get anywhere."),
    source="Easom 1990",
)
@dataclass(frozen=True)
class Easom(Surface):
    """−cos x · cos y · exp(−(x − π)² − (y − π)²)."""

    box: ClassVar[Box] = Box(-5, 10, -5, 10)
    origin: ClassVar[Point] = (0.5, 1.0)
    scale: ClassVar[Scale] = "linear"
    fineness: ClassVar[int] = 0  # far out it has pockets that are 1e-50 deep

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return -cos(x) * cos(y) * exp(-((x - pi) ** 2) - (y - pi) ** 2)

    def bottoms(self) -> Iterable[Point]:
        return [(pi, pi)]


@final
@SURFACES.register(
    "cross_in_tray",
    label=N_("Cross-in-tray"),
    summary=N_("Holds a factor of e¹⁰⁰: in single precision it is infinite before the root brings it back."),
    source="Mishra 2006; Jamil & Yang 2013, no. 39",
)
@dataclass(frozen=True)
class CrossInTray(Surface):
    """−10⁻⁴·(|sin x · sin y · exp|100 − r/π|| + 1)^0.1, r = √(x² + y²)."""

    box: ClassVar[Box] = Box.square(10)
    origin: ClassVar[Point] = (-6.0, 3.5)
    scale: ClassVar[Scale] = "linear"

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        depth = exp(absolute(100 - root(x**2 + y**2) / pi))
        return -1e-4 * (absolute(sin(x) * sin(y) * depth) + 1) ** 0.1

    def bottoms(self) -> Iterable[Point]:
        return [(x, y) for x in (-1.349407, 1.349407) for y in (-1.349407, 1.349407)]


@final
@SURFACES.register(
    "holder_table",
    label=N_("Hölder table"),
    summary=N_("Deepest in its four corners, and deeper still outside: nothing holds a path inside the box."),
    source="Mishra 2006; Jamil & Yang 2013, no. 146",
)
@dataclass(frozen=True)
class HolderTable(Surface):
    """−|sin x · cos y · exp|1 − r/π||, r = √(x² + y²)."""

    box: ClassVar[Box] = Box.square(10)
    origin: ClassVar[Point] = (-2.5, 3.5)
    scale: ClassVar[Scale] = "linear"

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return -absolute(sin(x) * cos(y) * exp(absolute(1 - root(x**2 + y**2) / pi)))

    def bottoms(self) -> Iterable[Point]:
        return [(x, y) for x in (-8.055023, 8.055023) for y in (-9.664590, 9.664590)]


@final
@SURFACES.register(
    "bukin",
    label=N_("Bukin 6"),
    summary=N_("A ridge of infinite slope along a parabola: every step crosses it, none follows it."),
    source="Bukin 1997; Jamil & Yang 2013, no. 28",
)
@dataclass(frozen=True)
class Bukin(Surface):
    """100·√|y − 0.01x²| + 0.01·|x + 10|."""

    box: ClassVar[Box] = Box(-15, -5, -3, 3)
    origin: ClassVar[Point] = (-14.0, -2.0)
    scale: ClassVar[Scale] = "linear"
    fineness: ClassVar[int] = 0  # kinks all along its floor

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return 100 * root(absolute(y - 0.01 * x**2)) + 0.01 * absolute(x + 10)

    def bottoms(self) -> Iterable[Point]:
        return [(-10, 1)]


@final
@SURFACES.register(
    "flower",
    label=N_("Flower"),
    summary=N_("No curvature in one direction at the minimum: every method slows down the nearer it comes."),
    source="fmin, “flower” example; Hessian with eigenvalues 0 and 4",
)
@dataclass(frozen=True)
class Flower(Surface):
    """x·sin y + y·sin x + x² + y²."""

    box: ClassVar[Box] = Box.square(6)
    origin: ClassVar[Point] = (-5.0, 3.0)
    fineness: ClassVar[int] = 0  # around a degenerate minimum Newton's method stops short

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return x * sin(y) + y * sin(x) + x**2 + y**2

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "saddle",
    label=N_("Saddle"),
    summary=N_("On the line y = 0 descent ends at the saddle for ever; noise escapes, and Newton is drawn to it."),
    source="Strogatz 2015, double-well potential; Dauphin et al. 2014 on saddles",
)
@dataclass(frozen=True)
class BoundedSaddle(Surface):
    """x² − y² + y⁴/4: the saddle x² − y² with an end to its fall."""

    box: ClassVar[Box] = Box.square(2.5)
    origin: ClassVar[Point] = (-2.0, 0.001)
    scale: ClassVar[Scale] = "linear"

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return x**2 - y**2 + y**4 / 4

    def bottoms(self) -> Iterable[Point]:
        return [(0, sqrt(2)), (0, -sqrt(2))]

    def passes(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "monkey_saddle",
    label=N_("Monkey saddle"),
    summary=N_("Three valleys meet where even the curvature is zero: Newton has nothing to divide by."),
    source="Hilbert & Cohn-Vossen 1932, section 29, with a fourth-order rim",
)
@dataclass(frozen=True)
class MonkeySaddle(Surface):
    """x³ − 3xy² + (x² + y²)²/4."""

    box: ClassVar[Box] = Box.square(3.5)
    origin: ClassVar[Point] = (2.0, 0.01)
    softening: ClassVar[float] = 1.0

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return x**3 - 3 * x * y**2 + (x**2 + y**2) ** 2 / 4

    def bottoms(self) -> Iterable[Point]:
        return [(-3, 0), (1.5, 1.5 * sqrt(3)), (1.5, -1.5 * sqrt(3))]

    def passes(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "product_valley",
    label=N_("Product valley"),
    summary=N_("A network of two weights: a rate η can stay only where the floor is flatter than 2/η."),
    source="Cohen et al. 2021, edge of stability; Lewkowycz et al. 2020, catapult",
)
@dataclass(frozen=True)
class ProductValley(Surface):
    """(1 − xy)². Every point of the hyperbola xy = 1 is a minimum, of sharpness 2(x² + y²); listed are the flattest."""

    box: ClassVar[Box] = Box.square(3)
    origin: ClassVar[Point] = (0.3, 2.8)
    fineness: ClassVar[int] = 0  # its minima are two curves

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return (1 - x * y) ** 2

    def bottoms(self) -> Iterable[Point]:
        return [(1, 1), (-1, -1)]

    def passes(self) -> Iterable[Point]:
        return [(0, 0)]

    def floors(self) -> tuple[FloatArray, ...]:
        s = np.geomspace(1 / 16, 16, 801)
        branch = np.stack([s, 1 / s], axis=-1)
        return branch, -branch


@final
@SURFACES.register(
    "plateau_hole",
    label=N_("Hole in a plateau"),
    summary=N_("The farther from the goal, the smaller the slope: steps of fixed length win over steps of η·g."),
    source="Goodfellow, Bengio & Courville 2016, section 8.2.4",
)
@dataclass(frozen=True)
class PlateauHole(Surface):
    """1 − exp(−(x² + y²) / (2·width²))."""

    box: ClassVar[Box] = Box.square(5)
    origin: ClassVar[Point] = (-3.2, 2.4)
    scale: ClassVar[Scale] = "linear"

    width: float = param(
        1.0,
        low=0.2,
        high=5.0,
        scale="log",
        live=True,
        label=N_("Width w"),
        help=N_("Distance within which it is felt."),
    )

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return 1 - exp(-(x**2 + y**2) / (2 * p.width**2))

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "absolute",
    label=N_("Two kinks"),
    summary=N_("The slope never shrinks: a constant rate rattles around the minimum until it is lowered."),
    source="Boyd, Xiao & Mutapcic 2003, “Subgradient methods”",
)
@dataclass(frozen=True)
class Absolute(Surface):
    """|x| + weight·|y|. On a kink its slope counts as 0."""

    box: ClassVar[Box] = Box.square(3)
    origin: ClassVar[Point] = (-2.5, 1.5)
    scale: ClassVar[Scale] = "linear"
    fineness: ClassVar[int] = 0  # kinks everywhere it matters

    weight: float = param(
        10.0,
        low=0.1,
        high=100.0,
        scale="log",
        live=True,
        label=N_("Weight of |y|: w"),
        help=N_("Slope across the kink."),
    )

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return absolute(x) + p.weight * absolute(y)

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]
