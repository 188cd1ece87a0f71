"""The simulation thread obeys at once, never piles anything up, and trains the same whether or not anybody watches."""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np

from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.base import OPTIMIZERS
from simulations.probes.base import PROBES, Probe
from simulations.probes.layers import LayersProbe
from simulations.runtime.messages import (
    Apply,
    Diverged,
    Failed,
    Pause,
    Play,
    Recover,
    Rejected,
    Reset,
    TakeEpoch,
    TakeSteps,
    Watch,
)
from simulations.training.session import Session
from tests.simulations.runtime.window import Weights, with_rate


@dataclass(frozen=True)
class Broken(Probe):
    kind = "test broken"

    def measure(self, view: Any, memory: dict[str, Any]) -> Any:
        raise ZeroDivisionError("a defect")


# ---- commands --------------------------------------------------------------------------------------------------------


def test_a_new_worker_shows_step_0_and_waits(window):
    snapshot = window.wait(lambda shown: True)
    assert (snapshot.step, snapshot.status, snapshot.run) == (0, "paused", 1)


def test_play_and_pause(window):
    window.send(Play())
    window.wait(lambda shown: shown.status == "running" and shown.step > 20)
    window.send(Pause())
    paused = window.wait(lambda shown: shown.status == "paused")
    assert paused.step == window.worker._session.step
    assert paused.steps_per_second == 0.0


def test_steps_and_epochs_are_counted_exactly(window):
    window.send(TakeSteps(3))
    assert window.wait(lambda shown: shown.status == "paused" and shown.step > 0).step == 3
    window.send(TakeSteps(2), TakeSteps(2))
    assert window.wait(lambda shown: shown.status == "paused" and shown.step > 3).step == 7
    window.send(TakeEpoch())
    assert window.wait(lambda shown: shown.status == "paused" and shown.step > 7).epoch == 2.0
    window.send(TakeEpoch())
    assert window.wait(lambda shown: shown.status == "paused" and shown.epoch > 2).epoch == 3.0


def test_reset_while_running_runs_again_from_step_0(window):
    window.send(Play())
    window.wait(lambda shown: shown.step > 50)
    window.send(Reset())
    shown = window.wait(lambda shown: shown.run == 2)
    assert shown.status == "running"
    window.wait(lambda shown: shown.step > 5)


def test_a_slider_drag_ends_at_its_last_value_with_one_marker(window, experiment):
    window.send(Play())
    window.wait(lambda shown: shown.step > 10)
    rates = np.geomspace(0.01, 0.001, 50)
    for rate in rates:
        window.send(Apply(with_rate(experiment, float(rate))))
    shown = window.wait(lambda shown: shown.spec.optimizer.learning_rate == rates[-1])
    assert shown.run == 1
    window.send(Pause())
    window.wait(lambda shown: shown.status == "paused")
    (marker,) = window.worker._session.history.markers
    assert (marker.before, marker.after) == ("0.01", "0.001")


def test_a_rejected_architecture_leaves_the_old_run_running(window, experiment):
    window.send(Play())
    window.wait(lambda shown: shown.step > 10)
    impossible = dataclasses.replace(experiment, layers=(*experiment.layers[:-1], LAYERS["dense"](units=9)))
    window.send(Apply(impossible))
    rejected = window.wait_event(Rejected)
    assert rejected.spec == impossible
    assert "9" in str(rejected.error)
    step = window.snapshot.step
    later = window.wait(lambda shown: shown.step > step + 50)
    assert (later.run, later.spec, later.status) == (1, experiment, "running")


def test_another_document_that_was_refused_is_another_still_when_it_is_mended(window, experiment):
    window.send(TakeSteps(5))
    window.wait(lambda shown: shown.step == 5)
    impossible = dataclasses.replace(experiment, layers=(*experiment.layers[:-1], LAYERS["dense"](units=9)))
    window.send(Apply(impossible, anew=True))
    window.wait_event(Rejected)
    assert window.wait(lambda shown: shown.status == "paused").run == 1
    window.send(Apply(experiment))
    window.wait(lambda shown: shown.run == 2 and shown.step == 0)
    window.send(Apply(with_rate(experiment, 0.02)))
    assert window.wait(lambda shown: shown.spec != experiment).run == 2


def test_a_first_experiment_that_cannot_be_built_waits_for_a_better_one(open_window, experiment):
    window = open_window(dataclasses.replace(experiment, layers=experiment.layers[:-1]))
    window.wait_event(Rejected)
    window.send(Play(), TakeSteps(1), Apply(experiment), TakeSteps(1))
    window.wait(lambda shown: shown.step == 1)


def test_divergence_pauses_names_the_place_and_offers_a_way_back(open_window, make_experiment):
    spec = make_experiment(loss=LOSSES["squared_error"](), optimizer=OPTIMIZERS["sgd"](learning_rate=10.0))
    window = open_window(spec)
    window.send(Play())
    diverged = window.wait_event(Diverged)
    shown = window.wait(lambda shown: shown.status == "diverged")
    assert shown.diverged == diverged
    window.send(Play())
    assert window.wait(lambda again: again.sequence > shown.sequence).step == shown.step
    window.send(Apply(with_rate(spec, 0.001)), Recover())
    assert window.wait(lambda shown: shown.status == "paused").step == diverged.safe_step
    window.send(TakeSteps(20))
    window.wait(lambda shown: shown.status == "paused" and shown.step == diverged.safe_step + 20)
    assert np.isfinite(window.theta).all()


def test_a_defect_is_reported_and_the_thread_lives_on(window):
    window.send(Watch((Broken(), Weights())))
    assert "a defect" in window.wait_event(Failed).report
    window.send(TakeSteps(2))
    assert window.wait(lambda shown: shown.step == 2).probes["test weights"][0] == 2


# ---- snapshots and probes --------------------------------------------------------------------------------------------


def test_a_paused_session_answers_for_exactly_this_step(window):
    window.send(TakeSteps(5), Watch((Weights(),)))
    shown = window.wait(lambda shown: shown.status == "paused" and "test weights" in shown.probes and shown.step == 5)
    step, _, theta = shown.probes["test weights"]
    assert step == 5
    np.testing.assert_array_equal(theta, window.theta)
    window.send(TakeSteps(1))
    shown = window.wait(lambda shown: shown.status == "paused" and shown.step == 6)
    assert shown.probes["test weights"][0] == 6


def test_the_update_shown_where_training_pauses_by_itself_is_that_of_the_last_step(window):
    window.send(Watch((LayersProbe(),)))
    window.wait(lambda shown: "layers" in shown.probes)
    window.send(TakeSteps(300))
    shown = window.wait(lambda shown: shown.status == "paused" and "layers" in shown.probes and shown.step == 300)
    assert shown.probes["layers"].updates[-1, 0] == 300


def test_only_wanted_probes_are_measured(window):
    window.send(Watch((Weights(),)), TakeSteps(1))
    window.wait(lambda shown: shown.step == 1 and shown.status == "paused")
    window.send(Watch(()), TakeSteps(1))
    shown = window.wait(lambda shown: shown.step == 2 and shown.status == "paused")
    assert dict(shown.probes) == {}


def test_a_new_run_shows_its_step_0_to_the_probes_first(window):
    window.send(Watch((Weights(),)), Play())
    window.wait(lambda shown: shown.step > 20)
    window.send(Pause(), Reset())
    shown = window.wait(lambda shown: shown.run == 2)
    assert shown.probes["test weights"][:2] == (0, 1)


def test_every_kind_of_probe_keeps_being_answered_while_training(window):
    probes = (*(entry.cls() for entry in PROBES), Weights())
    window.send(Watch(probes))
    first = window.wait(lambda shown: "test weights" in shown.probes).probes
    window.send(Play())
    unchanging = {"data"}  # the samples stay what they are
    window.wait(
        lambda shown: all(
            shown.probes.get(kind) is not answer for kind, answer in first.items() if kind not in unchanging
        )
    )


def test_nothing_piles_up_when_the_window_stalls(window):
    window.send(Watch((Weights(),)), Play())
    window.wait(lambda shown: shown.step > 0)
    session, watching = window.worker._session, window.worker._watching
    stalled_at = session.step
    deadline = monotonic() + 2.0
    idle = threading.Event()
    while monotonic() < deadline:
        idle.wait(0.05)
    assert session.step > stalled_at
    assert window.worker.events.qsize() <= 8
    assert watching._measured < 100
    sequence = window.worker._sequence
    idle.wait(0.05)
    assert window.worker._sequence == sequence
    first = window.worker.snapshots.take()
    assert first is not None


def test_a_paused_worker_sleeps(window):
    window.send(Watch((Weights(),)))
    window.wait(lambda shown: "test weights" in shown.probes)
    sequence = window.worker._sequence
    threading.Event().wait(0.1)
    assert window.worker._sequence == sequence


def test_training_is_bit_identical_with_and_without_a_watching_window(open_window, experiment):
    steps = 300
    alone = Session(experiment)
    for _ in range(steps):
        alone.take_step()
    window = open_window(experiment)
    window.send(Watch((*(entry.cls() for entry in PROBES), Weights())), TakeSteps(steps))
    window.wait(lambda shown: shown.status == "paused" and shown.step == steps)
    np.testing.assert_array_equal(window.theta, alone.network.theta)


@dataclass(frozen=True)
class Seldom(Probe):
    kind = "test seldom"
    period_s = 0.25

    def measure(self, view: Any, memory: dict[str, Any]) -> Any:
        memory["at"] = [*memory.get("at", ()), monotonic()]
        return view.step, tuple(memory["at"])


def test_a_probe_is_asked_no_more_often_than_its_period_and_at_once_in_a_pause(window):
    window.send(Watch((Seldom(),)), Play())
    looked = window.wait(lambda now: len(now.probes.get("test seldom", (0, ()))[1]) >= 4).probes["test seldom"][1]
    assert np.diff(looked[1:]).min() >= Seldom.period_s  # the first look is at step 0, before training
    window.send(Pause())
    window.wait(lambda now: now.status == "paused" and now.probes["test seldom"][0] == now.step)
