"""The probes that another process answers: what is asked of it, what it said last, and whether that is of this moment."""

from __future__ import annotations

from time import monotonic
from typing import Any

from simulations.probes.base import PortableProbe
from simulations.runtime.mirror import Moment
from simulations.runtime.observer import Observer
from simulations.training.session import Session


class Afar:
    """Exchanges looks and answers with an observer, one at a time and without waiting for it while training runs."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._probes: tuple[PortableProbe, ...] = ()
        self._asked: tuple[PortableProbe, ...] = ()
        self._seen: tuple[Moment, tuple[PortableProbe, ...]] | None = None
        self._asked_at = 0.0
        self._handed_over: set[str] = set()  # kinds whose memory of this run is kept there …
        self._told = 0  # … by which of the processes
        self.answers: dict[str, Any] = {}

    @property
    def is_there(self) -> bool:
        """Whether the other process can be asked."""
        return self._observer.is_ready

    @property
    def weight(self) -> float:
        """The weight of everything asked, among the other probes' weights."""
        return sum(probe.weight for probe in self._probes)

    def want(self, probes: tuple[PortableProbe, ...], known: dict[str, Any]) -> None:
        """Have these answered from now on; ``known`` is shown until they are."""
        self._probes = probes
        before = {**known, **self.answers}
        self.answers = {probe.kind: before[probe.kind] for probe in probes if probe.kind in before}

    def forget(self) -> None:
        """Another run begins."""
        self.answers = {}
        self._seen = None
        self._handed_over.clear()

    def answer_here(self, session: Session, memories: dict[str, dict[str, Any]]) -> None:
        """Answer on this thread what has no answer yet, to be shown until the other process has looked."""
        for probe in self._probes:
            if probe.kind not in self.answers:
                answer = probe.measure(session, memories.setdefault(probe.kind, {}))
                if answer is not None:
                    self.answers[probe.kind] = answer

    def is_stale(self, session: Session) -> bool:
        """Whether something wanted has not been seen at exactly this moment."""
        return bool(self._probes) and self._seen != (session.moment, self._probes)

    @property
    def is_due(self) -> bool:
        """Whether a running session should exchange again."""
        answers = self.answers
        periods = (probe.period_afar_s(answers.get(probe.kind)) for probe in self._probes)
        return monotonic() - self._asked_at >= min(periods, default=0.0)

    def exchange(self, session: Session, memories: dict[str, dict[str, Any]], patience_s: float = 0.0) -> None:
        """Take the answer that has arrived (within ``patience_s``), and ask about this moment if it is not that.

        ``memories`` are what kinds of probes remember of the run here; it goes along with the first question of a kind.
        Raises :class:`ObserverError` when the other process met a defect, and whatever a question raises that cannot be
        sent; nothing is asked then until something else is wanted, because it would fail again and again.
        """
        try:
            self._take(session, patience_s)
            if self._observer.is_idle and self.is_stale(session):
                self._ask(session, memories)
        except Exception:
            self._probes = ()
            raise

    def _take(self, session: Session, patience_s: float) -> None:
        arrived = self._observer.take(patience_s)
        if arrived is not None and arrived.moment[0] == session.run:
            self._seen = arrived.moment, self._asked
            for probe in self._asked:
                answer = arrived.of.get(probe.kind)
                if answer is not None and probe in self._probes:
                    joined = probe.joined(answer, self.answers.get(probe.kind))
                    if joined is not None:
                        self.answers[probe.kind] = joined

    def _ask(self, session: Session, memories: dict[str, dict[str, Any]]) -> None:
        if self._told != self._observer.starts:
            self._told = self._observer.starts
            self._handed_over.clear()
        self._asked, self._asked_at = self._probes, monotonic()
        new = {probe.kind for probe in self._asked} - self._handed_over
        self._observer.look(session, self._asked, {kind: memories[kind] for kind in new if kind in memories})
        self._handed_over |= new
