"""From a race to the curves that are drawn: which numbers of whom, over what, on which scale, in which range.

Pure values, so that what a picture shows can be proved without one. A racer that diverges, or a spike, never decides the
range of an axis: the line leaves it, and a cross says where.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.racing.record import Race
from simulations.racing.verdicts import Verdict
from widgets.plot import Table
from widgets.plots.ticks import value_text

Chart: TypeAlias = Literal["loss", "gradient_norm", "x", "y", "rate", "distance"]
Counted: TypeAlias = Literal["step", "evaluations", "gradients", "time"]
Height: TypeAlias = Literal["linear", "log", "above"]
Range: TypeAlias = tuple[float, float]

CHARTS: Final[tuple[Chart, ...]] = ("loss", "gradient_norm", "x", "y", "rate", "distance")
COUNTED: Final[tuple[Counted, ...]] = ("step", "evaluations", "gradients", "time")
HEIGHTS: Final[tuple[Height, ...]] = ("linear", "log", "above")
_MOST_DECADES: Final = 18.0  # below the highest: farther down there is only rounding
_BEYOND: Final = 2.0  # decades a diverging line is followed above the others
_SPIKE: Final = 99.0  # percentile: what is higher on a linear axis leaves it, unless a line starts there
_MANY: Final = 4.0  # times what half of the racers count
_EQUAL: Final = 1e-9
_NEAR: Final = 1.5  # views from the middle of the view
_COLUMNS: Final[dict[Chart, str]] = {
    "loss": "f", "gradient_norm": "gradient norm", "x": "x", "y": "y", "rate": "learning rate",
    "distance": "distance to the nearest minimum",
}  # fmt: skip


@dataclass(frozen=True)
class RaceCurveOptions:
    """What a person chose to see. ``height`` speaks of the loss; ``above`` is log₁₀(f − f*)."""

    charts: tuple[Chart, ...] = ("loss",)
    x: Counted = "step"
    height: Height = "above"
    ghost: bool = True

    def is_log(self, chart: Chart) -> bool:
        """Rates are compared by ratio; coordinates have signs; the rest goes with the loss."""
        return chart == "rate" or (chart in ("loss", "gradient_norm", "distance") and self.height != "linear")


@dataclass(frozen=True)
class Floor:
    """f*, from which a loss is measured: the lowest minimum, or where none is known the lowest value seen."""

    value: float
    is_known: bool


@dataclass(frozen=True, eq=False)
class RaceLine:
    """One racer's line in one chart. ``y`` is where it is drawn: on a log scale log₁₀, NaN a gap, −∞ exactly 0.

    ``value`` are the numbers themselves. ``end`` is the last step before it diverged, −1 for who did not; who ``strays`` is
    where the surface is of no interest any more. ``floor`` is what was taken off the numbers to draw them: f*, or nothing.
    """

    racer: int
    chart: Chart
    is_ghost: bool
    x: FloatArray
    y: FloatArray
    value: FloatArray
    end: int
    strays: bool = False
    floor: float = 0.0


def floor_of(*races: Race | None) -> Floor:
    """The f* of the races of one surface, the first of which is there."""
    there = [one for one in races if one is not None]
    surface = there[0].spec.surface
    best = min((low for low in map(_lowest, there) if np.isfinite(low)), default=0.0)
    known = [one.value for one in surface.minima if one.is_global]
    known += [float(surface.value(one[0])) for one in surface.floors() if len(one)]
    least = min(known, default=np.inf)
    is_known = best >= least - _EQUAL * (1 + abs(least)) if known else False
    return Floor(least, True) if is_known else Floor(best, False)


def _lowest(race: Race) -> float:
    """The lowest value seen near the view: a surface without a bottom has any value far away."""
    view, values = race.spec.surface.view, race.curves.values
    middle = np.array([view.x_low + view.x_high, view.y_low + view.y_high]) / 2
    with np.errstate(all="ignore"):
        is_near = (np.abs(race.answers - middle) <= _NEAR * np.array([view.width, view.height])).all(axis=-1)
    near = values[is_near & np.isfinite(values)]
    some = near if near.size else values[:1][np.isfinite(values[:1])]
    return float(some.min(initial=np.inf))


def shown_ghost(race: Race, ghost: Race | None, options: RaceCurveOptions) -> Race | None:
    """The ghost, if it is wanted, there is a race to compare with, and both are of one surface: f − f* of two do not compare."""
    if ghost is None or not options.ghost or not race.spec.racers or ghost.spec.surface != race.spec.surface:
        return None
    return ghost


def lines(race: Race, ghost: Race | None, options: RaceCurveOptions) -> tuple[RaceLine, ...]:
    """Every line to draw, the ghost's first so that the race lies on top."""
    shown = shown_ghost(race, ghost, options)
    floor = floor_of(race, shown)
    return tuple(
        _line(one, racer, chart, one is not race, options, floor)
        for one in (shown, race)
        if one is not None
        for chart in options.charts
        for racer, spec in enumerate(one.spec.racers)
        if spec.is_visible
    )


def _line(race: Race, racer: int, chart: Chart, is_ghost: bool, options: RaceCurveOptions, floor: Floor) -> RaceLine:
    value = values_of(race, chart)[:, racer]
    y = np.where(np.isfinite(value), value, np.nan).astype(float)
    off = floor.value if chart == "loss" and options.height == "above" else 0.0
    if off:
        y = np.maximum(y - off, 0.0)
    if options.is_log(chart):
        y = log10_or_bottom(y)
    has_ended = race.verdicts[racer] is Verdict.DIVERGED
    end = int(np.flatnonzero(np.isfinite(y) | np.isneginf(y)).max(initial=0)) if has_ended else -1
    strays = has_ended or race.verdicts[racer] is Verdict.LEFT
    return RaceLine(racer, chart, is_ghost, counted(race, options.x)[:, racer], y, value, end, strays, off)


def values_of(race: Race, chart: Chart) -> FloatArray:
    """The numbers of a chart, ``(done + 1, r)``."""
    if chart in ("x", "y"):
        return race.points[..., 0 if chart == "x" else 1]
    curves = race.curves
    return {
        "loss": curves.values,
        "gradient_norm": curves.gradient_norms,
        "rate": curves.rates,
        "distance": curves.distances,
    }[chart]


def counted(race: Race, by: Counted) -> FloatArray:
    """What the horizontal axis counts, ``(done + 1, r)``: values, gradients and Hessians count as one evaluation each; time
    is in milliseconds."""
    if by == "step":
        return np.broadcast_to(np.arange(race.done + 1.0)[:, np.newaxis], race.curves.values.shape)
    if by == "time":
        return race.curves.seconds * 1e3
    evaluations = race.curves.evaluations
    return (evaluations.sum(axis=-1) if by == "evaluations" else evaluations[..., 1]).astype(float)


def log10_or_bottom(values: Array) -> FloatArray:
    """log₁₀, −∞ of 0, and NaN where there is none."""
    result: FloatArray = np.log10(values, out=np.full(values.shape, np.nan), where=values > 0)
    result[values == 0] = -np.inf
    return result


def x_extent(drawn: Sequence[RaceLine], options: RaceCurveOptions, steps: int) -> Range:
    """From 0 to the end of the race, or as far as has been counted; who counts many times more than most leaves the chart."""
    if options.x == "step":
        return 0.0, float(max(steps, 1))
    seen = [float(one.x[-1]) for one in drawn if len(one.x) and not one.is_ghost]
    if not seen:
        return 0.0, 1.0
    return 0.0, min(max(seen), _MANY * float(np.median(seen))) or 1.0


def y_extent(
    drawn: Sequence[RaceLine], chart: Chart, options: RaceCurveOptions, view: Range | None = None
) -> Range | None:
    """What a chart shows at first; None without any finite number. ``view`` is the surface's, along a chart's coordinate."""
    mine = [one for one in drawn if one.chart == chart]
    calm = [one.y[np.isfinite(one.y)] for one in mine if not one.strays]
    starts = [float(one.y[0]) for one in mine if len(one.y) and np.isfinite(one.y[0])]
    values = np.concatenate(calm) if calm else np.empty(0)
    if not values.size:
        wild = [one.y[: one.end + 1] if one.end >= 0 else one.y for one in mine]
        values = np.concatenate([one[np.isfinite(one)] for one in wild]) if wild else np.empty(0)
        if not values.size:
            return None
        if starts:
            values = np.minimum(values, max(starts) + _head_room(starts, options.is_log(chart)))
    low, high = float(values.min()), float(values.max())
    if options.is_log(chart):
        follows = [float(one.y[: one.end + 1].max()) for one in mine if one.end >= 0 and np.isfinite(one.y[0])]
        high = min(max([high, *(one for one in follows if np.isfinite(one))]), high + _BEYOND)
        return max(low, high - _MOST_DECADES), high
    if view is not None:
        room = view[1] - view[0]
        low, high = np.clip([low, high], view[0] - room, view[1] + room).tolist()
        return low, high
    top = max([float(np.percentile(values, _SPIKE)), *starts]) if chart != "rate" else high
    return min(low, 0.0) if chart != "loss" else low, min(high, top)


def _head_room(starts: Sequence[float], is_log: bool) -> float:
    return _BEYOND if is_log else 0.5 * abs(max(starts)) or 1.0


def value_at(line: RaceLine, step: int) -> float:
    """The number at ``step``; of a race that has not run so far the last one."""
    return float(line.value[min(step, len(line.value) - 1)])


def reading(line: RaceLine, step: int, digits: int = 3) -> str:
    """The same in words: of a racer that diverged it is not a number, as in its row, and a dash where there is none to have."""
    return _words(line, step, value_at(line, step), digits)


def height_reading(line: RaceLine, step: int) -> str:
    """In words what is drawn at ``step``: the number, or how far it lies above f*."""
    value = value_at(line, step)
    return _words(line, step, max(value - line.floor, 0.0) if line.floor and math.isfinite(value) else value, 3)


def _words(line: RaceLine, step: int, value: float, digits: int) -> str:
    return "NaN" if math.isnan(value) and 0 <= line.end <= step else value_text(value, digits)


def step_at(line: RaceLine, x: float) -> int:
    """The step whose place on the horizontal axis is nearest to ``x``."""
    right = int(np.searchsorted(line.x, x))
    candidates = [i for i in (right - 1, right) if 0 <= i < len(line.x)]
    return min(candidates, key=lambda i: abs(line.x[i] - x))


def table(race: Race, ghost: Race | None, options: RaceCurveOptions, names: Sequence[str]) -> Table:
    """A row per racer and step of what is drawn: every count, and the numbers of every chart, as they were worked out.

    ``names`` are the racers' of ``race``; a ghost's racers have those of the same place.
    """
    ghost = shown_ghost(race, ghost, options)
    drawn = lines(race, ghost, options)
    owners = list(dict.fromkeys((one.is_ghost, one.racer) for one in drawn))
    if not owners:
        return Table({})
    parts: dict[str, list[Array]] = {}
    for is_ghost, racer in owners:
        one = ghost if is_ghost and ghost is not None else race
        count = one.done + 1
        name = names[racer] if racer < len(names) else str(racer + 1)
        evaluations = one.curves.evaluations[:, racer]
        columns = {
            "race": np.full(count, "before" if is_ghost else "now"),
            "racer": np.full(count, racer + 1),
            "name": np.full(count, name),
            "step": np.arange(count),
            "values": evaluations[:, 0],
            "gradients": evaluations[:, 1],
            "Hessians": evaluations[:, 2],
            "time [ms]": one.curves.seconds[:, racer] * 1e3,
            **{_COLUMNS[chart]: values_of(one, chart)[:, racer] for chart in options.charts},
        }
        if "loss" in options.charts and options.height == "above":
            columns["f - f*"] = columns["f"] - floor_of(race, ghost).value
        for key, values in columns.items():
            parts.setdefault(key, []).append(values)
    return Table({key: np.concatenate(some) for key, some in parts.items()})
