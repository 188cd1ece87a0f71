"""A session's learning rate follows its schedule, and gradients are penalised and re-asked as promised."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from simulations.core.errors import GradLabError
from simulations.documents.experiment import ExperimentSpec
from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.schedules.base import SCHEDULES
from simulations.training.session import Session

load()


def train(session: Session, steps: int) -> None:
    for _ in range(steps):
        session.take_step()


def sgd(rate=0.1):
    return OPTIMIZERS["sgd"](learning_rate=rate)


def test_each_step_is_taken_at_the_rate_of_the_schedule(make_experiment):
    session = Session(make_experiment(optimizer=sgd(), schedule=SCHEDULES["step"](every=2, gamma=0.5)))
    for step in range(6):
        before = session.network.theta.copy()
        session.take_step()
        rate = 0.1 * 0.5 ** (step // 2)
        np.testing.assert_allclose(
            before - session.network.theta, rate * session.network.gradient, rtol=1e-3, atol=1e-7
        )


def test_the_curve_of_the_learning_rate_shows_the_schedule(make_experiment):
    session = Session(make_experiment(schedule=SCHEDULES["step"](every=10, gamma=0.1)))
    train(session, 25)
    series = session.history.series("learning_rate")
    assert sorted({round(float(value), 9) for value in series.value}) == [0.0001, 0.001, 0.01]


def test_a_long_schedule_is_thinned_out_and_keeps_its_ends(make_experiment):
    session = Session(make_experiment())
    for step in range(10_000):
        session.history.record_step(1.0, 0.5, 0.001)
        session.history.record_learning_rate(1.0 / (step + 1))
    series = session.history.series("learning_rate")
    assert series.value[-1] == pytest.approx(1e-4)
    assert len(session.history._rates) <= 2048


def test_going_back_finds_the_rate_again(make_experiment):
    spec = make_experiment(schedule=SCHEDULES["cosine"](steps=200))
    session = Session(spec)
    train(session, 120)
    session.network.views[0]["bias"][:] = np.nan
    session.take_step()
    assert session.recover()
    train(session, 120 - session.step)
    whole = Session(spec)
    train(whole, 120)
    np.testing.assert_array_equal(session.network.theta, whole.network.theta)


def test_a_schedule_changed_while_running_leaves_a_marker(make_experiment):
    spec = make_experiment()
    session = Session(spec)
    train(session, 3)
    session.apply(dataclasses.replace(spec, schedule=SCHEDULES["exponential"]()))
    assert [one.path for one in session.history.markers] == ["schedule"]
    assert session.run == 1


def test_the_rate_falls_on_a_plateau_of_the_validation_loss(make_experiment):
    schedule = SCHEDULES["reduce_on_plateau"](patience=0, threshold=0.5, gamma=0.5)
    session = Session(make_experiment(optimizer=sgd(1e-6), schedule=schedule))
    train(session, 3 * session.steps_per_epoch + 1)
    assert session.history.series("learning_rate").value[-1] == pytest.approx(1e-6 * 0.5**3)


@pytest.mark.parametrize(
    ("changed", "pull"),
    [({"l1": 0.5}, lambda w: 0.1 * 0.5 * np.sign(w)), ({"decoupled_decay": 0.5}, lambda w: 0.1 * 0.5 * w)],
)
def test_penalties_pull_weights_and_leave_biases_alone(make_experiment, changed, pull):
    plain, pulled = (Session(make_experiment(optimizer=sgd(), **one)) for one in ({}, changed))
    first = plain.network.theta.copy()
    train(plain, 1)
    train(pulled, 1)
    expected = np.zeros_like(first)
    for place in plain.network.decay:
        expected[place] = -pull(first[place])
    np.testing.assert_allclose(pulled.network.theta - plain.network.theta, expected, atol=1e-6)


def test_the_objective_of_a_batch_is_one_function_whose_gradient_it_gives(make_experiment):
    """Asked away from θ it passes anew, penalties included, and leaves the network as it was."""
    session = Session(make_experiment(l2=0.1, l1=0.01))
    train(session, 5)
    objective, network = session._objective, session.network
    kept = network.theta.copy()
    direction = np.random.default_rng(0).standard_normal(len(kept)).astype(np.float32)
    direction /= np.linalg.norm(direction)
    place = kept + 0.05 * direction
    slope = float(objective.gradient(place) @ direction)
    ahead, behind = (float(objective.value(place + h * direction)) for h in (1e-2, -1e-2))
    assert slope == pytest.approx((ahead - behind) / 2e-2, rel=0.02, abs=2e-3)
    np.testing.assert_array_equal(network.theta, kept)


def test_a_document_from_before_schedules_still_opens(make_experiment):
    spec = make_experiment()
    stored = spec.to_json()
    for name in ("schedule", "wrappers", "l1", "decoupled_decay"):
        del stored[name]
    assert ExperimentSpec.from_json(stored) == spec


REFUSED = {"newton", "damped_newton", "saddle_free_newton"}


@pytest.mark.parametrize("kind", sorted(REFUSED))
def test_a_method_that_needs_a_hessian_is_refused_in_words(experiment, kind):
    session = Session(experiment)
    with pytest.raises(GradLabError, match=f"{OPTIMIZERS.entry(kind).label} needs the Hessian"):
        session.apply(dataclasses.replace(experiment, optimizer=OPTIMIZERS[kind]()))
    assert session.spec == experiment


@pytest.mark.parametrize("kind", sorted(set(OPTIMIZERS.kinds()) - REFUSED))
def test_every_other_method_trains_a_network_repeatably(make_experiment, kind):
    spec = make_experiment(optimizer=OPTIMIZERS[kind]())
    one, other = Session(spec), Session(spec)
    train(one, 25)
    train(other, 25)
    assert one.diverged is None
    assert one.step == 25
    np.testing.assert_array_equal(one.network.theta, other.network.theta)


def test_a_square_of_too_many_parameters_is_refused_with_their_number(make_experiment):
    dense = LAYERS["dense"]
    with pytest.raises(GradLabError, match="at most 1000 are possible, here are 1202"):
        Session(make_experiment(layers=(dense(units=240), dense(units=2)), optimizer=OPTIMIZERS["bfgs"]()))


def test_the_average_is_judged_where_the_optimizer_keeps_one(make_experiment):
    session = Session(make_experiment(optimizer=OPTIMIZERS["schedule_free_adamw"](learning_rate=0.02)))
    train(session, 30)
    network, average = session.network, session._descent.answer().copy()
    assert not np.array_equal(average, network.theta)
    here, judged = network.theta.copy(), session.evaluate()
    np.testing.assert_array_equal(network.theta, here)
    network.theta[...] = average
    assert judged == session._evaluator.measure(
        session.criterion, session.data.validation_inputs, session.data.validation_targets
    )
