"""A race as numbers that other programs read: tables of all paths and memories, and a summary."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.racing.record import Race

Columns: TypeAlias = Mapping[str, Array]

_AXES: Final = ("x", "y")


def paths(race: Race, names: Sequence[str]) -> Columns:
    """A row for every racer and step. ``names`` are what the racers are called.

    x and y are the point to judge, and ``value`` and ``distance`` (to the nearest minimum) its own; ``theta_x`` and ``theta_y``
    are where the method stands, and ``gradient_norm`` that of the slope there. Evaluations are counted up to the step.
    """
    count, racers = race.points.shape[:2]
    curves = race.curves
    return {
        "racer": np.repeat(np.array(names, object), count),
        "step": np.tile(np.arange(count), racers),
        "x": _by_racer(race.answers[..., 0]),
        "y": _by_racer(race.answers[..., 1]),
        "value": _by_racer(curves.values),
        "gradient_norm": _by_racer(curves.gradient_norms),
        "distance": _by_racer(curves.distances),
        "learning_rate": _by_racer(curves.rates),
        "values_asked": _by_racer(curves.evaluations[..., 0]),
        "gradients_asked": _by_racer(curves.evaluations[..., 1]),
        "hessians_asked": _by_racer(curves.evaluations[..., 2]),
        "theta_x": _by_racer(race.points[..., 0]),
        "theta_y": _by_racer(race.points[..., 1]),
    }


def _by_racer(values: Array) -> Array:
    return values.T.ravel()


def states(race: Race, names: Sequence[str]) -> Columns:
    """A row for every number a method remembered: racer, step, the memory's name, which entry of it, and the number.

    Entries are ``x`` and ``y``, of several rows ``0.x``, ``0.y``, ``1.x`` …; a number that both axes share has none.
    """
    parts: list[tuple[Array, ...]] = []
    for index, name in enumerate(names):
        for memory, values in race.memories(index).items():
            entries = _entries(values)
            count = len(entries)
            step = np.repeat(np.arange(len(values)), count)
            labels = np.tile(np.array(entries, object), len(values))
            texts = (np.full(len(step), one, object) for one in (name, memory))
            racer, called = texts
            parts.append((racer, step, called, labels, values.reshape(-1)))
    columns = ("racer", "step", "memory", "entry", "value")
    if not parts:
        return {name: np.zeros(0, object) for name in columns}
    return {name: np.concatenate(some) for name, some in zip(columns, zip(*parts, strict=True), strict=True)}


def _entries(values: FloatArray) -> list[str]:
    """What the numbers of one step of ``values`` ``(steps + 1, …)`` are called."""
    shape = values.shape[1:]
    if shape == (1,):
        return [""]
    names = list(_AXES[: shape[-1]]) if shape[-1] > 1 else [""]
    for size in reversed(shape[:-1]):
        names = [f"{i}.{name}".rstrip(".") for i in range(size) for name in names]
    return names


def csv_text(columns: Columns) -> str:
    """RFC 4180 with ``\\n`` line ends and a header; numbers with as many digits as it takes to read them back."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
    return stream.getvalue()


def summary(race: Race, names: Sequence[str]) -> dict[str, Any]:
    """The race's spec, what is known of its surface, and how every racer ended; a number that is not finite becomes None."""
    surface = race.spec.surface
    return {
        "spec": race.spec.to_json(),
        "steps": race.done,
        "minima": [{"x": one.x, "y": one.y, "value": one.value, "is_global": one.is_global} for one in surface.minima],
        "saddles": [{"x": one.x, "y": one.y, "value": one.value} for one in surface.saddles],
        "racers": [_ended(race, index, name) for index, name in enumerate(names)],
    }


def _ended(race: Race, index: int, name: str) -> dict[str, Any]:
    curves = race.curves
    found = {
        "x": race.answers[-1, index, 0],
        "y": race.answers[-1, index, 1],
        "value": curves.values[-1, index],
        "gradient_norm": curves.gradient_norms[-1, index],
        "distance": curves.distances[-1, index],
        "learning_rate": curves.rates[-1, index],
    }
    asked = dict(zip(("values", "gradients", "hessians"), curves.evaluations[-1, index].tolist(), strict=True))
    return {
        "name": name,
        "method": race.spec.racers[index].optimizer.kind,
        "verdict": race.verdicts[index].name.lower(),
        **{key: float(value) if math.isfinite(value) else None for key, value in found.items()},
        "asked": asked,
    }


def summary_json(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
