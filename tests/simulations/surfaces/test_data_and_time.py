"""Surfaces made of samples, whose batches are real noise, and surfaces that change from step to step."""

import dataclasses

import numpy as np
import pytest

from simulations.optimizers.base import OPTIMIZERS
from simulations.surfaces.base import SURFACES, columns_of
from simulations.surfaces.objective import Batches, SurfaceObjective

FITS = ["linear_regression", "logistic_regression", "one_neuron", "two_layers", "frequency_fit"]
POINTS = np.array([[0.3, -0.7], [-1.2, 0.9], [1.9, 0.4]])


def log_cosh(u):  # for complex steps: log(1 + eᵘ) = u/2 + log(2·cosh(u/2))
    return np.log(2 * np.cosh(u))


LOSSES = {  # of one sample at complex x, y: analytic, so that a complex step gives the exact slope
    "linear_regression": lambda x, y, u, v: (x * u + y - v) ** 2,
    "logistic_regression": lambda x, y, u, s: -s * (x * u + y) / 2 + log_cosh(s * (x * u + y) / 2),
    "two_layers": lambda x, y, u, v: (np.tanh(y * np.tanh(x * u)) - v) ** 2,
    "frequency_fit": lambda x, y, u, v: (np.sin(x * u + y) - v) ** 2,
}


def descend(kind, surface, steps, rate, **settings):
    theta = np.array(surface.start)
    optimizer = OPTIMIZERS[kind](learning_rate=rate, **settings)
    objective, state = SurfaceObjective(surface), optimizer.start(theta)
    for t in range(1, steps + 1):
        objective.use(t=t)
        optimizer.step(theta, objective, state, t)
    return theta


@pytest.mark.parametrize("kind", LOSSES)
def test_value_and_gradient_equal_the_mean_of_every_samples_loss(kind):
    surface = SURFACES[kind]()
    columns, loss = list(columns_of(surface).values()), LOSSES[kind]
    for x, y in POINTS:
        assert surface.value(np.array([x, y])) == pytest.approx(np.mean(loss(x, y, *columns)), rel=1e-13)
        h = 1e-30
        exact = [np.mean(loss(x + dx, y + dy, *columns)).imag / h for dx, dy in ((1j * h, 0), (0, 1j * h))]
        np.testing.assert_allclose(surface.gradient(np.array([x, y])), exact, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_a_neurons_slopes_equal_the_formula(activation):
    surface = SURFACES["one_neuron"](activation=activation)
    u, v = columns_of(surface).values()
    for x, y in POINTS:
        z = x * u + y
        a, slope = (np.maximum(z, 0), z > 0) if activation == "relu" else (np.tanh(z), 1 - np.tanh(z) ** 2)
        exact = [np.mean(2 * (a - v) * slope * u), np.mean(2 * (a - v) * slope)]
        np.testing.assert_allclose(surface.gradient(np.array([x, y])), exact, rtol=1e-12)


def test_a_relu_that_is_off_for_every_sample_has_no_gradient():
    np.testing.assert_array_equal(SURFACES["one_neuron"]().gradient(np.array([0.5, -3.0])), [0, 0])


@pytest.mark.parametrize("kind", FITS)
def test_the_batches_of_an_epoch_average_to_the_whole(kind):
    surface = SURFACES[kind](samples_drawn=20)
    batches = [Batches(surface.samples, 5, seed=3).at(t) for t in range(1, 5)]
    assert sorted(np.concatenate(batches)) == list(range(20))
    for question in (surface.value, surface.gradient, surface.hessian):
        np.testing.assert_allclose(np.mean([question(POINTS, one) for one in batches], axis=0), question(POINTS))
    assert np.abs(surface.gradient(POINTS, batches[0]) - surface.gradient(POINTS)).max() > 1e-3


@pytest.mark.parametrize("kind", FITS)
def test_every_point_may_have_a_batch_of_its_own(kind):
    surface = SURFACES[kind]()
    points = np.random.default_rng(0).random((3000, 2))
    own = np.stack([Batches(surface.samples, 4, seed=i % 7).at(1) for i in range(3000)])
    together = surface.gradient(points, own)
    for i in (0, 1, 1023, 1024, 2999):
        np.testing.assert_allclose(together[i], surface.gradient(points[i], own[i]), rtol=1e-12)


def test_a_batch_depends_on_seed_and_step_alone():
    first, second = Batches(24, 5, seed=1), Batches(24, 5, seed=1)
    later = [first.at(t) for t in (9, 2, 31)]
    for t, batch in zip((31, 2, 9), reversed(later), strict=True):
        np.testing.assert_array_equal(second.at(t), batch)
    assert not np.array_equal(Batches(24, 5, seed=2).at(1), first.at(1))
    assert len(Batches(3, 8, seed=0).at(1)) == 3


def test_equal_surfaces_have_equal_data_and_another_seed_other_data():
    surface = SURFACES["linear_regression"]()
    again = dataclasses.replace(surface, seed=1)
    np.testing.assert_array_equal(columns_of(surface)["u"], SURFACES["linear_regression"]().data()["u"])
    assert not np.array_equal(columns_of(surface)["u"], columns_of(again)["u"])


def test_uncentred_inputs_make_a_narrow_valley():
    def condition(centre):
        low, high = np.linalg.eigvalsh(SURFACES["linear_regression"](centre=centre).hessian(np.zeros(2)))
        return high / low

    assert condition(0.0) < 3
    assert condition(5.0) > 300


def test_separable_classes_have_no_minimum_and_overlapping_ones_do():
    assert not SURFACES["logistic_regression"](gap=0.25).minima
    assert SURFACES["logistic_regression"](gap=-0.5).minima


def test_adam_forgets_the_large_slope_and_amsgrad_does_not():
    """Reddi, Kale & Kumar 2018, figure 1: C = 3, β₁ = 0, β₂ = 1/(1 + C²); the optimum is at −1."""
    surface = SURFACES["adam_counterexample"]()
    settings = {"beta1": 0.0, "beta2": 1 / (1 + surface.large**2)}
    assert descend("adam", surface, 3000, 0.01, **settings)[0] > 0.95
    assert descend("amsgrad", surface, 3000, 0.01, **settings)[0] < -0.95


def test_the_counterexample_repeats_every_three_steps_and_averages_to_the_whole():
    surface = SURFACES["adam_counterexample"]()
    three = [surface.gradient(POINTS, t=t) for t in (1, 2, 3)]
    np.testing.assert_array_equal(three[0], surface.gradient(POINTS, t=301))
    np.testing.assert_allclose(np.mean(three, axis=0), surface.gradient(POINTS), rtol=1e-12, atol=1e-12)
    inner = surface.gradient(np.zeros(2), t=1), surface.gradient(np.zeros(2), t=2)
    assert [one[0] for one in inner] == [3, -1]


def test_the_moving_minimum_is_where_it_says_at_every_step():
    surface = SURFACES["moving_minimum"](period=40.0)
    for t in (None, 1, 10, 27):
        (one,) = surface.minima_at(t)
        point = np.array([one.x, one.y])
        np.testing.assert_allclose(surface.gradient(point, t=t), 0, atol=1e-13)
        assert surface.distance_to_minimum(point, t) == 0
    assert surface.distance_to_minimum(np.array([2.0, 0.0]), 20) == pytest.approx(4)


def test_descent_is_thrown_by_the_cliff_and_clipping_holds_it():
    surface = SURFACES["rnn_cliff"]()
    rate, reached = surface.suggested_rate("gradient"), {}
    for clip in (np.inf, 0.5):
        theta = np.array(surface.start)
        for _ in range(600):
            g = surface.gradient(theta)
            theta -= rate * g * min(1.0, clip / max(np.hypot(*g), 1e-300))
        reached[clip] = theta
    assert not surface.domain.contains(reached[np.inf])
    assert surface.value(reached[np.inf]) > surface.value(np.array(surface.start))
    assert surface.domain.contains(reached[0.5])
    assert surface.value(reached[0.5]) < 1e-3
