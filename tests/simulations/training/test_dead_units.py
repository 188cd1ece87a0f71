"""What trains no longer ends at zero: numbers too small for full precision would slow every step that meets them."""

from __future__ import annotations

import numpy as np
import pytest

from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.optimizers.base import OPTIMIZERS
from simulations.training.session import Session

load()


def kill(session: Session) -> None:
    """Let the ReLU units never fire again."""
    session.network.views[0]["bias"][...] = -1e6


@pytest.fixture
def layers():
    dense = LAYERS["dense"]
    return (dense(units=8), LAYERS["relu"](), dense(units=2))


def test_decayed_weights_of_dead_units_become_zero(make_experiment, layers):
    rate, l2 = 0.5, 0.2
    session = Session(make_experiment(layers=layers, optimizer=OPTIMIZERS["sgd"](learning_rate=rate), l2=l2))
    kill(session)
    weight = session.network.views[0]["weight"]
    largest, smallest = float(np.abs(weight).max()), float(np.finfo(np.float32).smallest_subnormal)
    steps_to_nothing = int(np.ceil(np.log(smallest / largest) / np.log(1 - rate * l2)))
    for _ in range(-(-steps_to_nothing // 64) * 64):
        session.take_step()
    assert not weight.any()
    assert session.network.views[2]["bias"].any()  # the living train on


@pytest.mark.parametrize(("method", "name"), [("momentum", "velocity"), ("adam", "first_moment")])
def test_the_memory_of_dead_units_becomes_zero(make_experiment, layers, method, name):
    """A velocity that only decays stops at a few units of the last place: 0.9 of them rounds to as many."""
    session = Session(make_experiment(layers=layers, optimizer=OPTIMIZERS[method](learning_rate=1e-4)))
    for _ in range(10):
        session.take_step()
    kill(session)
    for _ in range(1270):
        session.take_step()
    (memory,) = session._descent.save()
    assert not memory.state[name][: session.network.views[0]["weight"].size].any()


def test_certain_answers_send_no_subnormal_numbers_back(make_experiment, layers):
    """Between "sure" and "sure beyond float32" a softmax is full of them."""
    session = Session(make_experiment(layers=layers))
    inputs, classes = session.probe_batch()
    tape = session.network.tape(len(inputs), training=False)
    for margin in np.linspace(60, 110, 51, dtype=np.float32):
        outputs = session.network.forward(inputs, tape)
        outputs[...] = margin * np.eye(2, dtype=np.float32)[classes]
        session.criterion.value_and_gradient(outputs, classes, tape)
        session.network.backward(tape.d_outputs, tape)
        sizes = np.abs(tape.d_outputs)
        assert not ((sizes > 0) & (sizes < 1e-31)).any()
