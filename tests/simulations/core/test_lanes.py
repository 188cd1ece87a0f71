"""Two parts of a computation run side by side, or in turn, with the same result; what one raises, the caller gets."""

import threading
import warnings

import numpy as np
import pytest

from simulations.core.lanes import Lanes


@pytest.fixture(params=[1, 2])
def lanes(request):
    lanes = Lanes(width=request.param)
    yield lanes
    lanes.close()


def second_lanes():
    return [one for one in threading.enumerate() if one.name == "second lane"]


def fail(error):
    raise error


def test_both_parts_are_done_when_run_returns(lanes):
    for _ in range(200):
        done = []
        lanes.run(lambda: done.append(1), lambda: done.append(2))  # noqa: B023
        assert sorted(done) == [1, 2]


def test_two_lanes_run_at_the_same_time():
    lanes, both = Lanes(width=2), threading.Barrier(2, timeout=10)
    lanes.run(both.wait, both.wait)
    lanes.close()


def test_the_second_part_is_finished_even_when_the_first_fails():
    lanes, left, done = Lanes(width=2), threading.Event(), []

    def slow():
        left.wait(10)
        done.append(True)

    def failing():
        left.set()
        raise KeyError

    with pytest.raises(KeyError):
        lanes.run(failing, slow)
    assert done
    lanes.close()


def test_an_error_of_the_second_part_reaches_the_caller_and_is_forgotten(lanes):
    with pytest.raises(ValueError, match="second"):
        lanes.run(lambda: None, lambda: fail(ValueError("second")))
    lanes.run(lambda: None, lambda: None)


def test_what_numpy_does_about_overflow_is_the_callers_in_both_lanes(lanes):
    huge = np.full(4, 1e300)
    with warnings.catch_warnings(), np.errstate(over="ignore"):
        warnings.simplefilter("error")
        lanes.run(lambda: huge * huge, lambda: huge * huge)


def test_lanes_within_lanes_run_in_turn(lanes):
    done = []
    lanes.run(lambda: lanes.run(lambda: done.append(1), lambda: done.append(2)), lambda: done.append(3))
    assert sorted(done) == [1, 2, 3]


def test_closing_leaves_no_thread_and_work_after_it_begins_another(lanes):
    before = len(second_lanes())
    for _ in range(3):
        lanes.run(lambda: None, lambda: None)
        lanes.close()
        assert len(second_lanes()) == before


def test_an_idle_lane_ends_by_itself(monkeypatch):
    monkeypatch.setattr("simulations.core.lanes._IDLE_S", 0.01)
    lanes = Lanes(width=2)
    lanes.run(lambda: None, lambda: None)
    thread = lanes._thread
    assert thread is None or thread.join(10) is None
    assert lanes._thread is None
    lanes.run(lambda: None, lambda: None)
    lanes.close()
