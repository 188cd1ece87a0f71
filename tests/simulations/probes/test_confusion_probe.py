"""The confusion probe equals scikit-learn's confusion matrix over the validation samples."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from simulations.data.base import Dataset
from simulations.probes.confusion import Confusion, confusion_matrix


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_equals_scikit_learn(classes: int) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(classes)
    targets, predictions = rng.integers(0, classes, (2, 200))
    expected = metrics.confusion_matrix(targets, predictions, labels=np.arange(classes))
    np.testing.assert_array_equal(confusion_matrix(targets, predictions, classes), expected)


def test_a_class_nobody_has_keeps_its_row_and_column() -> None:
    assert confusion_matrix(np.array([0, 0]), np.array([0, 2]), 4).tolist() == [
        [1, 0, 1, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
    ]


def test_small_integer_targets_do_not_overflow() -> None:
    targets = np.array([19], np.uint8)
    assert confusion_matrix(targets, np.array([19]), 20)[19, 19] == 1


def test_counts_every_validation_sample_once_and_no_training_sample() -> None:
    rng = np.random.default_rng(0)
    data = SimpleNamespace(
        dataset=Dataset(rng.normal(size=(50, 3)), rng.integers(0, 3, 50), ("a", "b", "c")),
        validation=np.arange(40, 50),
    )
    view = SimpleNamespace(data=data, step=1, predict=lambda inputs: inputs)
    answer = Confusion().measure(view, {})
    assert answer.matrix.sum() == 10
    said = data.dataset.inputs[40:].argmax(axis=1)
    assert answer.matrix.trace() == (said == data.dataset.targets[40:]).sum()
