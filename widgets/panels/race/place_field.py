"""A point of the plane as two numbers, stepped by the size of what is in view."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from simulations.surfaces.base import Box, Point
from widgets.forms.ladder import ladder
from widgets.forms.number_box import NumberBox
from widgets.text import _
from widgets.theme import Look
from widgets.view import View

_FARTHEST: Final = 1e6


class PlaceField(View):
    """``edited`` carries x and y that a person typed or stepped to."""

    edited = Signal(float, float)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._view: Box | None = None
        self.boxes = tuple(NumberBox(look, -_FARTHEST, _FARTHEST, integer=False, parent=self) for _axis in "xy")
        self._names = tuple(QLabel(axis, self) for axis in "xy")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for name, box in zip(self._names, self.boxes, strict=True):
            name.setBuddy(box)
            row.addWidget(name)
            row.addWidget(box, 1)
            box.edited.connect(self._on_edited)
        self.retranslate()

    def show_place(self, place: Point, view: Box) -> None:
        """Show ``place``; a number that is being typed is left alone."""
        if view != self._view:
            self._view = view
            for box, low, high in zip(self.boxes, (view.x_low, view.y_low), (view.x_high, view.y_high), strict=True):
                box.step_on(ladder(low, high, log=False, integer=False))
        for box, value in zip(self.boxes, place, strict=True):
            box.set_value(float(value))

    def retranslate(self) -> None:
        for box, name in zip(self.boxes, (_("Start x"), _("Start y")), strict=True):
            box.setAccessibleName(name)
            box.setToolTip(name)

    def _on_edited(self, _value: object) -> None:
        self.edited.emit(*(float(box.value()) for box in self.boxes))
