"""Valleys: one or two minima at the end of a narrow, bent or badly scaled floor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import ClassVar, final

from simulations.core.params import param
from simulations.core.text import N_
from simulations.surfaces.base import SURFACES, Box, Point, Surface, Symbols
from simulations.surfaces.expression import Expression, exp


@final
@SURFACES.register(
    "rosenbrock",
    label=N_("Rosenbrock"),
    summary=N_("A bent valley: reaching its floor is easy, following it to the end leaves hardly any usable rate."),
    source="Rosenbrock 1960",
)
@dataclass(frozen=True)
class Rosenbrock(Surface):
    """(a − x)² + b·(y − x²)²."""

    box: ClassVar[Box] = Box(-2, 2, -1, 3)
    origin: ClassVar[Point] = (-1.5, 2.0)
    softening: ClassVar[float] = 1e-1

    a: float = param(
        1.0, low=-1.4, high=1.4, live=True, label=N_("Position a"), help=N_("The minimum lies at (a, a²).")
    )
    b: float = param(
        100.0,
        low=0.1,
        high=1000.0,
        scale="log",
        live=True,
        label=N_("Steepness b"),
        help=N_("How steep the valley's walls are."),
    )

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return (p.a - x) ** 2 + p.b * (y - x**2) ** 2

    def bottoms(self) -> Iterable[Point]:
        return [(self.a, self.a**2)]


@final
@SURFACES.register(
    "dixon_price",
    label=N_("Dixon–Price"),
    summary=N_("A parabolic valley with two ends of equal depth: a hair's breadth at the start decides between them."),
    source="Dixon & Price 1989; Surjanovic & Bingham 2013",
)
@dataclass(frozen=True)
class DixonPrice(Surface):
    """(x − 1)² + 2(2y² − x)²."""

    box: ClassVar[Box] = Box.square(10)
    window: ClassVar[Box | None] = Box(-6, 6, -4, 4)
    origin: ClassVar[Point] = (-5.0, 3.0)
    softening: ClassVar[float] = 1e-1

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return (x - 1) ** 2 + 2 * (2 * y**2 - x) ** 2

    def bottoms(self) -> Iterable[Point]:
        return [(1, 1 / sqrt(2)), (1, -1 / sqrt(2))]


@final
@SURFACES.register(
    "beale",
    label=N_("Beale"),
    summary=N_("Sheer corners and a flat cross between them: no single rate suits both."),
    source="Beale 1958; Moré, Garbow & Hillstrom 1981, no. 5",
)
@dataclass(frozen=True)
class Beale(Surface):
    """(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²."""

    box: ClassVar[Box] = Box.square(4.5)
    origin: ClassVar[Point] = (1.0, 1.5)
    softening: ClassVar[float] = 1e-1

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2

    def bottoms(self) -> Iterable[Point]:
        return [(3, 0.5)]


@final
@SURFACES.register(
    "freudenstein_roth",
    label=N_("Freudenstein–Roth"),
    summary=N_("Least squares with a second minimum in which most methods end, Gauss–Newton among them."),
    source="Freudenstein & Roth 1963; Moré, Garbow & Hillstrom 1981, no. 2",
)
@dataclass(frozen=True)
class FreudensteinRoth(Surface):
    """(−13 + x + ((5 − y)y − 2)y)² + (−29 + x + ((y + 1)y − 14)y)²."""

    box: ClassVar[Box] = Box(-20, 20, -6, 8)
    origin: ClassVar[Point] = (0.5, -2.0)
    softening: ClassVar[float] = 1.0

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return (-13 + x + ((5 - y) * y - 2) * y) ** 2 + (-29 + x + ((y + 1) * y - 14) * y) ** 2

    def bottoms(self) -> Iterable[Point]:
        return [(5, 4), (11.4127789869, -0.8968052532)]


@final
@SURFACES.register(
    "powell_badly_scaled",
    label=N_("Powell, badly scaled"),
    summary=N_("Curvatures differ by 17 powers of ten: only methods that learn the curvature arrive at all."),
    source="Powell 1970; Moré, Garbow & Hillstrom 1981, no. 3",
)
@dataclass(frozen=True)
class PowellBadlyScaled(Surface):
    """(10⁴xy − 1)² + (e⁻ˣ + e⁻ʸ − 1.0001)²."""

    box: ClassVar[Box] = Box(0, 12, 0, 12)
    origin: ClassVar[Point] = (0.0, 1.0)
    fineness: ClassVar[int] = 0  # the floor is 1e-5 wide: a lattice sees nothing of it

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return (1e4 * x * y - 1) ** 2 + (exp(-x) + exp(-y) - 1.0001) ** 2

    def bottoms(self) -> Iterable[Point]:
        return [(1.098159329699759e-5, 9.10614673986700), (9.10614673986700, 1.098159329699759e-5)]
