"""The best measurement is the best of what can be compared."""

from __future__ import annotations

import dataclasses

from simulations.nn.losses.base import LOSSES
from simulations.training.session import Session


def train(session: Session, steps: int) -> None:
    for _ in range(steps):
        session.take_step()


def test_the_best_is_one_of_the_present_data_and_loss(experiment):
    session = Session(experiment)
    session.history.record_validation(0.0, 1.0)
    train(session, 7)
    noisy = dataclasses.replace(experiment.data.source, noise=0.3)
    session.apply(dataclasses.replace(experiment, data=dataclasses.replace(experiment.data, source=noisy)))
    best = session.history.best_validation()
    assert best is not None
    assert best.step == 7
    other = dataclasses.replace(session.spec, loss=LOSSES["squared_error"]())
    session.apply(other)
    assert session.history.best_validation() is None, "until it is measured anew"
    assert session.history.series("validation_loss").best == -1
    train(session, session.steps_to_epoch_end)
    best = session.history.best_validation()
    assert best is not None
    assert best.step == session.step
