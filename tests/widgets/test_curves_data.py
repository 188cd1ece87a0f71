"""What the Curves panel draws: every measurement once, gaps where there is no number, ranges that hold it all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulations.probes.answers import CurvesAnswer, Marker, Moment, RunCurves, Series
from widgets.plots.curve_data import (
    CurveOptions,
    Hysteresis,
    isolated,
    lines,
    log10_or_gap,
    table,
    value_at,
    x_extent,
    x_of,
    y_extent,
)


def series(name: Any, values: Any, best: int = -1) -> Series:
    step = np.arange(1, len(values) + 1, dtype=float)
    return Series(name, step, step / 10, step / 100, np.asarray(values, float), len(values), best)


def run(number: int = 1, markers: tuple[Marker, ...] = (), **values: Any) -> RunCurves:
    made = {name: series(name, value) for name, value in values.items()}
    return RunCurves(number, "test", made, markers, "w", "b")


def test_every_measurement_is_a_point() -> None:
    values = np.random.default_rng(0).uniform(0.1, 2, 137)
    (line,) = lines(CurvesAnswer(run(train_loss=values), None), CurveOptions())
    np.testing.assert_array_equal(line.y, values)
    assert line.x.tolist() == list(range(1, 138))


@pytest.mark.parametrize(("axis", "factor"), [("step", 1), ("epoch", 10), ("seconds", 100)])
def test_the_time_axis_can_be_chosen(axis: Any, factor: float) -> None:
    (line,) = lines(CurvesAnswer(run(train_loss=[3, 2, 1]), None), CurveOptions(x=axis))
    np.testing.assert_allclose(line.x, np.array([1, 2, 3]) / factor)


def test_a_marker_moves_with_the_time_axis() -> None:
    marker = Marker(40, 4.0, 0.4, "l2", "0", "0.1")
    assert [float(x_of(marker, axis)) for axis in ("step", "epoch", "seconds")] == [40, 4, 0.4]


def test_what_is_no_number_is_a_gap() -> None:
    (line,) = lines(CurvesAnswer(run(train_loss=[1, np.nan, np.inf, 2]), None), CurveOptions())
    assert np.isnan(line.y).tolist() == [False, True, True, False]


def test_a_logarithm_of_zero_is_a_gap_and_no_warning() -> None:
    np.testing.assert_array_equal(
        log10_or_gap(np.array([1.0, 0.0, -1.0, np.nan, 0.01])), [0, np.nan, np.nan, np.nan, -2]
    )


def test_only_the_loss_turns_logarithmic() -> None:
    answer = CurvesAnswer(run(train_loss=[0.1, 0.01], train_score=[0.5, 1.0]), None)
    loss, accuracy = lines(answer, CurveOptions(log_loss=True))
    np.testing.assert_allclose(loss.y, [-1, -2])
    np.testing.assert_allclose(accuracy.y, [0.5, 1.0])


def test_lone_points_are_found_between_gaps_and_at_the_ends() -> None:
    assert isolated(np.array([1, np.nan, 2, 3, np.nan, 4])).tolist() == [0, 5]
    assert isolated(np.array([1.0])).tolist() == [0]
    assert isolated(np.array([])).tolist() == []


def test_the_previous_run_can_be_hidden() -> None:
    answer = CurvesAnswer(run(2, train_loss=[1, 2]), run(1, train_loss=[3]))
    assert [line.is_previous for line in lines(answer, CurveOptions())] == [True, False]
    assert [line.is_previous for line in lines(answer, CurveOptions(previous=False))] == [False]


def test_a_much_longer_previous_run_leaves_the_current_one_a_quarter() -> None:
    drawn = lines(CurvesAnswer(run(2, train_loss=np.ones(10)), run(1, train_loss=np.ones(1000))), CurveOptions())
    assert x_extent(drawn) == (0, 40)


def test_before_the_first_step_the_previous_run_is_seen_whole() -> None:
    drawn = lines(CurvesAnswer(run(2), run(1, train_loss=np.ones(1000))), CurveOptions())
    assert x_extent(drawn) == (0, 1000)


def test_the_range_holds_all_finite_values() -> None:
    drawn = lines(CurvesAnswer(run(train_loss=[3, np.nan, 0.5], train_score=[0.2, 0.9]), None), CurveOptions())
    assert y_extent(drawn, "loss", CurveOptions(), 3) == (0, 3)
    assert y_extent(drawn, "score", CurveOptions(), 3) == (0.2, 1.0)


def test_a_spike_does_not_flatten_a_linear_loss() -> None:
    values = np.linspace(2.0, 0.1, 200)
    values[150] = 1000.0
    drawn = lines(CurvesAnswer(run(train_loss=values), None), CurveOptions())
    assert y_extent(drawn, "loss", CurveOptions(), 200) == (0, 2)
    logarithmic = CurveOptions(log_loss=True)
    drawn = lines(CurvesAnswer(run(train_loss=values), None), logarithmic)
    assert y_extent(drawn, "loss", logarithmic, 200) == (-1, 3)


@pytest.mark.parametrize("values", [[2.3, *[0.001] * 500], [0.1, 0.15, 0.19], [0.1, *np.linspace(0.1, 90, 100)]])
def test_a_first_loss_and_a_rising_one_are_no_spikes(values: Any) -> None:
    drawn = lines(CurvesAnswer(run(train_loss=values), None), CurveOptions())
    assert y_extent(drawn, "loss", CurveOptions(), len(values)) == (0, max(values))


def test_nothing_finite_has_no_range() -> None:
    drawn = lines(CurvesAnswer(run(train_loss=[np.nan]), None), CurveOptions())
    assert y_extent(drawn, "loss", CurveOptions(), 1) is None


def test_a_range_moves_seldom() -> None:
    fit = Hysteresis(0.1)
    seen = {fit.fit(0, float(high), pad_low=False) for high in range(100, 1000)}
    assert len(seen) < 30
    assert all(low == 0 for low, _high in seen)


def test_a_range_always_holds_what_it_must() -> None:
    fit, rng = Hysteresis(0.1), np.random.default_rng(0)
    for _i in range(200):
        low, high = np.sort(rng.normal(size=2))
        shown = fit.fit(low, high, pad_low=True)
        assert shown[0] <= low
        assert shown[1] >= high


def test_a_single_value_has_a_range() -> None:
    low, high = Hysteresis(0.1).fit(0.0, 0.0, pad_low=False)
    assert low < high


def test_the_readout_names_the_nearest_measurement() -> None:
    (line,) = lines(CurvesAnswer(run(train_loss=[5, 6, 7]), None), CurveOptions())
    assert value_at(line, 2.2) == (1, 6)
    assert value_at(line, 0.0) == (0, 5)
    assert value_at(line, 30.0) is None


def test_the_table_is_what_is_drawn() -> None:
    marker = Marker(2, 0.2, 0.02, "optimizer.learning_rate", "0.1", "0.03")
    values = np.random.default_rng(3).uniform(size=50)
    answer = CurvesAnswer(run(4, (marker,), train_loss=values, train_score=values), None)
    columns = table(answer, CurveOptions(log_loss=True)).columns
    chosen = columns["series"] == "train_loss"
    np.testing.assert_array_equal(columns["value"][chosen], values)
    np.testing.assert_array_equal(columns["step"][chosen], np.arange(1, 51))
    assert columns["note"][columns["series"] == "marker"].tolist() == ["optimizer.learning_rate 0.1 → 0.03"]
    assert {len(column) for column in columns.values()} == {101}
    dragged = replace(marker, since=Moment(1, 0.1, 0.01))
    columns = table(CurvesAnswer(run(4, (dragged,), train_loss=values), None), CurveOptions()).columns
    assert columns["note"][-1] == "optimizer.learning_rate 0.1 → 0.03 (since step 1)"


def test_the_table_marks_the_best() -> None:
    made = RunCurves(1, "t", {"validation_loss": series("validation_loss", [2, 1, 3], best=1)}, (), "", "")
    assert table(CurvesAnswer(made, None), CurveOptions()).columns["note"].tolist() == ["", "best", ""]


def test_charts_that_are_hidden_are_not_in_the_table() -> None:
    answer = CurvesAnswer(run(train_loss=[1], train_score=[1]), None)
    assert set(table(answer, CurveOptions(charts=("score",))).columns["series"]) == {"train_accuracy"}


def test_an_error_starts_at_zero_and_is_named_with_its_unit() -> None:
    made = RunCurves(1, "t", {"validation_score": series("validation_score", [8, 4, 3], 2)}, (), "", "", "rmse", "cm")
    answer = CurvesAnswer(made, None)
    assert set(table(answer, CurveOptions()).columns["series"]) == {"validation_rmse [cm]"}
    assert y_extent(lines(answer, CurveOptions()), "score", CurveOptions(), 3, made.score) == (0, 8)
