"""The probe behind the plane of a race: the surface's heights over the box in view as shades, and its level lines.

It is asked twice: coarsely, so that the ground follows a parameter under the finger in every picture, and finely, while nothing
else is to be done. Heights become shades here, once, and not in the window, which only paints them.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final, final

import numpy as np

from simulations.core.arrays import Array, FloatArray, IntArray
from simulations.core.interrupt import Interrupt, Interrupted
from simulations.core.text import N_
from simulations.racing.probes.base import RACE_PROBES, RaceLook, RaceProbe
from simulations.surfaces.base import Box, ColorTransform, Minimum, Saddle, Surface

HOLE: Final = 255  # the shade where there is no number
DARKEST: Final = 254

_COARSE: Final = 128  # lattice points along the shorter side of the box
_COARSE_OF_SAMPLES: Final = 64  # where every height is a mean over samples
_FINE: Final = 384
_LONGEST: Final = 2.0  # of the other side
_STRIPS: Final = 8  # between two looks at the interrupt
_LEVELS: Final = 20  # at most
_FINEST: Final = (
    1e-3  # of the range in view: the least softening of a colour transform, so that a zoomed view has colours
)
_WIDER: Final = 4.0  # times the view: from here on more than the view decides about the colours
_BEYOND: Final = 0.25  # of the range in the view, on each side, for what is around it
_ABOVE: Final = 3.0  # heights farther above the 98 % quantile than this many ranges below it are a spike, and cut off


@dataclass(frozen=True, eq=False)
class GroundAnswer:
    """The surface of one moment over ``box``.

    ``shades`` ``(rows, columns)`` uint8, row 0 at the bottom, run from 0 at ``low`` to :data:`DARKEST` at ``high``, two
    values of ``transform``; :data:`HOLE` is where the surface is NaN or ±∞. The outer lattice points lie on the edges of
    the box. ``is_cut``: somewhere it is higher than ``high``. ``levels`` are the values of ``transform`` that ``lines``
    ``(m, 2)`` run along, line i from ``offsets[i]`` to ``offsets[i + 1]``; those of level k from ``ends[k]`` to ``ends[k + 1]``.
    """

    surface: Surface
    t: int | None
    box: Box
    shades: Array
    transform: ColorTransform
    low: float
    high: float
    is_cut: bool
    levels: FloatArray
    lines: FloatArray
    offsets: IntArray
    ends: IntArray
    minima: tuple[Minimum, ...]
    saddles: tuple[Saddle, ...]
    floors: tuple[FloatArray, ...]

    @property
    def has_holes(self) -> bool:
        return bool((self.shades == HOLE).any())


@RACE_PROBES.register(
    "ground",
    label=N_("Ground"),
    summary=N_("The heights of the surface over the part of the plane in view, and its level lines."),
)
@final
@dataclass(frozen=True)
class Ground(RaceProbe):
    """Coarse, in time for every picture: it does not leave for the next drag, or none of a long drag would have its ground.

    ``box`` is the part of the plane in view; None is the surface's own view.
    """

    is_quick: ClassVar[bool] = True

    box: Box | None = None

    def key(self, look: RaceLook) -> Hashable:
        return _key(look)

    def answers(self, look: RaceLook, interrupt: Interrupt) -> Iterator[GroundAnswer]:
        surface = look.race.spec.surface
        side = _COARSE_OF_SAMPLES if surface.samples else _COARSE
        yield ground_of(surface, self.box or surface.view, time_of(surface, look.moment), side)


@RACE_PROBES.register(
    "fine_ground",
    label=N_("Fine ground"),
    summary=N_(
        "The heights of the surface over the part of the plane in view once more, as fine as a screen shows them."
    ),
)
@final
@dataclass(frozen=True)
class FineGround(RaceProbe):
    """As fine as it is looked at. ``box`` as in :class:`Ground`."""

    box: Box | None = None

    def key(self, look: RaceLook) -> Hashable:
        return _key(look)

    def answers(self, look: RaceLook, interrupt: Interrupt) -> Iterator[GroundAnswer]:
        surface = look.race.spec.surface
        yield ground_of(surface, self.box or surface.view, time_of(surface, look.moment), _FINE, interrupt)


def finest(coarse: GroundAnswer | None, fine: GroundAnswer | None) -> GroundAnswer | None:
    """The finer of two answers, if it is about the same."""
    if coarse is None or fine is None:
        return coarse
    is_same = fine.box == coarse.box and fine.t == coarse.t and fine.surface == coarse.surface
    return fine if is_same else coarse


def _key(look: RaceLook) -> Hashable:
    surface = look.race.spec.surface
    return surface, time_of(surface, look.moment)


def time_of(surface: Surface, moment: int) -> int | None:
    """The step a surface is shown at: as it was in the step that led to ``moment``, or None: it stands still, or is judged as
    the whole of its steps."""
    return moment if surface.has_moving_values and moment > 0 else None


def ground_of(surface: Surface, box: Box, t: int | None, side: int, interrupt: Interrupt | None = None) -> GroundAnswer:
    """The ground with ``side`` lattice points along the shorter side. Raises :class:`Interrupted` when asked to leave."""
    return colored_ground_of(surface, box, t, side, interrupt)[0]


def colored_ground_of(
    surface: Surface, box: Box, t: int | None, side: int, interrupt: Interrupt | None = None
) -> tuple[GroundAnswer, FloatArray]:
    """The ground, and the heights ``(rows, columns)`` on its ``transform``, of which its shades are roundings; NaN in holes."""
    columns, rows = _shape(box, side)
    values = _heights(surface, box.lattice(columns, rows), t, interrupt)
    finite = np.isfinite(values)
    counts = values[finite & _in_view(surface.view, box, columns, rows)]
    if not counts.size:
        counts = values[finite]
    counts = np.concatenate([counts, [one.value for one in surface.minima_at(t) if _contains(box, one.x, one.y)]])
    transform = _transform(surface.color_transform, counts)
    with np.errstate(all="ignore"):
        colors = transform.apply(values)
    low, high = _range(transform.apply(counts), colors[finite])
    levels = _levels(low, high)
    lines, offsets, ends = _lines(colors, finite, box, levels)
    shades, is_cut = _shaded(colors, finite, low, high)
    colors[~finite] = np.nan
    for array in (shades, levels, lines, offsets, ends, colors):
        array.flags.writeable = False
    ground = GroundAnswer(
        surface=surface,
        t=t,
        box=box,
        shades=shades,
        transform=transform,
        low=low,
        high=high,
        is_cut=is_cut,
        levels=levels,
        lines=lines,
        offsets=offsets,
        ends=ends,
        minima=surface.minima_at(t),
        saddles=surface.saddles,
        floors=_floors(surface),
    )
    return ground, colors


def _shaded(colors: FloatArray, finite: Array, low: float, high: float) -> tuple[Array, bool]:
    """The shades, and whether something is higher than they reach."""
    shades = np.full(colors.shape, HOLE, np.uint8)
    shares = (colors[finite] - low) / (high - low)
    shades[finite] = np.rint(np.clip(shares, 0, 1) * DARKEST).astype(np.uint8)
    return shades, bool(shares.max(initial=0.0) > 1 + 1e-9)


@lru_cache(maxsize=16)
def _floors(surface: Surface) -> tuple[FloatArray, ...]:
    return surface.floors()


def _shape(box: Box, side: int) -> tuple[int, int]:
    """Columns and rows of the lattice; its cells are square unless the box is long."""
    ratio = min(max(box.width / box.height, 1 / _LONGEST), _LONGEST)
    return round(side * max(ratio, 1.0)), round(side * max(1 / ratio, 1.0))


def _heights(surface: Surface, points: FloatArray, t: int | None, interrupt: Interrupt | None) -> FloatArray:
    evaluator = surface.evaluator()
    values = np.empty(points.shape[:-1])
    for rows in np.array_split(np.arange(len(points)), _STRIPS):
        if interrupt is not None and interrupt.is_set:
            raise Interrupted
        strip = slice(rows[0], rows[-1] + 1)
        values[strip] = evaluator.ask("value", points[strip], t=t)[..., 0]
    return values


def _in_view(view: Box, box: Box, columns: int, rows: int) -> Array:
    """Which lattice points ``(rows, columns)`` decide about the colours: those in the surface's own view, or, in a box much
    larger, in a part that grows faster than the box."""
    grown = max(1.0, box.width / (_WIDER * view.width), box.height / (_WIDER * view.height)) ** 2
    x, y = np.linspace(box.x_low, box.x_high, columns), np.linspace(box.y_low, box.y_high, rows)
    across = np.abs(x - (view.x_low + view.x_high) / 2) <= grown * view.width / 2
    up = np.abs(y - (view.y_low + view.y_high) / 2) <= grown * view.height / 2
    inside: Array = up[:, np.newaxis] & across
    return inside


def _contains(box: Box, x: float, y: float) -> bool:
    return box.x_low <= x <= box.x_high and box.y_low <= y <= box.y_high


def _transform(transform: ColorTransform, values: FloatArray) -> ColorTransform:
    """``transform`` with a softening that suits ``values``: what is soft in the whole view would be flat in a small part."""
    if transform.scale == "linear" or not values.size:
        return transform
    reach = max(float(values.max()) - transform.offset, transform.offset - float(values.min()))
    softening = min(transform.softening, max(_FINEST * reach, 1e-300))
    return dataclasses.replace(transform, softening=softening)


def _range(inside: FloatArray, everywhere: FloatArray) -> tuple[float, float]:
    """The colours of the lowest and the highest height ``inside`` the view, a spike cut off, and somewhat beyond if there is
    more ``everywhere``."""
    if not inside.size:
        return 0.0, 1.0
    low, high = float(inside.min()), float(inside.max())
    most = float(np.quantile(inside[:: max(1, inside.size // 10_000)], 0.98))
    high = min(high, low + (1 + _ABOVE) * (most - low)) if most > low else high
    beyond = _BEYOND * (high - low)
    low = min(low, max(low - beyond, float(everywhere.min())))
    high = min(high + beyond, float(everywhere.max()))
    return (low, high) if high > low else (low, low + 1.0)


def _levels(low: float, high: float) -> FloatArray:
    """At most :data:`_LEVELS` multiples of 1, 2 or 5 · 10ⁿ: where a range changes a little, the lines stay."""
    raw = (high - low) / _LEVELS
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(one * magnitude for one in (1.0, 2.0, 5.0, 10.0) if one * magnitude >= raw)
    return step * np.arange(math.ceil(low / step + 1e-9), math.ceil(high / step - 1e-9))


def _lines(colors: FloatArray, finite: Array, box: Box, levels: FloatArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Where ``colors`` ``(rows, columns)`` cross ``levels``, none beside holes: points ``(m, 2)``, the offsets of the lines in
    them, and those of the levels in the lines."""
    import contourpy  # 12 ms that no start-up needs

    rows, columns = colors.shape
    x, y = np.linspace(box.x_low, box.x_high, columns), np.linspace(box.y_low, box.y_high, rows)
    heights = colors if finite.all() else np.ma.masked_array(colors, ~finite)
    kind = contourpy.LineType.ChunkCombinedOffset
    generator = contourpy.contour_generator(x, y, heights, line_type=kind)
    points: list[FloatArray] = [np.empty((0, 2))]
    offsets: list[IntArray] = [np.zeros(1, np.intp)]
    ends = [0]
    count = 0
    for level in levels.tolist():
        found: tuple[list[FloatArray | None], list[IntArray | None]] = generator.lines(level)  # type: ignore[assignment]  # of its kind
        some, starts = found[0][0], found[1][0]
        if some is not None and starts is not None:
            points.append(some)
            offsets.append(starts[1:].astype(np.intp) + count)
            count += len(some)
        ends.append(ends[-1] + (0 if starts is None else len(starts) - 1))
    return np.concatenate(points), np.concatenate(offsets), np.array(ends)
