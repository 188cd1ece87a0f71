"""The simulation thread: the only one that touches a session.

Commands are obeyed between two steps; a snapshot is built only when the last one was taken, so a stalled window costs
training nothing and nothing piles up. The thread never collects garbage: that is the window's business, because a cycle
may hold Qt objects that must die on the window's thread.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

import numpy as np

from simulations.core.errors import GradLabError
from simulations.core.interrupt import Interrupt, Interrupted
from simulations.core.lanes import LANES
from simulations.documents.experiment import ExperimentSpec
from simulations.runtime.mailbox import Latest
from simulations.runtime.messages import (
    Apply,
    Command,
    Event,
    Failed,
    KeepTeacher,
    Milestone,
    Observe,
    Pause,
    Play,
    Quit,
    Recover,
    Refused,
    Rejected,
    Reset,
    Snapshot,
    TakeEpoch,
    TakeSteps,
    TeacherKept,
    Watch,
)
from simulations.runtime.observer import Observer
from simulations.runtime.pace import Pace
from simulations.runtime.snapshots import snapshot_of
from simulations.runtime.watching import Watching
from simulations.training.session import Session
from simulations.training.teaching import teacher_from

_MILESTONES_WAITING = 8
_UNNOTICED_S = 0.03  # a pause may show this much later than it happened


class Worker:
    """Owns the simulation thread and the three places where values cross.

    Put commands into ``commands``, take the newest snapshot from ``snapshots``, drain ``events``. The experiment is built
    on the thread; a spec that cannot be built is answered with :class:`Rejected`, and the thread waits for another. An
    ``observer`` takes the portable probes off the thread's hands; it begins with :class:`Observe` and ends with the thread.
    ``runs`` are known already, from another worker.
    """

    def __init__(self, spec: ExperimentSpec, observer: Observer | None = None, runs: int = 0) -> None:
        self.commands: SimpleQueue[Command] = SimpleQueue()
        self.snapshots: Latest[Snapshot] = Latest()
        self.events: SimpleQueue[Event] = SimpleQueue()
        self._spec, self._runs = spec, runs
        self._thread = threading.Thread(target=self._run, name="simulation", daemon=True)
        self._session: Session | None = None
        self._observer = observer
        self._watching = Watching(observer)
        self._interrupt = Interrupt()
        self._pace = Pace()
        self._sequence = 0
        self._is_running = False
        self._is_quitting = False
        self._is_owed_anew = False  # another document was refused; mended, it is another document still
        self._target: int | None = None  # the step to pause at; None trains until told otherwise
        self._obey_one: dict[type, Callable[[Any], None]] = {
            Play: self._play,
            Pause: self._pause,
            TakeSteps: self._take_steps,
            TakeEpoch: self._take_epoch,
            Reset: self._reset,
            Recover: self._recover,
            KeepTeacher: self._keep_teacher,
            Apply: self._apply,
            Watch: self._watch,
            Observe: self._observe,
            Quit: self._quit,
        }

    def send(self, command: Command) -> None:
        """Put ``command`` into the queue; one that somebody waits for also interrupts what is being computed."""
        if isinstance(command, Pause | Reset | Quit):
            self._interrupt.request(final=isinstance(command, Quit))
        self.commands.put(command)

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
        with np.errstate(all="ignore"):  # a number that is not finite is an event here, never a warning
            self._guarded(self._open)
            while not self._is_quitting:
                self._guarded(self._train if self._is_running else self._wait)
        if self._observer is not None:
            self._observer.stop()
        LANES.close()

    def _guarded(self, action: Callable[[], None], *, again: bool = True) -> None:
        """The thread's top: a defect pauses training, is reported and shown, and the thread lives on."""
        try:
            action()
        except Interrupted:
            pass  # a command waits
        except Exception:
            self._is_running = False
            self.events.put(Failed(traceback.format_exc()))
            if again:
                self._guarded(self._publish, again=False)

    def _open(self) -> None:
        self._apply(Apply(self._spec))
        self._publish()

    def _train(self) -> None:
        """Steps until a command comes or training pauses by itself."""
        session = self._session
        assert session is not None
        take_step, commands, snapshots = session.take_step, self.commands, self.snapshots
        self._pace.resume(session.step)
        while commands.empty():
            if self._target is not None and session.step >= self._target:
                self._is_running = False
            else:
                for milestone in take_step():
                    self._tell(milestone)
            if session.diverged is not None:
                self._is_running = False
                self.events.put(session.diverged)
            if not self._is_running:
                break
            if snapshots.is_free:
                self._publish()
        else:
            self._obey([])
        self._publish()

    def _wait(self) -> None:
        """Measure what the last picture of a pause still lacks; then sleep until a command comes, obey it and show it."""
        session = self._session
        if session is not None and self.commands.empty() and self._watching.measure_one_stale(session):
            if not self._watching.is_stale(session):
                self._publish()
            return
        self._obey([self.commands.get()])
        self._publish()

    def _tell(self, milestone: Milestone) -> None:
        """Leave a milestone, unless nobody has fetched the last few: the snapshots say the same."""
        if self.events.qsize() < _MILESTONES_WAITING:
            self.events.put(milestone)

    # ---- commands ----------------------------------------------------------------------------------------------------

    def _obey(self, waiting: list[Command]) -> None:
        """Obey ``waiting`` and everything in the queue; of edits that follow each other only the last counts."""
        while not self.commands.empty():
            waiting.append(self.commands.get())
        self._interrupt.clear()
        if any(isinstance(one, Quit) for one in waiting):
            waiting = [Quit()]
        for command, following in zip(waiting, (*waiting[1:], None), strict=True):
            is_replaced = isinstance(command, Apply | Watch) and type(following) is type(command)
            if is_replaced and not (isinstance(command, Apply) and command.anew):
                continue
            if self._session is not None or isinstance(command, Apply | Watch | Observe | Quit):
                self._obey_one[type(command)](command)

    def _play(self, command: Play) -> None:
        assert self._session is not None
        self._is_running, self._target = self._session.diverged is None, None

    def _pause(self, command: Pause) -> None:
        self._is_running = False

    def _take_steps(self, command: TakeSteps) -> None:
        self._run_to(command.count)

    def _take_epoch(self, command: TakeEpoch) -> None:
        assert self._session is not None
        self._is_running = False
        self._run_to(self._session.steps_to_epoch_end)

    def _run_to(self, count: int) -> None:
        """Train ``count`` steps more than is already asked for, then pause."""
        session = self._session
        assert session is not None
        asked = self._target if self._is_running and self._target is not None else session.step
        self._target = session.awaited = asked + count
        self._is_running = session.diverged is None

    def _reset(self, command: Reset) -> None:
        assert self._session is not None
        with self._interrupt.held():
            self._session.reset()
        self._begin_run()

    def _recover(self, command: Recover) -> None:
        assert self._session is not None
        with self._interrupt.held():
            if self._session.recover():
                self._is_running = False

    def _keep_teacher(self, command: KeepTeacher) -> None:
        assert self._session is not None
        try:
            with self._interrupt.held():
                self.events.put(TeacherKept(teacher_from(self._session)))
        except GradLabError as error:
            self.events.put(Refused(error))

    def _apply(self, command: Apply) -> None:
        session = self._session
        try:
            if session is None:
                with self._interrupt.held():
                    self._session = Session(command.spec, self._interrupt, self._runs)
                self._begin_run()
                return
            run = session.run
            self._is_owed_anew |= command.anew
            with self._interrupt.held():
                session.apply(command.spec, anew=self._is_owed_anew)
        except GradLabError as error:
            self.events.put(Rejected(command.spec, error))
            return
        self._is_owed_anew = False
        if session.run != run:
            self._begin_run()

    def _begin_run(self) -> None:
        """Forget what probes remember, and look at step 0 before it is gone: its picture is the ghost of all later ones."""
        assert self._session is not None
        self._is_running = self._is_running and self._target is None
        self._watching.begin_run()
        with suppress(Interrupted):
            self._watching.measure_first(self._session)
        self._pace.restart(self._session.step)

    def _watch(self, command: Watch) -> None:
        self._watching.want(command.probes)

    def _observe(self, command: Observe) -> None:
        if self._observer is not None:
            with suppress(OSError):  # no process can be begun: the probes are answered here, then
                self._observer.start()

    def _quit(self, command: Quit) -> None:
        self._is_quitting, self._is_running = True, False

    # ---- snapshots ---------------------------------------------------------------------------------------------------

    def _publish(self) -> None:
        """Leave a snapshot. While training, probes are paid from their credit; a paused session is measured exactly.

        Where that would take long, the pause is shown first and measured afterwards.
        """
        session = self._session
        if session is None or self._is_quitting:
            return
        if self._is_running:
            self._watching.measure_within_credit(session)
        elif self._watching.expected_s(session) < _UNNOTICED_S:
            self._watching.measure_all(session)
        self._sequence += 1
        self.snapshots.put(
            snapshot_of(
                session,
                self._watching.answers(),
                sequence=self._sequence,
                is_running=self._is_running,
                steps_per_second=self._pace.steps_per_second(session.step) if self._is_running else 0.0,
            )
        )
