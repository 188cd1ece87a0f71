"""Dozens to hundreds of minima: what helps is noise, momentum, restarts, or luck."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import e, pi
from math import sqrt as root
from typing import ClassVar, final

from simulations.core.params import param
from simulations.core.text import N_
from simulations.surfaces.base import SURFACES, Box, Point, Scale, Surface, Symbols
from simulations.surfaces.expression import Expression, absolute, cos, exp, sin, sqrt


@final
@SURFACES.register(
    "bohachevsky",
    label=N_("Bohachevsky"),
    summary=N_("A bowl with ripples: one of two dozen side pockets catches whoever comes down slowly."),
    source="Bohachevsky, Johnson & Stein 1986, first function",
)
@dataclass(frozen=True)
class Bohachevsky(Surface):
    """x² + 2y² − 0.3cos 3πx − 0.4cos 4πy + 0.7."""

    box: ClassVar[Box] = Box.square(2)
    origin: ClassVar[Point] = (-1.7, 1.4)

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        ripples = 0.3 * cos(3 * pi * x) + 0.4 * cos(4 * pi * y)
        return x**2 + 2 * y**2 - ripples + 0.7

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "rastrigin",
    label=N_("Rastrigin"),
    summary=N_("A lattice of pockets on a bowl: descent stops in the nearest of 121, and only one is the best."),
    source="Rastrigin 1974; Mühlenbein, Schomisch & Born 1991",
)
@dataclass(frozen=True)
class Rastrigin(Surface):
    """2A + Σ (t² − A·cos 2πt) over t = x, y."""

    box: ClassVar[Box] = Box.square(5.12)
    origin: ClassVar[Point] = (-3.3, 2.7)
    scale: ClassVar[Scale] = "linear"
    fineness: ClassVar[int] = 257

    amplitude: float = param(
        10.0,
        low=0.0,
        high=20.0,
        live=True,
        label=N_("Amplitude A"),
        help=N_("Height of the ripples; 0 leaves the bowl."),
    )

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return 2 * p.amplitude + x**2 + y**2 - p.amplitude * (cos(2 * pi * x) + cos(2 * pi * y))

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "ackley",
    label=N_("Ackley"),
    summary=N_("The minimum is the tip of a cone, without a slope of its own: a constant rate never settles there."),
    source="Ackley 1987",
)
@dataclass(frozen=True)
class Ackley(Surface):
    """−depth·exp(−0.2·√((x²+y²)/2)) − exp((cos 2πx + cos 2πy)/2) + e + depth."""

    box: ClassVar[Box] = Box.square(5)
    origin: ClassVar[Point] = (-3.2, 2.7)
    scale: ClassVar[Scale] = "linear"
    fineness: ClassVar[int] = 257

    depth: float = param(
        20.0, low=1.0, high=40.0, live=True, label=N_("Depth a"), help=N_("Depth of the funnel under the ripples.")
    )

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        funnel = p.depth * exp(-0.2 * sqrt((x**2 + y**2) / 2))
        return p.depth + e - funnel - exp((cos(2 * pi * x) + cos(2 * pi * y)) / 2)

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "griewank",
    label=N_("Griewank"),
    summary=N_("Its minima are nearly equal, and from afar it looks like a smooth bowl: scale decides what one sees."),
    source="Griewank 1981",
)
@dataclass(frozen=True)
class Griewank(Surface):
    """1 + (x² + y²)/4000 − cos x · cos(y/√2)."""

    box: ClassVar[Box] = Box.square(10)
    origin: ClassVar[Point] = (-8.5, 6.0)
    scale: ClassVar[Scale] = "linear"

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return 1 + (x**2 + y**2) / 4000 - cos(x) * cos(y / root(2))

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "levy",
    label=N_("Lévy 13"),
    summary=N_("Walls of ripples across a bowl: steps shorter than a ripple are caught, longer ones fly over all."),
    source="Lévy & Montalvo 1985; Surjanovic & Bingham 2013, Lévy function N. 13",
)
@dataclass(frozen=True)
class Levy(Surface):
    """sin² 3πx + (x − 1)²(1 + sin² 3πy) + (y − 1)²(1 + sin² 2πy)."""

    box: ClassVar[Box] = Box.square(10)
    origin: ClassVar[Point] = (-7.0, 5.0)
    softening: ClassVar[float] = 1.0
    fineness: ClassVar[int] = 513

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        along_x = (x - 1) ** 2 * (1 + sin(3 * pi * y) ** 2)
        return sin(3 * pi * x) ** 2 + along_x + (y - 1) ** 2 * (1 + sin(2 * pi * y) ** 2)

    def bottoms(self) -> Iterable[Point]:
        return [(1, 1)]


@final
@SURFACES.register(
    "drop_wave",
    label=N_("Drop wave"),
    summary=N_("Rings around a drop: each is a floor without end that holds whoever rolls into it."),
    source="Surjanovic & Bingham 2013, Drop-wave function",
)
@dataclass(frozen=True)
class DropWave(Surface):
    """−(1 + cos(frequency·r)) / (r²/2 + 2). The rings around the minimum are minima too, of equal depth all along."""

    box: ClassVar[Box] = Box.square(5.12)
    origin: ClassVar[Point] = (-2.6, 1.7)
    scale: ClassVar[Scale] = "linear"
    fineness: ClassVar[int] = 0  # a ring is no point

    frequency: float = param(
        12.0, low=0.5, high=24.0, live=True, label=N_("Frequency k"), help=N_("How close the rings are to each other.")
    )

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        square = x**2 + y**2
        return -(1 + cos(p.frequency * sqrt(square))) / (0.5 * square + 2)

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "schaffer",
    label=N_("Schaffer 2"),
    summary=N_("Almost flat at the bottom and sharp around it: near the goal the slope gives no direction any more."),
    source="Schaffer 1984; Jamil & Yang 2013, no. 113",
)
@dataclass(frozen=True)
class Schaffer(Surface):
    """0.5 + (sin²(x² − y²) − 0.5) / (1 + 0.001(x² + y²))²."""

    box: ClassVar[Box] = Box.square(10)
    window: ClassVar[Box | None] = Box.square(5)
    origin: ClassVar[Point] = (-3.2, 2.4)
    scale: ClassVar[Scale] = "linear"
    fineness: ClassVar[int] = 0  # its other minima lie far out and by the thousand

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return 0.5 + (sin(x**2 - y**2) ** 2 - 0.5) / (1 + 0.001 * (x**2 + y**2)) ** 2

    def bottoms(self) -> Iterable[Point]:
        return [(0, 0)]


@final
@SURFACES.register(
    "schwefel",
    label=N_("Schwefel"),
    summary=N_("The best minimum is far from the second best, and axes count in hundreds: nothing leads the way."),
    source="Schwefel 1981",
)
@dataclass(frozen=True)
class Schwefel(Surface):
    """837.9657745 − Σ t·sin √|t| over t = x, y; the constant makes the minimum zero."""

    box: ClassVar[Box] = Box.square(500)
    origin: ClassVar[Point] = (-250.0, 150.0)
    scale: ClassVar[Scale] = "linear"
    fineness: ClassVar[int] = 257

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        return 837.9657745448676 - x * sin(sqrt(absolute(x))) - y * sin(sqrt(absolute(y)))

    def bottoms(self) -> Iterable[Point]:
        return [(420.968746, 420.968746)]


@final
@SURFACES.register(
    "eggholder",
    label=N_("Eggholder"),
    summary=N_("Its minimum lies on the edge of the box: a method that knows no edge walks on and out."),
    source="Whitley et al. 1996; Jamil & Yang 2013, no. 54",
)
@dataclass(frozen=True)
class Eggholder(Surface):
    """−(y + 47)·sin √|x/2 + y + 47| − x·sin √|x − y − 47|. At its minimum on the edge x = 512 only ∂f/∂y is 0."""

    box: ClassVar[Box] = Box.square(512)
    origin: ClassVar[Point] = (-200.0, 100.0)
    scale: ClassVar[Scale] = "linear"
    fineness: ClassVar[int] = 257

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        first = (y + 47) * sin(sqrt(absolute(x / 2 + y + 47)))
        return -first - x * sin(sqrt(absolute(x - y - 47)))

    def edges(self) -> Iterable[Point]:
        return [(512, 404.231805123817)]


@final
@SURFACES.register(
    "michalewicz",
    label=N_("Michalewicz"),
    summary=N_("Plateaus without slope, parted by narrow channels: the larger m, the less there is to follow."),
    source="Michalewicz 1992",
)
@dataclass(frozen=True)
class Michalewicz(Surface):
    """−sin x · sin²ᵐ(x²/π) − sin y · sin²ᵐ(2y²/π)."""

    box: ClassVar[Box] = Box(0, pi, 0, pi)
    origin: ClassVar[Point] = (1.7, 1.2)
    scale: ClassVar[Scale] = "linear"
    fineness: ClassVar[int] = 257

    m: int = param(10, low=1, high=20, live=True, label=N_("Steepness m"), help=N_("How narrow the channels are."))

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        along_x = sin(x) * sin(x**2 / pi) ** (2 * self.m)
        return -along_x - sin(y) * sin(2 * y**2 / pi) ** (2 * self.m)

    def bottoms(self) -> Iterable[Point]:
        return [(2.202906, pi / 2)]
