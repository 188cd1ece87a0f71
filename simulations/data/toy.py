"""Classes of points in the plane, each a classic trap: what a straight line cannot part, a network bends around.

All lie within about one unit of the origin. Classes are equally large (the first ones get what is left over), and
noise is Gaussian, added to positions after the class was decided.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, final

import numpy as np

from simulations.core.arrays import FloatArray, IntArray, Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.data.base import DATA_SOURCES, Dataset, DataSource


def _samples(default: int = 500) -> Any:
    return param(
        default,
        low=10,
        high=20_000,
        scale="log",
        unit=N_("samples"),
        label=N_("Samples"),
        help=N_("How many samples there are, training and validation together."),
    )


def _noise(default: float) -> Any:
    return param(
        default,
        low=0.0,
        high=1.0,
        label=N_("Noise"),
        help=N_("Standard deviation of the Gaussian noise added to every position."),
    )


def _classes(default: int, label: str, high: int = 6) -> Any:
    return param(default, low=2, high=high, label=label, help=N_("Each is one class."))


@dataclass(frozen=True)
class Points(DataSource):
    """Points ``(n, 2)`` in data units; a concrete source says where those of a class lie."""

    picture: ClassVar[Literal["points", "images"]] = "points"

    samples: int = _samples()

    @property
    def input_shape(self) -> Shape:
        return (2,)

    @property
    def class_names(self) -> tuple[str, ...]:
        return ("A", "B")

    @abstractmethod
    def place(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        """Positions ``(n, 2)`` for samples of the classes ``targets`` ``(n,)``."""

    def generate(self, rng: np.random.Generator) -> Dataset:
        targets = rng.permutation(np.arange(self.samples, dtype=np.intp) % len(self.class_names))
        return Dataset(self.place(targets, rng), targets, self.class_names)


def _letters(count: int) -> tuple[str, ...]:
    return tuple("ABCDEFGH"[:count])


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

    arms: int = _classes(2, N_("Arms"))
    turns: float = param(
        1.25, low=0.1, high=4.0, label=N_("Turns"), help=N_("How often each arm winds around the origin.")
    )
    noise: float = _noise(0.03)

    @property
    def class_names(self) -> tuple[str, ...]:
        return _letters(self.arms)

    def place(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        u = np.sqrt(rng.random(len(targets)))
        points = _polar(u, 2 * np.pi * (self.turns * u + targets / self.arms))
        return points + self.noise * rng.standard_normal(points.shape)


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
    noise: float = _noise(0.08)

    @property
    def class_names(self) -> tuple[str, ...]:
        return _letters(self.rings)

    def place(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        points = _polar((targets + 1) / self.rings, rng.uniform(0, 2 * np.pi, len(targets)))
        return points + self.noise * rng.standard_normal(points.shape)


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
        return points + self.noise * rng.standard_normal(points.shape)


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
    """Class i is N(cᵢ, noise²·I) with the centres cᵢ spaced evenly on the unit circle."""

    classes: int = _classes(3, N_("Classes"), high=8)
    noise: float = param(
        0.25,
        low=0.0,
        high=2.0,
        label=N_("Spread"),
        help=N_("Standard deviation of each cloud; the centres lie one unit from the origin."),
    )

    @property
    def class_names(self) -> tuple[str, ...]:
        return _letters(self.classes)

    def place(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        centres = _polar(np.ones(len(targets)), 2 * np.pi * targets / self.classes)
        return centres + self.noise * rng.standard_normal(centres.shape)


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

    noise: float = _noise(0.08)

    def place(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        angle = rng.uniform(0, np.pi, len(targets))
        points = _polar(np.ones(len(targets)), angle)
        lower = targets == 1
        points[lower] = [1.0, 0.5] - points[lower]
        points = (points - [0.5, 0.25]) * (2 / 3)
        return points + self.noise * rng.standard_normal(points.shape)
