"""The timeline passes steps by the clock, never beyond what was run, and a whole race in ten seconds."""

from __future__ import annotations

import pytest

from simulations.runtime.timeline import Timeline


def test_the_timeline_follows_the_clock() -> None:
    timeline = Timeline()
    timeline.set_end(1000)
    timeline.set_speed(50)
    timeline.play(now=10.0)
    assert timeline.moment == 0
    timeline.pass_time(12.0, done=1000)
    assert timeline.moment == 100
    timeline.pass_time(22.0, done=300)
    assert timeline.moment == 300  # it waits for steps that were not run yet
    timeline.pass_time(23.0, done=1000)
    assert timeline.moment == 350
    assert timeline.pass_time(99.0, done=1000)
    assert (timeline.moment, timeline.is_running) == (1000, False)
    timeline.set_end(2000)
    assert timeline.moment == 2000  # who looks at the end goes on looking at the end


def test_a_whole_race_takes_ten_seconds_unless_a_speed_was_chosen() -> None:
    for end in (50, 300, 5000):
        timeline = Timeline()
        timeline.set_end(end)
        timeline.play(now=0.0)
        timeline.pass_time(9.0, done=end)
        assert timeline.moment == pytest.approx(0.9 * end, abs=1)
        assert timeline.is_running
        timeline.pass_time(10.1, done=end)
        assert (timeline.moment, timeline.is_running) == (end, False)
        timeline.play(now=20.0)
        assert timeline.moment == 0, "playing from the end starts over"
        timeline.set_speed(20)
        timeline.pass_time(21.0, done=end)
        assert timeline.moment == 20
        timeline.set_speed(None)
        assert timeline.pace == end / 10
