"""The learning rate in a racer's row: a slider over the decades around the rate its surface suggests."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from simulations.core.params import Hyperparameter
from widgets.forms.controls import Slider
from widgets.forms.ladder import Ladder, ladder

_BELOW, _ABOVE = 3.0, 2.0  # decades
_ALL: Final = (1e-6, 10.0)


class RateSlider(Slider):
    """``edited`` carries the rate a person drags or steps to. The range always holds the rate that is shown."""

    edited = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._rungs: Ladder = ladder(*_ALL, log=True, integer=False)
        super().__init__(len(self._rungs), parent)
        self._range = _ALL
        self.moved.connect(self._on_moved)

    def show_rate(self, rate: float, around: float, declared: Hyperparameter) -> None:
        """Show ``rate`` between the decades about ``around``; a handle that is held stays under the finger."""
        if self.isSliderDown():
            return
        around = max(around, declared.low or _ALL[0])
        low = max(declared.low or _ALL[0], min(rate, _power(around, -_BELOW)))
        high = min(declared.high or _ALL[1], max(rate, _power(around, _ABOVE)))
        if (low, high) != self._range:
            self._range = low, high
            self._rungs = ladder(low, high, log=True, integer=False)
            self.setRange(0, max(1, len(self._rungs) - 1))
        self.setValue(self._rungs.position(rate))

    def _on_moved(self, position: int) -> None:
        self.edited.emit(self._rungs.rungs[position])


def _power(rate: float, decades: float) -> float:
    """The power of ten ``decades`` from ``rate``, so that the ends of the slider are round numbers."""
    return 10.0 ** round(math.log10(rate) + decades)
