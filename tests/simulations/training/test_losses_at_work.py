"""A loss in a session: what it learns is saved, undone and replayed like θ; a teacher is part of the experiment."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from simulations.core.errors import ShapeError, SpecError
from simulations.data.base import DATA_SOURCES
from simulations.documents.changes import changes
from simulations.documents.experiment import ExperimentSpec
from simulations.nn import teacher as teachers
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.nn.losses.class_weights import Balanced
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.training.session import Session
from simulations.training.teaching import teacher_from


def train(session, steps):
    before = session.history.steps
    for _ in range(steps):
        session.take_step()
    return session.history.measurements()["train_loss"][before:].tolist()


def with_rate(spec, rate):
    return dataclasses.replace(spec, optimizer=dataclasses.replace(spec.optimizer, learning_rate=rate))


@pytest.fixture
def centred(make_experiment):
    return make_experiment(loss=LOSSES["center"](weight=0.1))


@pytest.fixture
def teacher(experiment):
    session = Session(experiment)
    train(session, 60)
    return teacher_from(session)


@pytest.fixture
def distilled(experiment, teacher):
    dense, relu = LAYERS["dense"], LAYERS["relu"]
    small = (dense(units=6), relu(), dense(units=2))
    return dataclasses.replace(experiment, layers=small, loss=LOSSES["distillation"](), teacher=teacher)


# ---- centres ---------------------------------------------------------------------------------------------------------


def test_centres_follow_the_features_of_their_class(centred):
    session = Session(centred)
    train(session, 200)
    tape = session.probe_tape()
    _x, targets = session.probe_batch()
    features = tape.outputs[-2]
    means = np.stack([features[targets == j].mean(axis=0) for j in range(2)])
    assert np.linalg.norm(session.criterion.state["centres"] - means) < 0.3 * np.linalg.norm(means)


def test_equal_specs_have_equal_centres(centred):
    one, other = Session(centred), Session(centred)
    assert train(one, 40) == train(other, 40)
    np.testing.assert_array_equal(one.criterion.state["centres"], other.criterion.state["centres"])


def test_recovering_brings_the_centres_back_and_replays_bit_for_bit(centred):
    session = Session(centred)
    session.apply(with_rate(centred, 0.01))
    losses = train(session, 150)
    session.apply(with_rate(centred, 10.0))
    while session.diverged is None:
        session.take_step()
    assert session.recover()
    back = session.step
    session.apply(with_rate(centred, 0.01))
    assert train(session, 150 - back) == losses[back:]


def test_a_reset_starts_the_centres_afresh(centred):
    session = Session(centred)
    losses = train(session, 20)
    session.reset()
    assert (session.criterion.state["centres"] == 0).all()
    assert train(session, 20) == losses


def test_who_asks_more_than_once_a_step_moves_the_centres_once(make_experiment):
    spec = make_experiment(loss=LOSSES["center"](), wrappers=(WRAPPERS["sam"](),), batch_size=160)
    session = Session(spec)
    x, y = session.data.train_inputs, session.data.train_targets
    tape = session.network.tape(len(x), training=True)
    x, y = (part.copy() for part in session._batches.at(0))
    session.network.forward(x, tape)
    features = tape.outputs[-2].copy()
    session.take_step()
    for j in range(2):
        mine = features[y == j]
        expected = 0.5 * mine.sum(axis=0) / (1 + len(mine))
        np.testing.assert_allclose(session.criterion.state["centres"][j], expected, rtol=1e-4, atol=1e-6)


def test_losses_change_while_training(experiment, centred):
    session = Session(experiment)
    train(session, 10)
    for loss in (centred.loss, LOSSES["focal"](), LOSSES["hinge"](), centred.loss, experiment.loss):
        session.apply(dataclasses.replace(session.spec, loss=loss))
        assert np.isfinite(train(session, 10)).all()
    assert session.run == 1
    assert session.step == 60


def test_another_weight_keeps_the_centres(centred):
    session = Session(centred)
    train(session, 10)
    centres = session.criterion.state["centres"].copy()
    session.apply(dataclasses.replace(centred, loss=dataclasses.replace(centred.loss, weight=0.3)))
    np.testing.assert_array_equal(session.criterion.state["centres"], centres)


def test_a_loss_left_behind_does_not_pull_any_more(experiment, centred):
    session, plain = Session(centred), Session(experiment)
    session.apply(experiment)
    assert train(session, 10) == train(plain, 10)


# ---- balance ---------------------------------------------------------------------------------------------------------


def test_balance_follows_from_the_training_part(make_experiment):
    loss = LOSSES["softmax_cross_entropy"](class_weights=Balanced())
    session = Session(make_experiment(loss=loss))
    counts = np.bincount(session.data.train_targets)
    assert session.criterion.loss.class_weights.weights == pytest.approx(tuple(counts.sum() / (2 * counts)))
    assert session.spec.loss == loss


def test_one_output_tells_two_classes_apart(make_experiment):
    dense, tanh = LAYERS["dense"], LAYERS["tanh"]
    layers = (dense(units=16), tanh(), dense(units=1))
    session = Session(
        make_experiment(
            layers=layers,
            loss=LOSSES["binary_cross_entropy"](),
            data=dataclasses.replace(make_experiment().data, source=DATA_SOURCES["moons"](samples=300)),
            optimizer=OPTIMIZERS["adam"](learning_rate=0.02),
        )
    )
    train(session, 300)
    assert session.evaluate()[1] > 0.95
    assert session.predict(np.zeros((3, 2))).shape == (3, 2)


# ---- teachers --------------------------------------------------------------------------------------------------------


def test_a_student_agrees_with_its_teacher(distilled, teacher):
    loss = LOSSES["distillation"](hard_weight=0.0, temperature=2.0)
    session = Session(dataclasses.replace(distilled, loss=loss))
    ask = teacher.at_work(np.float32, session.data.scaler, None)
    x = session.data.validation_inputs
    said = ask(x).argmax(axis=1)
    train(session, 400)
    agreement = np.mean(session.predict(session.data.dataset.inputs[session.data.validation]).argmax(axis=1) == said)
    assert agreement > 0.9


def test_a_teacher_says_what_the_network_said_when_it_was_kept(experiment):
    session = Session(experiment)
    train(session, 30)
    kept = teacher_from(session)
    x = session.data.validation_inputs
    expected = session.network.forward(x, session.network.tape(len(x), training=False)).copy()
    train(session, 5)
    np.testing.assert_array_equal(kept.at_work(np.float32, session.data.scaler, None)(x), expected)
    assert (kept.name, kept.step) == ("test", 30)


def test_an_experiment_with_a_teacher_survives_json_and_repeats_bit_for_bit(distilled):
    read = ExperimentSpec.from_json(json.loads(json.dumps(distilled.to_json())))
    assert read == distilled
    assert train(Session(read), 20) == train(Session(distilled), 20)


def test_running_statistics_belong_to_the_teacher(make_experiment):
    layers = (LAYERS["dense"](units=8), LAYERS["batch_norm"](), LAYERS["relu"](), LAYERS["dense"](units=2))
    session = Session(make_experiment(layers=layers))
    train(session, 20)
    np.testing.assert_array_equal(teacher_from(session).network().state, session.network.state)


def test_without_a_teacher_the_loss_is_refused_in_words(experiment):
    with pytest.raises(ShapeError, match="Keep this network as the teacher"):
        Session(dataclasses.replace(experiment, loss=LOSSES["distillation"]()))


def test_another_teacher_is_a_live_change_with_a_marker(distilled, teacher):
    session = Session(distilled)
    train(session, 3)
    other = dataclasses.replace(teacher, name="other")
    (found,) = changes(distilled, dataclasses.replace(distilled, teacher=other))
    assert (found.path, found.before, found.after, found.effect) == ("teacher", "test", "other", "live")
    session.apply(dataclasses.replace(distilled, teacher=other))
    assert session.run == 1
    assert session.history.markers[-1].path == "teacher"


def test_a_network_too_large_to_travel_is_refused(experiment, monkeypatch):
    monkeypatch.setattr(teachers, "MOST_NUMBERS", 20)
    with pytest.raises(ShapeError, match="too large"):
        teacher_from(Session(experiment))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("name", 3),
        ("step", -1),
        ("input_shape", [0]),
        ("layers", 3),
        ("layers", [{"kind": "conv2d"}]),
        ("layers", []),
        ("mean", [1.0]),
        ("mean", ["a", "b"]),
        ("scale", [0.0, 1.0]),
        ("scale", [float("nan"), 1.0]),
        ("numbers", "AAAA"),
        ("numbers", "§"),
        ("numbers", 3),
    ],
)
def test_a_damaged_teacher_is_refused_with_its_path(distilled, name, wrong):
    data = distilled.to_json()
    data["teacher"][name] = wrong
    with pytest.raises(SpecError) as caught:
        ExperimentSpec.from_json(data)
    assert caught.value.path.startswith("teacher.")


@pytest.mark.parametrize("wrong", [3, [], {}, {"name": "x"}, "x"])
def test_what_is_no_teacher_is_refused(distilled, wrong):
    with pytest.raises(SpecError, match="teacher"):
        ExperimentSpec.from_json(distilled.to_json() | {"teacher": wrong})


def test_what_cannot_teach_is_refused_in_words(experiment):
    session = Session(with_rate(experiment, 10.0))
    while session.diverged is None:
        session.take_step()
    with pytest.raises(ShapeError, match="diverged"):
        teacher_from(session)


def test_turning_a_loss_while_it_works_is_the_same_as_having_begun_with_it(centred):
    """Only what the tapes carry could remember the old weight."""
    heavier = dataclasses.replace(centred, loss=dataclasses.replace(centred.loss, weight=0.5))
    session, other = Session(centred), Session(heavier)
    session.apply(heavier)
    assert train(session, 10) == train(other, 10)
