"""Where a run that diverged goes back to: to before what was too much for it."""

from __future__ import annotations

import dataclasses

import pytest

from simulations.documents.experiment import ExperimentSpec
from simulations.documents.presets import load_preset
from simulations.training.session import Session


def train(session: Session, steps: int) -> None:
    for _ in range(steps):
        session.take_step()


def with_rate(spec: ExperimentSpec, rate: float) -> ExperimentSpec:
    return dataclasses.replace(spec, optimizer=dataclasses.replace(spec.optimizer, learning_rate=rate))


@pytest.fixture
def digits() -> ExperimentSpec:
    return load_preset("digits-cnn").spec


def test_the_way_back_leads_to_before_the_change_that_was_too_much(digits):
    session = Session(digits)
    train(session, 260)
    session.apply(with_rate(digits, 10.0))
    while session.diverged is None:
        train(session, 1)
    assert session.diverged.safe_step == 250
    session.apply(with_rate(digits, 0.3))  # a remedy that is none
    assert session.recover()
    train(session, 200)
    assert session.step == 450
    assert session._checkpoints.safe().step == 450, "finite, and not worse than at first"
    session.network.theta[-1] = float("nan")
    train(session, 1)
    assert session.diverged.safe_step == 250, "not into what has become of it since"
    assert session.recover()
    assert session.step == 250


def test_a_change_of_long_ago_is_not_to_blame(digits):
    session = Session(digits)
    train(session, 60)
    session.apply(with_rate(digits, 0.004))
    train(session, 600)
    session.network.theta[-1] = float("nan")
    train(session, 1)
    assert session.diverged.safe_step == 650
