"""The samples probe: the same validation images every time, or the mistakes first."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simulations.data.base import Dataset
from simulations.probes.samples import Samples, order, unit_range

RNG = np.random.default_rng(1)
IMAGES = RNG.uniform(0, 16, (30, 4, 4, 1))
TARGETS = RNG.integers(0, 3, 30)
PROBABILITIES = RNG.dirichlet(np.ones(3), 30)
VALIDATION = np.arange(5, 25)


def predict(inputs: Any) -> Any:
    rows = [int(np.flatnonzero((one == IMAGES).all(axis=(1, 2, 3)))[0]) for one in inputs]
    return PROBABILITIES[rows]


@pytest.fixture
def view() -> Any:
    data = SimpleNamespace(dataset=Dataset(IMAGES, TARGETS, ("a", "b", "c")), validation=VALIDATION)
    return SimpleNamespace(data=data, step=3, predict=predict)


def test_predictions_are_the_networks(view: Any) -> None:
    answer = Samples(count=8).measure(view, {})
    assert answer is not None
    np.testing.assert_array_equal(answer.predictions, PROBABILITIES[VALIDATION[:8]].argmax(axis=1))
    np.testing.assert_array_equal(answer.confidences, PROBABILITIES[VALIDATION[:8]].max(axis=1))
    np.testing.assert_array_equal(answer.targets, TARGETS[VALIDATION[:8]])


def test_wrong_first_finds_mistakes_behind_the_first_samples(view: Any) -> None:
    answer = Samples(count=5, wrong_first=True).measure(view, {})
    assert answer is not None
    assert (answer.targets != answer.predictions).all()


def test_the_surest_mistake_comes_first(view: Any) -> None:
    answer = Samples(count=20, wrong_first=True).measure(view, {})
    assert answer is not None
    is_wrong = answer.targets != answer.predictions
    assert (np.diff(is_wrong.astype(int)) <= 0).all()
    assert (np.diff(answer.confidences[is_wrong]) <= 0).all()


def test_right_ones_keep_their_order() -> None:
    assert order(np.array([False, True, False, True]), np.array([0.1, 0.6, 0.9, 0.8])).tolist() == [3, 1, 0, 2]


def test_images_lie_between_black_and_white(view: Any) -> None:
    answer = Samples(count=20).measure(view, {})
    assert answer is not None
    assert answer.images.min() >= 0
    assert answer.images.max() <= 1
    np.testing.assert_allclose(answer.images[0], (IMAGES[5] - IMAGES.min()) / (IMAGES.max() - IMAGES.min()), rtol=1e-12)


def test_equal_pixels_are_black() -> None:
    assert unit_range(np.full((1, 2, 2, 1), 5.0), 5.0, 5.0).tolist() == np.zeros((1, 2, 2, 1)).tolist()


def test_points_are_no_images(view: Any) -> None:
    view.data.dataset = Dataset(np.zeros((30, 2)), TARGETS, ("a", "b", "c"))
    assert Samples().measure(view, {}) is None
