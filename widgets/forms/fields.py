"""One field of a form for each kind of hyperparameter. All speak alike: ``set_value`` shows and never emits, ``edited``
carries what a person chose."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from simulations.core.params import Hyperparameter
from widgets.forms.controls import Button, CheckBox, ComboBox
from widgets.forms.ladder import ladder_of, usual_ladder_of
from widgets.forms.number_box import NumberBox
from widgets.forms.number_slider import NumberSlider
from widgets.icons import icon
from widgets.numbers import format_number
from widgets.text import _
from widgets.theme import Look
from widgets.view import View

_READABLE_SEEDS = 10_000  # a rolled seed has at most four digits, so that it can be read out in class
_NAME_PX, _GAP_PX = 84, 8  # the column of names, before the text scale, and what is left free after it


class FieldLabel(QLabel):
    """A field's name. A double click asks for the default."""

    doubleClicked = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.doubleClicked.emit()
        super().mouseDoubleClickEvent(event)


def arrange_choice(row: QBoxLayout, label: QLabel, combo: ComboBox, words_px: int, width: int) -> None:
    """Name and choice in one line where ``words_px`` of the choice fit beside the whole name, else the name above."""
    needed = words_px + 2 * combo.sizeHint().height()
    name = label.fontMetrics().horizontalAdvance(label.text()) + 1
    fits = name + _GAP_PX + max(needed, combo.minimumSizeHint().width()) <= width
    row.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)
    row.setSpacing(_GAP_PX if fits else 0)
    label.setMinimumWidth(name if fits else 0)
    combo.setMinimumWidth(needed if fits else 0)


class Field(View):
    """Base of the fields: the name, its tooltip, and the way back to the default."""

    edited = Signal(object)

    def __init__(self, look: Look, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.declared = declared
        self.label = FieldLabel(self)
        self.label.setWordWrap(True)
        self.label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.label.doubleClicked.connect(self._on_default_wished)

    def value(self) -> Any:
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        raise NotImplementedError

    def show_context(self, config: Any) -> None:
        """Learn the whole configuration that the field is part of; most have no use for it."""

    def is_touched(self) -> bool:
        """Whether a person is dragging or typing in this field now."""
        return False

    def controls(self) -> tuple[QWidget, ...]:
        """The widgets that carry the field's name for a screen reader and its tooltip."""
        return ()

    def last_edit(self) -> tuple[str, str]:
        """Where inside this field a person edited last, and that place's untranslated name; empty for the field itself."""
        return "", ""

    def gesture(self) -> int:
        """Which of its drags the last edit belongs to; fields that are not dragged have only one."""
        return 0

    def refuse(self, refusals: Mapping[str, Mapping[str, str]]) -> None:
        """Which members of which families cannot be chosen, and why; most fields offer no members."""

    def default_text(self) -> str:
        default = self.declared.default
        return format_number(default) if isinstance(default, (int, float)) else str(default)

    def retranslate(self) -> None:
        name = _(self.declared.label)
        self.label.setText(_("{name} (°)").format(name=name) if self.declared.unit == "°" else name)
        tip = self._tip()
        self.label.setToolTip(tip)
        for control in self.controls():
            control.setAccessibleName(name)
            control.setAccessibleDescription(_(self.declared.help))
            control.setToolTip(tip)

    def _tip(self) -> str:
        lines = [_(self.declared.help)] if self.declared.help else []
        is_number = self.declared.kind not in ("text", "texts")
        if is_number and (self.declared.low is not None or self.declared.high is not None):
            unit = _(self.declared.unit)
            text = _("Range: {range} {unit}") if unit else _("Range: {range}")
            lines.append(text.format(range=self.declared.range_text(), unit=unit))
        if self.declared.default is not None and is_number and self.declared.kind not in ("variant", "stack"):
            lines.append(_("Default: {value} (double-click the name)").format(value=self.default_text()))
        if self.declared.live:
            lines.append(_("Takes effect at the next step."))
        return "\n".join(lines)

    def _on_default_wished(self) -> None:
        default = self.declared.default
        if default is not None and default != self.value():
            self.set_value(default)
            self.edited.emit(default)

    def _lay_out_inline(self, *controls: QWidget) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.label, 1)
        for control in controls:
            row.addWidget(control, 0 if isinstance(control, (Button, NumberBox)) else 1)


class NumberField(Field):
    """A float or an int: a slider with its twin where the range is closed, a spin box where it is open."""

    def __init__(self, look: Look, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(look, declared, parent)
        integer = declared.kind == "int"
        rungs = usual_ladder_of(declared)
        self.control: NumberSlider | NumberBox
        if rungs is not None:
            self.control = NumberSlider(look, rungs, every=ladder_of(declared), integer=integer, parent=self)
            self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
            self._row.setContentsMargins(0, 0, 0, 0)
            self._row.addWidget(self.label)
            self._row.addWidget(self.control, 1)
            self.label.setBuddy(self.control.slider)
        else:
            self.control = NumberBox(look, declared.low, declared.high, integer=integer, parent=self)
            self._lay_out_inline(self.control)
            self.label.setBuddy(self.control)
        self.control.edited.connect(self.edited)
        self.retranslate()

    def minimumSizeHint(self) -> QSize:
        """Never wider than with the name above, so that a column can always be made narrower."""
        return QSize(self.control.minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name, slider and number stand in one line where there is room, else the name stands above."""
        super().resizeEvent(event)
        if not isinstance(self.control, NumberSlider):
            return
        name = self.label.fontMetrics().horizontalAdvance(self.label.text()) + 1
        column = max(self.look.theme.px(_NAME_PX), name)
        fits = column + _GAP_PX + self.control.minimumSizeHint().width() <= event.size().width()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)
        self._row.setSpacing(_GAP_PX if fits else 0)
        self.label.setMinimumWidth(column if fits else 0)

    def value(self) -> Any:
        return self.control.value()

    def set_value(self, value: Any) -> None:
        self.control.set_value(value)

    def is_touched(self) -> bool:
        return self.control.is_touched()

    def gesture(self) -> int:
        return self.control.gesture if isinstance(self.control, NumberSlider) else 0

    def controls(self) -> tuple[QWidget, ...]:
        return (self.control,)


class SeedField(Field):
    """A seed: typed, or rolled with the dice."""

    def __init__(self, look: Look, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(look, declared, parent)
        self.box = NumberBox(look, declared.low, declared.high, integer=True, parent=self)
        self.dice = Button(self)
        self.label.setBuddy(self.box)
        self._lay_out_inline(self.box, self.dice)
        self.box.edited.connect(self.edited)
        self.dice.clicked.connect(self._on_dice_clicked)
        self.retranslate()
        self.retheme()

    def value(self) -> Any:
        return self.box.value()

    def set_value(self, value: Any) -> None:
        self.box.set_value(value)

    def is_touched(self) -> bool:
        return self.box.is_touched()

    def controls(self) -> tuple[QWidget, ...]:
        return (self.box,)

    def retranslate(self) -> None:
        super().retranslate()
        self.dice.setAccessibleName(_("Roll a new seed"))
        self.dice.setToolTip(_("Roll a new seed"))

    def retheme(self) -> None:
        self.dice.setIcon(icon("seed", self.look))

    def _on_dice_clicked(self) -> None:
        seed = random.SystemRandom().randrange(_READABLE_SEEDS)
        self.box.set_value(seed)
        self.edited.emit(seed)


class BoolField(Field):
    """Yes or no: the box carries the name itself."""

    def __init__(self, look: Look, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(look, declared, parent)
        self.box = CheckBox(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.box)
        row.addWidget(self.label, 1)
        self.label.setBuddy(self.box)
        self.box.clicked.connect(self._on_clicked)
        self.retranslate()

    def value(self) -> Any:
        return self.box.isChecked()

    def set_value(self, value: Any) -> None:
        self.box.setChecked(bool(value))

    def controls(self) -> tuple[QWidget, ...]:
        return (self.box,)

    def _on_clicked(self, checked: bool) -> None:
        self.edited.emit(checked)

    def default_text(self) -> str:
        return _("on") if self.declared.default else _("off")


class ChoiceField(Field):
    """One of a few names; where a number is allowed too, the last choice opens a box for it."""

    def __init__(self, look: Look, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(look, declared, parent)
        self.combo = ComboBox(self)
        self.combo.addItems(list(declared.choices))
        self.label.setBuddy(self.combo)
        self.box: NumberBox | None = None
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(_GAP_PX)
        self._row.addWidget(self.label, 1)
        self._row.addWidget(self.combo, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._row)
        if declared.kind == "choice_or_int":
            self.combo.addItem("number")
            self.box = NumberBox(
                look, declared.low, declared.high, integer=True, rungs=ladder_of(declared), parent=self
            )
            column.addWidget(self.box, 0, Qt.AlignmentFlag.AlignRight)
            self.box.edited.connect(self.edited)
        self.combo.activated.connect(self._on_activated)
        self._show_box()
        self.retranslate()

    def value(self) -> Any:
        index = self.combo.currentIndex()
        if self.box is not None and index == len(self.declared.choices):
            return self.box.value()
        return self.declared.choices[index]

    def set_value(self, value: Any) -> None:
        if isinstance(value, str):
            self.combo.setCurrentIndex(self.declared.choices.index(value))
        elif self.box is not None:
            self.combo.setCurrentIndex(len(self.declared.choices))
            self.box.set_value(value)
        self._show_box()

    def is_touched(self) -> bool:
        return self.combo.view().isVisible() or (self.box is not None and self.box.is_touched())

    def controls(self) -> tuple[QWidget, ...]:
        return (self.combo,) if self.box is None else (self.combo, self.box)

    def default_text(self) -> str:
        labels = dict(zip(self.declared.choices, self.declared.labels, strict=True))
        return _(labels.get(self.declared.default, str(self.declared.default)))

    def retranslate(self) -> None:
        for index, label in enumerate(self.declared.labels):
            self.combo.setItemText(index, _(label))
        if self.box is not None:
            self.combo.setItemText(len(self.declared.labels), _("number"))
        super().retranslate()
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Never wider than with the name above, so that a column can always be made narrower."""
        width = max(control.minimumSizeHint().width() for control in self.controls())
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Half of the line is the choice's, more where its words need it; with too little for both, the name stands above."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        advance = self.combo.fontMetrics().horizontalAdvance
        words = max(advance(self.combo.itemText(index)) for index in range(self.combo.count()))
        arrange_choice(self._row, self.label, self.combo, words, self.width())

    def _show_box(self) -> None:
        if self.box is not None:
            self.box.setVisible(self.combo.currentIndex() == len(self.declared.choices))

    def _on_activated(self, index: int) -> None:
        if self.box is not None and index == len(self.declared.choices):
            self.box.set_value(max(int(self.declared.low or 0), int(self.box.value())))
        self._show_box()
        self.edited.emit(self.value())
