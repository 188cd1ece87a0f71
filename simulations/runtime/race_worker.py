"""The thread that runs races, beside the window's or in a process of its own: it alone touches their sessions; between two
parts of its work it obeys, and it never dies.

First comes what was asked for last: the first steps of a new race, then of a preview; then the timeline, if it runs; what is
left of the time fills the race in and answers the slow probes. It makes no reference cycles and collects no garbage.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Any, Final

import numpy as np

from simulations.core.errors import GradLabError
from simulations.core.interrupt import Interrupt, Interrupted
from simulations.documents.race import RaceSpec
from simulations.racing.probes.base import RaceLook
from simulations.racing.record import Race
from simulations.runtime.mailbox import Latest
from simulations.runtime.messages import Failed, Pause, Play, Quit, Rejected, Watch
from simulations.runtime.race_messages import (
    Move,
    Preview,
    RaceCommand,
    RaceEvent,
    RaceSnapshot,
    RunRace,
    SetSpeed,
    Stand,
)
from simulations.runtime.race_run import RaceRun
from simulations.runtime.race_watching import RaceWatching
from simulations.runtime.timeline import Timeline

_NOT_TAKEN_S: Final = 0.004  # how soon to look again whether the window took the last snapshot, while the timeline runs
_NEXT_MOVE_S: Final = 0.030  # a drag that sends nothing for so long rests, and its race is run on
_PATIENCE_S: Final = 0.1  # for a window that paints; one that takes longer has something else to do
_FRAME_S: Final = 0.015  # between two pictures of a running timeline
_LAST_COUNTS: Final = (RunRace, Preview, Stand, SetSpeed, Watch)  # of several, only the last is obeyed


class RaceWorker:
    """Owns the thread and the three places where values cross: ``commands``, ``snapshots``, ``events``.

    What cannot be run is answered with :class:`Rejected`, and the race before it stays.
    """

    def __init__(self, spec: RaceSpec) -> None:
        self.commands: SimpleQueue[RaceCommand] = SimpleQueue()
        self.snapshots: Latest[RaceSnapshot] = Latest()
        self.events: SimpleQueue[RaceEvent] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="race", daemon=True)
        self._interrupt = Interrupt()
        self._watching = RaceWatching(self._interrupt)
        self._timeline = Timeline()
        self._timeline.set_end(spec.steps)  # there may be a moment to stand at before the race has begun
        self._main: RaceRun | None = None
        self._beside: RaceRun | None = None  # the preview
        self._ghost: Race | None = None
        self._next: RunRace | None = None
        self._published_at = self._dragged_at = 0.0
        self._sequence = 0
        self._is_quitting = False
        self._obey_one: dict[type, Callable[[Any], None]] = {
            RunRace: self._run_race,
            Preview: self._preview,
            Play: self._play,
            Pause: self._pause,
            Stand: self._stand,
            Move: self._move,
            SetSpeed: self._set_speed,
            Watch: self._watch,
            Quit: self._quit,
        }
        self.commands.put(RunRace(spec))

    def send(self, command: RaceCommand) -> None:
        """Put ``command`` into the queue; another race, and the end, also interrupt what is being computed."""
        if isinstance(command, RunRace | Quit):
            self._interrupt.request(final=isinstance(command, Quit))
        self.commands.put(command)
        self.snapshots.stir()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> bool:
        """Ask the thread to leave and wait for it; False when it did not within ``timeout_s``."""
        self.send(Quit())
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # ---- the thread --------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        with np.errstate(all="ignore"):
            while not self._is_quitting:
                self._guarded(self._turn)

    def _guarded(self, action: Callable[[], None]) -> None:
        """The thread's top: a defect is reported, and the thread lives on."""
        try:
            action()
        except Interrupted:
            pass  # a command waits
        except Exception:
            self._timeline.pause()
            self.events.put(Failed(traceback.format_exc()))

    def _turn(self) -> None:
        """Obey what waits, or do one part of what is left to do, or sleep.

        A window in the same process needs the interpreter for itself while it paints, and what it cannot show yet need not be
        run: of a drag, one race a picture, and that only as far as is shown at first while the drag goes on.
        """
        now = perf_counter()
        if not self.commands.empty():
            self._obey()
        elif not self.snapshots.is_done and now - self._published_at < _PATIENCE_S:
            self.snapshots.wait(self._published_at + _PATIENCE_S - now)
        elif self._next is not None:
            self._begin_next()
        elif self._is_moved():
            self._publish()
        elif now - self._dragged_at < _NEXT_MOVE_S:
            self._sleep(self._dragged_at + _NEXT_MOVE_S - now)
        elif self._does_some():
            return
        else:
            self._sleep()

    def _begin_next(self) -> None:
        """Begin the race that was asked for last."""
        command, self._next = self._next, None
        assert command is not None
        self._begin(command)
        self._publish()
        self._dragged_at = perf_counter() if command.continues else 0.0

    def _is_moved(self) -> bool:
        """Let the running timeline run on, if the window has taken the last picture and it is time for another."""
        now = perf_counter()
        if not self._timeline.is_running or not self.snapshots.is_free or now - self._published_at < _FRAME_S:
            return False
        return self._timeline.pass_time(now, self._done)

    def _does_some(self) -> bool:
        """One part of the work that is left, and a picture if there is something new; False when nothing is left."""
        for run in (self._main, self._beside):
            if run is not None and not run.is_complete:
                if run.go_on():
                    self._publish()
                return True
        found = None if self._main is None else self._watching.answer_some(self._look())
        if found:
            self._publish()
        return found is not None

    def _sleep(self, longest_s: float | None = None) -> None:
        """Until a command comes, the timeline is to be looked at, or ``longest_s`` are over."""
        if longest_s is None and self._timeline.is_running:
            rest_s = self._published_at + _FRAME_S - perf_counter()
            longest_s = _NOT_TAKEN_S if not self.snapshots.is_free else max(self._timeline.due_in(), rest_s, 0.001)
        try:
            self._obey(self.commands.get(timeout=longest_s))
        except Empty:
            return

    # ---- commands ----------------------------------------------------------------------------------------------------

    def _obey(self, *first: RaceCommand) -> None:
        """Obey ``first`` and everything in the queue, and show what came of it."""
        waiting = list(first)
        while not self.commands.empty():
            waiting.append(self.commands.get())
        self._interrupt.clear()
        if any(isinstance(one, Quit) for one in waiting):
            waiting = [Quit()]
        for command in self._that_count(waiting):
            self._obey_one[type(command)](command)
        if not all(isinstance(one, RunRace) for one in waiting):
            self._publish()

    @staticmethod
    def _that_count(waiting: list[RaceCommand]) -> list[RaceCommand]:
        """``waiting`` without what a later command of its kind makes void; drags that were left out begin where the first did."""
        last = {type(one): i for i, one in enumerate(waiting)}
        races = [one for one in waiting if isinstance(one, RunRace)]
        kept = [one for i, one in enumerate(waiting) if not isinstance(one, _LAST_COUNTS) or last[type(one)] == i]
        return [_merged(races) if isinstance(one, RunRace) else one for one in kept]

    def _run_race(self, command: RunRace) -> None:
        self._next = _merged([one for one in (self._next, command) if one is not None])

    def _begin(self, command: RunRace) -> None:
        before = self._main
        if before is not None and before.race.spec.has_paths_of(command.spec):
            before.call(command.spec)
            return
        try:
            self._main = RaceRun(command.spec, self._interrupt)
        except GradLabError as error:
            self.events.put(Rejected(command.spec, error))
            return
        if not command.continues:
            self._ghost = before.race if before is not None and not command.is_new else None
        if self._ghost is not None and self._ghost.spec.surface.kind != command.spec.surface.kind:
            self._ghost = None
        self._timeline.set_end(command.spec.steps)

    def _preview(self, command: Preview) -> None:
        self._beside = None
        if command.spec is not None:
            try:
                self._beside = RaceRun(command.spec, self._interrupt)
            except GradLabError:  # it is a glance at something: where there is nothing, nothing is shown
                return

    def _play(self, command: Play) -> None:
        self._timeline.play(perf_counter())

    def _pause(self, command: Pause) -> None:
        self._timeline.pause()

    def _stand(self, command: Stand) -> None:
        self._timeline.stand(command.step)

    def _move(self, command: Move) -> None:
        self._timeline.stand(self._timeline.moment + command.by)

    def _set_speed(self, command: SetSpeed) -> None:
        self._timeline.set_speed(command.steps_per_second)

    def _watch(self, command: Watch) -> None:
        self._watching.want(command.probes)

    def _quit(self, command: Quit) -> None:
        self._is_quitting = True

    # ---- snapshots ---------------------------------------------------------------------------------------------------

    @property
    def _done(self) -> int:
        return 0 if self._main is None else self._main.race.done

    def _look(self) -> RaceLook:
        assert self._main is not None
        return RaceLook(self._main.race, min(self._timeline.moment, self._done))

    def _publish(self) -> None:
        """Leave a snapshot, the quick probes answered for it."""
        if self._main is None or self._is_quitting:
            return
        look = self._look()
        self._guarded(partial(self._watching.answer_quick, look))
        self._sequence += 1
        self._published_at = perf_counter()
        self.snapshots.put(
            RaceSnapshot(
                sequence=self._sequence,
                status="running" if self._timeline.is_running else "paused",
                race=look.race,
                moment=look.moment,
                speed=self._timeline.speed,
                ghost=self._ghost,
                preview=None if self._beside is None else self._beside.race,
                probes=dict(self._watching.answers),
            )
        )


def _merged(races: Sequence[RunRace]) -> RunRace:
    """The last of ``races``, none of which was begun, as a beginning of all of them."""
    continues, is_new = all(one.continues for one in races), any(one.is_new for one in races)
    return RunRace(races[-1].spec, continues, is_new)
