"""The probes of the Output and Curves panels on real sessions: they say what the network says, and leave it alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulations.documents.presets import load_preset
from simulations.families import load
from simulations.probes.base import PROBES
from simulations.training.session import Session

load()
KINDS = ("curves", "boundary", "samples", "confusion")
PRESETS = ("spiral-mlp", "digits-cnn")


def session(preset: str, steps: int = 30) -> Session:
    made = Session(load_preset(preset).spec)
    for _step in range(steps):
        made.take_step()
    return made


def ask(made: Session, kind: str) -> Any:
    return PROBES[kind]().measure(made, {})


def test_the_boundary_is_what_the_network_says_about_each_grid_point() -> None:
    made = session("spiral-mlp")
    answer = ask(made, "boundary")
    x0, x1, y0, y1 = answer.extent
    rows, columns, _classes = answer.probabilities.shape
    for row, column in ((0, 0), (rows - 1, columns - 1), (10, 40), (77, 3)):
        point = np.array([[x0 + column * (x1 - x0) / (columns - 1), y0 + row * (y1 - y0) / (rows - 1)]], np.float32)
        np.testing.assert_allclose(answer.probabilities[row, column], made.predict(point)[0], atol=1e-5)


def test_predictions_and_confusions_agree() -> None:
    made = session("digits-cnn")
    matrix = ask(made, "confusion").matrix
    shown = PROBES["samples"](count=10_000).measure(made, {})  # type: ignore[call-arg]
    assert matrix.sum() == len(shown.targets) == len(made.data.validation)
    assert matrix.trace() == (shown.targets == shown.predictions).sum()


def test_the_accuracy_of_the_matrix_is_the_measured_one() -> None:
    made = session("digits-cnn")
    _loss, measured = made.evaluate()
    matrix = ask(made, "confusion").matrix
    assert measured == pytest.approx(matrix.trace() / matrix.sum())


@pytest.mark.parametrize("preset", PRESETS)
def test_a_watched_run_equals_an_unwatched_one_bit_for_bit(preset: str) -> None:
    watched, alone = session(preset, 0), session(preset, 0)
    for _step in range(12):
        for kind in KINDS:
            ask(watched, kind)
        watched.take_step()
        alone.take_step()
    np.testing.assert_array_equal(watched.network.theta, alone.network.theta)
    np.testing.assert_array_equal(watched.network.state, alone.network.state)
    assert watched.history.measurements()["train_loss"].tolist() == alone.history.measurements()["train_loss"].tolist()


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_fresh_session_can_be_asked_everything(preset: str, kind: str) -> None:
    ask(session(preset, 0), kind)
