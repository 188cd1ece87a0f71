"""The curves probe: everything measured, the extremes of long runs, and the run before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from simulations.probes.curves import Curves
from simulations.training.history import History


def history(losses: Any, run: int = 1) -> History:
    made = History(run, "test", "weights", "batches")
    made.record_pace(0.0, 10)
    made.record_learning_rate(0.1)
    for loss in losses:
        made.record_step(float(loss), 0.5, 0.001)
    return made


def answer_for(current: History, previous: History | None = None) -> Any:
    return Curves().measure(SimpleNamespace(history=current, previous_history=previous), {})  # type: ignore[arg-type]


def test_a_short_run_has_a_point_for_every_measurement() -> None:
    series = answer_for(history(np.linspace(2, 1, 300))).current.series["train_loss"]
    assert len(series.value) == series.measured == 300
    np.testing.assert_allclose(series.value, np.linspace(2, 1, 300))
    assert series.step.tolist() == list(range(1, 301))


def test_a_long_run_keeps_its_extremes() -> None:
    losses = 1 + 0.01 * np.random.default_rng(0).normal(size=20_000)
    losses[7_777], losses[13_131] = 9.0, 0.001
    series = answer_for(history(losses)).current.series["train_loss"]
    assert len(series.value) <= 4_000 < series.measured == 20_000
    assert 9.0 in series.value
    assert 0.001 in series.value


def test_the_best_validation_is_pinned_where_it_was_measured() -> None:
    run = History(1, "test", "w", "b")
    run.record_pace(0.0, 5)
    for loss in (2.0, 0.5, 0.7, 0.9):
        for _step in range(5):
            run.record_step(loss, 0.5, 0.001)
        run.record_validation(loss, 1 - loss / 4)
    series = answer_for(run).current.series["validation_loss"]
    assert series.value[series.best] == series.value.min() == 0.5
    assert series.step[series.best] == 10


def test_the_run_before_is_the_ghost() -> None:
    answer = answer_for(history([1.0], run=2), history([3.0, 2.0], run=1))
    assert (answer.current.run, answer.previous.run) == (2, 1)
    assert answer.previous.series["train_loss"].value.tolist() == [3.0, 2.0]


def test_looking_leaves_the_history_as_it_was() -> None:
    run = history([3.0, 2.0])
    answer_for(run)
    run.record_step(1.0, 0.5, 0.001)
    assert answer_for(run).current.series["train_loss"].value.tolist() == [3.0, 2.0, 1.0]
