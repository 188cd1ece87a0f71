"""From measured series to what is drawn: which lines in which chart, over which x, on which scale, in which range.

Pure values, so that what a picture shows can be proved without one. Every measurement of a series is one point; nothing
is smoothed or thinned here (the history already keeps the extremes of long runs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from simulations.core.arrays import Array
from simulations.core.targets import Score
from simulations.probes.answers import CurvesAnswer, Marker, Moment, RunCurves, Series
from widgets.plot import Table

XAxis: TypeAlias = Literal["step", "epoch", "seconds"]
Chart: TypeAlias = Literal["loss", "score", "learning_rate"]
SERIES_OF: dict[Chart, tuple[str, ...]] = {
    "loss": ("train_loss", "validation_loss"),
    "score": ("train_score", "validation_score"),
    "learning_rate": ("learning_rate",),
}
_USUAL = 4.0  # times what nine tenths of the values keep below: what is higher is a spike


@dataclass(frozen=True)
class CurveOptions:
    """What a person chose to see."""

    x: XAxis = "step"
    log_loss: bool = False
    charts: tuple[Chart, ...] = ("loss", "score")
    previous: bool = True

    def is_log(self, chart: Chart) -> bool:
        """Rates are compared by ratio, so theirs is always logarithmic."""
        return chart == "learning_rate" or (chart == "loss" and self.log_loss)


@dataclass(frozen=True)
class Line:
    """One drawn line. ``x`` and ``y`` are in the coordinates of the view: on a log scale ``y`` is log10 and what has no
    logarithm is nan, a gap. ``best`` is the index of the pinned point, −1 for none."""

    name: str
    chart: Chart
    is_previous: bool
    x: Array
    y: Array
    value: Array
    best: int


def lines(answer: CurvesAnswer, options: CurveOptions) -> tuple[Line, ...]:
    """Every line to draw, the previous run's first so that the current one lies on top."""
    runs: list[tuple[RunCurves, bool]] = [(answer.current, False)]
    if options.previous and answer.previous is not None:
        runs.insert(0, (answer.previous, True))
    return tuple(
        _line(run.series[name], chart, is_previous, options)
        for chart in options.charts
        for run, is_previous in runs
        for name in SERIES_OF[chart]
        if name in run.series and len(run.series[name].value)
    )


def _line(series: Series, chart: Chart, is_previous: bool, options: CurveOptions) -> Line:
    x = x_of(series, options.x)
    y = np.where(np.isfinite(series.value), series.value, np.nan)
    if options.is_log(chart):
        y = log10_or_gap(y)
    return Line(series.name, chart, is_previous, x, y, series.value, series.best)


def x_of(moment: Series | Marker | Moment, axis: XAxis) -> Array:
    """The chosen time of a series (an array) or of a marker (a number)."""
    return np.asarray({"step": moment.step, "epoch": moment.epoch, "seconds": moment.seconds}[axis], float)


def log10_or_gap(values: Array) -> Array:
    """log10, and nan where there is none: zero, negative and nan."""
    result: Array = np.log10(values, out=np.full(values.shape, np.nan), where=values > 0)
    return result


def isolated(y: Array) -> Array:
    """Indices of finite points whose neighbours are gaps or missing: a line alone would not show them."""
    finite = np.concatenate(([False], np.isfinite(y), [False]))
    return np.flatnonzero(finite[1:-1] & ~finite[:-2] & ~finite[2:])


def x_extent(drawn: Sequence[Line]) -> tuple[float, float]:
    """From 0 to the newest measurement. Of a longer previous run so much that the current one keeps a quarter."""
    now = max((float(line.x[-1]) for line in drawn if not line.is_previous), default=0.0)
    before = max((float(line.x[-1]) for line in drawn if line.is_previous), default=0.0)
    return 0.0, max(now, min(before, 4 * now) if now > 0 else before)


def y_extent(
    drawn: Sequence[Line], chart: Chart, options: CurveOptions, until: float, score: Score = "accuracy"
) -> tuple[float, float] | None:
    """The finite values of a chart's lines up to x = ``until``; a linear loss and an error start at 0, an accuracy reaches
    1. None without any."""
    seen = [line.y[line.x <= until] for line in drawn if line.chart == chart]
    values = np.concatenate(seen) if seen else np.empty(0)
    values = values[np.isfinite(values)]
    if not values.size:
        return None
    low, high = float(values.min()), float(values.max())
    if starts_at_zero(chart, options, score):
        return min(low, 0.0), _without_spikes(values, seen)
    if chart == "score":
        return low, max(high, 1.0)
    return low, high


def _without_spikes(values: Array, seen: Sequence[Array]) -> float:
    """The largest of ``values`` that is no spike: up to twice a first value, or so high that a tenth of all are near it."""
    firsts = [y[np.isfinite(y)][:1] for y in seen]
    usual = max(_USUAL * float(np.quantile(values, 0.9)), 2 * float(np.concatenate(firsts).max()))
    return float(values[values <= usual].max(initial=0.0))


def starts_at_zero(chart: Chart, options: CurveOptions, score: Score) -> bool:
    """Whether a chart's range begins at 0, as for what can be no better than that."""
    return (chart == "loss" and not options.log_loss) or (chart == "score" and score == "rmse")


class Hysteresis:
    """A range that moves seldom: it grows past what it must show, and shrinks only when that fills too little of it."""

    def __init__(self, ahead: float, *, fills_at_least: float = 0.6) -> None:
        self._ahead = ahead
        self._least = fills_at_least
        self._kept: tuple[float, float] | None = None

    def forget(self) -> None:
        """Fit anew the next time."""
        self._kept = None

    def fit(self, low: float, high: float, *, pad_low: bool) -> tuple[float, float]:
        """A range around [low, high], the last one if it still serves; ``pad_low`` leaves room below too."""
        span = high - low if high > low else max(abs(high), 1.0) * 0.1
        kept = self._kept
        if kept is not None and kept[0] <= low and high <= kept[1] and span >= self._least * (kept[1] - kept[0]):
            return kept
        room = self._ahead * span
        self._kept = (low - room if pad_low else low, low + span + room)
        return self._kept


def value_at(line: Line, x: float) -> tuple[int, float] | None:
    """Index and value of the measurement nearest to ``x``; None outside the line."""
    if not len(line.x):
        return None
    right = int(np.searchsorted(line.x, x))
    candidates = [i for i in (right - 1, right) if 0 <= i < len(line.x)]
    index = min(candidates, key=lambda i: abs(line.x[i] - x))
    beyond = line.x[-1] - line.x[0] if len(line.x) > 1 else 0.0
    if x > line.x[-1] + 0.05 * beyond:
        return None
    return index, float(line.value[index])


def table(answer: CurvesAnswer, options: CurveOptions) -> Table:
    """A row per drawn measurement, then a row per marker; the values are the measured ones, also on a log scale."""
    runs = [answer.current]
    if options.previous and answer.previous is not None:
        runs.append(answer.previous)
    rows: list[tuple[int, str, float, float, float, float, str]] = []
    for run in runs:
        for chart in options.charts:
            for name in SERIES_OF[chart]:
                if name in run.series:
                    rows += _measurement_rows(run, run.series[name])
        rows += [(run.run, "marker", m.step, m.epoch, m.seconds, np.nan, _marker_note(m)) for m in run.markers]
    if not rows:
        return Table({})
    numbers, names, steps, epochs, seconds, values, notes = zip(*rows, strict=True)
    return Table({
        "run": np.array(numbers), "series": np.array(names), "step": np.array(steps, float),
        "epoch": np.array(epochs, float), "seconds [s]": np.array(seconds, float), "value": np.array(values, float),
        "note": np.array(notes),
    })  # fmt: skip


def _marker_note(marker: Marker) -> str:
    note = f"{marker.path} {marker.before} → {marker.after}"
    return note if marker.since is None else f"{note} (since step {marker.since.step})"


def _measurement_rows(run: RunCurves, series: Series) -> list[tuple[int, str, float, float, float, float, str]]:
    moments = zip(
        series.step.tolist(), series.epoch.tolist(), series.seconds.tolist(), series.value.tolist(), strict=True
    )
    name = series.name.replace("score", f"{run.score} [{run.unit}]" if run.unit else run.score)
    return [
        (run.run, name, step, epoch, seconds, value, "best" if i == series.best else "")
        for i, (step, epoch, seconds, value) in enumerate(moments)
    ]
