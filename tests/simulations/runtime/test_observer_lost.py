"""An observer that stops, leaves or breaks: the near end, with the test at the other end of the line."""

from __future__ import annotations

import multiprocessing
import os
import struct
import sys
import threading
from typing import Any

import pytest

import simulations.runtime.observer as observer_module
from simulations.probes.layers import LayersProbe
from simulations.runtime.afar import Afar
from simulations.runtime.mirror import Look
from simulations.runtime.observer import Answers, Observer
from simulations.training.session import Session

PATIENCE_S = 20.0
PROBES = (LayersProbe(),)


class Process:
    """One that is killed at once, and does nothing before."""

    is_there = True

    def join(self, timeout_s: float | None = None) -> None:
        pass

    def is_alive(self) -> bool:
        return self.is_there

    def kill(self) -> None:
        self.is_there = False

    def close(self) -> None:
        pass


class Line:
    """Where the newest process of an observer would be, and the time by which it is judged."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.far: Any = None

    def spawn(self, *_: Any, **__: Any) -> tuple[Process, Any]:
        near, self.far = multiprocessing.Pipe()
        return Process(), near

    def begin(self, observer: Observer) -> None:
        self.far.send(observer_module._READY)
        assert observer.is_ready

    def answer(self, observer: Observer, session: Session) -> None:
        """A look that is answered."""
        observer.look(session, PROBES)
        self.far.recv()
        self.far.send(Answers(session.moment, {}))
        assert observer.take(PATIENCE_S) == Answers(session.moment, {})


@pytest.fixture
def line(monkeypatch) -> Line:
    line = Line()
    monkeypatch.setattr(observer_module, "spawn", line.spawn)
    monkeypatch.setattr(observer_module, "monotonic", lambda: line.now)
    return line


@pytest.fixture
def observer(line) -> Observer:
    observer = Observer()
    observer.start()
    line.begin(observer)
    return observer


def test_one_that_never_answers_is_given_up(line, observer, experiment):
    session = Session(experiment)
    line.answer(observer, session)
    observer.look(session, PROBES)
    line.now += observer_module._ANSWERS_S - 1
    assert observer.take() is None
    assert observer.starts == 1, "it may be slow"
    line.now += 2
    assert observer.take() is None
    assert observer.starts == 2
    line.begin(observer)
    line.answer(observer, session)


def test_one_that_says_that_it_leaves_is_not_begun_again(line, observer, experiment):
    observer.look(Session(experiment), PROBES)
    line.far.send(observer_module._LEAVING)
    assert observer.take(PATIENCE_S) is None
    assert not observer.is_ready
    assert observer.starts == 1


def test_one_that_builds_is_given_longer_but_not_for_ever(line, observer, experiment):
    """Nor is another begun for ever that would need as long."""
    for starts in (1, 2, 3):
        observer.look(Session(experiment), PROBES)
        line.now += observer_module._BUILDS_S - 1
        assert observer.take() is None
        assert observer.starts == starts, "it may be reading a large file"
        line.now += 2
        assert observer.take() is None
        if starts < 3:
            line.begin(observer)
    assert not observer.is_ready
    assert observer.starts == 3


@pytest.mark.parametrize(("lived_s", "starts"), [(1.0, 3), (3600.0, 6)])
def test_those_that_are_lost_in_a_row_are_counted_until_one_proves_itself(line, observer, experiment, lived_s, starts):
    session = Session(experiment)
    for _ in range(5):
        line.now += lived_s
        line.answer(observer, session)
        line.far.close()
        while observer.is_idle:
            observer.look(session, PROBES)
            observer.take()
        if observer._connection is None:
            break
        line.begin(observer)
    assert observer.starts == starts


def test_a_look_that_cannot_be_sent_is_not_waited_for(line, observer, experiment):
    session = Session(experiment)
    with pytest.raises((AttributeError, TypeError)):
        observer.look(session, (threading.Lock(),))
    assert observer.is_idle
    line.answer(observer, session)


def test_what_was_not_sent_is_sent_the_next_time(line, observer, experiment):
    session = Session(experiment)
    with pytest.raises((AttributeError, TypeError)):
        observer.look(session, (threading.Lock(),))
    observer.look(session, PROBES)
    look: Look = line.far.recv()
    assert look.spec == experiment
    assert look.probes == PROBES


def test_what_cannot_be_asked_is_not_asked_again_and_again(line, observer, experiment):
    """In a pause the simulation thread would do nothing else, and report every time."""
    session, afar = Session(experiment), Afar(observer)
    memories: dict[str, dict[str, Any]] = {"layers": {"lock": threading.Lock()}}
    afar.want(PROBES, {})
    with pytest.raises((AttributeError, TypeError)):
        afar.exchange(session, memories)
    afar.exchange(session, memories)
    assert not afar.is_stale(session)
    afar.want(PROBES, {})
    afar.exchange(session, {"layers": {}})
    assert line.far.recv().memories == {"layers": {}}, "it did not go over the first time"


@pytest.mark.skipif(sys.platform == "win32", reason="a line is a socket elsewhere only")
def test_training_does_not_wait_for_one_that_has_stopped_in_the_middle_of_an_answer(line, monkeypatch):
    monkeypatch.setattr(observer_module, "_CROSSES_S", 0.05)
    monkeypatch.setattr(observer_module, "_MOST_STARTS", 1)
    observer = Observer()
    observer.start()
    line.begin(observer)
    observer._is_idle = False  # as if it had been asked
    os.write(line.far.fileno(), struct.pack("!i", 1000))  # so long a message is announced
    taking = threading.Thread(target=observer.take, daemon=True)
    taking.start()
    taking.join(PATIENCE_S)
    assert not taking.is_alive()
    assert not observer.is_ready
