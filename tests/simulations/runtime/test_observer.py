"""Another process sees exactly what the session would see, and training neither waits for it nor notices it."""

from __future__ import annotations

import dataclasses
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import numpy as np
import pytest

from simulations.data.files.guess import source_for
from simulations.documents.importing import with_source
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.probes.answers import LayersAnswer
from simulations.probes.layers import RUNNING_SAMPLES, LayersProbe
from simulations.probes.ridge import RidgeProbe
from simulations.runtime import observer as observer_module
from simulations.runtime.afar import Afar
from simulations.runtime.messages import Apply, Observe, Pause, Play, Reset, Snapshot, TakeSteps, Watch
from simulations.runtime.mirror import Look, Mirror
from simulations.runtime.observer import Answers, Failure, Observer, ObserverError
from simulations.runtime.worker import Worker
from simulations.training.session import Session

PATIENCE_S = 30.0
_POLL_S = 0.005


def look_at(session: Session, *probes: Any, spec: Any = None) -> Look:
    return Look(
        session.moment,
        spec,
        session.network.theta.copy(),
        session.network.state.copy(),
        {name: one.copy() for name, one in session.criterion.state.items()},
        session.last_update(),
        probes,
    )


def numbers(answer: LayersAnswer) -> list[Any]:
    cells = [cell for row in answer.rows for cell in row.cells.values()]
    return [
        answer.step,
        [cell.now.counts.tolist() for cell in cells],
        [cell.now.edges.tolist() for cell in cells],
        [(cell.now.zeros, cell.now.under, cell.now.over, cell.now.mean, cell.now.sd) for cell in cells],
        [cell.initial.counts.tolist() for cell in cells if cell.initial is not None],
        [row.update_history.tolist() for row in answer.rows],
    ]


@pytest.mark.parametrize("loss", ["softmax_cross_entropy", "center"])
def test_a_mirror_sees_what_the_session_sees(experiment, loss):
    session, mirror = Session(dataclasses.replace(experiment, loss=LOSSES[loss]())), Mirror()
    probe, memory = LayersProbe(), {}
    for step in range(4):
        session.last_update()
        session.take_step()
        spec = session.spec if step == 0 else None
        seen = mirror.answers(look_at(session, probe, spec=spec))["layers"]
        assert numbers(seen) == numbers(probe.measure(session, memory))


def test_a_mirror_follows_every_edit(experiment):
    session, mirror, probe = Session(experiment), Mirror(), LayersProbe()
    mirror.answers(look_at(session, probe, spec=session.spec))
    data = dataclasses.replace(experiment.data, validation_fraction=0.4)
    for edited in (
        dataclasses.replace(experiment, l2=0.1),
        dataclasses.replace(experiment, data=data),
        dataclasses.replace(experiment, seed=3),
        dataclasses.replace(experiment, layers=(experiment.layers[-1],)),
    ):
        session.apply(edited)
        session.take_step()
        seen = mirror.answers(look_at(session, probe, spec=edited))["layers"]
        assert [row.name for row in seen.rows] == [info.name for info in session.layers]
        tape = mirror.probe_tape()
        np.testing.assert_array_equal(tape.outputs[-1], session.probe_tape().outputs[-1])


class Elsewhere:
    """An observer that is always ready and keeps what it is sent, as it would arrive in another process."""

    is_ready = is_idle = True
    starts = 1

    def __init__(self) -> None:
        self.sent: list[Look] = []

    def take(self, patience_s: float) -> None:
        return None

    def look(self, session: Session, probes: Any, memories: Any) -> None:
        look = dataclasses.replace(look_at(session, *probes, spec=session.spec), memories=memories)
        self.sent.append(pickle.loads(pickle.dumps(look)))


def test_what_was_recorded_before_the_other_process_came_goes_over_once(experiment):
    session, probe, observer, mirror = Session(experiment), RidgeProbe(), Elsewhere(), Mirror()
    memories: dict[str, dict[str, Any]] = {"ridge": {}}
    for _ in range(5):
        session.take_step()
        probe.measure(session, memories["ridge"])
    asked = dataclasses.replace(probe, layer=session.layers[0].name)
    afar = Afar(observer)  # type: ignore[arg-type]
    afar.want((asked,), {})
    for _ in range(2):
        session.take_step()
        afar.exchange(session, memories)
    first, second = observer.sent
    assert mirror.answers(first)["ridge"].steps.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert mirror.answers(second)["ridge"].steps.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert not second.memories
    afar.forget()
    afar.want((asked,), {})
    session.take_step()
    afar.exchange(session, {"ridge": {}})
    assert observer.sent[-1].memories == {"ridge": {}}, "of another run"


def test_a_record_of_no_cell_has_no_answer_when_a_run_begins(experiment):
    afar = Afar(Observer())
    afar.want((LayersProbe(), RidgeProbe()), {})
    afar.answer_here(Session(experiment), {})
    assert set(afar.answers) == {"layers"}


class Sight:
    """A worker with an observer, and the newest snapshot of it."""

    def __init__(self, worker: Worker, observer: Observer) -> None:
        self.worker, self.observer = worker, observer
        self.snapshot: Snapshot | None = None

    def wait(self, condition: Callable[[Snapshot], bool]) -> Snapshot:
        deadline, tick = monotonic() + PATIENCE_S, threading.Event()
        while monotonic() < deadline:
            self.snapshot = self.worker.snapshots.take() or self.snapshot
            if self.snapshot is not None and condition(self.snapshot):
                return self.snapshot
            tick.wait(_POLL_S)
        raise AssertionError(f"not within {PATIENCE_S} s; {self.snapshot and sorted(self.snapshot.probes)}")

    def seen(self) -> Snapshot:
        """A snapshot whose histograms the other process counted."""
        first = self.wait(lambda _: self.worker._watching._is_split).step
        return self.wait(lambda now: "layers" in now.probes and now.probes["layers"].step > first)


@pytest.fixture
def sight(experiment) -> Iterator[Sight]:
    observer = Observer()
    worker = Worker(experiment, observer)
    worker.start()
    worker.send(Observe())
    sight = Sight(worker, observer)
    sight.wait(lambda _: observer._process is not None)
    yield sight
    assert worker.stop(PATIENCE_S)
    assert observer._process is None


WATCH = Watch((LayersProbe(samples=RUNNING_SAMPLES), RidgeProbe("dense 1", "weights")))


def test_what_it_counted_comes_with_the_snapshots_while_training_goes_on(sight):
    sight.worker.send(WATCH)
    sight.worker.send(Play())
    seen = sight.seen()
    assert seen.status == "running"
    assert "ridge" in seen.probes
    assert not sight.worker._watching._wanted, "nothing is left for the simulation thread"


def test_a_pause_is_seen_exactly_whole_and_at_its_own_step(sight):
    sight.worker.send(WATCH)
    sight.worker.send(Play())
    sight.seen()
    sight.worker.send(Pause())
    paused = sight.wait(lambda now: now.status == "paused")
    sight.worker.send(Watch((LayersProbe(),)))
    shown = sight.wait(lambda now: now.probes["layers"].samples == now.probes["layers"].available)
    assert shown.probes["layers"].step == paused.step
    sight.worker.send(TakeSteps(1))
    sight.wait(lambda now: now.probes["layers"].step == paused.step + 1)


def test_answers_about_a_run_that_is_over_are_not_shown(sight, experiment):
    sight.worker.send(WATCH)
    sight.worker.send(Play())
    first = sight.seen()
    sight.worker.send(Apply(dataclasses.replace(experiment, layers=(experiment.layers[-1],))))
    sight.worker.send(Reset())
    later = sight.wait(lambda now: now.run > first.run + 1 and "layers" in now.probes)
    assert [row.name for row in later.probes["layers"].rows] == [info.name for info in later.layers]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process cannot be held here")
def test_a_new_run_is_seen_at_once_however_long_the_other_process_takes(sight):
    sight.worker.send(WATCH)
    sight.worker.send(Play())
    before = sight.seen()
    os.kill(sight.observer._process.pid, signal.SIGSTOP)
    try:
        sight.worker.send(Reset())
        anew = sight.wait(lambda now: now.run > before.run)
    finally:
        os.kill(sight.observer._process.pid, signal.SIGCONT)
    assert {"layers", "ridge"} <= set(anew.probes)
    assert anew.probes["layers"].step == 0


def test_a_process_that_is_lost_is_begun_again(sight):
    sight.worker.send(WATCH)
    sight.worker.send(Play())
    first = sight.seen()
    lost = sight.observer._process
    lost.kill()
    sight.wait(lambda _: sight.observer.starts == 2 and sight.observer._is_ready and not sight.worker._watching._wanted)
    with pytest.raises(ValueError, match="closed"):
        lost.is_alive()  # nothing is left of it
    assert sight.seen().step > first.step
    kept = len(sight.snapshot.probes["ridge"].steps)
    sight.wait(lambda now: len(now.probes["ridge"].steps) > kept)  # what was recorded here in between went over


def test_it_is_not_begun_again_for_ever(sight):
    sight.worker.send(WATCH)
    sight.worker.send(Play())
    for starts in range(1, 4):
        sight.wait(lambda _, starts=starts: sight.observer.starts == starts and sight.observer._is_ready)
        sight.observer._process.kill()
    gone = sight.wait(lambda _: not sight.worker._watching._is_split and sight.observer._process is None)
    sight.wait(lambda now: now.probes["layers"].step > gone.step)
    assert sight.observer.starts == 3


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process cannot be held here")
def test_training_does_not_wait_for_one_that_has_stopped_reading(experiment, monkeypatch):
    monkeypatch.setattr(observer_module, "_CROSSES_S", 0.05)
    dense = LAYERS["dense"]
    large = dataclasses.replace(experiment, layers=(dense(units=1024), dense(units=512), experiment.layers[-1]))
    session, observer = Session(large), Observer()
    observer.start()
    tick = threading.Event()
    while not observer.is_ready:
        tick.wait(_POLL_S)
    os.kill(observer._process.pid, signal.SIGSTOP)
    observer.look(session, (LayersProbe(),))
    assert observer.starts == 2, "the line was full, so the process was given up"
    while not observer.is_ready:
        tick.wait(_POLL_S)
    observer.look(session, (LayersProbe(),))
    while observer.take(_POLL_S) is None:
        pass
    observer.stop(PATIENCE_S)


def test_without_the_process_the_simulation_thread_answers_again(sight, monkeypatch):
    monkeypatch.setattr(observer_module, "_MOST_STARTS", 1)
    sight.worker.send(WATCH)
    sight.worker.send(Play())
    sight.seen()
    sight.observer._process.kill()
    gone = sight.wait(lambda _: not sight.worker._watching._is_split)
    sight.wait(lambda now: now.probes["layers"].step > gone.step)
    assert sight.worker._watching._wanted


@pytest.fixture
def table(tmp_path, experiment):
    """An experiment on a file, and that file."""
    file = tmp_path / "mine.csv"
    file.write_text("a,b,label\n" + "\n".join(f"{i},{i * i % 7},{'xy'[i % 2]}" for i in range(60)))
    return with_source(experiment, source_for(file).imported()), file


def test_data_that_are_known_are_seen_after_their_file_is_gone(table):
    spec, file = table
    mirror, probe = Mirror(), LayersProbe()
    mirror.answers(look_at(Session(spec), probe, spec=spec))
    other = dataclasses.replace(spec, layers=(spec.layers[-1],))
    session = Session(other)
    file.unlink()
    assert len(mirror.answers(look_at(session, probe, spec=other))["layers"].rows) == 1


def test_an_observer_that_cannot_have_the_data_leaves_without_a_complaint(table):
    """The session has them still, so the simulation thread answers."""
    spec, file = table
    session, observer, tick = Session(spec), Observer(), threading.Event()
    file.unlink()
    observer.start()
    deadline = monotonic() + PATIENCE_S
    while not observer.is_ready and monotonic() < deadline:
        tick.wait(_POLL_S)
    observer.look(session, (LayersProbe(),))
    while observer.is_ready and monotonic() < deadline:
        assert observer.take(_POLL_S) is None
    assert not observer.is_ready
    assert observer.starts == 1, "it left, and was not lost"
    observer.stop(PATIENCE_S)


def test_being_watched_from_outside_changes_no_bit_of_training(sight, experiment):
    sight.worker.send(WATCH)
    sight.wait(lambda _: sight.observer.is_ready)
    sight.worker.send(TakeSteps(40))
    done = sight.wait(lambda now: now.step == 40 and now.status == "paused" and now.probes["layers"].step == 40)
    alone = Session(experiment)
    while alone.step < 40:
        alone.take_step()
    np.testing.assert_array_equal(sight.worker._session.network.theta, alone.network.theta)
    assert done.weights_hash == alone.weights_hash


def test_a_defect_over_there_is_reported_and_the_spec_is_sent_again(experiment):
    observer, session = Observer(), Session(experiment)
    observer._is_ready = observer._is_idle = True

    class Wire:
        def __init__(self) -> None:
            self.sent: list[Any] = []
            self.answers: list[Any] = [Failure("a defect"), Answers(session.moment, {})]

        def send(self, what: Any) -> None:
            self.sent.append(what)

        def poll(self, _patience_s: float) -> bool:
            return bool(self.answers)

        def recv(self) -> Any:
            return self.answers.pop(0)

    observer._connection = wire = Wire()  # type: ignore[assignment]
    observer.look(session, ())
    with pytest.raises(ObserverError, match="a defect"):
        observer.take()
    observer.look(session, ())
    assert observer.take() is not None
    observer.look(session, ())
    assert [look.spec is not None for look in wire.sent] == [True, True, False]
