"""Two parts of a computation run side by side, or in turn, with the same result; what one raises, the caller gets."""

import threading
import time
import warnings
from collections import Counter

import numpy as np
import pytest

from simulations.core.lanes import Lanes, Pair


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


def where(pair, calls, seconds):
    """On how many threads the second part ran so often; each part takes so long."""
    places = Counter()

    def work(number):
        time.sleep(seconds)
        places[threading.current_thread().name] += number

    for _ in range(calls):
        pair.run(work)
    return places


def test_work_that_is_worth_waking_the_other_lane_is_done_beside(lanes):
    lanes.lag_s = 1e-5
    beside = where(Pair(lanes), 40, 0.001)["second lane"]
    assert beside == (39 if lanes.width == 2 else 0), "all but the first, which tells how long it takes"


def test_work_that_is_not_worth_it_is_done_in_turn_and_tried_again_now_and_then(monkeypatch):
    monkeypatch.setattr("simulations.core.lanes._WEIGHT", 0.0)  # the lag stays what it is said to be
    lanes = Lanes(width=2)
    lanes.lag_s = 1.0
    pair = Pair(lanes)
    assert where(pair, 31, 0.0)["second lane"] == 0
    assert where(pair, 1, 0.0)["second lane"] == 1
    lanes.close()


def test_how_long_waking_takes_is_learnt_while_it_is_tried():
    lanes = Lanes(width=2)
    lanes.lag_s = 1.0
    pair = Pair(lanes)
    places = where(pair, 2000, 0.0)
    assert lanes.lag_s < 0.1
    assert 40 <= places["second lane"] <= 2000
    lanes.close()


def test_one_part_is_simply_done(lanes):
    done = []
    Pair(lanes).run(done.append, 1)
    assert done == [0]
