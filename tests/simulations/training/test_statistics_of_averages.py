"""Batch statistics under averaged weights are taken anew, as ``torch.optim.swa_utils.update_bn`` does, and leave no trace."""

from __future__ import annotations

import io

import numpy as np
import pytest

from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.training.records import weights_npz
from simulations.training.session import Session

load()


def normalised(make_experiment, **changed):
    dense = LAYERS["dense"]
    layers = (dense(units=8), LAYERS["batch_norm"](), LAYERS["relu"](), dense(units=2))
    return make_experiment(**{"wrappers": (WRAPPERS["ema"](decay=0.9),), "layers": layers, **changed})


def trained(spec, steps=40) -> Session:
    session = Session(spec)
    for _ in range(steps):
        session.take_step()
    return session


@pytest.mark.oracle
def test_they_equal_pytorchs_update_bn(make_experiment):
    torch = pytest.importorskip("torch")
    session = trained(normalised(make_experiment))
    network = session.network
    model = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
    with session.judged() as is_average, torch.no_grad():
        assert is_average
        for layer, views in ((model[0], network.views[0]), (model[1], network.views[1])):
            layer.weight.copy_(torch.tensor(views["weight"].T))
            layer.bias.copy_(torch.tensor(views["bias"]))
        torch.optim.swa_utils.update_bn([torch.tensor(one) for one in session._evaluator.statistics._batches], model)
        state = network.state_views[1]
        np.testing.assert_allclose(state["running_mean"], model[1].running_mean.numpy(), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(state["running_variance"], model[1].running_var.numpy(), rtol=1e-5, atol=1e-6)


def test_they_are_the_mean_of_the_batches_own_statistics(make_experiment):
    session = trained(normalised(make_experiment))
    network = session.network
    with session.judged():
        hidden = [
            one @ network.views[0]["weight"] + network.views[0]["bias"]
            for one in session._evaluator.statistics._batches
        ]
        state = network.state_views[1]
        np.testing.assert_allclose(
            state["running_mean"], np.mean([one.mean(0) for one in hidden], 0), rtol=1e-4, atol=1e-5
        )
        variance = np.mean([one.var(0, ddof=1) for one in hidden], 0)
        np.testing.assert_allclose(state["running_variance"], variance, rtol=1e-4, atol=1e-5)


def test_judging_leaves_the_statistics_of_training_alone(make_experiment):
    session = trained(normalised(make_experiment))
    network = session.network
    theta, state, layers = network.theta.copy(), network.state.copy(), network.layers
    with session.judged():
        assert not np.array_equal(network.state, state)
        assert not np.array_equal(network.theta, theta)
    np.testing.assert_array_equal(network.state, state)
    np.testing.assert_array_equal(network.theta, theta)
    assert network.layers is layers


def test_batch_norm_in_blocks_is_found(make_experiment):
    block = LAYERS["residual"](
        stack=(LAYERS["dense"](units=2), LAYERS["batch_norm"](momentum=0.01)), shortcut="identity"
    )
    session = trained(normalised(make_experiment, layers=(block, LAYERS["dense"](units=2))))
    with session.judged():
        at = next(iter(session._evaluator.statistics._batches))
        views = session.network.views[0]
        hidden = at @ views["0.weight"] + views["0.bias"]
        found = session.network.state_views[0]["1.running_mean"]
        np.testing.assert_allclose(found, hidden.mean(0), rtol=1e-4, atol=1e-5)


def test_without_an_average_the_network_is_judged_as_it_is(make_experiment):
    session = trained(normalised(make_experiment, wrappers=()))
    state = session.network.state.copy()
    with session.judged() as is_average:
        assert not is_average
        np.testing.assert_array_equal(session.network.state, state)


@pytest.mark.parametrize(
    "settings", [{}, {"wrappers": (), "optimizer": OPTIMIZERS["schedule_free_sgd"](learning_rate=0.1)}]
)
def test_the_exported_weights_are_the_judged_ones_and_the_trained_ones_lie_beside(make_experiment, settings):
    session = trained(normalised(make_experiment, **settings))
    with np.load(io.BytesIO(weights_npz(session)), allow_pickle=False) as arrays:
        stored = dict(arrays)
    names = {"dense 1/weight", "batch_norm 1/running_mean", "dense 2/bias"}
    assert names | {f"trained/{name}" for name in names} <= stored.keys()
    network = session.network
    np.testing.assert_array_equal(stored["trained/dense 1/weight"], network.views[0]["weight"])
    np.testing.assert_array_equal(stored["trained/batch_norm 1/running_mean"], network.state_views[1]["running_mean"])
    with session.judged():
        np.testing.assert_array_equal(stored["dense 1/weight"], network.views[0]["weight"])
        np.testing.assert_array_equal(stored["batch_norm 1/running_mean"], network.state_views[1]["running_mean"])


def test_weights_that_are_no_average_are_stored_once(make_experiment):
    session = trained(make_experiment())
    with np.load(io.BytesIO(weights_npz(session)), allow_pickle=False) as arrays:
        assert not [name for name in arrays if name.startswith("trained/")]
