"""Training in another process shows what training on a thread shows, sends each thing once, and is succeeded when it dies."""

from __future__ import annotations

import dataclasses
import os
import pickle
import signal
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from simulations.core.errors import SpecError
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.presets import load_preset, preset_names
from simulations.families import load
from simulations.nn.losses.base import LOSSES
from simulations.nn.teacher import Teacher
from simulations.optimizers.base import OPTIMIZERS
from simulations.probes.base import PROBES
from simulations.runtime import elsewhere
from simulations.runtime.elsewhere import Room
from simulations.runtime.messages import (
    Apply,
    Diverged,
    Failed,
    KeepTeacher,
    Observe,
    Pause,
    Play,
    Refused,
    Rejected,
    Reset,
    Snapshot,
    TakeSteps,
    TeacherKept,
    Watch,
)
from simulations.runtime.simulation import Simulation
from simulations.runtime.snapshots import snapshot_of
from simulations.runtime.train_elsewhere import TrainReceiver, TrainSender, training
from simulations.runtime.worker import Worker
from simulations.training.session import Session
from tests.simulations.runtime.watcher import PATIENCE_S, Watcher, until

load()
KIND = "simulations.runtime.train_elsewhere"


def experiment(**changes: Any) -> ExperimentSpec:
    return dataclasses.replace(load_preset("rings-mlp").spec, **changes)


@pytest.fixture
def apart() -> Iterator[Any]:
    simulation = training(experiment(), Room(KIND))
    yield simulation
    assert simulation.stop(PATIENCE_S)
    assert not simulation.is_alive


def sent(sender: TrainSender, receiver: TrainReceiver, value: Any) -> tuple[Any, Any]:
    """The parcel, and what the near end makes of it."""
    parcel = pickle.loads(pickle.dumps(sender.packed(value)))
    return parcel, receiver.unpacked(parcel)


def noted(sender: TrainSender, receiver: TrainReceiver, spec: ExperimentSpec) -> ExperimentSpec:
    """What the far end gets when ``spec`` is applied at the near one."""
    command = sender.note(pickle.loads(pickle.dumps(receiver.note(Apply(spec)))))
    assert isinstance(command, Apply)
    return command.spec


# ---- what travels ----------------------------------------------------------------------------------------------------


def test_what_did_not_change_stays_and_is_the_same_object_at_the_other_end() -> None:
    spec = experiment()
    theirs = pickle.loads(pickle.dumps(spec))
    sender, receiver = TrainSender(theirs), TrainReceiver(spec)
    session = Session(theirs)
    curves = PROBES["curves"]()
    answer = curves.measure(session, {})
    _, first = sent(sender, receiver, snapshot_of(session, {"curves": answer}))
    assert first.spec is spec
    session.take_step()
    parcel, second = sent(sender, receiver, snapshot_of(session, {"curves": answer}, sequence=2))
    assert second.probes["curves"] is first.probes["curves"]
    assert second.layers is first.layers
    assert (second.step, second.sequence, second.spec) == (1, 2, spec)
    assert {"layers", "markers", "weights_hash"}.isdisjoint(parcel.changed)
    _, third = sent(sender, receiver, snapshot_of(session, {}, sequence=3))
    assert not third.probes


def test_an_answer_of_none_is_one_that_was_not_there_before() -> None:
    spec = experiment()
    sender, receiver, session = TrainSender(spec), TrainReceiver(spec), Session(spec)
    assert not sent(sender, receiver, snapshot_of(session, {}))[1].probes
    assert sent(sender, receiver, snapshot_of(session, {"ridge": None}))[1].probes == {"ridge": None}


@pytest.mark.parametrize("preset", preset_names())
def test_every_probe_answers_over_the_line(preset: str) -> None:
    session = Session(load_preset(preset).spec)
    session.last_update()
    session.take_step()
    answers = {entry.kind: entry.cls().measure(session, {}) for entry in PROBES}
    _, shown = sent(TrainSender(session.spec), TrainReceiver(session.spec), snapshot_of(session, answers))
    assert shown.probes.keys() == answers.keys()
    for kind, answer in answers.items():
        assert pickle.dumps(shown.probes[kind]) == pickle.dumps(pickle.loads(pickle.dumps(answer))), kind


def test_an_edit_is_named_by_its_number_and_old_ones_are_forgotten() -> None:
    first = experiment()
    sender, receiver = TrainSender(pickle.loads(pickle.dumps(first))), TrainReceiver(first)
    session = Session(pickle.loads(pickle.dumps(first)))
    for seed in range(10):
        spec = experiment(seed=seed)
        theirs = noted(sender, receiver, spec)
        session.apply(theirs)
        assert sent(sender, receiver, snapshot_of(session, {}))[1].spec is spec
        refused = sent(sender, receiver, Rejected(theirs, SpecError("{path}: no", path="seed")))[1]
        assert refused.spec is spec
    assert len(sender._specs) == len(receiver._specs) == 1


def test_what_was_refused_does_not_make_what_is_shown_next_a_stranger() -> None:
    first, shown, wrong = experiment(), experiment(seed=1), experiment(seed=2)
    sender, receiver = TrainSender(pickle.loads(pickle.dumps(first))), TrainReceiver(first)
    theirs, refused = (noted(sender, receiver, one) for one in (shown, wrong))
    assert sent(sender, receiver, Rejected(refused, SpecError("{path}: no", path="seed")))[1].spec is wrong
    assert sent(sender, receiver, snapshot_of(Session(theirs), {}))[1].spec is shown


def test_an_edit_does_not_take_along_what_it_left_alone() -> None:
    first = experiment()
    teacher = Teacher("large", 1, first.layers, (2,), (2,), (0.0,), (1.0,), "=" * 5_000_000)
    first = dataclasses.replace(first, teacher=teacher)
    sender, receiver = TrainSender(pickle.loads(pickle.dumps(first))), TrainReceiver(first)
    before = sender._arrived
    second = dataclasses.replace(first, batch_size=first.batch_size + 1)
    assert len(pickle.dumps(TrainReceiver(first).note(Apply(second)))) < 1000
    theirs = noted(sender, receiver, second)
    assert theirs == second
    assert theirs.teacher is before.teacher
    assert noted(sender, receiver, dataclasses.replace(second, teacher=None)).teacher is None
    assert noted(sender, receiver, first) == first


def test_what_nobody_fetches_is_told_a_few_times_and_no_more() -> None:
    news = elsewhere._News(lambda kind, value: None)
    for number in range(3):
        news.put(number)
    assert news.qsize() == 3


# ---- at work ---------------------------------------------------------------------------------------------------------


def losses(simulation: Simulation) -> Any:
    watcher = Watcher(simulation)
    for command in (Watch((PROBES["curves"](),)), TakeSteps(40)):
        simulation.send(command)

    def is_measured(one: Snapshot) -> bool:
        curves = one.probes.get("curves")
        return one.step == 40 and curves is not None and curves.current.series["train_loss"].measured == 40

    return watcher.sees(is_measured).probes["curves"].current.series["train_loss"].value


def test_it_learns_what_a_thread_learns_bit_for_bit(apart: Any) -> None:
    apart.start()
    thread = Worker(experiment())
    thread.start()
    try:
        np.testing.assert_array_equal(losses(apart), losses(thread))
    finally:
        assert thread.stop(PATIENCE_S)


def test_commands_are_obeyed_and_news_arrive(apart: Any) -> None:
    apart.start()
    watcher = Watcher(apart)
    for command in (Observe(), Watch((PROBES["layers"](), PROBES["curves"]())), Play()):
        apart.send(command)
    watcher.sees(lambda one: one.status == "running" and one.step > 50)
    apart.send(Pause())
    paused = watcher.sees(lambda one: one.status == "paused" and {"layers", "curves"} <= one.probes.keys())
    apart.send(KeepTeacher())
    assert watcher.hears(TeacherKept).teacher.step == paused.step
    wrong = experiment(layers=experiment().layers[:-1])
    apart.send(Apply(wrong))
    assert watcher.hears(Rejected).spec is wrong
    fast = experiment(loss=LOSSES["squared_error"](), optimizer=OPTIMIZERS["sgd"](learning_rate=10.0))
    for command in (Apply(fast), Play()):
        apart.send(command)
    watcher.hears(Diverged)
    assert watcher.sees(lambda one: one.status == "diverged").spec is fast
    apart.send(Reset())
    watcher.sees(lambda one: one.status == "paused" and one.step == 0)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process cannot be held here")
def test_the_window_does_not_wait_until_a_large_document_is_read() -> None:
    first = experiment()
    teacher = Teacher("large", 1, first.layers, (2,), (2,), (0.0,), (1.0,), "=" * 5_000_000)
    apart: Any = training(dataclasses.replace(first, teacher=teacher), Room(KIND))
    os.kill(apart._process.pid, signal.SIGSTOP)  # as if it went on importing
    wanted = experiment(seed=7)

    def begin() -> None:
        apart.start()
        for command in (Apply(experiment(seed=6)), Apply(wanted), TakeSteps(3)):
            apart.send(command)

    window = threading.Thread(target=begin, daemon=True)
    window.start()
    try:
        window.join(PATIENCE_S)
        assert not window.is_alive()
    finally:
        os.kill(apart._process.pid, signal.SIGCONT)
    try:
        assert Watcher(apart).sees(lambda one: one.step == 3).spec is wanted
        assert apart._heir is None
    finally:
        assert apart.stop(PATIENCE_S)
    assert apart._process.exitcode == 0


# ---- when it dies ----------------------------------------------------------------------------------------------------


def test_a_thread_begins_again_where_a_process_died_and_says_so(apart: Any) -> None:
    apart.start()
    watcher = Watcher(apart)
    wanted = experiment(seed=7)
    for command in (Apply(wanted), Watch((PROBES["curves"](),)), Play()):
        apart.send(command)
    before = watcher.sees(lambda one: one.spec is wanted and one.step > 20)
    os.kill(apart._process.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    until(lambda: apart._heir is not None)
    assert "begins again" in str(watcher.hears(Refused).error)
    anew = watcher.sees(lambda one: one.run > before.run and one.status == "running" and "curves" in one.probes)
    assert anew.spec is wanted
    assert apart.is_alive


def test_a_process_that_dies_before_it_begins_loses_no_wish_to_train(apart: Any) -> None:
    apart._process.kill()
    apart.send(Play())  # before it is known: said later, the heir would hear it itself
    apart.start()
    watcher = Watcher(apart)
    until(lambda: not apart._thread.is_alive())
    watcher.sees(lambda one: one.step > 20 and one.status == "running")
    assert not any(isinstance(one, Refused) for one in watcher.events), "nothing was lost that could be regretted"


def test_what_was_taking_a_few_steps_does_not_train_on_for_ever(apart: Any) -> None:
    apart.start()
    watcher = Watcher(apart)
    apart.send(TakeSteps(10**6))
    watcher.sees(lambda one: one.status == "running")
    apart._process.kill()
    watcher.hears(Refused)
    watcher.sees(lambda one: one.step == 0 and one.status == "paused")


def test_an_edit_that_was_refused_does_not_keep_the_run_from_beginning_again(apart: Any) -> None:
    apart.start()
    watcher = Watcher(apart)
    wanted = experiment(seed=7)
    for command in (Apply(wanted), Play(), Apply(experiment(layers=wanted.layers[:-1]))):
        apart.send(command)
    watcher.hears(Rejected)
    before = watcher.sees(lambda one: one.spec is wanted and one.step > 20)
    apart._process.kill()
    watcher.hears(Refused)
    watcher.sees(lambda one: one.spec is wanted and one.status == "running" and one.run > before.run)


def test_a_defect_of_the_near_end_is_reported_and_training_goes_on(apart: Any) -> None:
    def break_down(parcel: Any) -> Any:
        raise KeyError("a defect")

    apart._receiver.unpacked = break_down
    apart.start()
    assert "a defect" in Watcher(apart).hears(Failed).report
    until(lambda: apart._heir is not None)
    apart.send(TakeSteps(3))
    Watcher(apart).sees(lambda one: one.step == 3)


def test_without_a_process_it_trains_on_a_thread() -> None:
    assert isinstance(training(experiment(), None), Worker)
