"""A network is one flat vector; looking at it never changes it, and equal seeds give equal bits."""

import dataclasses
import tracemalloc

import numpy as np
import pytest

from simulations.core.errors import ShapeError
from simulations.core.targets import Targets
from simulations.nn.layers.batch_norm import BatchNorm
from simulations.nn.layers.conv2d import Conv2D
from simulations.nn.layers.dense import Dense
from simulations.nn.layers.dropout import Dropout
from simulations.nn.layers.flatten import Flatten
from simulations.nn.layers.leaky_relu import LeakyReLU
from simulations.nn.layers.max_pool2d import MaxPool2D
from simulations.nn.layers.relu import ReLU
from simulations.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from simulations.nn.losses.squared_error import SquaredError
from simulations.nn.network import Network
from simulations.optimizers.adam import Adam

SHAPE = (6, 6, 1)
LAYERS = [Conv2D(channels=4), BatchNorm(), ReLU(), MaxPool2D(), Dropout(rate=0.3), Flatten(), Dense(units=3)]


def batch(n, shape=SHAPE, seed=0, dtype=np.float32):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, *shape)).astype(dtype), rng.integers(3, size=n)


class Training:
    """A network with its optimizer, one step at a time."""

    def __init__(self, layers=tuple(LAYERS), n=8, dtype=np.float32):
        self.network = Network(layers, SHAPE, seed=5, dtype=dtype)
        self.tape = self.network.tape(n, training=True)
        self.optimizer = Adam()
        self.memory = self.optimizer.start(self.network.theta)
        self.n, self.step = n, 0

    def take_step(self):
        self.step += 1
        x, targets = batch(self.n, seed=self.step, dtype=self.network.dtype)
        self.tape.draw_from(5, self.step)
        loss = SoftmaxCrossEntropy().value_and_gradient(
            self.network.forward(x, self.tape), targets, self.tape.d_outputs
        )
        self.network.backward(self.tape.d_outputs, self.tape)
        self.optimizer.update(self.network.theta, self.network.gradient, self.memory, self.step)
        return loss


def test_equal_seeds_train_to_equal_bits():
    first, second = Training(), Training()
    losses = [[one.take_step() for _ in range(20)] for one in (first, second)]
    assert losses[0] == losses[1]
    np.testing.assert_array_equal(first.network.theta, second.network.theta)
    np.testing.assert_array_equal(first.network.state, second.network.state)


def test_looking_changes_neither_weights_nor_gradient_nor_state_nor_the_next_step():
    watched, alone = Training(), Training()
    for one in (watched, alone):
        one.take_step()
    before = [array.copy() for array in (watched.network.theta, watched.network.gradient, watched.network.state)]
    tape = watched.network.tape(5, training=False)
    x, targets = batch(5, seed=99)
    SoftmaxCrossEntropy().value_and_gradient(watched.network.forward(x, tape), targets, tape.d_outputs)
    watched.network.backward(tape.d_outputs, tape)
    after = (watched.network.theta, watched.network.gradient, watched.network.state)
    for expected, found in zip(before, after, strict=True):
        np.testing.assert_array_equal(expected, found)
    assert watched.take_step() == alone.take_step()
    np.testing.assert_array_equal(watched.network.theta, alone.network.theta)


def test_a_replayed_step_draws_the_same_dropout_mask():
    network = Network([Dropout(rate=0.5), Flatten(), Dense(units=3)], SHAPE)
    tape = network.tape(4, training=True)
    x, _ = batch(4)
    outputs = []
    for step in (1, 2, 1):
        tape.draw_from(0, step)
        outputs.append(network.forward(x, tape).copy())
    np.testing.assert_array_equal(outputs[0], outputs[2])
    assert not np.array_equal(outputs[0], outputs[1])


def test_dropout_keeps_the_share_it_promises_and_the_mean():
    network = Network([Dropout(rate=0.25)], (100,), dtype=np.float64)
    y = network.forward(np.ones((1000, 100)), network.tape(1000, training=True))
    assert set(np.unique(y)) == {0.0, 1 / 0.75}
    assert np.mean(y == 0) == pytest.approx(0.25, abs=0.01)
    assert y.mean() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_array_keeps_the_dtype_of_the_network(dtype):
    training = Training(dtype=dtype)
    training.take_step()
    network, tape = training.network, training.tape
    arrays = [network.theta, network.gradient, network.state, *tape.outputs, *tape.output_gradients]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_a_batch_of_one_trains():
    training = Training(n=1)
    for _ in range(3):
        assert np.isfinite(training.take_step())
    assert np.isfinite(training.network.theta).all()
    assert np.isfinite(training.network.state).all()


def test_a_thousand_steps_allocate_nothing_that_stays():
    training = Training()
    for _ in range(20):
        training.take_step()
    tracemalloc.start()
    try:
        training.take_step()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(1000):
            training.take_step()
        growth = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert growth < 20_000


def test_theta_is_the_views_and_the_slices_in_order():
    network = Network(LAYERS, SHAPE)
    network.theta[...] = np.arange(len(network.theta))
    flat = [view.ravel() for views in network.views for view in views.values()]
    np.testing.assert_array_equal(np.concatenate(flat), network.theta)
    assert network.slices[0].start == 0
    assert network.slices[-1].stop == len(network.theta) == sum(info.parameter_count for info in network.infos)


def test_l2_applies_to_weights_only():
    network = Network([Dense(units=2), Dense(units=3)], (4,))
    decays = np.zeros(len(network.theta), bool)
    for one in network.decay:
        decays[one] = True
    network.theta[...] = decays
    for views in network.views:
        assert views["weight"].all()
        assert not views["bias"].any()


def test_first_weights_depend_on_seed_and_architecture_alone():
    weights = [Network(LAYERS, SHAPE, seed=seed).theta.copy() for seed in (1, 1, 2)]
    np.testing.assert_array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])
    wide = Network(LAYERS, SHAPE, seed=1, dtype=np.float64).theta
    np.testing.assert_array_equal(weights[0], wide.astype(np.float32))


def test_a_live_hyperparameter_acts_on_tapes_that_exist():
    network = Network([LeakyReLU(slope=0.1)], (3,))
    tape = network.tape(1, training=True)
    x = np.array([[-1.0, 2.0, -3.0]], np.float32)
    network.forward(x, tape)
    network.layers = (LeakyReLU(slope=0.5),)
    np.testing.assert_allclose(network.forward(x, tape), [[-0.5, 2.0, -1.5]])


def test_layers_that_need_new_buffers_are_refused():
    network = Network(LAYERS, SHAPE)
    with pytest.raises(ValueError, match="new network"):
        network.layers = (dataclasses.replace(LAYERS[0], dilation=2), *LAYERS[1:])


@pytest.mark.parametrize(
    ("layers", "index", "words"),
    [
        ([Conv2D(), Dense()], 1, "flatten layer before it"),
        ([Flatten(), Conv2D()], 1, "expects an image"),
        ([Conv2D(kernel=9, padding="valid")], 0, "smaller kernel"),
        ([MaxPool2D(), MaxPool2D(), MaxPool2D()], 2, "smaller kernel"),
    ],
)
def test_layers_that_do_not_fit_say_where_and_why(layers, index, words):
    with pytest.raises(ShapeError, match=words) as caught:
        Network(layers, SHAPE)
    assert caught.value.layer_index == index


@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy(), SquaredError()])
def test_losses_refuse_outputs_that_are_not_one_per_class(loss):
    three = Targets.classes(("a", "b", "c"))
    loss.check((3,), three)
    with pytest.raises(ShapeError, match="3 classes"):
        loss.check((4,), three)
    with pytest.raises(ShapeError, match="flatten"):
        loss.check((4, 4, 1), three)


@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy(), SquaredError()])
def test_probabilities_sum_to_one_whatever_the_outputs(loss):
    outputs = np.array([[1000.0, -1000.0, 0.0], [-5.0, -6.0, -7.0], [0.2, 0.3, 0.1]], np.float32)
    p = loss.probabilities(outputs)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-6)
    assert (p >= 0).all()


def test_a_certain_mistake_costs_the_difference_of_logits_not_infinity():
    outputs = np.array([[1000.0, -1000.0]], np.float32)
    assert SoftmaxCrossEntropy().value(outputs, np.array([1])) == pytest.approx(2000)
