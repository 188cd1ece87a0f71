"""A network whose one step takes long is left between two layers when somebody waits, and nothing of the step remains."""

from __future__ import annotations

import dataclasses
import threading
from time import monotonic

import numpy as np
import pytest

from simulations.core.interrupt import Interrupt, Interrupted
from simulations.nn.layers.base import LAYERS
from simulations.runtime.messages import Pause, Play
from simulations.runtime.worker import Worker
from simulations.training.session import Session

PATIENCE_S = 60.0


def with_layers(experiment, *hidden):
    """``experiment`` with ``hidden`` layers before its last one."""
    return dataclasses.replace(experiment, layers=(*hidden, experiment.layers[-1]))


@pytest.fixture
def with_statistics(experiment):
    """A network that keeps running statistics, which a step changes on its way forward."""
    return with_layers(experiment, LAYERS["dense"](units=8), LAYERS["batch_norm"](), LAYERS["tanh"]())


def interrupt_at(session, layer_index):
    """Let the next pass be interrupted when it reaches ``layer_index``; returns how to let passes through again."""
    tape_forwards = session._new_tape(session.spec.batch_size).forwards
    index, forward, weights, memo = tape_forwards[layer_index]

    def forward_and_ask(x, w, m):
        session.interrupt.request()
        return forward(x, w, m)

    tape_forwards[layer_index] = (index, forward_and_ask, weights, memo)

    def let_through():
        tape_forwards[layer_index] = (index, forward, weights, memo)
        session.interrupt.clear()

    return let_through


def test_an_interrupted_step_is_as_if_it_had_not_begun(with_statistics):
    plain, disturbed = Session(with_statistics), Session(with_statistics)
    for session in (plain, disturbed):
        for _ in range(3):
            session.take_step()
    let_through = interrupt_at(disturbed, 1)
    assert disturbed.take_step() == ()
    assert disturbed.step == 3
    np.testing.assert_array_equal(disturbed.network.state, plain.network.state)
    let_through()
    for session in (plain, disturbed):
        for _ in range(40):
            session.take_step()
    assert disturbed.step == plain.step
    np.testing.assert_array_equal(disturbed.network.theta, plain.network.theta)
    np.testing.assert_array_equal(disturbed.network.state, plain.network.state)


def test_a_validation_that_was_interrupted_is_measured_by_the_next_call(experiment):
    session = Session(experiment)
    for _ in range(session.steps_per_epoch - 1):
        session.take_step()
    measured = len(session.history.validations)
    evaluate = session.evaluate
    session.evaluate = lambda: (_ for _ in ()).throw(Interrupted)
    assert session.take_step() == ()
    assert (session.step, len(session.history.validations)) == (session.steps_per_epoch, measured)
    session.evaluate = evaluate
    assert next(one.what for one in session.take_step()) == "epoch"
    assert (session.step, len(session.history.validations)) == (session.steps_per_epoch, measured + 1)


def test_only_a_final_request_reaches_what_must_happen_whole():
    interrupt = Interrupt()
    with interrupt.held():
        interrupt.request()
        assert not interrupt.is_set
        interrupt.request(final=True)
        assert interrupt.is_set
    interrupt.clear()
    assert interrupt.is_set


def test_a_long_step_is_left_long_before_its_end(experiment):
    """Pausing may take a tenth of a step at most: a step of this network is 24 heavy layers, there and back."""
    deep = with_layers(experiment, *(LAYERS["dense"](units=1024) for _ in range(24)))
    deep = dataclasses.replace(deep, batch_size=64)
    probe = Session(deep)
    probe.take_step()

    def timed_step() -> float:
        began = monotonic()
        probe.take_step()
        return monotonic() - began

    step_s = timed_step()
    worker = Worker(deep)
    worker.start()
    tick = threading.Event()

    def wait(condition):
        deadline = monotonic() + PATIENCE_S
        while monotonic() < deadline:
            shown = worker.snapshots.take()
            if shown is not None and condition(shown):
                return
            tick.wait(0.0005)
        raise AssertionError("nothing came")

    try:
        wait(lambda shown: True)
        latencies = []
        for _ in range(7):
            worker.send(Play())
            wait(lambda shown: shown.status == "running")
            tick.wait(step_s * 0.3)
            asked = monotonic()
            worker.send(Pause())
            wait(lambda shown: shown.status == "paused")
            latencies.append(monotonic() - asked)
        assert min(latencies) < 0.5 * max(step_s, timed_step())  # the machine may have become slower
    finally:
        assert worker.stop(PATIENCE_S)
