"""The probes that are asked about a race, and their answers: quick ones at once, the others bit by bit in idle time."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from simulations.core.interrupt import Interrupt, Interrupted
from simulations.racing.probes.base import GIVES_WAY, RaceLook, RaceProbe

_NOTHING = object()


class _Question:
    """One wanted probe: what its answer was worked out for, and the rest of the answers to come."""

    def __init__(self, probe: RaceProbe) -> None:
        self.probe = probe
        self.key: Hashable = _NOTHING
        self.rest: Iterator[Any] | None = None

    def begin(self, look: RaceLook, interrupt: Interrupt) -> None:
        """Start anew if the answer does not hold for ``look``."""
        key = self.probe.key(look)
        if key != self.key:
            self.key = key
            self.rest = self.probe.answers(look, interrupt)


class RaceWatching:
    """What is wanted, and the last answer by kind. A probe that raises stays silent until it would be asked something else."""

    def __init__(self, interrupt: Interrupt) -> None:
        self._interrupt = interrupt
        self._wanted: tuple[_Question, ...] = ()
        self._turn = 0
        self.answers: dict[str, Any] = {}

    def want(self, probes: tuple[RaceProbe, ...]) -> None:
        """Answer these from now on."""
        known = {question.probe: question for question in self._wanted}
        self._wanted = tuple(known.get(probe) or _Question(probe) for probe in dict.fromkeys(probes))
        kinds = {probe.kind for probe in probes}
        self.answers = {kind: answer for kind, answer in self.answers.items() if kind in kinds}

    def answer_quick(self, look: RaceLook) -> None:
        """Bring the quick ones up to ``look``."""
        for question in self._wanted:
            if question.probe.is_quick:
                while self._answer(question, look):
                    pass

    def answer_some(self, look: RaceLook) -> bool | None:
        """One bit of one of the others, in turn: whether there is a new answer; None when there is nothing left to do.

        Raises :class:`Interrupted` when asked to leave.
        """
        count = len(self._wanted)
        for i in range(count):
            question = self._wanted[(self._turn + i) % count]
            if question.probe.is_quick:
                continue
            if self._answer(question, look):
                self._turn = (self._turn + i + 1) % count
                if self._interrupt.is_set:  # it gave way, to go on later
                    raise Interrupted
                return True
        return None

    def _answer(self, question: _Question, look: RaceLook) -> bool:
        """Whether ``question`` had another answer."""
        try:
            question.begin(look, self._interrupt)
            if question.rest is None:
                return False
            answer = next(question.rest, _NOTHING)
        except Interrupted:
            question.key, question.rest = _NOTHING, None
            raise
        except BaseException:
            question.rest = None
            raise
        if answer is _NOTHING:
            question.rest = None
            return False
        if answer is not GIVES_WAY:
            self.answers[question.probe.kind] = answer
        return True
