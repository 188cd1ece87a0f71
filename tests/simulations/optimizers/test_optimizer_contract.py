"""What every registered optimizer promises, whatever its rule."""

import dataclasses
import tracemalloc
from functools import partial

import numpy as np
import pytest

from simulations.core.params import hyperparameters
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, Matrix

load()
# Settings with which 400 steps are enough, where a rate of 0.01 is not: what slows itself down, or starts slowly.
ENOUGH = {
    "adadelta": {"learning_rate": 1.0, "epsilon": 1e-3},
    "adagrad": {"learning_rate": 0.1},
    "radam": {"learning_rate": 0.03},
    "schedule_free_sgd": {"learning_rate": 0.1},
    "nelder_mead": {"learning_rate": 0.5},
    "lbfgs": {"learning_rate": 1.0},
    "newton": {"learning_rate": 0.1},
}
# What pulls to the origin, or remembers a first guess, moves without a gradient by design; the rest is held to it.
STILL = {"asgd": {"lambd": 0.0}}
KINDS = [pytest.param(entry.cls, id=entry.kind) for entry in OPTIMIZERS if issubclass(entry.cls, FirstOrder)]
VARIANTS = [
    *KINDS,
    pytest.param(lambda **k: OPTIMIZERS["rmsprop"](centred=True, momentum=0.5, **k), id="rmsprop centred, momentum"),
]
CURVED = [pytest.param(entry.cls, id=entry.kind) for entry in OPTIMIZERS if not issubclass(entry.cls, FirstOrder)]
CHOICES = {
    "line_search_descent": {"line_search": "wolfe"},
    "conjugate_gradient": {"formula": "fletcher_reeves"},
    "lbfgs": {"line_search": "none"},
}
EVERY = [
    *VARIANTS,
    *CURVED,
    *(
        pytest.param(partial(OPTIMIZERS[kind], **one), id=f"{kind} {next(iter(one.values()))}")
        for kind, one in CHOICES.items()
    ),
    pytest.param(partial(OPTIMIZERS["conjugate_gradient"], formula="hestenes_stiefel"), id="cg hestenes_stiefel"),
]


class Bowl:
    """f(θ) = ½·Σ wᵢ·θᵢ² over the last axis, counting its gradients."""

    offers = ("value", "gradient", "hessian", "matrices")
    matrices = (Matrix(0, 2, 1),)  # two inputs, one output

    def __init__(self, weights=(1.0, 4.0)):
        self.weights, self.gradients = np.array(weights), 0

    def value(self, theta):
        return 0.5 * (self.weights * theta**2).sum(axis=-1)

    def gradient(self, theta):
        self.gradients += 1
        return self.weights.astype(theta.dtype) * theta

    def hessian(self, theta):
        return np.broadcast_to(np.diag(self.weights), (*theta.shape, theta.shape[-1])).astype(theta.dtype)


def descend(optimizer, theta, steps, objective=None):
    objective = objective or Bowl()
    state = optimizer.start(theta)
    for t in range(1, steps + 1):
        optimizer.step(theta, objective, state, t)
    return state


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_descends_a_bowl(make, dtype):
    theta = np.array([1.5, -1.0], dtype)
    before = Bowl().value(theta)
    descend(make(**ENOUGH.get(make().kind, {"learning_rate": 0.01})), theta, 400)
    assert Bowl().value(theta) < 0.05 * before
    assert theta.dtype == dtype


@pytest.mark.parametrize("make", EVERY)
def test_it_is_deterministic(make):
    first, second = np.array([1.5, -1.0]), np.array([1.5, -1.0])
    descend(make(), first, 50)
    descend(make(), second, 50)
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("shape", [(2,), (7, 2), (3, 4, 2)])
def test_its_state_begins_with_the_axes_of_the_points(make, shape):
    theta = np.ones(shape, np.float32)
    for state in (make().start(theta), descend(make(), theta, 3)):
        assert all(array.shape[: len(shape) - 1] == shape[:-1] for array in state.values())
        assert all(array.shape[-1] in (shape[-1], 1) for array in state.values())
        assert all(array.dtype == np.float32 for array in state.values())


@pytest.mark.parametrize("make", EVERY)
def test_it_moves_theta_in_place_and_keeps_its_state_arrays(make):
    theta = np.array([1.0, 1.0])
    state = make().start(theta)
    arrays = dict(state)
    before = theta.copy()
    make().step(theta, Bowl(), state, 1)
    assert not np.array_equal(theta, before)
    assert all(state[name] is array for name, array in arrays.items())
    assert state.keys() == arrays.keys()


@pytest.mark.parametrize("make", VARIANTS)
def test_a_fresh_start_with_zero_gradient_stays_where_it_is(make):
    theta = np.array([1.5, -1.0])
    optimizer = make()
    if optimizer.kind == "yogi":
        pytest.skip("begins with a mean of 1e-6 in both moments")
    undecayed = {"weight_decay": 0.0} if hasattr(optimizer, "weight_decay") else {}
    optimizer = dataclasses.replace(optimizer, **undecayed, **STILL.get(optimizer.kind, {}))
    state = optimizer.start(theta)
    for t in range(1, 6):
        optimizer.update(theta, np.zeros(2), state, t)
    np.testing.assert_array_equal(theta, [1.5, -1.0])


@pytest.mark.parametrize("kind", ["sgd", "rmsprop", "adagrad", "adadelta", "signsgd", "rprop"])
def test_zero_gradient_leaves_momentum_free_weights_alone(kind):
    theta = np.array([1.5, -1.0])
    optimizer = OPTIMIZERS[kind]()
    state = descend(optimizer, theta, 5)
    before = theta.copy()
    optimizer.update(theta, np.zeros(2), state, 6)
    np.testing.assert_array_equal(theta, before)


@pytest.mark.parametrize("make", EVERY)
def test_a_batch_of_points_moves_as_each_point_alone(make):
    points = np.random.default_rng(0).standard_normal((16, 2))
    together = points.copy()
    descend(make(), together, 30)
    for point, reached in zip(points, together, strict=True):
        alone = point.copy()
        descend(make(), alone, 30)
        np.testing.assert_array_equal(alone, reached)


@pytest.mark.parametrize("kind", OPTIMIZERS.kinds())
def test_numeric_hyperparameters_may_differ_from_row_to_row(kind):
    cls = OPTIMIZERS[kind]
    numeric = [one for one in hyperparameters(cls) if one.kind == "float"]
    for one in numeric:
        low = one.default * 0.5
        column = np.array([[low], [one.default], [min(one.high, 0.5 * (one.default + min(one.high, 1.0)))]])
        together = np.full((3, 2), [1.5, -1.0])
        descend(dataclasses.replace(cls(), **{one.name: column}), together, 20)
        for value, reached in zip(column[:, 0], together, strict=True):
            alone = np.array([1.5, -1.0])
            descend(dataclasses.replace(cls(), **{one.name: float(value)}), alone, 20)
            np.testing.assert_allclose(reached, alone, rtol=1e-12, err_msg=one.name)


@pytest.mark.parametrize("make", [one for one in EVERY if one.values[0]().is_separable])
def test_what_is_separable_moves_parts_of_theta_as_it_moves_them_together(make):
    """So a group may be cut where layers are frozen and freed. Sophia looks at curvature, which the bowl has exactly."""
    weights, start = np.array([1.0, 4.0, 0.3, 2.0]), np.array([1.5, -1.0, 0.7, -0.2])
    together = start.copy()
    descend(make(), together, 25, Bowl(weights))
    for part in (slice(0, 2), slice(2, 4)):
        alone = start[part].copy()
        bowl = Bowl(weights[part])
        bowl.matrices = Bowl.matrices if part.start == 0 else ()
        descend(make(), alone, 25, bowl)
        np.testing.assert_array_equal(alone, together[part])


@pytest.mark.parametrize("make", VARIANTS)
def test_the_gradient_it_is_given_is_not_changed(make):
    theta, gradient = np.array([1.0, 1.0]), np.array([0.3, -0.2])
    make().update(theta, gradient, make().start(theta), 1)
    np.testing.assert_array_equal(gradient, [0.3, -0.2])


@pytest.mark.parametrize("make", VARIANTS)
def test_one_gradient_is_asked_for_each_step(make):
    bowl = Bowl()
    assert isinstance(make(), FirstOrder)
    descend(make(), np.array([1.0, 1.0]), 7, bowl)
    assert bowl.gradients == 7


@pytest.mark.parametrize("make", VARIANTS)
def test_a_step_allocates_nothing_of_thetas_size(make):
    theta = np.ones(100_000, np.float32)
    gradient = np.full_like(theta, 0.1)
    optimizer = make()
    state = optimizer.start(theta)
    optimizer.update(theta, gradient, state, 1)
    tracemalloc.start()
    for t in range(2, 12):
        optimizer.update(theta, gradient, state, t)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < theta.nbytes / 4


@pytest.mark.parametrize("make", VARIANTS)
def test_a_long_silence_does_not_end_in_a_number_that_is_none(make):
    """Float32 second moments underflow; what is divided by them must not become NaN."""
    theta = np.array([1.0, -1.0], np.float32)
    optimizer = make()
    state = descend(optimizer, theta, 3)
    for t in range(4, 5000):
        optimizer.update(theta, np.full(2, 1e-25, np.float32), state, t)
    assert np.isfinite(theta).all()


@pytest.mark.parametrize("kind", OPTIMIZERS.kinds())
def test_every_hyperparameter_is_live(kind):
    assert all(one.live for one in hyperparameters(OPTIMIZERS[kind]))
