"""The popup in which one racer becomes many: a hyperparameter, from where to where, and how many."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QWidget

from simulations.core.params import Hyperparameter
from simulations.documents.race import MOST_RACERS
from simulations.documents.race_edits import sweep_values, sweepable
from simulations.optimizers.base import Optimizer
from widgets.forms.controls import Button, ComboBox
from widgets.forms.ladder import ladder_of
from widgets.forms.note import Note
from widgets.forms.number_box import NumberBox
from widgets.numbers import format_number
from widgets.segmented import Segmented
from widgets.text import _, ngettext
from widgets.theme import Look

_COUNT: Final = 5
_LISTED: Final = 6  # values that are written out


class SweepMenu(QFrame):
    """``chosen`` carries the name of a hyperparameter and the values it is to take."""

    chosen = Signal(str, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._look = look
        self._optimizer: Optimizer | None = None
        self._declared: tuple[Hyperparameter, ...] = ()
        self._room = MOST_RACERS
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.parameter = ComboBox(self)
        self.low, self.high = (NumberBox(look, None, None, integer=False, parent=self) for _end in range(2))
        self.count = NumberBox(look, 2, MOST_RACERS, integer=True, parent=self)
        self.scale = Segmented(look, {"linear": lambda: _("linear"), "log": lambda: _("logarithmic")}, self)
        self.values = Note(look, parent=self)
        self.go = Button(self)
        self._labels = [QLabel(self) for _row in range(5)]
        self._arrange()
        for control in (self.low, self.high, self.count, self.scale):
            control.edited.connect(self._on_edited)
        self.parameter.activated.connect(self._on_parameter)
        self.go.clicked.connect(self._on_go)

    def open_at(self, place: QPoint, optimizer: Optimizer, room: int) -> None:
        """Show the choices for a racer with ``optimizer`` below ``place`` (global); ``room`` racers can be at most."""
        self._optimizer, self._declared, self._room = optimizer, sweepable(optimizer), max(2, room)
        self._say()
        self.parameter.clear()
        self.parameter.addItems([_(one.label) for one in self._declared])
        self._begin(self._declared[0])
        self.resize(self._look.theme.px(300), self.sizeHint().height())
        area = self.screen().availableGeometry()
        x = min(place.x(), area.right() - self.width())
        self.move(max(area.left(), x), max(area.top(), min(place.y(), area.bottom() - self.height())))
        self.show()
        self.parameter.setFocus(Qt.FocusReason.PopupFocusReason)

    def _arrange(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(10, 10, 10, 10)
        form.setSpacing(8)
        for label, control in zip(
            self._labels, (self.parameter, self.low, self.high, self.count, self.scale), strict=True
        ):
            label.setBuddy(control)
            form.addRow(label, control)
        form.addRow(self.values)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.go)
        form.addRow(buttons)

    def _say(self) -> None:
        names = (_("Sweep"), _("From"), _("To"), _("Racers"), _("Scale"))
        controls: tuple[QWidget, ...] = (self.parameter, self.low, self.high, self.count, self.scale)
        for label, control, name in zip(self._labels, controls, names, strict=True):
            label.setText(name)
            control.setAccessibleName(name)
        self.scale.retranslate()

    def _begin(self, declared: Hyperparameter) -> None:
        """Ends around the present value: two decades of a logarithmic scale, the whole range of a linear one."""
        now: float = getattr(self._optimizer, declared.name)
        low, high = float(declared.low or 0.0), float(declared.high or 0.0)
        if declared.scale == "log":
            middle = now or high / 1e3
            low, high = max(low, float(f"{middle / 10:.2g}")), min(high, float(f"{middle * 10:.2g}"))
        rungs = ladder_of(declared)
        for box, value in ((self.low, low), (self.high, high)):
            box.set_range(declared.low, declared.high)
            if rungs is not None:
                box.step_on(rungs)
            box.set_value(value)
        self.count.set_value(min(_COUNT, self._room))
        self.scale.set_key(declared.scale)
        self._show_values()

    def _sweep(self) -> tuple[float, ...]:
        scale: Any = self.scale.key
        declared = dataclasses.replace(self._declared[self.parameter.currentIndex()], scale=scale)
        return sweep_values(declared, float(self.low.value()), float(self.high.value()), int(self.count.value()))

    def _show_values(self) -> None:
        values = self._sweep()
        texts = [format_number(one) for one in values]
        if len(texts) > _LISTED:
            texts = [*texts[: _LISTED - 1], "…", texts[-1]]
        self.values.setText(", ".join(texts))
        text = ngettext("Make {count} racer", "Make {count} racers", len(values))
        self.go.setText(text.format(count=len(values)))
        self.go.setEnabled(len(values) <= self._room)

    def _on_parameter(self, index: int) -> None:
        self._begin(self._declared[index])

    def _on_edited(self) -> None:
        self._show_values()

    def _on_go(self) -> None:
        self.hide()
        self.chosen.emit(self._declared[self.parameter.currentIndex()].name, self._sweep())
