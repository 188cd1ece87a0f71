"""Points drawn by hand: the only data set that asks a person what it should be. It lives in the experiment itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from simulations.core.arrays import Shape
from simulations.core.errors import DataError, SpecError
from simulations.core.params import Json, Record, param
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.data.base import DATA_SOURCES, Dataset, DataSource
from simulations.data.toy import letters

MOST_POINTS: Final = 2000
MOST_CLASSES: Final = 8
REACH: Final = 1.0  # points lie in [−REACH, REACH]²
_DECIMALS: Final = 3


@final
@dataclass(frozen=True)
class PointSet(Record):
    """Points ``(x, y, class)`` in the order they were drawn; at most ``MOST_POINTS``, inside ±``REACH``."""

    points: tuple[tuple[float, float, int], ...] = ()

    def __len__(self) -> int:
        return len(self.points)

    def __str__(self) -> str:
        return str(len(self.points))

    def with_point(self, x: float, y: float, k: int) -> PointSet:
        """One point more, brought inside the square and rounded to a thousandth; full sets stay as they are."""
        if len(self.points) >= MOST_POINTS:
            return self
        inside = (round(min(max(value, -REACH), REACH), _DECIMALS) for value in (x, y))
        return PointSet((*self.points, (*inside, k)))  # type: ignore[arg-type]  # two coordinates and the class

    def without(self, x: float, y: float, radius: float) -> PointSet:
        """The points farther than ``radius`` from ``(x, y)``."""
        kept = tuple(one for one in self.points if math.hypot(one[0] - x, one[1] - y) > radius)
        return self if len(kept) == len(self.points) else PointSet(kept)

    def to_json(self) -> Json:
        columns = tuple(zip(*self.points, strict=True)) or ((), (), ())
        return {name: list(column) for name, column in zip(("x", "y", "class"), columns, strict=True)}

    @classmethod
    def from_json(cls, data: object, path: str) -> PointSet:
        columns = [data.get(name) for name in ("x", "y", "class")] if isinstance(data, Mapping) else [None]
        if not isinstance(data, Mapping) or len(data) != 3 or not all(isinstance(column, list) for column in columns):
            raise SpecError(
                N_("{path}: expected {expected}, got {received}"),
                path=path,
                expected='{"x": […], "y": […], "class": […]}',
                received=data,
            )
        lengths = {len(column) for column in columns if isinstance(column, list)}
        if len(lengths) != 1 or max(lengths) > MOST_POINTS:
            raise SpecError(
                N_("{path}: expected three lists of one length, at most {most}"), path=path, most=MOST_POINTS
            )
        return cls(tuple(_point(row, f"{path}[{i}]") for i, row in enumerate(zip(*columns, strict=True))))


def _point(row: tuple[object, ...], path: str) -> tuple[float, float, int]:
    x, y, k = row
    is_inside = all(
        isinstance(one, int | float) and not isinstance(one, bool) and abs(one) <= REACH  # a NaN is not either
        for one in (x, y)
    )
    if not is_inside or isinstance(k, bool) or not isinstance(k, int) or not 0 <= k < MOST_CLASSES:
        raise SpecError(
            N_("{path}: expected {expected}, got {received}"),
            path=path,
            expected=f"x, y: −{REACH:g}…{REACH:g}, class: 0…{MOST_CLASSES - 1}",
            received=row,
        )
    return float(x), float(y), k  # type: ignore[arg-type]  # both are numbers


def _target() -> PointSet:
    """A bull's eye to begin with: one class in the middle, the other around it; enough for the usual batches."""
    points = PointSet()
    for i in range(48):
        radius, angle = 0.38 * math.sqrt((i + 0.5) / 48), i * math.pi * (3 - math.sqrt(5))
        points = points.with_point(radius * math.cos(angle), radius * math.sin(angle), 0)
    for i in range(72):
        radius, angle = 0.78 + 0.07 * math.sin(5 * i), 2 * math.pi * i / 72
        points = points.with_point(radius * math.cos(angle), radius * math.sin(angle), 1)
    return points


@final
@DATA_SOURCES.register(
    "drawn",
    label=N_("Drawn by hand"),
    summary=N_("Your own points: choose a class, paint on the plane, and watch the boundary follow while it trains."),
    source="after the classification demo of ConvNetJS (Karpathy 2014)",
)
@dataclass(frozen=True)
class Drawn(DataSource):
    """The points as they were drawn. Each keeps its random place in line when others come or go, so that the split into
    training and validation samples hardly changes while drawing. Points of classes beyond ``classes`` rest unused."""

    classes: int = param(
        2, low=2, high=MOST_CLASSES, label=N_("Classes"), help=N_("How many classes can be drawn and are told apart.")
    )
    points: PointSet = param(
        _target(),
        label=N_("Points"),
        help=N_("The points of the data set; the place of each says what the network sees."),
    )

    @property
    def input_shape(self) -> Shape:
        return (2,)

    @property
    def targets(self) -> Targets:
        return Targets.classes(letters(self.classes))

    @property
    def count(self) -> int:
        return sum(point[2] < self.classes for point in self.points.points)

    def generate(self, rng: np.random.Generator) -> Dataset:
        if not len(self.points):
            raise DataError(
                N_("There are no points yet. Choose a class and paint some on the plane: training follows.")
            )
        rows = np.array(self.points.points, float).reshape(-1, 3)
        place = rng.random(len(rows))
        used = rows[:, 2] < self.classes
        ordered = rows[used][np.argsort(place[used], kind="stable")]
        return Dataset(ordered[:, :2], ordered[:, 2].astype(np.intp), self.targets.names)
