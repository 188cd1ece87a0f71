"""Which probes are wanted, what they last answered, and who may be measured next.

Watching is paid from a share of the training time, so that pictures can never slow training by more than that share. Each
wanted probe has an account: training time fills it by the probe's weight, a measurement costs what it took. What cheap
probes leave unused goes to the one that has waited longest, so no probe starves and none pays for another's size.
"""

from __future__ import annotations

from time import thread_time
from typing import Any

from simulations.core.interrupt import Interrupted
from simulations.probes.base import Probe
from simulations.training.session import Session

SHARE = 0.07  # of the training time; the promise is 10 % in all, and a look also cools the caches training had warm
_SAVED_S = 0.004  # the most an account may hold, so that a stalled window is not followed by a burst


class _Account:
    """One wanted probe: the memory its kind has of the run, its last answer, and its credit in seconds."""

    def __init__(self, probe: Probe, memory: dict[str, Any]) -> None:
        self.probe = probe
        self.memory = memory
        self.answer: Any = None
        self.measured_at: object = None
        self.order = 0
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
        taken = thread_time() - started
        self.cost_s += (0.2 if self.cost_s else 1.0) * (taken - self.cost_s)
        return taken


class Watching:
    """The accounts of the wanted probes. A kind that is no longer wanted keeps its memory until the run ends."""

    def __init__(self) -> None:
        self._memories: dict[str, dict[str, Any]] = {}
        self._wanted: tuple[_Account, ...] = ()
        self._trained_s = 0.0
        self._spare_s = 0.0
        self._measured = 0
        self.spent_s = 0.0

    def want(self, probes: tuple[Probe, ...]) -> None:
        """Answer these from now on."""
        known = {account.probe: account for account in self._wanted}
        self._wanted = tuple(
            known.get(probe) or _Account(probe, self._memories.setdefault(probe.kind, {}))
            for probe in dict.fromkeys(probes)
        )

    def begin_run(self) -> None:
        """Forget everything but what is wanted."""
        wanted = tuple(account.probe for account in self._wanted)
        self._wanted = ()
        self._memories.clear()
        self._trained_s = self._spare_s = 0.0
        self.want(wanted)

    def answers(self) -> dict[str, Any]:
        """The last answer of every wanted probe that has one, by kind."""
        return {one.probe.kind: one.answer for one in self._wanted if one.answer is not None}

    def measure_all(self, session: Session) -> None:
        """Answer every wanted probe for exactly this moment, whatever it costs: training is not running."""
        for account in self._wanted:
            if account.measured_at != session.moment:
                self._measure(account, session)
        self._trained_s = session.history.seconds

    def is_stale(self, session: Session) -> bool:
        """Whether a wanted probe has no answer for exactly this moment."""
        moment = session.moment
        return any(account.measured_at != moment for account in self._wanted)

    def expected_s(self, session: Session) -> float:
        """What :meth:`measure_all` will take, from what it took before."""
        moment = session.moment
        return sum(account.cost_s for account in self._wanted if account.measured_at != moment)

    def measure_one_stale(self, session: Session) -> bool:
        """Answer one wanted probe that has no answer for this moment; False when all have one."""
        moment = session.moment
        for account in self._wanted:
            if account.measured_at != moment:
                self._measure(account, session)
                return True
        return False

    def measure_within_credit(self, session: Session) -> None:
        """Answer as many wanted probes as training time has paid for, the one that waited longest first."""
        self._earn(session.history.seconds)
        moment = session.moment
        for account in sorted(self._wanted, key=_waited):
            if account.measured_at == moment:
                continue
            if account.measured_at is None or account.credit_s + self._spare_s >= 0.0:
                borrowed = min(self._spare_s, max(-account.credit_s, 0.0))
                self._spare_s -= borrowed
                account.credit_s += borrowed - self._measure(account, session)

    def _earn(self, trained_s: float) -> None:
        """Share out the credit of the training time since the last call."""
        earned = max(trained_s - self._trained_s, 0.0) * SHARE
        self._trained_s = trained_s
        if not self._wanted:
            return
        whole = sum(account.probe.weight for account in self._wanted)
        for account in self._wanted:
            account.credit_s += earned * account.probe.weight / whole
            unused = account.credit_s - account.cost_s
            if unused > 0.0:
                account.credit_s -= unused
                self._spare_s += unused
        self._spare_s = min(self._spare_s, _SAVED_S)

    def _measure(self, account: _Account, session: Session) -> float:
        self._measured += 1
        try:
            taken = account.measure(session, self._measured)
        except Interrupted:
            raise
        except Exception:
            self._wanted = tuple(one for one in self._wanted if one is not account)
            raise
        self.spent_s += taken
        return taken


def _waited(account: _Account) -> int:
    return account.order
