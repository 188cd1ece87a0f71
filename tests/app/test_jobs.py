"""Work off the window's thread: its result comes once, its errors in words, and nothing comes after a cancel."""

from __future__ import annotations

import threading
from typing import Any

from app.jobs import Job
from simulations.core.errors import DataError


def test_a_result_comes_once_and_on_the_windows_thread(qtbot: Any) -> None:
    seen: list[threading.Thread] = []
    job = Job(lambda tell: 6 * 7)
    job.succeeded.connect(lambda _result: seen.append(threading.current_thread()))
    with qtbot.waitSignal(job.succeeded) as done:
        job.start()
    assert done.args == [42]
    assert seen == [threading.main_thread()]


def test_it_tells_how_far_it_is(qtbot: Any) -> None:
    told = threading.Event()

    def work(tell: Any) -> None:
        tell(0.25)
        told.wait(5)

    job = Job(work)
    with qtbot.waitSignal(job.progressed, check_params_cb=lambda share: share == 0.25):
        job.start()
    with qtbot.waitSignal(job.succeeded):
        told.set()


def test_an_error_in_words_and_a_defect_are_told_apart(qtbot: Any) -> None:
    def refuse(_tell: Any) -> None:
        raise DataError("it is empty")

    job = Job(refuse)
    with qtbot.waitSignal(job.failed) as failed:
        job.start()
    assert str(failed.args[0]) == "it is empty"
    broken = Job(lambda tell: 1 / 0)
    with qtbot.waitSignal(broken.broke) as broke:
        broken.start()
    assert "ZeroDivisionError" in broke.args[0]


def test_a_cancelled_job_leaves_where_it_tells_and_says_nothing(qtbot: Any) -> None:
    left, begun = threading.Event(), threading.Event()

    def work(tell: Any) -> str:
        try:
            begun.set()
            while True:
                tell(0.5)
        finally:
            left.set()

    job = Job(work)
    heard: list[object] = []
    for signal in (job.succeeded, job.failed, job.broke):
        signal.connect(heard.append)
    job.start()
    assert begun.wait(5)
    job.cancel()
    assert left.wait(5)
    assert heard == []
