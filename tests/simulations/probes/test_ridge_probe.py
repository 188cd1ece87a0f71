"""The ridge probe: a history that keeps step 0 and the newest slice however long training goes."""

from __future__ import annotations

import numpy as np
import pytest

from simulations.probes.ridge import SLICES, RidgeProbe
from simulations.training.session import Session


@pytest.fixture
def session(experiment) -> Session:
    return Session(experiment)


def test_step_0_and_the_newest_are_always_kept(session):
    memory = {}
    probe = RidgeProbe("dense 1", "weights")
    for _ in range(400):
        answer = probe.measure(session, memory)
        assert answer.steps[0] == 0
        assert answer.steps[-1] == session.step
        assert len(answer.steps) <= SLICES
        assert (np.diff(answer.steps) > 0).all()
        session.take_step()
    gaps = np.diff(answer.steps[:-1])
    assert len(answer.steps) > SLICES // 3
    assert gaps.max() <= 4 * gaps.min(), "slices are spread over the whole training"


def test_a_slice_counts_the_values_of_its_moment(session):
    probe = RidgeProbe("dense 1", "weights")
    memory = {}
    probe.measure(session, memory)
    for _ in range(5):
        session.take_step()
    answer = probe.measure(session, memory)
    weights = session.network.views[0]["weight"].astype(np.float64).reshape(-1)
    np.testing.assert_array_equal(answer.counts[-1], np.histogram(weights, answer.edges)[0])


def test_cells_that_were_not_open_have_a_history_too(session):
    memory = {}
    for _ in range(20):
        assert RidgeProbe().measure(session, memory) is None
        session.take_step()
    assert len(RidgeProbe("relu 1", "activations").measure(session, memory).steps) > 10


def test_going_back_forgets_what_came_after(session):
    memory = {}
    probe = RidgeProbe("dense 1", "weights")
    for _ in range(30):
        probe.measure(session, memory)
        session.take_step()
    session.step = 12
    assert probe.measure(session, memory).steps.max() == 12


def test_an_unknown_cell_is_answered_with_none(session):
    assert RidgeProbe("relu 1", "weights").measure(session, {}) is None
