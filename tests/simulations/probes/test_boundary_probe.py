"""The boundary probe: what it asks the network, where, and how the answer is laid out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from simulations.data.base import Dataset
from simulations.data.toy import XOR
from simulations.probes.boundary import Boundary, data_extent, grid

WEIGHTS = np.array([[1.0, -0.5], [0.25, 2.0]])


def predict(inputs: Any) -> Any:
    scores = np.exp(inputs @ WEIGHTS)
    return scores / scores.sum(axis=1, keepdims=True)


def view(points: Any) -> Any:
    targets = np.arange(len(points)) % 2
    data = SimpleNamespace(dataset=Dataset(points, targets, ("a", "b")), validation=np.array([1, 3]))
    spec = SimpleNamespace(data=SimpleNamespace(source=XOR()))
    return SimpleNamespace(data=data, spec=spec, step=7, predict=predict)


POINTS = np.random.default_rng(0).normal(size=(40, 2))


def test_every_cell_holds_what_the_network_says_at_its_place() -> None:
    answer = Boundary(resolution=5).measure(view(POINTS), {})
    assert answer is not None
    x = np.linspace(*answer.extent[:2], 5)
    y = np.linspace(*answer.extent[2:], 5)
    for row in range(5):
        for column in range(5):
            expected = predict(np.array([[x[column], y[row]]]))[0]
            np.testing.assert_allclose(answer.probabilities[row, column], expected)


def test_the_first_row_is_the_lowest() -> None:
    points = grid((0.0, 1.0, 10.0, 20.0), 3, float)
    assert points[:3, 1].tolist() == [10, 10, 10]
    assert points[-3:, 1].tolist() == [20, 20, 20]
    assert points[:3, 0].tolist() == [0, 0.5, 1]


def test_the_extent_holds_every_point_with_a_margin() -> None:
    x0, x1, y0, y1 = data_extent(POINTS)
    assert x0 < POINTS[:, 0].min() < POINTS[:, 0].max() < x1
    assert y0 < POINTS[:, 1].min() < POINTS[:, 1].max() < y1


def test_points_on_one_line_still_have_an_extent() -> None:
    x0, x1, y0, y1 = data_extent(np.array([[0.0, 3.0], [1.0, 3.0]]))
    assert x0 < x1
    assert y0 < 3.0 < y1


def test_validation_points_are_told_apart() -> None:
    answer = Boundary().measure(view(POINTS), {})
    assert answer is not None
    assert np.flatnonzero(answer.is_validation).tolist() == [1, 3]


def test_what_belongs_to_the_data_is_handed_out_once() -> None:
    memory: dict[str, Any] = {}
    session = view(POINTS)
    first, second = (Boundary().measure(session, memory) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.points is second.points


def test_new_data_are_noticed() -> None:
    memory: dict[str, Any] = {}
    Boundary().measure(view(POINTS), memory)
    answer = Boundary().measure(view(POINTS + 100), memory)
    assert answer is not None
    assert answer.extent[0] > 90


def test_another_resolution_is_noticed() -> None:
    memory: dict[str, Any] = {}
    session = view(POINTS)
    Boundary(resolution=4).measure(session, memory)
    answer = Boundary(resolution=6).measure(session, memory)
    assert answer is not None
    assert answer.probabilities.shape == (6, 6, 2)


def test_images_have_no_boundary() -> None:
    assert Boundary().measure(view(np.zeros((4, 8, 8, 1))), {}) is None


def test_nobody_can_write_into_an_answer() -> None:
    answer = Boundary().measure(view(POINTS), {})
    assert answer is not None
    arrays = (answer.probabilities, answer.points, answer.targets, answer.is_validation)
    assert not any(array.flags.writeable for array in arrays)
