"""How big one step was, measured for whoever asks."""

import numpy as np
import pytest

from simulations.training.session import Session


def train(session: Session, steps: int) -> None:
    for _ in range(steps):
        session.take_step()


def test_the_update_is_measured_after_a_question_and_where_training_is_known_to_pause(experiment):
    session = Session(experiment)
    train(session, 3)
    assert session.last_update() is None
    train(session, 4)
    assert session.last_update().step == 4  # and no later one, until asked again
    session.awaited = 9
    train(session, 1)
    before = session.network.theta.copy()
    train(session, 1)
    update = session.last_update()
    assert update.step == 9
    theta, part = session.network.theta, session.network.slices[0]
    expected = np.log10(np.linalg.norm((theta - before)[part]) / np.linalg.norm(theta[part]))
    assert update.ratios[0] == pytest.approx(expected, abs=1e-5)
    assert np.isnan(update.ratios[1])  # an activation has none
