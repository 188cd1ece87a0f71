"""A session is reproducible, changes while it runs without losing anything, and never applies a bad number."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from simulations.core.errors import GradLabError
from simulations.data.base import DATA_SOURCES
from simulations.documents.presets import load_preset
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.base import OPTIMIZERS
from simulations.training.session import Session


def train(session: Session, steps: int) -> list[float]:
    """Take ``steps`` steps; the losses they recorded."""
    before = session.history.steps
    for _ in range(steps):
        session.take_step()
    return session.history.measurements()["train_loss"][before:].tolist()


def with_rate(spec, rate):
    return dataclasses.replace(spec, optimizer=dataclasses.replace(spec.optimizer, learning_rate=rate))


def with_layer(spec, index, layer):
    return dataclasses.replace(spec, layers=(*spec.layers[:index], layer, *spec.layers[index + 1 :]))


@pytest.fixture(params=["plain", "with state and chance"])
def any_experiment(request, make_experiment):
    """Also a network that keeps running statistics and draws random masks: there replaying is hardest."""
    if request.param == "plain":
        return make_experiment()
    dense, relu = LAYERS["dense"], LAYERS["relu"]
    return make_experiment(
        layers=(dense(units=16), LAYERS["batch_norm"](), relu(), LAYERS["dropout"](rate=0.3), dense(units=2))
    )


# ---- reproducibility -------------------------------------------------------------------------------------------------


def test_equal_specs_give_bit_identical_runs(any_experiment):
    one, other = Session(any_experiment), Session(any_experiment)
    assert train(one, 60) == train(other, 60)
    np.testing.assert_array_equal(one.network.theta, other.network.theta)
    assert one.weights_hash == other.weights_hash
    assert one.batches_hash == other.batches_hash


def test_another_seed_gives_other_weights_and_batches(experiment):
    one, other = Session(experiment), Session(dataclasses.replace(experiment, seed=1))
    assert one.weights_hash != other.weights_hash
    assert one.batches_hash != other.batches_hash


def test_training_learns(experiment):
    session = Session(experiment)
    before = session.evaluate("train")[0]
    train(session, 300)
    assert session.evaluate("train")[0] < 0.7 * before


def test_looking_never_changes_training(any_experiment):
    plain, watched = Session(any_experiment), Session(any_experiment)
    for _ in range(30):
        plain.take_step()
        watched.take_step()
        watched.probe_tape()
        watched.last_update()
        watched.predict(watched.data.dataset.inputs)
        watched.evaluate("train")
    np.testing.assert_array_equal(plain.network.theta, watched.network.theta)


def test_reset_repeats_the_run_and_keeps_the_old_one_as_the_ghost(any_experiment):
    session = Session(any_experiment)
    losses = train(session, 40)
    session.reset()
    assert (session.step, session.run) == (0, 2)
    assert session.previous_history is not None
    assert session.previous_history.steps == 40
    assert train(session, 40) == losses


def test_reset_at_step_0_keeps_the_ghost_there_was(experiment):
    session = Session(experiment)
    train(session, 10)
    session.reset()
    session.reset()
    assert session.previous_history.steps == 10


# ---- the step --------------------------------------------------------------------------------------------------------


def test_one_sgd_step_is_theta_minus_rate_times_gradient(make_experiment):
    session = Session(make_experiment(optimizer=OPTIMIZERS["sgd"](learning_rate=0.1)))
    before = session.network.theta.copy()
    session.take_step()
    np.testing.assert_allclose(session.network.theta - before, -0.1 * session.network.gradient, rtol=1e-4, atol=1e-7)


def test_l2_pulls_weights_and_leaves_biases_alone(make_experiment):
    sgd = OPTIMIZERS["sgd"](learning_rate=0.1)
    plain, pulled = (Session(make_experiment(optimizer=sgd, l2=l2)) for l2 in (0.0, 0.5))
    first = plain.network.theta.copy()
    plain.take_step()
    pulled.take_step()
    expected = np.zeros_like(first)
    for place in plain.network.decay:
        expected[place] = -0.1 * 0.5 * first[place]
    np.testing.assert_allclose(pulled.network.theta - plain.network.theta, expected, atol=1e-6)
    biases = np.concatenate([views["bias"] for views in plain.network.views if "bias" in views])
    also = np.concatenate([views["bias"] for views in pulled.network.views if "bias" in views])
    np.testing.assert_array_equal(biases, also)


def test_every_sample_weighs_the_same_over_an_epoch_though_the_last_batch_is_short(make_experiment):
    """With θ frozen, the size-weighted gradients of an epoch add up to the gradient of the whole training set."""
    session = Session(make_experiment(batch_size=48))
    network, data = session.network, session.data
    total, sizes = np.zeros(len(network.theta)), []
    for step in range(session.steps_per_epoch):
        x, y = session._batches.at(step)
        tape = network.tape(len(y), training=True)
        session.spec.loss.value_and_gradient(network.forward(x, tape), y, tape.d_outputs)
        network.backward(tape.d_outputs, tape)
        total += network.gradient * len(y)
        sizes.append(len(y))
    assert sizes == [48, 48, 48, 16]
    whole = network.tape(160, training=False)
    session.spec.loss.value_and_gradient(network.forward(data.train_inputs, whole), data.train_targets, whole.d_outputs)
    network.backward(whole.d_outputs, whole)
    np.testing.assert_allclose(total / 160, whole.gradient, rtol=1e-3, atol=1e-6)


def test_validation_is_measured_at_the_start_and_after_every_epoch(experiment):
    session = Session(experiment)
    train(session, 3 * session.steps_per_epoch + 1)
    assert [one.step for one in session.history.validations] == [0, 5, 10, 15]
    assert session.epoch == pytest.approx(3.2)


def test_evaluation_in_chunks_equals_evaluation_at_once(make_experiment, experiment):
    source = dataclasses.replace(experiment.data.source, samples=1000)
    session = Session(make_experiment(data=dataclasses.replace(experiment.data, source=source)))
    data = session.data
    tape = session.network.tape(len(data.train_targets), training=False)
    outputs = session.network.forward(data.train_inputs, tape)
    loss, accuracy = session.evaluate("train")
    assert loss == pytest.approx(session.spec.loss.value(outputs, data.train_targets), rel=1e-5)
    assert accuracy == np.mean(outputs.argmax(axis=1) == data.train_targets)


def test_predictions_are_probabilities_of_raw_inputs(experiment):
    session = Session(experiment)
    inputs = session.data.dataset.inputs
    predicted = session.predict(inputs)
    assert predicted.shape == (len(inputs), 2)
    np.testing.assert_allclose(predicted.sum(axis=1), 1.0, rtol=1e-5)
    right = predicted[session.data.validation].argmax(axis=1) == session.data.validation_targets
    assert right.mean() == pytest.approx(session.evaluate()[1])


# ---- changes ---------------------------------------------------------------------------------------------------------


def test_a_live_change_leaves_a_marker_and_keeps_the_network(experiment):
    session = Session(experiment)
    train(session, 7)
    theta, (remembered,) = session.network.theta.copy(), session._descent.save()
    session.apply(with_rate(experiment, 0.002))
    np.testing.assert_array_equal(session.network.theta, theta)
    (kept,) = session._descent.save()
    assert kept.updates == 7
    for name, array in remembered.state.items():
        np.testing.assert_array_equal(kept.state[name], array)
    (marker,) = session.history.markers
    assert (marker.step, marker.path, marker.before, marker.after) == (7, "optimizer.learning_rate", "0.01", "0.002")
    assert (session.run, session.step) == (1, 7)


def test_another_optimizer_starts_with_fresh_memory(experiment):
    session = Session(experiment)
    train(session, 7)
    theta = session.network.theta.copy()
    session.apply(dataclasses.replace(experiment, optimizer=OPTIMIZERS["sgd"](learning_rate=0.1)))
    np.testing.assert_array_equal(session.network.theta, theta)
    session.take_step()
    np.testing.assert_allclose(session.network.theta - theta, -0.1 * session.network.gradient, rtol=1e-3, atol=1e-6)


def test_a_new_batch_size_keeps_the_place_in_the_epoch(experiment):
    session = Session(experiment)
    train(session, 13)
    before = session.epoch
    session.apply(dataclasses.replace(experiment, batch_size=8))
    assert session.epoch == pytest.approx(before)
    train(session, 1)
    assert session.epoch == pytest.approx(before + 1 / 20)
    assert session.history.epoch_of(session.step) == pytest.approx(session.epoch)


def test_new_data_keep_the_network(experiment):
    session = Session(experiment)
    train(session, 7)
    theta, hash_before = session.network.theta.copy(), session.history.batches_hash
    source = dataclasses.replace(experiment.data.source, samples=120)
    session.apply(dataclasses.replace(experiment, data=dataclasses.replace(experiment.data, source=source)))
    np.testing.assert_array_equal(session.network.theta, theta)
    assert len(session.data.dataset) == 120
    assert session.run == 1
    assert [one.path for one in session.history.markers] == ["data.source.samples"]
    assert session.history.batches_hash != hash_before
    train(session, 10)


def test_a_new_layer_starts_a_new_run_and_keeps_the_old_curves(experiment):
    session = Session(experiment)
    train(session, 7)
    session.apply(with_layer(experiment, 0, LAYERS["dense"](units=5)))
    assert (session.run, session.step) == (2, 0)
    assert session.previous_history.steps == 7
    train(session, 3)


def test_what_cannot_be_built_changes_nothing(experiment):
    session = Session(experiment)
    train(session, 7)
    impossible = dataclasses.replace(experiment, layers=experiment.layers[:-1])
    with pytest.raises(GradLabError):
        session.apply(dataclasses.replace(impossible, layers=(*impossible.layers, LAYERS["dense"](units=7))))
    assert session.spec == experiment
    other = Session(experiment)
    train(other, 7)
    assert train(session, 5) == train(other, 5)


def test_an_empty_data_set_is_refused_in_words(experiment):
    session = Session(experiment)
    source = dataclasses.replace(experiment.data.source, samples=0)
    with pytest.raises(GradLabError) as refused:
        session.apply(dataclasses.replace(experiment, data=dataclasses.replace(experiment.data, source=source)))
    assert "0" in str(refused.value)
    train(session, 1)


# ---- divergence ------------------------------------------------------------------------------------------------------


def test_divergence_stops_at_the_first_bad_number_and_names_it(make_experiment):
    explosive = {"loss": LOSSES["squared_error"](), "optimizer": OPTIMIZERS["sgd"](learning_rate=10.0)}
    session = Session(make_experiment(**explosive))
    train(session, 200)
    assert session.diverged is not None
    assert session.step < 200
    assert session.diverged.step == session.step + 1
    assert session.diverged.where in {"loss", *(info.name for info in session.layers)}
    assert np.isfinite(session.history.measurements()["train_loss"]).all()
    assert session.recover()
    assert math.isfinite(session.evaluate()[0])


@pytest.mark.parametrize(("layer", "name"), [(0, "dense 1"), (2, "dense 2")])
def test_a_bad_activation_is_named_by_its_layer(experiment, layer, name):
    session = Session(experiment)
    train(session, 5)
    session.network.views[layer]["bias"][:] = np.inf
    session.take_step()
    assert (session.diverged.where, session.diverged.quantity) == (name, "activation")


def test_a_bad_weight_is_named_by_its_layer(make_experiment):
    session = Session(make_experiment(optimizer=OPTIMIZERS["sgd"](learning_rate=10.0), l2=1.0))
    session.network.views[4]["weight"][:] = 3e38  # finite, and so is the gradient; the step of 10·l2·θ is not
    session.network.views[4]["bias"][:] = 0.0
    for view in session.network.views[:4]:
        for array in view.values():
            array[:] = 0.0
    session.take_step()
    assert (session.diverged.where, session.diverged.quantity) == ("dense 3", "weight")


def test_recovering_returns_to_finite_numbers_and_replays_bit_for_bit(any_experiment):
    session = Session(any_experiment)
    losses = train(session, 130)
    session.network.views[0]["bias"][:] = np.nan
    session.take_step()
    safe = session.diverged.safe_step
    assert 0 < safe <= 130
    assert session.recover()
    assert session.step == safe
    assert session.diverged is None
    assert np.isfinite(session.network.theta).all()
    assert session.history.steps == safe
    assert train(session, 130 - safe) == losses[safe:]
    whole = Session(any_experiment)
    train(whole, 130)
    np.testing.assert_array_equal(session.network.theta, whole.network.theta)


def test_recovery_skips_checkpoints_that_were_lost_already(experiment):
    """A network that is worse than untrained diverges again, whatever is changed: that is no way back."""
    session = Session(experiment)
    train(session, 60)
    session.network.theta *= 1e6
    session.apply(with_rate(experiment, 1e-6))
    train(session, 60)
    session.network.views[0]["bias"][:] = np.nan
    session.take_step()
    assert 0 < session.diverged.safe_step <= 60
    session.recover()
    assert math.isfinite(session.evaluate()[0])


def test_a_network_without_parameters_is_stepped_over(make_experiment):
    session = Session(make_experiment(layers=(LAYERS["relu"](),)))
    train(session, 3)
    assert session.step == 3


def test_another_document_begins_a_run_however_little_differs(experiment):
    session = Session(experiment)
    train(session, 5)
    session.apply(experiment, anew=True)
    assert session.step == 0
    assert session.previous_history is not None


def test_a_run_on_another_data_set_leaves_no_ghost(experiment):
    session = Session(experiment)
    train(session, 7)
    source = DATA_SOURCES["rings"](rings=3)
    small = next(layer for layer in experiment.layers if layer.kind == "dense")
    last = dataclasses.replace(small, units=len(source.targets.names))
    data = dataclasses.replace(experiment.data, source=source)
    session.apply(dataclasses.replace(experiment, data=data, layers=(small, last)))
    assert session.run == 2
    assert session.previous_history is None


def test_an_update_measured_before_the_weights_ran_away_is_not_told_of_them():
    digits = load_preset("digits-cnn").spec
    session = Session(digits)
    session.last_update()
    train(session, 60)
    session.apply(with_rate(digits, 10.0))
    train(session, 200)
    assert session.diverged is not None
    assert session.last_update() is None
    session.recover()
    while session.diverged is None:
        session.last_update()  # as one does who goes step by step
        train(session, 1)
    update = session.last_update()
    assert update is not None
    assert update.step == session.step
    assert max(one for one in update.ratios if one == one) > -1


def test_a_loss_that_exploded_without_overflowing_is_a_divergence_too():
    """Adam divides by the gradient's size, so its weights stay finite whatever the learning rate."""
    digits = load_preset("digits-cnn").spec
    session = Session(digits)
    train(session, 60)
    session.apply(with_rate(digits, 10.0))
    before = session.history.steps
    train(session, 60)
    assert session.diverged is not None
    assert session.diverged.quantity == "explosion"
    assert session.diverged.where in [layer.name for layer in session.layers if layer.parameter_count]
    assert np.isfinite(session.network.theta).all()
    recorded = session.history.measurements()["train_loss"]
    assert recorded.max() <= 1000 * session.history.validations[0].loss
    assert session.recover()
    assert session.step <= before
    session.apply(digits)
    assert np.mean(train(session, 20)) < 1.0
