"""The history keeps what was measured: exact while short, its extremes kept while long, its best step pinned."""

from __future__ import annotations

import numpy as np
import pytest

from simulations.probes.answers import Moment
from simulations.training.history import SERIES, History


def recorded(losses: np.ndarray, *, look_every: int = 0) -> History:
    history = History(1, "test", "aa", "bb")
    history.record_learning_rate(0.1)
    history.record_pace(0.0, 10)
    for i, loss in enumerate(losses):
        history.record_step(float(loss), 0.5, 0.25)
        if look_every and i % look_every == 0:
            history.series("train_loss")
    return history


def test_a_short_curve_has_a_point_for_every_measurement():
    losses = np.random.default_rng(0).normal(size=1990)
    series = recorded(losses).series("train_loss")
    np.testing.assert_array_equal(series.value, losses)
    np.testing.assert_array_equal(series.step, np.arange(1, 1991))
    np.testing.assert_allclose(series.seconds, 0.25 * np.arange(1, 1991))
    np.testing.assert_allclose(series.epoch, np.arange(1, 1991) / 10)
    assert series.measured == 1990


@pytest.mark.parametrize("length", [1997, 5_000, 70_001])
@pytest.mark.parametrize("look_every", [0, 333])
def test_a_long_curve_keeps_its_extremes_and_its_newest_point(length, look_every):
    losses = np.random.default_rng(1).normal(size=length)
    series = recorded(losses, look_every=look_every).series("train_loss")
    assert len(series.value) <= 2000
    assert len(series.value) > 900
    assert series.measured == length
    assert series.value.min() == losses.min()
    assert series.value.max() == losses.max()
    assert series.step[-1] == length
    assert (np.diff(series.step) > 0).all()
    np.testing.assert_array_equal(series.value, losses[series.step.astype(int) - 1])


def test_a_constant_curve_does_not_repeat_a_measurement():
    series = recorded(np.ones(9_999)).series("train_loss")
    assert (np.diff(series.step) > 0).all()


def test_every_measurement_stays_readable():
    losses = np.random.default_rng(2).normal(size=70_000).astype(np.float32)
    columns = recorded(losses).measurements()
    np.testing.assert_array_equal(columns["train_loss"], losses)
    np.testing.assert_array_equal(columns["step"], np.arange(1, 70_001))


@pytest.mark.parametrize("step", [0, 7, 1_024, 66_000])
def test_going_back_leaves_the_history_as_it_was_then(step):
    losses = np.random.default_rng(3).normal(size=70_000).astype(np.float32)
    history = recorded(losses)
    history.truncate(step)
    again = recorded(losses[:step])
    assert history.steps == step
    assert history.seconds == again.seconds
    for name in SERIES:
        kept, wanted = history.series(name), again.series(name)
        assert kept.measured == wanted.measured
        assert set(wanted.step[-1:]) == set(kept.step[-1:])
    for value in losses[step : step + 100]:
        history.record_step(float(value), 0.5, 0.25)
    np.testing.assert_array_equal(history.measurements()["train_loss"], losses[: step + 100])


def test_the_best_validation_measurement_is_pinned_however_long_the_run():
    history = recorded(np.ones(0))
    losses = 1 + np.random.default_rng(4).random(5_000)
    losses[1_234] = 0.5
    for loss in losses:
        history.record_step(1.0, 0.5, 0.01)
        history.record_validation(float(loss), min(1.0, 1 / float(loss) / 2 + 0.2))
    series = history.series("validation_loss")
    assert len(series.value) <= 2000
    assert (series.step[series.best], series.value[series.best]) == (1_235, 0.5)
    accuracy = history.series("validation_score")
    assert accuracy.value[accuracy.best] == accuracy.value.max()
    assert accuracy.step[accuracy.best] == 1_235


def test_a_learning_rate_change_is_a_corner():
    history = recorded(np.ones(10))
    history.record_learning_rate(0.03)
    history.record_step(1.0, 1.0, 0.25)
    series = history.series("learning_rate")
    np.testing.assert_array_equal(series.step, [0, 10, 10, 11])
    np.testing.assert_array_equal(series.value, [0.1, 0.1, 0.03, 0.03])


def test_a_dragged_slider_leaves_one_marker():
    history = recorded(np.ones(10))
    history.mark("optimizer.learning_rate", "0.1", "0.08")
    history.record_step(1.0, 1.0, 0.25)
    history.mark("optimizer.learning_rate", "0.08", "0.03", extend=True)
    history.mark("l2", "0", "0.1", extend=True)
    assert [(one.path, one.before, one.after, one.step) for one in history.markers] == [
        ("optimizer.learning_rate", "0.1", "0.03", 11),
        ("l2", "0", "0.1", 11),
    ]


def test_a_drag_is_marked_from_where_it_began():
    history = recorded(np.ones(10))
    history.mark("l2", "0", "0.1")
    history.mark("l2", "0.1", "0.2", extend=True)
    assert history.markers[0].since is None, "no step was taken meanwhile"
    for value in ("0.3", "0.4"):
        for _ in range(5):
            history.record_step(1.0, 1.0, 0.25)
        history.mark("l2", "0.2", value, extend=True)
    (marker,) = history.markers
    assert marker.since == Moment(10, history.epoch_of(10), float(history.series("train_loss").seconds[9]))
    assert (marker.step, marker.before, marker.after) == (20, "0", "0.4")
    history.truncate(15)
    assert (history.markers[0].step, history.markers[0].since.step) == (15, 10)
    history.truncate(10)
    assert (history.markers[0].step, history.markers[0].since) == (10, None)


def test_a_change_of_batch_size_bends_the_epoch_axis():
    history = recorded(np.ones(20))
    history.record_pace(2.0, 5)
    for _ in range(5):
        history.record_step(1.0, 1.0, 0.25)
    assert history.epoch_of(10) == 1.0
    assert history.epoch_of(25) == 3.0


def test_reading_a_long_curve_costs_no_more_than_reading_a_short_one():
    """Counted in numbers touched, not in time: the decimated curve never holds more than its 2 000 points."""
    history = recorded(np.random.default_rng(5).normal(size=200_000))
    history.series("train_loss")
    history.record_step(1.0, 1.0, 0.1)
    assert len(history._losses) == 1
    assert history._curves["train_loss"].points().shape[1] <= 2000
