"""Which probes are wanted, what they last answered, and who may be measured next.

Watching is paid from a share of the training time, so that pictures can never slow training by more than that share. Each
wanted probe has an account: training time fills it by the probe's weight, a measurement costs what it took. What cheap
probes leave unused goes to the one that has waited longest, so no probe starves and none pays for another's size.
"""

from __future__ import annotations

from time import monotonic, thread_time
from typing import Any

from simulations.core.interrupt import Interrupted
from simulations.probes.base import PortableProbe, Probe
from simulations.runtime.afar import Afar
from simulations.runtime.observer import Observer
from simulations.training.session import Session

SHARE = 0.07  # of the training time; the promise is 10 % in all, and a look also cools the caches training had warm
_PATIENCE_S = 0.01  # a pause waits so long at a time for the observer, then looks for commands
_SAVED_S = 0.004  # the most an account may hold, so that a stalled window is not followed by a burst


class _Account:
    """One wanted probe: the memory its kind has of the run, its last answer, and its credit in seconds."""

    def __init__(self, probe: Probe, memory: dict[str, Any]) -> None:
        self.probe = probe
        self.memory = memory
        self.answer: Any = None
        self.measured_at: object = None
        self.order = 0
        self.due_at = 0.0
        self.credit_s = 0.0
        self.cost_s = 0.0  # smoothed cost of one measurement

    def measure(self, session: Session, order: int) -> float:
        """Answer for this moment; returns what it took of this thread's time.

        Waiting for the interpreter while the window paints is not the probe's doing: training would have waited too.
        """
        started = thread_time()
        self.answer = self.probe.measure(session, self.memory)
        self.measured_at = session.moment
        self.order = order
        self.due_at = monotonic() + self.probe.period_s
        taken = thread_time() - started
        self.cost_s += (0.2 if self.cost_s else 1.0) * (taken - self.cost_s)
        return taken


class Watching:
    """The accounts of the wanted probes. A kind that is no longer wanted keeps its memory until the run ends."""

    def __init__(self, observer: Observer | None = None) -> None:
        self._afar = Afar(observer) if observer is not None else None
        self._is_split = False  # whether the portable probes are asked of the observer
        self._afar_credit_s = 0.0
        self._probes: tuple[Probe, ...] = ()
        self._memories: dict[str, dict[str, Any]] = {}
        self._wanted: tuple[_Account, ...] = ()
        self._trained_s = 0.0
        self._spare_s = 0.0
        self._measured = 0
        self.spent_s = 0.0

    def want(self, probes: tuple[Probe, ...]) -> None:
        """Answer these from now on: the portable ones through the observer while there is one, the others here."""
        self._probes = tuple(dict.fromkeys(probes))
        self._is_split = self._afar is not None and self._afar.is_there
        portable = tuple(probe for probe in self._probes if self._is_split and isinstance(probe, PortableProbe))
        if self._afar is not None:
            self._afar.want(portable, self._answers_here())
        known = {account.probe: account for account in self._wanted}
        self._wanted = tuple(
            known.get(probe) or _Account(probe, self._memories.setdefault(probe.kind, {}))
            for probe in self._probes
            if probe not in portable
        )

    def begin_run(self) -> None:
        """Forget everything but what is wanted."""
        self._wanted = ()
        self._memories.clear()
        self._trained_s = self._spare_s = self._afar_credit_s = 0.0
        if self._afar is not None:
            self._afar.forget()
        self.want(self._probes)

    def answers(self) -> dict[str, Any]:
        """The last answer of every wanted probe that has one, by kind."""
        return self._answers_here() | (self._afar.answers if self._afar is not None else {})

    def measure_all(self, session: Session) -> None:
        """Answer every wanted probe for exactly this moment, whatever it costs: training is not running.

        What the observer is asked arrives later: until then :meth:`is_stale`.
        """
        self._split()
        for account in self._wanted:
            if account.measured_at != session.moment:
                self._measure(account, session)
        if self._afar is not None and self._is_split:
            self._afar.exchange(session, self._memories)
        self._trained_s = session.history.seconds

    def measure_first(self, session: Session) -> None:
        """Answer every wanted probe for the first moment of a run, here even what the observer is asked from now on.

        Building its likeness of another network, and its data, takes it seconds: panels would be empty for so long.
        """
        self.measure_all(session)
        if self._afar is not None and self._is_split:
            self._afar.answer_here(session, self._memories)

    def is_stale(self, session: Session) -> bool:
        """Whether a wanted probe has no answer for exactly this moment."""
        moment = session.moment
        return self._is_stale_afar(session) or any(account.measured_at != moment for account in self._wanted)

    def expected_s(self, session: Session) -> float:
        """What :meth:`measure_all` will take, from what it took before."""
        moment = session.moment
        return sum(account.cost_s for account in self._wanted if account.measured_at != moment)

    def measure_one_stale(self, session: Session) -> bool:
        """Answer one wanted probe that has no answer for this moment; False when all have one."""
        self._split()
        moment = session.moment
        for account in self._wanted:
            if account.measured_at != moment:
                self._measure(account, session)
                return True
        if self._afar is None or not self._is_stale_afar(session):
            return False
        self._afar.exchange(session, self._memories, _PATIENCE_S)
        return True

    def measure_within_credit(self, session: Session) -> None:
        """Answer as many wanted probes as training time has paid for, the one that waited longest first."""
        self._split()
        self._earn(session.history.seconds)
        if self._afar is not None and self._is_split and self._afar.is_due and self._afar_credit_s >= 0.0:
            started = thread_time()
            self._afar.exchange(session, self._memories)
            taken = thread_time() - started
            self._afar_credit_s -= taken
            self.spent_s += taken
        moment = session.moment
        now = monotonic()
        for account in sorted(self._wanted, key=_waited):
            if account.measured_at == moment or now < account.due_at:
                continue
            if account.measured_at is None or account.credit_s + self._spare_s >= 0.0:
                borrowed = min(self._spare_s, max(-account.credit_s, 0.0))
                self._spare_s -= borrowed
                account.credit_s += borrowed - self._measure(account, session)

    def _earn(self, trained_s: float) -> None:
        """Share out the credit of the training time since the last call."""
        earned = max(trained_s - self._trained_s, 0.0) * SHARE
        self._trained_s = trained_s
        afar = self._afar.weight if self._afar is not None else 0.0
        whole = afar + sum(account.probe.weight for account in self._wanted)
        if not whole:
            return
        self._afar_credit_s = min(self._afar_credit_s + earned * afar / whole, _SAVED_S)
        for account in self._wanted:
            account.credit_s += earned * account.probe.weight / whole
            unused = account.credit_s - account.cost_s
            if unused > 0.0:
                account.credit_s -= unused
                self._spare_s += unused
        self._spare_s = min(self._spare_s, _SAVED_S)

    def _split(self) -> None:
        """Share the probes out anew when the observer has come or gone."""
        if self._afar is not None and self._afar.is_there != self._is_split:
            self.want(self._probes)

    def _is_stale_afar(self, session: Session) -> bool:
        return self._afar is not None and self._is_split and self._afar.is_stale(session)

    def _answers_here(self) -> dict[str, Any]:
        return {one.probe.kind: one.answer for one in self._wanted if one.answer is not None}

    def _measure(self, account: _Account, session: Session) -> float:
        self._measured += 1
        try:
            taken = account.measure(session, self._measured)
        except Interrupted:
            raise
        except Exception:
            self._wanted = tuple(one for one in self._wanted if one is not account)
            self._probes = tuple(probe for probe in self._probes if probe != account.probe)
            raise
        self.spent_s += taken
        return taken


def _waited(account: _Account) -> int:
    return account.order
