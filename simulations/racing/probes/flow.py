"""The probe behind the arrows and flow lines of a race's plane: where the steepest way down leads, and how steep it is.

Slopes span ten decades on one picture, so a length says how steep a place is among those in view, and not by how much.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.interrupt import Interrupt, Interrupted
from simulations.core.rng import stream
from simulations.core.text import N_
from simulations.racing.probes.base import RACE_PROBES, RaceLook, RaceProbe
from simulations.racing.probes.ground import time_of
from simulations.surfaces.base import Box, Surface
from simulations.surfaces.evaluation import Evaluator

Style: TypeAlias = Literal["arrows", "lines"]

_ARROWS: Final = 18  # along the shorter side
_SEEDS: Final = 16
_ARROW: Final = 0.85  # of the distance between two: the longest arrow
_SHORTEST: Final = 0.25  # of the longest
_STEPS: Final = 40  # of a flow line
_LINE: Final = 0.18  # of the shorter side: the longest flow line
_LOOKED_AT_EVERY: Final = 8


@dataclass(frozen=True, eq=False)
class FlowAnswer:
    """Ways downhill over ``box``: ``lines`` ``(m, k, 2)`` from their starts on; where one ends early, its end repeats.

    ``steepness`` ``(m,)`` in 0…1 is the place of the slope at the start among those in view, on a logarithmic scale.
    """

    surface: Surface
    t: int | None
    box: Box
    style: Style
    lines: FloatArray
    steepness: FloatArray


@RACE_PROBES.register(
    "flow",
    label=N_("Flow"),
    summary=N_("The directions of steepest descent over the part of the plane in view."),
)
@final
@dataclass(frozen=True)
class Flow(RaceProbe):
    """``box`` is the part of the plane in view; None is the surface's own view."""

    box: Box | None = None
    style: Style = "arrows"

    def key(self, look: RaceLook) -> Hashable:
        surface = look.race.spec.surface
        return surface, self.box, self.style, time_of(surface, look.moment)

    def answers(self, look: RaceLook, interrupt: Interrupt) -> Iterator[FlowAnswer]:
        surface = look.race.spec.surface
        t, box = time_of(surface, look.moment), self.box or surface.view
        field = _Field(surface.evaluator(), box, t)
        starts: FloatArray = _starts(box, self.style)
        direction, steepness = field.downhill(starts), field.steepness(starts)
        is_there = np.isfinite(direction).all(axis=-1) & np.isfinite(steepness)
        starts, direction, steepness = starts[is_there], direction[is_there], steepness[is_there]
        length = _SHORTEST + (1 - _SHORTEST) * steepness
        if self.style == "arrows":
            reach = (_ARROW / _ARROWS * length)[:, np.newaxis] * direction
            lines: FloatArray = np.stack([starts - reach / 2, starts + reach / 2], axis=1)
        else:
            lines = field.follow(starts, _LINE / _STEPS * length, interrupt)
        lines.flags.writeable = steepness.flags.writeable = False
        yield FlowAnswer(surface, t, box, self.style, lines, steepness)


@final
class _Field:
    """−∇f over a box, in which a length of 1 is its shorter side, and in directions as they look on a square picture."""

    def __init__(self, evaluator: Evaluator, box: Box, t: int | None) -> None:
        self._evaluator, self._t = evaluator, t
        self._size = min(box.width, box.height)
        ratio = box.width / box.height
        self._is_even = 0.5 <= ratio <= 2.0
        self._scale = np.full(2, self._size) if self._is_even else np.array([box.width, box.height])

    def slope(self, points: FloatArray) -> FloatArray:
        found: FloatArray = self._evaluator.ask("gradient", points, t=self._t).copy()
        return found

    def downhill(self, points: FloatArray) -> FloatArray:
        """Of length 1 as a picture shows it, in units of the axes; not finite where there is no slope."""
        down = -self.slope(points)
        with np.errstate(all="ignore"):
            seen = down / self._scale
            found: FloatArray = down / np.hypot(seen[..., 0], seen[..., 1])[..., np.newaxis]
        return found

    def steepness(self, points: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):
            slope = self.slope(points)
            size = np.log10(np.hypot(slope[..., 0], slope[..., 1]))
        finite = size[np.isfinite(size)]
        if not finite.size:
            return np.full(size.shape, np.nan)
        low, high = np.quantile(finite, [0.05, 0.95])
        found: FloatArray = np.clip((size - low) / max(high - low, 1e-9), 0, 1) if high > low else np.ones(size.shape)
        return np.where(np.isfinite(size), found, np.nan)

    def follow(self, starts: FloatArray, pace: FloatArray, interrupt: Interrupt) -> FloatArray:
        """The ways down from ``starts`` ``(m, 2)`` by steps of ``pace`` ``(m,)``: midpoint rule; a way that turns back ends."""
        ways = np.empty((len(starts), _STEPS + 1, 2))
        ways[:, 0] = starts
        here: FloatArray = starts
        before = self.downhill(here)
        goes: Array = np.ones(len(starts), bool)
        for k in range(1, _STEPS + 1):
            if k % _LOOKED_AT_EVERY == 0 and interrupt.is_set:
                raise Interrupted
            middle = self.downhill(here + pace[:, np.newaxis] / 2 * before)
            with np.errstate(all="ignore"):
                goes &= (middle * before).sum(axis=-1) > 0  # NaN is no direction either
            here = np.where(goes[:, np.newaxis], here + pace[:, np.newaxis] * middle, here)
            ways[:, k] = here
            before = np.where(goes[:, np.newaxis], middle, before)
        return ways


def _starts(box: Box, style: Style) -> FloatArray:
    """Places ``(m, 2)`` spread evenly: a lattice for arrows; moved a little, always alike, for lines."""
    count = _ARROWS if style == "arrows" else _SEEDS
    size = min(box.width, box.height)
    even = 0.5 <= box.width / box.height <= 2.0
    columns, rows = (round(count * one / size) if even else count for one in (box.width, box.height))
    x = (np.arange(columns) + 0.5) / columns
    y = (np.arange(rows) + 0.5) / rows
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    if style == "lines":
        places = places + stream(0, "flow", 0).uniform(-0.4, 0.4, places.shape) / [columns, rows]
    return np.array([box.x_low, box.y_low]) + places * [box.width, box.height]
