"""A simulation in a process of its own, which the window meets as if it were a thread beside it.

Threads share one interpreter: what a simulation computes in Python, the window cannot draw meanwhile. In another process it may
compute the next picture while the window paints this one. Values cross by a line: commands, and how much was taken of what was
sent, one way; snapshots and events the other. Where no process can be begun, or when it dies, a thread takes over.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol

from simulations.runtime.mailbox import Latest
from simulations.runtime.messages import Failed, Quit
from simulations.runtime.simulation import Simulation
from simulations.runtime.spawning import has_spare_processor, spawn

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_BEGINS_WITHIN_S: Final = 20.0  # a process that has said nothing after so long never will
_LEAVES_WITHIN_S: Final = 0.3
_READY: Final = "ready"
_QUIET_S: Final = 1.0
_BUSY_S: Final = 10.0
_POLITE: Final = 5  # niceness: where processors are few, the window's frames come first
_SWITCH_INTERVAL_S: Final = 0.0005  # who hears commands waits so long at most for who computes


class Sender(Protocol):
    """The far end of the carrying: it makes commands of what arrived, and parcels of snapshots and events, in order."""

    def note(self, arrived: Any) -> Any: ...
    def packed(self, value: Any) -> Any: ...


class Receiver(Protocol):
    """The near end of it: it says what has to leave of every command, and makes of parcels what was packed, in order."""

    def note(self, command: Any) -> Any: ...
    def unpacked(self, parcel: Any) -> Any: ...


class Carrier(Protocol):
    """A kind of simulation that can be elsewhere; a value, that crosses itself."""

    def begun(self) -> Simulation:
        """The simulation, not started."""
        ...

    def heir(self, said: Mapping[type, Any], last: Any) -> Simulation:
        """One that goes on where another was lost: ``said`` are the last commands of each kind, ``last`` its last snapshot."""
        ...

    def regret(self) -> Any:
        """The event that says what was lost with the process; None where that was nothing."""
        ...

    def sender(self) -> Sender: ...
    def receiver(self) -> Receiver: ...


@dataclass(frozen=True)
class _Taken:
    """So many snapshots have been taken, or left behind by a newer one."""

    count: int


class _Arrivals(Latest[Any]):
    """The near end's newest snapshot, with which it is; the far end is told when it is taken."""

    def __init__(self, tell: Callable[[_Taken], None]) -> None:
        super().__init__()
        self._tell = tell
        self._count = 0

    def put(self, value: Any) -> None:
        self._count += 1
        super().put((_Taken(self._count), value))

    def take(self) -> Any:
        found = super().take()
        if found is None:
            return None
        taken, value = found
        self._tell(taken)
        return value


class _Departures(Latest[Any]):
    """The far end's: what is put leaves at once. Nobody who reads it is disturbed by what goes on here."""

    def __init__(self, send: Callable[[str, Any], None]) -> None:
        super().__init__()
        self._send = send
        self._left = self.taken = 0

    @property
    def is_free(self) -> bool:
        return self.taken >= self._left

    @property
    def is_done(self) -> bool:
        return True

    def put(self, value: Any) -> None:
        self._left += 1
        self._send("snapshot", value)


class _News(SimpleQueue[Any]):
    """The far end's events, which leave at once. As many wait as left since the window last took a snapshot."""

    def __init__(self, send: Callable[[str, Any], None]) -> None:
        self._send_one = send
        self.waiting = 0

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        self.waiting += 1
        self._send_one("event", item)

    def qsize(self) -> int:
        return self.waiting


class Room:
    """A process that is there, or soon will be, and waits to be told what to compute; it leaves when its line closes."""

    def __init__(self, kind: str) -> None:
        """``kind`` is the module of the carriers that will be sent. Raises :class:`OSError` where no process can be begun."""
        self.process, self.line = spawn(compute, kind, name=kind.rsplit(".", 1)[-1], is_parent=True)

    @staticmethod
    def spare(kind: str) -> Room | None:
        """A room, if there is a processor for it."""
        if not has_spare_processor():
            return None
        try:
            return Room(kind)
        except OSError:
            return None


class Elsewhere:
    """The near end. Its thread receives; everything else belongs to the window's.

    Until the far end listens, what is to be told waits here: a line holds little, and who fills it waits for its reader.
    """

    def __init__(self, carrier: Carrier, room: Room) -> None:
        self.snapshots: Latest[Any] = _Arrivals(self._tell)
        self.events: SimpleQueue[Any] = SimpleQueue()
        self._carrier = carrier
        self._receiver = carrier.receiver()
        self._line: Connection[Any, Any] | None = room.line
        self._process = room.process
        self._waiting: list[Any] | None = [carrier]  # None once the far end listens
        self._heir: Simulation | None = None
        self._said: dict[type, Any] = {}
        self._last: Any = None
        self._turn = threading.Lock()  # one message at a time, and none while the heir steps in
        self._is_over = False
        self._thread = threading.Thread(target=self._receive, name="receiver", daemon=True)

    @property
    def is_alive(self) -> bool:
        if self._heir is not None:
            return self._heir.is_alive
        return bool(self._process.is_alive())

    def start(self) -> None:
        self._thread.start()

    def send(self, command: Any) -> None:
        with self._turn:
            self._said.pop(type(command), None)
            self._said[type(command)] = command
            if self._heir is None:
                self._write(self._receiver.note(command))
                return
        self._heir.send(command)

    def stop(self, timeout_s: float = _LEAVES_WITHIN_S) -> bool:
        with self._turn:
            self._is_over = True
            if self._thread.ident is None:  # nobody will hand over what waits
                self._waiting = None
            elif self._waiting is not None:
                self._waiting.clear()
            self._write(Quit())
        if self._heir is not None:
            self._process.join()  # it was killed
            return self._heir.stop()
        self._process.join(timeout_s)
        if self._process.is_alive():  # whatever it still computes is for nobody
            self._process.kill()
            self._process.join()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)  # nobody writes to the line any more, so it has ended
        return not self._thread.is_alive()

    def _tell(self, message: _Taken) -> None:
        with self._turn:
            self._write(message)

    def _write(self, message: Any) -> None:
        if self._waiting is not None:
            self._waiting.append(message)
        elif self._line is not None:
            with suppress(OSError):  # the far end is gone, which the thread finds out
                self._line.send(message)

    # ---- the thread that receives ------------------------------------------------------------------------------------

    def _receive(self) -> None:
        line = self._line
        assert line is not None
        try:
            if line.poll(_BEGINS_WITHIN_S) and line.recv() == _READY:
                self._hand_over(line)
                while True:
                    self._place(*line.recv())
        except (EOFError, OSError):  # the far end is gone
            pass
        except Exception:
            self.events.put(Failed(traceback.format_exc()))
        finally:
            self._take_over()

    def _hand_over(self, line: Connection[Any, Any]) -> None:
        """Send what has waited, in order, and what is told meanwhile; the window waits for none of it."""
        while True:
            with self._turn:
                waiting, self._waiting = self._waiting, []
                if not waiting:
                    self._waiting = None
                    return
            for message in waiting:
                line.send(message)

    def _place(self, kind: str, parcel: Any) -> None:
        value = self._receiver.unpacked(parcel)
        if kind == "snapshot":
            self._last = value
            self.snapshots.put(value)
        else:
            self.events.put(value)

    def _take_over(self) -> None:
        """A thread goes on, unless this is the end."""
        if not self._is_over:
            self._process.kill()  # first of all: somebody may be writing what it will never read
        with self._turn:
            self._waiting = None
            if self._line is not None:
                self._line.close()
                self._line = None
            if self._is_over:
                return
            heir = self._carrier.heir(dict(self._said), self._last)
            heir.snapshots, heir.events = self.snapshots, self.events
            heir.start()
            self._heir = heir
            regret = None if self._last is None else self._carrier.regret()
        if regret is not None:
            self.events.put(regret)


def compute(line: Connection[Any, Any], kind: str) -> None:
    """The far end: do what a carrier of ``kind`` says until the near end says so, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_POLITE)
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    importlib.import_module(kind).prepare()
    gc.freeze()  # what was imported stays, and need not be looked through
    gc.disable()
    with suppress(EOFError, OSError):
        line.send(_READY)
        carrier = line.recv()
        if not isinstance(carrier, Quit):
            _serve(line, carrier)


def _messages(line: Connection[Any, Any]) -> Iterator[Any]:
    """One after the other. Garbage is collected when there has been none for a while, so that it delays no picture, and now and
    then if they never cease."""
    collected_at = monotonic()
    while True:
        if not line.poll(_QUIET_S) or monotonic() - collected_at > _BUSY_S:
            gc.collect()
            collected_at = monotonic()
        yield line.recv()


def _serve(line: Connection[Any, Any], carrier: Carrier) -> None:
    sender, turn = carrier.sender(), threading.Lock()

    def send(kind: str, value: Any) -> None:
        with turn, suppress(OSError):  # the near end is gone, which is found out below
            line.send((kind, sender.packed(value)))

    simulation = carrier.begun()
    departures, news = _Departures(send), _News(send)
    simulation.snapshots, simulation.events = departures, news
    simulation.start()
    try:
        for message in _messages(line):
            if isinstance(message, Quit):
                break
            if isinstance(message, _Taken):
                departures.taken, news.waiting = message.count, 0
            else:
                simulation.send(sender.note(message))
    except (EOFError, OSError):
        pass
    if not simulation.stop():
        os._exit(1)  # nobody waits for what it still computes
