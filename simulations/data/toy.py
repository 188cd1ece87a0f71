"""Classes of points in the plane, each a classic trap: what a straight line cannot part, a network bends around.

All lie within about one unit of the origin. Classes are equally large (the first ones get what is left over) unless a
source says otherwise, and noise is Gaussian, added to positions after the class was decided.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, IntArray, Shape
from simulations.core.params import param
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.data.base import DATA_SOURCES, Dataset, DataSource
from simulations.data.declarations import noise, samples


def _noise(default: float) -> Any:
    return noise(default, N_("Standard deviation of the Gaussian noise added to every position."))


def _classes(default: int, label: str, high: int = 6) -> Any:
    return param(default, low=2, high=high, label=label, help=N_("Each is one class."))


@dataclass(frozen=True)
class Points(DataSource):
    """Points ``(n, 2)`` in data units; a concrete source says how many classes there are and where each lies."""

    samples: int = samples()
    noise: float = _noise(0.08)

    @property
    def input_shape(self) -> Shape:
        return (2,)

    def shares(self) -> tuple[float, ...]:
        """How large the classes are, relative to each other."""
        return (1.0, 1.0)

    @property
    def targets(self) -> Targets:
        return Targets.classes(letters(len(self.shares())))

    @abstractmethod
    def place(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        """Positions ``(n, 2)``, before noise, for samples of the classes ``targets`` ``(n,)``."""

    def generate(self, rng: np.random.Generator) -> Dataset:
        counts = apportioned(self.samples, self.shares())
        targets = rng.permutation(np.repeat(np.arange(len(counts), dtype=np.intp), counts))
        exact = self.place(targets, rng)
        return Dataset(exact + self.noise * rng.standard_normal(exact.shape), targets, self.targets.names)


def letters(count: int) -> tuple[str, ...]:
    """Class names A, B, C …"""
    return tuple("ABCDEFGH"[:count])


def apportioned(total: int, shares: tuple[float, ...]) -> IntArray:
    """``total`` ≥ ``len(shares)`` split by ``shares``, which fall: whole numbers ≥ 1, the largest remainders rounded up."""
    exact = total * np.array(shares) / sum(shares)
    counts = np.maximum(np.floor(exact), 1).astype(np.intp)
    left = total - int(counts.sum())
    if left < 0:
        counts[0] += left  # small classes were lifted to one sample each
    else:
        counts[np.argsort(counts - exact, kind="stable")[:left]] += 1
    return counts


def _polar(radius: FloatArray, angle: FloatArray) -> FloatArray:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


@final
@DATA_SOURCES.register(
    "spiral",
    label=N_("Spiral"),
    summary=N_("Arms wound around each other: the hardest of the small ones, out of reach without hidden layers."),
    source="Lang & Witbrock 1988, “Learning to tell two spirals apart”",
)
@dataclass(frozen=True)
class Spiral(Points):
    """Archimedean arms r = u, φ = 2π·(turns·u + arm/arms), with u = √U(0, 1) so that points lie evenly along an arm."""

    noise: float = _noise(0.03)
    arms: int = _classes(2, N_("Arms"))
    turns: float = param(
        1.25, low=0.1, high=4.0, label=N_("Turns"), help=N_("How often each arm winds around the origin.")
    )

    def shares(self) -> tuple[float, ...]:
        return (1.0,) * self.arms

    def place(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        u = np.sqrt(rng.random(len(targets)))
        return _polar(u, 2 * np.pi * (self.turns * u + targets / self.arms))


@final
@DATA_SOURCES.register(
    "rings",
    label=N_("Rings"),
    summary=N_("Rings inside each other: no straight line parts them, the distance from the centre does."),
    source="sklearn.datasets.make_circles",
)
@dataclass(frozen=True)
class Rings(Points):
    """Class i on the circle of radius (i + 1) / rings around the origin."""

    rings: int = _classes(2, N_("Rings"))

    def shares(self) -> tuple[float, ...]:
        return (1.0,) * self.rings

    def place(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        return _polar((targets + 1) / self.rings, rng.uniform(0, 2 * np.pi, len(targets)))


@final
@DATA_SOURCES.register(
    "xor",
    label=N_("XOR"),
    summary=N_("Opposite quarters of a square share a class: the problem that one layer cannot solve."),
    source="Minsky & Papert 1969, “Perceptrons”",
)
@dataclass(frozen=True)
class XOR(Points):
    """Even over [−1, 1]²; class A where x·y > 0, class B elsewhere."""

    noise: float = _noise(0.05)

    def place(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        points = rng.random((len(targets), 2)) * np.where(rng.random((len(targets), 1)) < 0.5, -1.0, 1.0)
        points[:, 1] *= 1 - 2 * targets
        return points


@final
@DATA_SOURCES.register(
    "checkerboard",
    label=N_("Checkerboard"),
    summary=N_("The squares of a chessboard in two classes: XOR over and over, and the finer the board the harder."),
    source="Ho & Kleinberg 1996, “Building projectable classifiers of arbitrary complexity”",
)
@dataclass(frozen=True)
class Checkerboard(Points):
    """Even over the squares of a class on [−1, 1]²; the square in column i and row j is of class (i + j) mod 2."""

    noise: float = _noise(0.02)
    cells: int = param(4, low=2, high=10, label=N_("Squares a side"), help=N_("How many squares the board is wide."))

    def place(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        squares = np.argwhere(np.ones((self.cells, self.cells), bool))
        corners = np.empty((len(targets), 2))
        for k in (0, 1):
            own = squares[squares.sum(axis=1) % 2 == k]
            corners[targets == k] = own[rng.integers(len(own), size=np.count_nonzero(targets == k))]
        return (corners + rng.random(corners.shape)) * (2 / self.cells) - 1


@final
@DATA_SOURCES.register(
    "gaussians",
    label=N_("Gaussians"),
    summary=N_(
        "Round clouds on a circle: easy while they are apart; where they overlap no network can be always right."
    ),
    source="sklearn.datasets.make_blobs",
)
@dataclass(frozen=True)
class Gaussians(Points):
    """Class i is N(cᵢ, noise²·I) with the centres cᵢ spaced evenly on the unit circle.

    Two clouds of spread s can be told apart in Φ(1/s) of the cases at best. Class sizes fall geometrically.
    """

    noise: float = param(
        0.25,
        low=0.0,
        high=2.0,
        label=N_("Spread"),
        help=N_("Standard deviation of each cloud; the centres lie one unit from the origin."),
    )
    classes: int = _classes(3, N_("Classes"), high=8)
    imbalance: float = param(
        1.0,
        low=1.0,
        high=100.0,
        scale="log",
        label=N_("Imbalance"),
        help=N_("How many times the first class is as large as the last; the others lie between."),
    )

    def shares(self) -> tuple[float, ...]:
        return tuple(float(self.imbalance ** (-i / (self.classes - 1))) for i in range(self.classes))

    def place(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        return _polar(np.ones(len(targets)), 2 * np.pi * targets / self.classes)


@final
@DATA_SOURCES.register(
    "moons",
    label=N_("Moons"),
    summary=N_("Two half circles hooked into each other: a gentle bend is enough to part them."),
    source="sklearn.datasets.make_moons",
)
@dataclass(frozen=True)
class Moons(Points):
    """scikit-learn's two half circles of radius 1, shifted by (−½, −¼) and shrunk by ⅔ to the size of the other sets."""

    def place(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        angle = rng.uniform(0, np.pi, len(targets))
        points = _polar(np.ones(len(targets)), angle)
        lower = targets == 1
        points[lower] = [1.0, 0.5] - points[lower]
        shrunk: FloatArray = (points - [0.5, 0.25]) * (2 / 3)
        return shrunk
