"""A list of numbers in a form, typed as people write one: ``0.5, 2, 3.5``."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QToolTip, QVBoxLayout, QWidget

from simulations.core.errors import SpecError
from simulations.core.params import Hyperparameter
from widgets.forms.fields import Field
from widgets.numbers import format_number, parse_number
from widgets.text import _
from widgets.theme import Look

_BETWEEN = re.compile(r"[\s,;、]+")


class NumbersField(Field):
    """Commas, semicolons or spaces part the numbers. What is typed counts on Enter or on leaving; what is no list of
    numbers in range is shown in red, refused in words and never emitted."""

    def __init__(self, look: Look, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(look, declared, parent)
        self._value: tuple[float, ...] = declared.default
        self.line = NumbersLine(self)
        self.label.setBuddy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.label)
        column.addWidget(self.line)
        self.line.textEdited.connect(self._on_text_edited)
        self.line.editingFinished.connect(self._on_editing_finished)
        self._show()
        self.retranslate()

    def value(self) -> Any:
        return self._value

    def set_value(self, value: Any) -> None:
        self._value = value
        if not self.is_touched():
            self._show()

    def is_touched(self) -> bool:
        return self.line.hasFocus() and self.line.isModified()

    def controls(self) -> tuple[QWidget, ...]:
        return (self.line,)

    def default_text(self) -> str:
        return numbers_text(self.declared.default) or "–"

    def retranslate(self) -> None:
        super().retranslate()
        self.line.setPlaceholderText(_("such as {numbers}").format(numbers="1, 2, 0.5"))

    def _show(self) -> None:
        self.line.setText(numbers_text(self._value))
        self.line.setModified(False)
        self._mark(wrong=False)

    def _parsed(self) -> tuple[float, ...] | None:
        """The numbers that are typed, None where one is none or out of range."""
        numbers = parse_numbers(self.line.text())
        if numbers is None:
            return None
        try:
            self.declared.check(numbers, self.declared.name)
        except SpecError:
            return None
        return numbers

    def _mark(self, *, wrong: bool) -> None:
        palette = QPalette()
        if wrong:
            palette.setColor(QPalette.ColorRole.Text, self.look.theme.color("state.bad"))
        self.line.setPalette(palette)

    def _on_text_edited(self, text: str) -> None:
        self._mark(wrong=self._parsed() is None)
        QToolTip.hideText()

    def _on_editing_finished(self) -> None:
        numbers = self._parsed()
        if numbers is None:
            words = _("Enter numbers from {range}, parted by commas.").format(range=self.declared.range_text())
            QToolTip.showText(self.line.mapToGlobal(QPoint(0, self.line.height() // 2)), words, self.line)
            if not self.line.hasFocus():
                self._show()
            return
        changed = numbers != self._value
        self._value = numbers
        self._show()
        if changed:
            self.edited.emit(numbers)


class NumbersLine(QLineEdit):
    """A line that keeps every key of its text for itself, and gives up what was typed on Escape."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.text().strip():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            field = self.parent()
            assert isinstance(field, NumbersField)
            field._show()
            return
        super().keyPressEvent(event)


def parse_numbers(text: str) -> tuple[float, ...] | None:
    """The numbers ``text`` lists, None where something else stands between them; nothing is no numbers. A point is the
    decimal separator, because commas part the numbers."""
    parts = [part for part in _BETWEEN.split(unicodedata.normalize("NFKC", text)) if part]
    numbers = [parse_number(part) for part in parts]
    return None if None in numbers else tuple(float(number) for number in numbers if number is not None)


def numbers_text(numbers: tuple[float, ...]) -> str:
    """``numbers`` as :func:`parse_numbers` reads them."""
    return ", ".join(format_number(number) for number in numbers)
