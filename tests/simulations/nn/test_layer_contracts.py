"""What holds for every registered layer: a batch has at least one sample, one is enough, and a thousand steps in the same
memory."""

import tracemalloc

import numpy as np
import pytest

from simulations.core.errors import ShapeError
from simulations.nn.layers.base import LAYERS
from simulations.nn.layers.dense import Dense
from simulations.nn.layers.flatten import Flatten
from simulations.nn.network import Network

INPUTS = ((6,), (4, 6, 4), (5, 4))  # a point, an image, a sequence
STEPS = 1000
GROWTH = 8_000  # bytes: what the interpreter itself keeps; one leaked number a step would be more


def network_of(kind):
    """The layer between two that learn, so that it has a layer below and wants an input gradient where it can."""
    layer = LAYERS[kind]()
    for shape in INPUTS:
        try:
            layer.output_shape(shape)
        except ShapeError:
            continue
        return Network([layer, Flatten(), Dense(3)], shape, seed=1)
    raise AssertionError(f"no input fits {kind}")


def batch(network, n):
    return np.random.default_rng(n).uniform(0, 1, (n, *network.input_shape)).astype(np.float32)


def take_steps(network, tape, x, count):
    for step in range(count):
        tape.draw_from(0, step)
        network.forward(x, tape)
        network.backward(tape.d_outputs, tape)


@pytest.fixture(params=LAYERS.kinds())
def network(request):
    return network_of(request.param)


def test_a_batch_of_nothing_is_refused_in_words(network):
    with pytest.raises(ShapeError, match="at least one sample"):
        network.tape(0, training=True)


def test_one_sample_gives_what_it_gives_among_others(network):
    x = batch(network, 5)
    alone = network.forward(x[2:3], network.tape(1, training=False)).copy()
    among = network.forward(x, network.tape(5, training=False))[2:3]
    np.testing.assert_allclose(alone, among, rtol=1e-4, atol=1e-5)


def test_one_sample_can_be_learnt_from(network):
    tape = network.tape(1, training=True)
    tape.d_outputs.fill(1)
    take_steps(network, tape, batch(network, 1), 1)
    assert np.isfinite(tape.gradient).all()


def test_a_thousand_steps_need_no_more_memory_than_the_first(network):
    tape, x = network.tape(2, training=True), batch(network, 2)
    tape.d_outputs.fill(0.1)
    take_steps(network, tape, x, 20)
    tracemalloc.start()
    try:
        take_steps(network, tape, x, 5)
        before = tracemalloc.get_traced_memory()[0]
        take_steps(network, tape, x, STEPS)
        growth = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert growth < GROWTH
