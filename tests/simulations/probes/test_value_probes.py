"""Probes of values and sequences: what the network says, where it was asked, in data units, and nothing where it has no sense."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simulations.core.targets import Targets
from simulations.data.functions import Relief, Wave
from simulations.data.pipeline import prepare
from simulations.data.sequences import Adding, Copy, Echo
from simulations.data.tables import Iris
from simulations.data.toy import XOR
from simulations.documents.experiment import DataSpec
from simulations.probes.data import telling_pair
from simulations.probes.fit import Fit
from simulations.probes.heights import Heights
from simulations.probes.predictions import COMPARED, Predictions
from simulations.probes.sequences import Sequences


def view(source: Any, predict: Any) -> Any:
    spec = SimpleNamespace(data=DataSpec(source))
    return SimpleNamespace(data=prepare(DataSpec(source), 0), spec=spec, step=7, predict=predict)


def test_heights_are_what_the_network_says_at_their_places() -> None:
    answer = Heights(resolution=5).measure(view(Relief(), lambda x: 2 * x[:, :1] - 3 * x[:, 1:]), {})
    assert answer is not None
    x, y = np.meshgrid(np.linspace(*answer.extent[:2], 5), np.linspace(*answer.extent[2:], 5))
    np.testing.assert_allclose(answer.heights, 2 * x - 3 * y)
    np.testing.assert_allclose(answer.values, Relief(noise=0.0).value(answer.points), atol=0.3)
    assert not answer.heights.flags.writeable


def test_a_fitted_curve_goes_a_little_beyond_the_samples() -> None:
    answer = Fit(resolution=50).measure(view(Wave(), lambda x: x**3), {})
    assert answer is not None
    np.testing.assert_allclose(answer.y, answer.x**3)
    assert answer.x[0] < answer.points.min() < answer.points.max() < answer.x[-1]


@pytest.mark.parametrize("source", [Relief(), Wave(), Adding(samples=50), Echo(samples=100)], ids=lambda one: one.kind)
def test_predictions_stand_beside_the_truth_of_the_validation_set(source: Any) -> None:
    shape = source.targets.shape
    asked = view(source, lambda x: np.broadcast_to(0.5, (len(x), *shape)))
    answer = Predictions().measure(asked, {})
    assert answer is not None
    assert (answer.predicted == 0.5).all()
    truth = asked.data.dataset.targets[asked.data.validation].reshape(-1, shape[-1])
    np.testing.assert_array_equal(answer.truth, truth[: len(answer.truth)])
    assert len(answer.truth) == min(len(truth), COMPARED)


def test_sequences_come_with_the_most_probable_class_of_every_step() -> None:
    source = Copy(samples=60)
    k = len(source.targets.names)
    answer = Sequences(count=5).measure(view(source, lambda x: np.eye(k)[np.full(x.shape[:2], 2)]), {})
    assert answer is not None
    assert answer.inputs.shape == (5, *source.input_shape)
    assert answer.predictions.shape == answer.targets.shape
    assert (answer.predictions == 2).all()


@pytest.mark.parametrize(
    ("probe", "source"),
    [(Heights(), XOR()), (Heights(), Wave()), (Fit(), Relief()), (Predictions(), Iris()), (Sequences(), Iris())],
    ids=str,
)
def test_a_question_without_sense_has_no_answer(probe: Any, source: Any) -> None:
    assert probe.measure(view(source, None), {}) is None


def test_the_pair_that_tells_most_is_found_for_classes_and_for_values() -> None:
    iris = Iris().generate(np.random.default_rng(0))
    assert telling_pair(iris.inputs, iris.targets, Iris().targets) == Iris.pair
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((200, 5))
    value = (inputs[:, 3] - 2 * inputs[:, 1])[:, None]
    assert telling_pair(inputs, value, Targets.values(("y",))) == (1, 3)
