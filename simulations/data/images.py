"""Images drawn on the spot: shapes to tell apart and bars to tell the direction of, at any size from 8 to 32 pixels.

Every edge is anti-aliased: a pixel's ink is the share of it that the figure covers, estimated from the distance of its
centre to the edge. So figures move, turn and grow smoothly, and nothing but the figure itself gives its class away.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np

from simulations.core.arrays import FloatArray, IntArray, Shape
from simulations.core.params import param
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.data.base import DATA_SOURCES, Dataset, DataSource
from simulations.data.declarations import noise, samples

LARGEST = 0.55  # the root of a figure's area as a share of the image: a triangle fits, however it is turned
_CHUNK = 500  # images drawn at once, so that the pixels' distances stay small in memory


def _size(default: int) -> Any:
    return param(
        default, low=8, high=32, unit=N_("pixels"), label=N_("Size"), help=N_("How wide and high an image is.")
    )


@dataclass(frozen=True)
class Figures(DataSource):
    """Images ``(n, size, size, 1)`` with ink from 0 to 1. Noise is added after that and may leave the range."""

    samples: int = samples(1500, low=20, high=5000)
    size: int = _size(16)
    noise: float = noise(0.1, N_("Standard deviation of the Gaussian noise added to every pixel; full ink is 1."))

    @property
    def input_shape(self) -> Shape:
        return (self.size, self.size, 1)

    @abstractmethod
    def ink(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        """Images ``(n, size, size)`` of figures of the classes ``targets`` ``(n,)``, before noise."""

    def generate(self, rng: np.random.Generator) -> Dataset:
        names = self.targets.names
        targets = rng.permutation(np.arange(self.samples, dtype=np.intp) % len(names))
        parts = [self.ink(targets[i : i + _CHUNK], rng) for i in range(0, self.samples, _CHUNK)]
        inputs = np.concatenate(parts)[..., np.newaxis]
        inputs += self.noise * rng.standard_normal(inputs.shape)
        return Dataset(inputs, targets, names)


def _circle(x: FloatArray, y: FloatArray) -> FloatArray:
    distance: FloatArray = np.hypot(x, y) - 1 / np.sqrt(np.pi)
    return distance


def _box(x: FloatArray, y: FloatArray, width: float, height: float) -> FloatArray:
    return np.maximum(np.abs(x) - width / 2, np.abs(y) - height / 2)


def _square(x: FloatArray, y: FloatArray) -> FloatArray:
    return _box(x, y, 1.0, 1.0)


def _triangle(x: FloatArray, y: FloatArray) -> FloatArray:
    """Equilateral: inside of three lines at the distance r of the inscribed circle, whose area is 3√3·r²."""
    slanted = np.abs(x) * (np.sqrt(3) / 2) - y / 2
    distance: FloatArray = np.maximum(slanted, y) - 1 / np.sqrt(3 * np.sqrt(3))
    return distance


def _cross(x: FloatArray, y: FloatArray) -> FloatArray:
    """Five squares of area 1/5."""
    arm = np.sqrt(0.2)
    return np.minimum(_box(x, y, 3 * arm, arm), _box(x, y, arm, 3 * arm))


def _ring(x: FloatArray, y: FloatArray) -> FloatArray:
    """A disc with a hole of half its radius."""
    outer = np.sqrt(4 / (3 * np.pi))
    distance: FloatArray = np.abs(np.hypot(x, y) - 0.75 * outer) - 0.25 * outer
    return distance


# (name, signed distance to the edge of the figure of area 1 around the origin, distance of its farthest point)
_FIGURES: Final = (
    (N_("circle"), _circle, 1 / np.sqrt(np.pi)),
    (N_("square"), _square, np.sqrt(0.5)),
    (N_("triangle"), _triangle, 2 / np.sqrt(3 * np.sqrt(3))),
    (N_("cross"), _cross, np.sqrt(0.5)),
    (N_("ring"), _ring, np.sqrt(4 / (3 * np.pi))),
)


@final
@DATA_SOURCES.register(
    "shapes",
    label=N_("Shapes"),
    summary=N_("Circles, squares, triangles, crosses and rings of random place, size and turn: what convolutions see."),
    source="figures from their signed distance functions, anti-aliased",
)
@dataclass(frozen=True)
class Shapes(Figures):
    """A filled figure an image, wholly inside it. All classes have the same distribution of areas, so ink alone says nothing."""

    classes: int = param(
        4,
        low=2,
        high=len(_FIGURES),
        label=N_("Classes"),
        help=N_("Circle, square, triangle, cross, ring, in this order."),
    )
    smallest: float = param(
        0.35,
        low=0.2,
        high=LARGEST,
        label=N_("Smallest"),
        help=N_("Square root of the area of the smallest figures, as a share of the image; the largest reach 0.55."),
    )
    turn: float = param(
        45.0, low=0.0, high=180.0, unit="°", label=N_("Turn"), help=N_("How far a figure may be turned to either side.")
    )

    @property
    def targets(self) -> Targets:
        return Targets.classes(tuple(name for name, _distance, _reach in _FIGURES[: self.classes]))

    def ink(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        n = len(targets)
        side = self.size * rng.uniform(self.smallest, LARGEST, n)  # the square root of the area, in pixels
        angle = np.radians(self.turn) * rng.uniform(-1, 1, n)
        reach = np.array([reach for _name, _distance, reach in _FIGURES])[targets] * side
        room = np.maximum(self.size / 2 - reach - 0.5, 0)
        centre = self.size / 2 + rng.uniform(-1, 1, (2, n)) * room
        at = np.arange(self.size) + 0.5
        dx, dy = at[None, None, :] - centre[0, :, None, None], at[None, :, None] - centre[1, :, None, None]
        cos, sin, unit = (part[:, None, None] for part in (np.cos(angle), np.sin(angle), side))
        x, y = (cos * dx + sin * dy) / unit, (cos * dy - sin * dx) / unit
        distance = np.empty((n, self.size, self.size))
        for k, (_name, figure, _reach) in enumerate(_FIGURES):
            own = targets == k
            distance[own] = figure(x[own], y[own])
        return np.clip(0.5 - distance * unit, 0, 1)


@final
@DATA_SOURCES.register(
    "bars",
    label=N_("Bars"),
    summary=N_("Horizontal or vertical bars anywhere in the image: one small kernel is enough to tell them apart."),
    source="after Földiák 1990, “Forming sparse representations by local anti-Hebbian learning”",
)
@dataclass(frozen=True)
class Bars(Figures):
    """Bars across the whole image, all of one direction, at places between the pixels too; where they overlap ink stays 1."""

    size: int = _size(8)
    bars: int = param(1, low=1, high=4, label=N_("Bars"), help=N_("How many bars an image has."))
    thickness: float = param(
        1.0, low=0.5, high=4.0, unit=N_("pixels"), label=N_("Thickness"), help=N_("How thick a bar is.")
    )

    @property
    def targets(self) -> Targets:
        return Targets.classes((N_("horizontal"), N_("vertical")))

    def ink(self, targets: IntArray, rng: np.random.Generator) -> FloatArray:
        start = rng.uniform(0, self.size - self.thickness, (len(targets), self.bars, 1))
        pixel = np.arange(self.size)
        covered = np.minimum(start + self.thickness, pixel + 1) - np.maximum(start, pixel)
        profile = np.clip(covered, 0, 1).sum(axis=1).clip(max=1)
        images = np.repeat(profile[:, :, None], self.size, axis=2)
        return np.where((targets == 0)[:, None, None], images, images.transpose(0, 2, 1))
