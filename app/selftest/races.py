"""Every surface against differences of its own values, and every bundled race against each of its racers running alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from app.selftest.finding import Finding
from simulations.core.arrays import FloatArray
from simulations.core.rng import stream
from simulations.documents.race import RaceSpec
from simulations.documents.race_presets import load_race_preset, race_preset_names
from simulations.racing.session import RaceSession
from simulations.surfaces.base import SURFACES, Surface

_POINTS: Final = 24
_STEP: Final = 1e-4  # of the view; the error of the formula below is its fourth power
_TOLERANCE: Final = 1e-6
_RACED: Final = 100  # steps


def surfaces() -> Iterator[Finding]:
    """Gradient and Hessian of each surface at random points of its view against differences of fourth order."""
    for entry in SURFACES:
        surface = entry.cls()
        points = _points(surface, entry.kind)
        slope = _error(surface.gradient(points), _differences(surface, points, surface.value))
        yield Finding.compared("surfaces", f"{entry.kind}, gradient", slope, _TOLERANCE)
        bend = _error(surface.hessian(points), _differences(surface, points, surface.gradient))
        yield Finding.compared("surfaces", f"{entry.kind}, Hessian", bend, _TOLERANCE)


def races() -> Iterator[Finding]:
    """The first steps of each bundled race: racers share arrays and gradients, and must not notice."""
    for name in race_preset_names():
        spec = dataclasses.replace(load_race_preset(name).spec, steps=_RACED)
        together = _run(spec)
        alone = [_run(dataclasses.replace(spec, racers=(one,)))[:, 0] for one in spec.racers]
        is_same = all(np.array_equal(together[:, i], path, equal_nan=True) for i, path in enumerate(alone))
        detail = f"{len(alone)} racers, {_RACED} steps, together as alone"
        yield Finding("races", name, is_same, detail)


def _run(spec: RaceSpec) -> FloatArray:
    session = RaceSession(spec)
    session.advance(_RACED)
    return session.points


def _points(surface: Surface, kind: str) -> FloatArray:
    view = surface.view
    share = stream(0, f"self-test {kind}").uniform(0.02, 0.98, (_POINTS, 2))
    corner, size = np.array([view.x_low, view.y_low]), np.array([view.width, view.height])
    found: FloatArray = corner + share * size
    return found


def _differences(surface: Surface, points: FloatArray, ask: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """∂/∂x and ∂/∂y of ``ask``, on a new last axis: (8(f₁ − f₋₁) − (f₂ − f₋₂)) / 12h."""
    found = []
    for axis, size in enumerate((surface.view.width, surface.view.height)):
        step = np.zeros(2)
        step[axis] = h = _STEP * size
        near = ask(points + step) - ask(points - step)
        far = ask(points + 2 * step) - ask(points - 2 * step)
        found.append((8 * near - far) / (12 * h))
    return np.stack(found, axis=-1)


def _error(exact: FloatArray, differences: FloatArray) -> float:
    """What nine of ten points keep to: the greatest deviation, beside the size of what is compared. A point beside a kink,
    which differences step over, may be wrong."""
    flat, other = exact.reshape(len(exact), -1), differences.reshape(len(exact), -1)
    scale = np.abs(flat).max(axis=1) + 1e-3 * np.abs(flat).max() + 1e-300
    return float(np.percentile(np.abs(flat - other).max(axis=1) / scale, 90))
