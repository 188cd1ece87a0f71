"""A run on values is scored in their own unit, whatever the preparation did to them; a target may stand at every step."""

from __future__ import annotations

import csv
import dataclasses
import io
from dataclasses import dataclass

import numpy as np
import pytest

from simulations.core.errors import ShapeError
from simulations.core.registry import Entry
from simulations.core.targets import Targets
from simulations.data.base import DATA_SOURCES, Dataset, DataSource
from simulations.documents.experiment import DataSpec
from simulations.nn.fitting import fitted
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.base import OPTIMIZERS
from simulations.probes.boundary import Boundary
from simulations.probes.confusion import Confusion
from simulations.training.records import curves_csv, metrics
from simulations.training.session import Session


@dataclass(frozen=True)
class Plane(DataSource):
    """y = 100·(x₀ + 2·x₁) cm and z = 5 − x₀ cm: far from zero mean and unit variance."""

    kind = "plane"
    input_shape = (2,)
    targets = Targets.values(("y", "z"), unit="cm")

    def generate(self, rng):
        x = rng.standard_normal((200, 2))
        return Dataset(x, np.stack([100 * (x[:, 0] + 2 * x[:, 1]), 5 - x[:, 0]], axis=1), self.targets.names)


@dataclass(frozen=True)
class Running(DataSource):
    """At every step whether the sum so far is above zero, and, of ``values``, the sum itself."""

    kind = "running"
    input_shape = (6, 1)
    wants: str = "classes"

    @property
    def targets(self):
        return Targets.classes(("low", "high"), (6,)) if self.wants == "classes" else Targets.values(("sum",), (6,))

    def generate(self, rng):
        x = rng.standard_normal((120, 6, 1))
        sums = np.cumsum(x, axis=1)
        return Dataset(x, (sums[..., 0] > 0).astype(int) if self.wants == "classes" else sums, self.targets.names)


@pytest.fixture
def make(make_experiment, monkeypatch):
    """An experiment on a source that is registered for the length of one test, with a network that fits it."""

    def made(source, **changed):
        monkeypatch.setitem(DATA_SOURCES._entries, source.kind, Entry(source.kind, type(source), "Test", "", ""))
        asked = source.targets
        front = [LAYERS["gru"]()] if asked.steps else [LAYERS["dense"](), LAYERS["tanh"]()]
        loss = LOSSES["softmax_cross_entropy" if asked.kind == "classes" else "squared_error"]()
        layers = fitted(front, source.input_shape, asked)
        return make_experiment(**{"data": DataSpec(source), "layers": layers, "loss": loss} | changed)

    return made


def trained(spec, epochs):
    session = Session(spec)
    for _ in range(epochs * session.steps_per_epoch):
        session.take_step()
    return session


def test_values_are_learnt_and_scored_in_data_units(make):
    session = trained(
        make(Plane(), layers=(LAYERS["dense"](units=2),), optimizer=OPTIMIZERS["sgd"](learning_rate=0.2)), 40
    )
    data = session.data
    said = session.predict(data.dataset.inputs[data.validation])
    wrong = said - data.dataset.targets[data.validation]
    loss, rmse = session.evaluate()
    assert rmse == pytest.approx(np.sqrt(np.mean(wrong**2)), rel=1e-3, abs=1e-4)
    assert loss < 1e-3  # a plane is linear
    assert rmse < 10  # of a spread of some 160 cm


@pytest.mark.parametrize("standardise", [True, False])
def test_the_loss_is_of_what_the_network_sees_and_the_score_of_the_data(make, standardise):
    spec = make(Plane())
    session = Session(dataclasses.replace(spec, data=dataclasses.replace(spec.data, standardise=standardise)))
    loss, rmse = session.evaluate("train")
    data = session.data
    spread = data.dataset.targets[data.train].std(axis=0)
    assert (data.target_scaler.scale == (spread if standardise else 1)).all()
    assert rmse > 100
    assert loss == pytest.approx(rmse**2, rel=1e-4) if not standardise else loss < 10


def test_of_a_step_the_score_is_that_of_its_batch(make):
    session = Session(make(Plane(), batch_size=160))
    before = session.evaluate("train")
    session.take_step()
    measured = session.history.measurements()
    assert (measured["train_loss"][0], measured["train_score"][0]) == pytest.approx(before, rel=1e-5)


def test_a_low_error_is_the_best_one(make):
    history = trained(make(Plane()), 5).history
    scores = history.series("validation_score")
    assert scores.value[scores.best] == scores.value.min()


def test_files_name_the_score_and_its_unit(make):
    session = trained(make(Plane()), 2)
    assert session.history.curves().score == "rmse"
    values = metrics(session, experiment="plane")
    assert set(values["validation"]) == {"rmse", "loss"}
    assert values["best_validation"]["rmse"] > 0
    assert values["unit"] == "cm"
    (row, *_) = csv.DictReader(io.StringIO(curves_csv(session.history).decode()))
    assert float(row["validation_rmse [cm]"]) == session.history.validations[0].score


def test_a_class_at_every_step_is_learnt(make):
    session = trained(make(Running()), 60)
    _loss, accuracy = session.evaluate()
    said = session.predict(session.data.dataset.inputs[session.data.validation])
    assert said.shape == (24, 6, 2)
    assert accuracy == np.mean(said.argmax(axis=-1) == session.data.validation_targets)
    assert accuracy > 0.85
    assert Confusion().measure(session, {}).matrix.sum() == 24 * 6


def test_a_value_at_every_step_is_learnt(make):
    session = trained(make(Running("values")), 40)
    assert session.predict(session.data.dataset.inputs[:3]).shape == (3, 6, 1)
    assert session.evaluate()[1] < 0.8 * session.history.validations[0].score


def test_equal_specs_on_values_give_bit_identical_runs(make):
    one, other = trained(make(Plane()), 3), trained(make(Plane()), 3)
    np.testing.assert_array_equal(one.network.theta, other.network.theta)
    assert one.batches_hash == other.batches_hash


def test_probes_of_classes_have_nothing_to_say_about_values(make):
    session = Session(make(Plane()))
    assert Confusion().measure(session, {}) is None
    assert Boundary().measure(session, {}) is None


def test_a_loss_of_classes_refuses_values(make):
    with pytest.raises(ShapeError, match="squared error"):
        Session(make(Plane(), loss=LOSSES["softmax_cross_entropy"]()))


def test_other_targets_start_a_new_run_without_a_ghost(make, experiment):
    session = trained(experiment, 1)
    session.apply(make(Plane()))
    assert session.step == 0
    assert session.previous_history is None
