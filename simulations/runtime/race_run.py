"""A race under way: run a part at a time, recorded whenever there is enough that is new to be drawn."""

from __future__ import annotations

from time import perf_counter, thread_time
from typing import Final

from simulations.core.interrupt import Interrupt
from simulations.documents.race import RaceSpec
from simulations.racing.record import Race, Recorder
from simulations.racing.session import RaceSession

FIRST_STEPS: Final = (
    150  # of each racer, before anything is shown: more would be drawn too, and so be late under a finger
)
_FIRST_AT_MOST_S: Final = 0.040  # fewer where they are too slow for it
_PART_S: Final = 0.012
_LOOK_S: Final = 0.002  # so long, or a step, goes by between two looks at the clock
_RECORDED_EVERY_S: Final = 0.08  # every record is painted whole


class RaceRun:
    """The race of ``spec`` and its newest record. Raises :class:`GradLabError` when there can be no such race."""

    def __init__(self, spec: RaceSpec, interrupt: Interrupt) -> None:
        spec.validate()
        self._interrupt = interrupt
        self._session = RaceSession(spec, interrupt)
        self._recorder = Recorder(self._session)
        self._stride = 1
        with interrupt.held():
            self._begin()
        self.race: Race = self._recorder.record()
        self._recorded_at = perf_counter()

    @property
    def is_complete(self) -> bool:
        return self._session.done == self._session.spec.steps

    def go_on(self) -> bool:
        """Run a part more; whether ``race`` is a new record. Raises :class:`Interrupted` when asked to leave."""
        started = perf_counter()
        while not self.is_complete and perf_counter() - started < _PART_S:
            self._step(self._session.spec.steps)
        if not self.is_complete and perf_counter() - self._recorded_at < _RECORDED_EVERY_S:
            return False
        spec = self.race.spec
        self.race = self._recorder.record().called(spec)
        self._recorded_at = perf_counter()
        return True

    def call(self, spec: RaceSpec) -> None:
        """Go on under ``spec``, whose paths are the same."""
        self.race = self.race.called(spec)

    def _begin(self) -> None:
        """As many steps as are shown at first."""
        session, started = self._session, thread_time()
        most = min(FIRST_STEPS, session.spec.steps)
        while session.done < most:
            self._step(most)
            if thread_time() - started > _FIRST_AT_MOST_S:  # its own time: the window may have needed the interpreter
                return

    def _step(self, most: int) -> None:
        """As many steps as take about as long as may go by between two looks at the clock, up to the step ``most``."""
        began = perf_counter()
        self._session.advance(min(self._session.done + self._stride, most))
        is_short = perf_counter() - began < _LOOK_S / 2
        self._stride = self._stride * 2 if is_short else max(1, self._stride // 2)
