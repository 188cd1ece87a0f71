"""A process of its own that looks at the network while the simulation thread trains on.

Counting every layer's histograms takes longer than a training step of a small network, and within one process it would
take that time from training: threads share one interpreter. So the moment's numbers are sent to another process, which
answers the probes that need no more than them; without a second processor, or where no process can be started, the
simulation thread answers by itself as before.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from simulations.core.errors import GradLabError
from simulations.core.lanes import LANES
from simulations.documents.experiment import ExperimentSpec
from simulations.probes.base import PortableProbe
from simulations.runtime.mirror import Look, Mirror, Moment
from simulations.runtime.spawning import limit_waiting, spawn

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from simulations.training.session import Session

_READY: Final = "ready"
_LEAVING: Final = "leaving"
_POLITE: Final = 5  # niceness: training and the window come first
_MOST_STARTS: Final = 3  # until one proves itself: by an answer
_PROVEN_S: Final = 60.0  # so long after it began
# Giving up somebody slow costs all it has built, and the next would be as slow; waiting for somebody stopped costs pictures.
_ANSWERS_S: Final = 20.0  # far longer than the slowest picture takes on a busy machine
_BUILDS_S: Final = 180.0  # the same for what has to be built first, from the largest file that is read
_CROSSES_S: Final = 0.5  # it reads and writes at once, unless somebody has stopped it
_GONE_S: Final = 0.1


@dataclass(frozen=True)
class Answers:
    """What was seen of ``moment``, by kind of probe."""

    moment: Moment
    of: dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """The probes met a defect; ``report`` is the traceback."""

    report: str


class ObserverError(Exception):
    """The other process met a defect, which its message shows."""


class Observer:
    """The near end, which belongs to the simulation thread.

    One look is under way at a time, so nothing piles up and nothing is waited for. A process that is lost is begun again,
    unless several are lost in a row; ``starts`` counts how often there was one, which knows nothing of what those before were
    told.
    """

    def __init__(self) -> None:
        self._connection: Connection[Any, Any] | None = None
        self._process: Any = None
        self._is_ready = False
        self._is_idle = False
        self._seen: ExperimentSpec | None = None
        self._asked: tuple[PortableProbe, ...] | None = None
        self._began_s = self._due_s = 0.0
        self._lost = 0  # in a row
        self.starts = 0

    def start(self) -> None:
        """Begin the process; it is ready some tenths of a second later. Raises :class:`OSError`."""
        self.starts += 1
        self._began_s = monotonic()
        self._is_ready = self._is_idle = False
        self._seen = self._asked = None
        self._process, self._connection = spawn(observe, name="observer")
        limit_waiting(self._connection, _CROSSES_S)

    def stop(self, timeout_s: float = 1.0) -> None:
        """End the process: politely, and if that takes too long by force."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if self._process is not None:
            self._process.join(timeout_s)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()
            self._process = None

    @property
    def is_ready(self) -> bool:
        """Whether looks can be sent; False again when the process is gone, until another is ready."""
        if not self._is_ready and self._receive() == _READY:
            self._is_ready = self._is_idle = True
        return self._is_ready and self._connection is not None

    @property
    def is_idle(self) -> bool:
        """Whether it could look now."""
        return self.is_ready and self._is_idle

    def look(
        self, session: Session, probes: tuple[PortableProbe, ...], memories: Mapping[str, dict[str, Any]] | None = None
    ) -> None:
        """Send this moment of ``session``, and what has to be known of the run before it. Only while :attr:`is_idle`."""
        spec = None if session.spec is self._seen else session.spec
        asked = None if probes is self._asked else probes
        look = Look(
            session.moment,
            spec,
            session.network.theta,
            session.network.state,
            session.criterion.state,
            session.last_update(),
            asked,
            memories or {},
        )
        if self._send(look):
            self._seen, self._asked, self._is_idle = session.spec, probes, False
            self._due_s = monotonic() + (_ANSWERS_S if spec is None else _BUILDS_S)

    def take(self, patience_s: float = 0.0) -> Answers | None:
        """What was last looked at, if it has arrived (within ``patience_s``). Raises :class:`ObserverError`."""
        if not self.is_ready or self._is_idle:
            return None
        received = self._receive(patience_s)
        if received is None:
            if self._is_ready and monotonic() > self._due_s:
                self._lose()
            return None
        if received == _LEAVING:
            self.stop(_GONE_S)
            return None
        self._is_idle = True
        if monotonic() > self._began_s + _PROVEN_S:
            self._lost = 0
        if isinstance(received, Failure):
            self._seen = self._asked = None  # what it holds now is anybody's guess
            raise ObserverError(received.report)
        return received if isinstance(received, Answers) else None

    def _send(self, what: Look) -> bool:
        try:
            if self._connection is not None:
                self._connection.send(what)
        except OSError:  # it is gone, or has stopped reading
            self._lose()
            return False
        return True

    def _receive(self, patience_s: float = 0.0) -> object:
        connection = self._connection
        try:
            return connection.recv() if connection is not None and connection.poll(patience_s) else None
        except (EOFError, OSError):  # it is gone, or has stopped in the middle of a message
            self._lose()
            return None

    def _lose(self) -> None:
        """End what is left of the process, and begin another."""
        self.stop(0.0)
        self._lost += 1
        if self._lost < _MOST_STARTS:
            with suppress(OSError):
                self.start()


def observe(connection: Connection[Any, Any]) -> None:
    """The far end: answer looks until the near end closes, or until what is to be looked at cannot be built here."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_POLITE)
    from simulations.families import load

    LANES.width = 1
    load()
    mirror = Mirror()
    try:
        connection.send(_READY)
        while True:
            look: Look = connection.recv()
            try:
                answers: Answers | Failure = Answers(look.moment, mirror.answers(look))
            except GradLabError:  # its data are gone, which are still known over there: probes are answered there, then
                connection.send(_LEAVING)
                return
            except Exception:
                answers = Failure(traceback.format_exc())
            connection.send(answers)
    except (EOFError, OSError):
        return
