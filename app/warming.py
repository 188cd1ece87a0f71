"""Imports what will be wanted next while nobody waits for it, a module at a time, so that no frame comes late for it."""

from __future__ import annotations

import importlib
import sys
from collections import deque
from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QObject, QTimer

_EVERY_MS: Final = 20  # most modules take 1 to 3 ms, the longest 10


class Warming(QObject):
    """Begins at once and ends by itself. It stays in the window's thread: an import in another one held frames up for as long
    as all of it took."""

    def __init__(self, names: Iterable[str], parent: QObject) -> None:
        super().__init__(parent)
        self._names = deque(names)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    def stop(self) -> None:
        """Leave the rest to whoever wants it."""
        self._timer.stop()

    def _on_timeout(self) -> None:
        while self._names and self._names[0] in sys.modules:
            self._names.popleft()
        if self._names:
            importlib.import_module(self._names.popleft())
        else:
            self._timer.stop()
