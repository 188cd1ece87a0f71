"""A simulation in another process sends each thing once, is succeeded by a thread when it dies, and never outlives its window."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from simulations.core.errors import SpecError
from simulations.core.interrupt import Interrupt
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.probes.anatomy import AnatomyProbe
from simulations.runtime import elsewhere
from simulations.runtime.elsewhere import Room
from simulations.runtime.mailbox import Latest
from simulations.runtime.messages import Rejected, Watch
from simulations.runtime.race_elsewhere import RaceReceiver, RaceSender, race_simulation
from simulations.runtime.race_messages import Preview, RaceSnapshot, RunRace, SetSpeed, Stand
from simulations.runtime.race_run import RaceRun
from simulations.runtime.race_worker import RaceWorker
from simulations.surfaces.base import SURFACES
from tests.simulations.runtime.watcher import PATIENCE_S, Watcher, until

load()

KIND = "simulations.runtime.race_elsewhere"
ROWS = 4000


def race(rate: float = 0.1, steps: int = 300, **changed: Any) -> RaceSpec:
    one = SURFACES["himmelblau"]()
    racers = (RacerSpec(OPTIMIZERS["adam"](learning_rate=rate)), RacerSpec(OPTIMIZERS["asgd"](learning_rate=0.01)))
    return dataclasses.replace(RaceSpec("a race", racers, one, *one.start, steps), **changed)


@pytest.fixture
def apart() -> Iterator[Any]:
    simulation = race_simulation(race(), Room(KIND))
    yield simulation
    assert simulation.stop(PATIENCE_S)
    assert not simulation.is_alive


# ---- what travels ----------------------------------------------------------------------------------------------------


def ends(spec: RaceSpec) -> tuple[RaceSender, RaceReceiver]:
    return RaceSender(spec), RaceReceiver(spec)


def shown(race: Any, **more: Any) -> RaceSnapshot:
    return RaceSnapshot(1, "paused", race, race.done, 100.0, **more)


def test_a_race_that_grows_sends_its_new_rows_and_is_the_same_numbers_at_the_other_end() -> None:
    spec = race(steps=ROWS)
    sender, receiver = ends(spec)
    run = RaceRun(spec, Interrupt())
    seen = []
    while True:
        parcel = sender.packed(shown(run.race))
        seen.append(receiver.unpacked(parcel).race)
        assert parcel.race.rows.first == (seen[-2].done + 1 if len(seen) > 1 else 0)
        if run.is_complete:
            break
        while not run.go_on():
            pass
    assert len(seen) > 1
    for one in seen:
        for mine, theirs in ((one.points, run.race.points), (one.answers, run.race.answers)):
            np.testing.assert_array_equal(mine, theirs[: one.done + 1])
            assert not mine.flags.writeable
        for field in dataclasses.fields(one.curves):
            theirs = getattr(run.race.curves, field.name)[: one.done + 1]
            np.testing.assert_array_equal(getattr(one.curves, field.name), theirs)
    assert seen[-1].verdicts == run.race.verdicts
    assert (seen[-1].spec, seen[0].spec) == (spec, spec)
    assert seen[-1].spec is spec


def test_what_was_sent_is_recognised() -> None:
    spec, moved = race(), race(start_x=1.0)
    sender, receiver = ends(spec)
    first = RaceRun(spec, Interrupt()).race
    answers = {"one": (1, 2), "two": [3]}
    before = receiver.unpacked(sender.packed(shown(first, probes=answers)))
    theirs = dataclasses.replace(moved)  # as if it had come by the line
    sender.note(RunRace(theirs))
    receiver.note(RunRace(moved))
    second = RaceRun(theirs, Interrupt()).race
    parcel = sender.packed(shown(second, ghost=first, probes={**answers, "two": [4]}))
    after = receiver.unpacked(parcel)
    assert after.ghost is before.race
    assert after.race.spec is moved
    assert after.probes["one"] is before.probes["one"]
    assert after.probes["two"] == [4]
    assert set(parcel.answers) == {"two"}
    again = receiver.unpacked(sender.packed(shown(second, ghost=first, probes={})))
    assert (again.race, again.ghost, again.probes) == (after.race, after.ghost, {})


def test_a_spec_that_is_sent_twice_is_found_again() -> None:
    """As when a person undoes and redoes."""
    spec = race()
    sender, receiver = ends(spec)
    for _ in range(4):
        theirs = dataclasses.replace(spec)
        sender.note(RunRace(theirs))
        receiver.note(RunRace(spec))
        assert receiver.unpacked(sender.packed(shown(RaceRun(theirs, Interrupt()).race))).race.spec is spec
        refused = Rejected(theirs, SpecError("{path}: no", path="start_x"))
        assert receiver.unpacked(sender.packed(refused)).spec is spec


def test_the_minima_of_a_surface_travel_with_the_first_race_on_it() -> None:
    spec = race()
    sender, _receiver = ends(spec)
    run = RaceRun(spec, Interrupt())
    assert sender.packed(shown(run.race)).race.places.minima == spec.surface.minima
    assert sender.packed(shown(run.race.called(spec))).race.places is None


def test_nothing_is_kept_of_what_is_not_shown() -> None:
    spec = race()
    sender, receiver = ends(spec)
    for i in range(20):
        moved = race(start_x=float(i))
        theirs = dataclasses.replace(moved)
        for end, one in ((sender, theirs), (receiver, moved)):
            end.note(RunRace(one))
        receiver.unpacked(sender.packed(shown(RaceRun(theirs, Interrupt()).race)))
    for end in (sender, receiver):
        assert [len(one) for one in (end._races, end._runs, end._specs)] == [1, 1, 1]


def test_the_far_end_knows_whether_the_window_has_taken_what_was_sent() -> None:
    sent: list[Any] = []
    far = elsewhere._Departures(lambda kind, value: sent.append(value))
    near = elsewhere._Arrivals(lambda message: setattr(far, "taken", message.count))
    assert isinstance(near, Latest)
    for value in ("a", "b"):
        far.put(value)
        near.put(sent[-1])
        assert not far.is_free
    assert near.take() == "b"
    assert far.is_free
    assert near.take() is None


def test_what_arrives_while_the_window_reaches_for_the_last_one_counts_as_taken() -> None:
    far = elsewhere._Departures(lambda kind, value: near.put(value))
    near = elsewhere._Arrivals(lambda message: setattr(far, "taken", message.count))

    class Late:
        """A lock before which another snapshot comes."""

        waiting = 1

        def __enter__(self) -> None:
            if self.waiting:
                self.waiting = 0
                far.put("late")

        def __exit__(self, *_: object) -> None: ...

    near._lock = Late()  # type: ignore[assignment]
    assert near.take() == "late"
    assert far.is_free, "else nothing is ever sent again"


# ---- when it dies ----------------------------------------------------------------------------------------------------


def test_a_thread_goes_on_where_a_process_died(apart: Any) -> None:
    apart.start()
    watcher = Watcher(apart)
    wanted = race(0.05, start_x=0.5)
    for command in (RunRace(wanted), Watch((AnatomyProbe(1),)), SetSpeed(7.0), Preview(race(0.3)), Stand(40)):
        apart.send(command)
    before = watcher.sees(lambda one: one.race.spec is wanted and one.moment == 40 and one.race.is_complete)
    os.kill(apart._process.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    until(lambda: apart._heir is not None)
    after = watcher.sees(lambda one: one.race is not before.race and one.race.is_complete and "anatomy" in one.probes)
    assert (after.race.spec, after.moment, after.speed) == (wanted, 40, 7.0)
    np.testing.assert_array_equal(after.race.points, before.race.points)
    assert after.preview is not None
    apart.send(RunRace(race(0.2)))
    watcher.sees(lambda one: one.race.spec == race(0.2))
    assert apart.is_alive


def test_a_process_that_dies_before_it_begins_is_succeeded_too(apart: Any) -> None:
    apart._process.kill()
    apart.start()
    assert Watcher(apart).sees(lambda one: one.race.is_complete).race.spec == race()


def test_the_line_is_not_closed_under_who_writes_to_it(apart: Any) -> None:
    apart.start()
    Watcher(apart).sees(lambda one: one.race.is_complete)
    with apart._turn:
        apart._process.kill()
        apart._thread.join(0.5)
        assert not apart._line.closed
    until(lambda: apart._heir is not None)


def test_without_a_process_races_run_on_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError

    monkeypatch.setattr(elsewhere, "spawn", refuse)
    assert Room.spare(KIND) is None
    monkeypatch.setattr(elsewhere, "has_spare_processor", lambda: False)
    assert Room.spare(KIND) is None
    assert isinstance(race_simulation(race(), None), RaceWorker)


# ---- when it is not wanted any more ----------------------------------------------------------------------------------


def test_a_process_leaves_by_itself_when_told(apart: Any) -> None:
    apart.start()
    Watcher(apart).sees(lambda one: one.race.is_complete)
    assert apart.stop(PATIENCE_S)
    assert apart._process.exitcode == 0


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process cannot be held here")
def test_one_that_does_not_hear_is_ended_before_the_window_seems_to_hang(apart: Any, monkeypatch: Any) -> None:
    """A person takes half a second for a window that hangs."""
    apart.start()
    Watcher(apart).sees(lambda one: one.race.is_complete)
    os.kill(apart._process.pid, signal.SIGSTOP)  # as if it built a large set of data
    patience: list[float] = []
    join = apart._process.join
    monkeypatch.setattr(apart._process, "join", lambda timeout=None: [patience.append(timeout or 0.0), join(timeout)])
    assert apart.stop()
    assert not apart._process.is_alive()
    assert 0.0 < sum(patience) < 0.5


def test_one_that_was_never_used_leaves_too(apart: Any) -> None:
    assert apart.stop(PATIENCE_S)
    assert apart._process.exitcode == 0


@pytest.mark.parametrize("is_told", [False, True])
def test_a_window_that_forgot_to_stop_it_ends_all_the_same(is_told: bool) -> None:
    code = (
        "from simulations.families import load\n"
        "from simulations.runtime.elsewhere import Room\n"
        "from simulations.runtime.race_elsewhere import race_simulation\n"
        "from simulations.documents.race_presets import DEFAULT, load_race_preset\n"
        "if __name__ == '__main__':\n"
        "    load()\n"
        f"    simulation = race_simulation(load_race_preset(DEFAULT).spec, Room({KIND!r}))\n"
        f"    if {is_told}:\n"
        "        simulation.start()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE_S)


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks for a process as Linux shows it")
def test_a_process_ends_with_a_window_that_is_killed() -> None:
    code = (
        "import sys\n"
        "from simulations.runtime.elsewhere import Room\n"
        f"room = Room({KIND!r})\n"
        "print(room.process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    window = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert window.stdout is not None
    pid = int(window.stdout.readline())
    assert os.path.exists(f"/proc/{pid}")
    window.kill()
    window.communicate()
    until(lambda: _is_gone(pid))


def _is_gone(pid: int) -> bool:
    """Nobody may be there to collect an orphan's exit code."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True
