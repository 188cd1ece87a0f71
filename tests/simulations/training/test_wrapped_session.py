"""Wrappers in a session: live, remembered, judged by their answer, and bit-exact on every way back."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from simulations.core.errors import GradLabError
from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.training.session import Session

load()
SETTINGS = {"swa": {"start_step": 40, "every": 3}, "lookahead": {"steps": 4}}
EVERY = tuple(WRAPPERS[kind](**SETTINGS.get(kind, {})) for kind in WRAPPERS.kinds())


def train(session: Session, steps: int) -> None:
    for _ in range(steps):
        session.take_step()


def everything(session: Session):
    remembered = session._descent.save()
    arrays = [array for one in remembered for _, array in sorted(one.state.items())]
    return [session.network.theta.copy(), session._descent.answer().copy(), *arrays]


def assert_equal(session: Session, other: Session) -> None:
    for one, two in zip(everything(session), everything(other), strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.fixture(params=[*WRAPPERS.kinds(), "all"])
def wrapped(request, make_experiment):
    """The small experiment with dropout and batch norm, under one wrapper or all of them."""
    chosen = EVERY if request.param == "all" else tuple(one for one in EVERY if one.kind == request.param)
    dense = LAYERS["dense"]
    layers = (dense(units=8), LAYERS["batch_norm"](), LAYERS["relu"](), LAYERS["dropout"](rate=0.1), dense(units=2))
    return make_experiment(wrappers=chosen, layers=layers)


def test_equal_specs_give_equal_runs(wrapped):
    one, other = Session(wrapped), Session(wrapped)
    train(one, 60)
    train(other, 60)
    assert one.diverged is None
    assert_equal(one, other)


def test_a_reset_repeats_the_run(wrapped):
    session, fresh = Session(wrapped), Session(wrapped)
    train(session, 33)
    session.reset()
    train(session, 60)
    train(fresh, 60)
    assert_equal(session, fresh)


def test_a_checkpoint_goes_on_as_if_nothing_had_been(wrapped):
    session, whole = Session(wrapped), Session(wrapped)
    train(session, 133)
    session.network.theta[0] = np.nan
    session.take_step()
    assert session.recover()
    assert 0 < session.step <= 130, "a checkpoint in the middle, with all the wrapper remembers"
    train(session, 133 - session.step)
    train(whole, 133)
    assert_equal(session, whole)


def test_looking_changes_nothing(wrapped):
    watched, alone = Session(wrapped), Session(wrapped)
    for _ in range(50):
        train(watched, 1)
        watched.predict(watched.data.dataset.inputs[:7])
        watched.evaluate("train")
        watched.probe_tape()
    train(alone, 50)
    assert_equal(watched, alone)


def test_what_is_validated_is_the_answer(make_experiment):
    session = Session(make_experiment(wrappers=(WRAPPERS["ema"](),)))
    train(session, 30)
    network, answer = session.network, session._descent.answer().copy()
    judged = session.evaluate()
    assert not np.array_equal(answer, network.theta)
    network.theta[...] = answer
    assert judged == session._evaluator.measure(
        session.criterion, session.data.validation_inputs, session.data.validation_targets
    )


def test_wrappers_come_go_and_move_while_training_and_leave_markers(make_experiment):
    ema, sam, noise = (WRAPPERS[kind]() for kind in ("ema", "sam", "gradient_noise"))
    session = Session(make_experiment())
    for wrappers in ((ema,), (sam, ema), (ema, sam, noise), (dataclasses.replace(ema, decay=0.5), sam, noise), ()):
        train(session, 5)
        session._marked_at = -np.inf  # or edits that follow each other fast share a marker
        session.apply(make_experiment(wrappers=wrappers))
    train(session, 5)
    assert (session.run, session.step) == (1, 30)
    seen = [(one.step, one.path, one.before, one.after) for one in session.history.markers]
    assert seen == [
        (5, "wrappers", "–", "ema"),
        (10, "wrappers", "ema", "sam, ema"),
        (15, "wrappers", "sam, ema", "ema, sam, gradient_noise"),
        (20, "wrappers[0].decay", "0.99", "0.5"),
        (25, "wrappers", "ema, sam, gradient_noise", "–"),
    ]


def test_a_wrapper_keeps_its_memory_when_others_come_and_the_method_when_a_wrapper_comes(make_experiment):
    ema = WRAPPERS["ema"]()
    session = Session(make_experiment(wrappers=(ema,)))
    train(session, 20)
    before = everything(session)
    session.apply(make_experiment(wrappers=(WRAPPERS["sam"](), ema)))
    for one, two in zip(before, everything(session), strict=True):
        np.testing.assert_array_equal(one, two)


def test_another_method_keeps_the_average(make_experiment):
    session = Session(make_experiment(wrappers=(WRAPPERS["ema"](),)))
    train(session, 20)
    before = session._descent.answer().copy()
    session.apply(make_experiment(wrappers=(WRAPPERS["ema"](),), optimizer=OPTIMIZERS["sgd"]()))
    np.testing.assert_array_equal(session._descent.answer(), before)


def test_a_wrapper_of_gradients_around_a_method_without_is_refused(make_experiment):
    session = Session(make_experiment(optimizer=OPTIMIZERS["nelder_mead"]()))
    with pytest.raises(GradLabError, match="Clip by norm changes gradients, and Nelder–Mead does not ask for any"):
        session.apply(make_experiment(optimizer=OPTIMIZERS["nelder_mead"](), wrappers=(WRAPPERS["clip_norm"](),)))
    assert session.spec.wrappers == ()


def test_clipping_bounds_the_step(make_experiment):
    sgd = OPTIMIZERS["sgd"](learning_rate=1.0)
    session = Session(make_experiment(optimizer=sgd, wrappers=(WRAPPERS["clip_norm"](limit=0.01),)))
    before = session.network.theta.copy()
    train(session, 1)
    assert np.linalg.norm(session.network.theta - before) == pytest.approx(0.01, rel=1e-3)


def test_decoupled_decay_is_part_of_the_step_that_is_wrapped(make_experiment):
    """Under Lookahead with k = 1 the decay is halved with the step."""
    settings = {"optimizer": OPTIMIZERS["sgd"](learning_rate=0.1), "decoupled_decay": 0.5}
    moved = []
    for wrappers in ((), (WRAPPERS["lookahead"](steps=1, share=0.5),)):
        session = Session(make_experiment(**settings, wrappers=wrappers))
        before = session.network.theta.copy()
        train(session, 1)
        moved.append(session.network.theta - before)
    np.testing.assert_allclose(moved[1], moved[0] / 2, atol=1e-6)
