"""A slider and its spin-box twin over one ladder: coarse by hand, exact by typing, the same number in both."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets.forms.controls import Slider
from widgets.forms.ladder import Ladder, ladder
from widgets.forms.number_box import NumberBox
from widgets.theme import Look

_BOX: Final = -1


class NumberSlider(QWidget):
    """``edited`` carries the new number while a person drags, steps, or finishes typing.

    The slider spans ``rungs``; what can be typed is ``every``, where that is more.
    """

    edited = Signal(object)

    def __init__(
        self,
        look: Look,
        rungs: Ladder,
        *,
        every: Ladder | None = None,
        integer: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._rungs = rungs
        every = every or rungs
        self.slider = Slider(len(rungs), self)
        self.box = NumberBox(look, every.rungs[0], every.rungs[-1], integer=integer, rungs=every, parent=self)
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.slider)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.box)
        self._held = _BOX  # or the slider's gesture that is under way
        self.gesture = 0  # of the last edit: moves of one drag have the same, which no other edit has
        self.slider.moved.connect(self._on_slider_moved)
        self.box.edited.connect(self._on_box_edited)

    def value(self) -> float:
        return self.box.value()

    def set_value(self, value: float) -> None:
        """Show ``value``; a handle that is held stays under the finger. Never emits."""
        if not self.slider.isSliderDown():
            self.slider.setValue(self._rungs.position(value))
        self.box.set_value(value)

    def is_touched(self) -> bool:
        """Whether a person is dragging or typing now."""
        return self.slider.isSliderDown() or self.box.is_touched()

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.slider.setAccessibleName(name)
        self.box.setAccessibleName(name)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.box.sizeHint().width() + 56, self.box.sizeHint().height())

    def _on_slider_moved(self, position: int) -> None:
        value = self._rungs.rungs[position]
        if value != self.box.value():
            if self.slider.gesture != self._held:
                self._held = self.slider.gesture
                self.gesture += 1
            self.box.set_value(value)
            self.edited.emit(value)

    def _on_box_edited(self, value: float) -> None:
        self.slider.setValue(self._rungs.position(value))
        if self._held != _BOX:
            self._held = _BOX
            self.gesture += 1
        self.edited.emit(value)


def log_slider(look: Look, low: float, high: float, *, integer: bool = False) -> NumberSlider:
    """A logarithmic slider with its twin. With ``low`` 0 the leftmost position is exactly 0."""
    return NumberSlider(look, ladder(low, high, log=True, integer=integer), integer=integer)
