"""What a finger wishes, once a frame: a mouse speaks more often than pictures can follow, and only its last word counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, QTimer

_FRAME_MS: Final = 10  # sooner than a picture is painted: what it wishes is computed meanwhile


class Cadence(QObject):
    """Calls ``act`` with what was asked last: at once, or when a frame has passed since it was called before."""

    def __init__(self, act: Callable[..., None], parent: QObject) -> None:
        super().__init__(parent)
        self._act = act
        self._asked: tuple[Any, ...] | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self.flush)

    def ask(self, *values: Any) -> None:
        """Call with ``values`` as soon as it is time, unless others are asked before."""
        self._asked = values
        if not self._timer.isActive():
            self.flush()

    def flush(self) -> None:
        """Call now with what waits, if anything does: the finger is lifted."""
        asked, self._asked = self._asked, None
        if asked is not None:
            self._timer.start()
            self._act(*asked)
