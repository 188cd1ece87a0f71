"""One-shot work off the window's thread: it tells how far it is, can be left, and hands its result over once.

The thread sees plain Python values and no Qt object; a timer of the window's thread takes what it leaves, as the bridge
does with snapshots. A job that was cancelled says nothing more.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from simulations.core.errors import GradLabError
from simulations.core.interrupt import Interrupted

_TICK_MS: Final = 30

Tell = Callable[[float], None]
"""Told the share that is done; raises :class:`Interrupted` when nobody wants the result any more."""


class Job(QObject):
    """Runs ``work`` once. ``succeeded`` carries its result, ``failed`` an error with a sentence, ``broke`` a traceback."""

    progressed = Signal(float)
    succeeded = Signal(object)
    failed = Signal(object)
    broke = Signal(str)

    def __init__(self, work: Callable[[Tell], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = _State(work)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        threading.Thread(target=self._state.run, name="job", daemon=True).start()
        self._timer.start()

    def cancel(self) -> None:
        """Forget the work; its thread leaves at the next place where it tells how far it is."""
        self._state.is_cancelled = True
        self._timer.stop()

    def _on_tick(self) -> None:
        state = self._state
        if not state.is_done:
            self.progressed.emit(state.share)
            return
        self._timer.stop()
        if state.report:
            self.broke.emit(state.report)
        elif state.error is not None:
            self.failed.emit(state.error)
        else:
            self.succeeded.emit(state.result)


class SlicedJob(QObject):
    """Work that must draw, and so belongs to the window's thread: a slice of it between two turns of the event loop.

    ``slices`` yields the share that is done and a piece of the result; ``succeeded`` carries the list of all pieces.
    """

    progressed = Signal(float)
    succeeded = Signal(object)
    failed = Signal(object)

    def __init__(self, slices: Iterator[tuple[float, Any]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._slices = slices
        self._pieces: list[Any] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        self._timer.start(0)

    def cancel(self) -> None:
        """Forget the work."""
        self._timer.stop()

    def _on_tick(self) -> None:
        try:
            share, piece = next(self._slices)
        except StopIteration:
            self._timer.stop()
            self.succeeded.emit(self._pieces)
        except GradLabError as error:
            self._timer.stop()
            self.failed.emit(error)
        else:
            self._pieces.append(piece)
            self.progressed.emit(share)


class _State:
    """What both threads see. The worker writes and raises ``is_done`` last; the window only reads, and may cancel."""

    def __init__(self, work: Callable[[Tell], Any]) -> None:
        self._work = work
        self.share = 0.0
        self.is_cancelled = self.is_done = False
        self.result: Any = None
        self.error: GradLabError | None = None
        self.report = ""

    def run(self) -> None:
        try:
            self.result = self._work(self._tell)
        except Interrupted:
            return
        except GradLabError as error:
            self.error = error
        except Exception:
            self.report = traceback.format_exc()
        self.is_done = True

    def _tell(self, share: float) -> None:
        self.share = share
        if self.is_cancelled:
            raise Interrupted
