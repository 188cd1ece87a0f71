"""Who is shown a snapshot at once and who waits, and when the writer is told that it has been painted."""

from __future__ import annotations

from queue import SimpleQueue

import pytest
from PySide6.QtGui import QPaintEvent

from app.bridge import Bridge
from app.turns import Turns
from simulations.runtime.mailbox import Latest
from widgets.panel import Panel
from widgets.theme import Look

LONG_S, SHORT_S = 0.1, 0.0


class Leader(Panel):
    def __init__(self, log: list[str] | None = None) -> None:
        super().__init__(Look())
        self.log = [] if log is None else log

    def render(self, snapshot: object) -> None:  # type: ignore[override]
        self.log.append("render")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.log.append("paint")


class Follower(Leader):
    follows = True


class Idle:
    """A simulation that does nothing by itself."""

    def __init__(self) -> None:
        self.snapshots: Latest[object] = Latest()
        self.events: SimpleQueue[object] = SimpleQueue()

    def start(self) -> None: ...
    def send(self, command: object) -> None: ...
    def stop(self, timeout_s: float = 2.0) -> bool:
        return True


@pytest.fixture
def bridge(qtbot):
    one = Bridge(tick_ms=10_000, woken=True)
    yield one
    one.stop()


def begun(followers: int, qtbot) -> tuple[Turns, Leader, list[Follower]]:
    leader, rest = Leader(), [Follower() for _ in range(followers)]
    for one in (leader, *rest):
        qtbot.addWidget(one)
    turns = Turns()
    turns.begin((*rest, leader))
    return turns, leader, rest


def painted(turns: Turns, costs: dict[Panel, float], lead_s: float, frames: int) -> list[tuple[Panel, ...]]:
    """Who followed in each of so many frames, which took as long as ``costs`` and ``lead_s`` say."""
    found = []
    for _ in range(frames):
        shown = turns.next()[1:]
        turns.note(lead_s + sum(costs[one] for one in shown))
        found.append(shown)
    return found


def test_who_takes_long_waits_for_room_and_the_frames_between_are_short(qtbot):
    turns, leader, followers = begun(3, qtbot)
    frames = painted(turns, dict.fromkeys(followers, 0.010), 0.005, 200)[-90:]
    assert turns.next()[0] is leader
    assert max(map(len, frames)) == 1, "never two of them in one frame"
    assert sum(map(len, frames)) == 30, "10 ms are there after three frames of 4 ms each"
    assert [one for shown in frames for one in shown][:3] == [*dict.fromkeys(one for shown in frames for one in shown)]


def test_with_short_frames_everybody_is_shown_everything(qtbot):
    turns, leader, followers = begun(3, qtbot)
    painted(turns, dict.fromkeys(followers, SHORT_S), SHORT_S, 10)
    assert set(turns.next()) == {leader, *followers}
    assert not turns.is_somebody_behind


def test_what_leads_is_not_held_against_who_follows(qtbot):
    turns, leader, followers = begun(3, qtbot)
    turns.begin((leader,))
    painted(turns, {}, 0.012, 30)
    turns.begin((*followers, leader))
    painted(turns, dict.fromkeys(followers, 0.0005), 0.012, 30)
    assert set(turns.next()) == {leader, *followers}


def test_a_panel_that_takes_long_has_a_frame_of_its_own_and_quick_ones_share(qtbot):
    turns, _leader, (dear, *cheap) = begun(3, qtbot)
    frames = painted(turns, {dear: 0.009, **dict.fromkeys(cheap, 0.0015)}, 0.005, 80)[-40:]
    assert {frozenset(one) for one in frames} == {frozenset(), frozenset([dear]), frozenset(cheap)}


def test_who_missed_the_last_snapshot_catches_up_once(qtbot):
    turns, _leader, followers = begun(3, qtbot)
    painted(turns, dict.fromkeys(followers, LONG_S), SHORT_S, 5)
    shown = turns.next()
    assert set(turns.catch_up()) == set(followers) - set(shown)
    assert turns.catch_up() == ()


def test_a_snapshot_is_finished_with_only_after_it_was_painted(bridge, qtbot):
    log: list[str] = []
    panel, simulation = Leader(log), Idle()
    qtbot.addWidget(panel)
    with qtbot.waitExposed(panel):
        panel.show()
    qtbot.waitUntil(lambda: "paint" in log)
    bridge.start(simulation)
    bridge.show((panel,))
    finish = simulation.snapshots.finish

    def finished() -> None:
        log.append("finished")
        finish()

    simulation.snapshots.finish = finished  # type: ignore[method-assign]
    log.clear()
    simulation.snapshots.put(object())
    qtbot.waitUntil(lambda: "finished" in log)
    assert log == ["render", "paint", "finished"]
    assert simulation.snapshots.is_done


def test_the_last_snapshot_reaches_every_panel(bridge, qtbot):
    panels, simulation = [Leader(), *(Follower() for _ in range(3))], Idle()
    for panel in panels:
        qtbot.addWidget(panel)
    bridge.start(simulation)
    bridge.show(panels)
    bridge._turns.next()
    for _ in range(5):
        bridge._turns.note(LONG_S)
    simulation.snapshots.put(object())
    qtbot.waitUntil(lambda: all(panel.log.count("render") == 1 for panel in panels))
