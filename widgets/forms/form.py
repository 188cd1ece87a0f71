"""A form generated from a configuration's declared hyperparameters: what is declared is what can be edited."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from simulations.core.params import Hyperparameter, hyperparameters
from widgets.forms.controls import ComboBox
from widgets.forms.fields import BoolField, ChoiceField, Field, NumberField, SeedField
from widgets.text import _
from widgets.theme import Look
from widgets.view import View


class VariantField(Field):
    """A member of a family, chosen by name, with the form of its own hyperparameters below."""

    def __init__(self, look: Look, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(look, declared, parent)
        assert declared.registry is not None
        self._entries = tuple(declared.registry)
        self.combo = ComboBox(self)
        self.combo.addItems([entry.kind for entry in self._entries])
        self.combo.setMaxVisibleItems(20)
        self.label.setBuddy(self.combo)
        self.form = ConfigForm(look, parent=self)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(4)
        self._row.addWidget(self.label)
        self._row.addWidget(self.combo, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._row)
        column.addWidget(self.form)
        self.combo.activated.connect(self._on_activated)
        self.form.edited.connect(self.edited)
        self.retranslate()

    def value(self) -> Any:
        return self.form.value()

    def set_value(self, value: Any) -> None:
        index = [entry.kind for entry in self._entries].index(value.kind)
        if index != self.combo.currentIndex():
            self.combo.setCurrentIndex(index)
            super().retranslate()
        self.form.set_value(value)
        self.form.setVisible(bool(self.form.fields()))

    def is_touched(self) -> bool:
        return self.combo.view().isVisible() or self.form.is_touched()

    def controls(self) -> tuple[QWidget, ...]:
        return (self.combo,)

    def retranslate(self) -> None:
        for index, entry in enumerate(self._entries):
            self.combo.setItemText(index, _(entry.label))
            self.combo.setItemData(index, _(entry.summary), Qt.ItemDataRole.ToolTipRole)
        super().retranslate()

    def minimumSizeHint(self) -> QSize:
        """Never wider than with the name above, so that a column can always be made narrower."""
        width = max(self.combo.minimumSizeHint().width(), self.form.minimumSizeHint().width())
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow column the name stands above the choice, so that neither is cut off."""
        combo = self.combo.fontMetrics().horizontalAdvance(self.combo.currentText()) + 2 * self.combo.height()
        fits = self.label.fontMetrics().horizontalAdvance(self.label.text()) + combo + 4 <= event.size().width()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    def _tip(self) -> str:
        index = self.combo.currentIndex()
        summary = _(self._entries[index].summary) if index >= 0 else ""
        return "\n".join(line for line in (summary, super()._tip()) if line)

    def _on_activated(self, index: int) -> None:
        entry = self._entries[index]
        if self.value() is None or entry.kind != self.value().kind:
            chosen = entry.cls()
            self.set_value(chosen)
            self.form.last_path, self.form.last_label = "kind", self.declared.label
            self.edited.emit(chosen)


class ConfigForm(View):
    """Every declared hyperparameter of a frozen configuration, or only those named in ``only``.

    ``edited`` carries the new configuration, while a person drags too; ``last_path`` is then the dotted name of the field
    that was edited, which serves as the key that merges one drag into one undo step, and ``last_label`` its untranslated
    name, which names the step.
    """

    edited = Signal(object)

    def __init__(self, look: Look, only: tuple[str, ...] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.last_path = ""
        self.last_label = ""
        self._only = only
        self._config: Any = None
        self._fields: dict[str, Field] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)

    def value(self) -> Any:
        return self._config

    def fields(self) -> dict[str, Field]:
        """The fields by the name of their hyperparameter."""
        return dict(self._fields)

    def set_value(self, config: Any) -> None:
        """Show ``config``; a field in a person's hand is left alone. Never emits. Only another class makes new fields."""
        if type(config) is not type(self._config):
            self._rebuild(config)
        before, self._config = self._config, config
        for name, field in self._fields.items():
            value = getattr(config, name)
            if type(before) is not type(config) or getattr(before, name) != value or field.value() != value:
                field.set_value(value)

    def add_note(self, note: QWidget) -> None:
        """Put ``note`` below the fields."""
        self._layout.addWidget(note)

    def is_touched(self) -> bool:
        return any(field.is_touched() for field in self._fields.values())

    def _rebuild(self, config: Any) -> None:
        for field in self._fields.values():
            self._layout.removeWidget(field)
            field.hide()
            field.deleteLater()
        self._fields = {}
        wanted = {one.name: one for one in hyperparameters(config)}
        for name in self._only or tuple(wanted):
            field = _make_field(self.look, wanted[name], self)
            self._fields[name] = field
            self._layout.addWidget(field)
            field.edited.connect(self._on_field_edited)

    def _on_field_edited(self, value: Any) -> None:
        field = self.sender()
        assert isinstance(field, Field)
        name = field.declared.name
        self._config = dataclasses.replace(self._config, **{name: value})
        self.last_path, self.last_label = name, field.declared.label
        if isinstance(field, VariantField) and field.form.last_path:
            self.last_path = f"{name}.{field.form.last_path}"
            self.last_label = field.form.last_label or field.declared.label
        self.edited.emit(self._config)


def _make_field(look: Look, declared: Hyperparameter, parent: QWidget) -> Field:
    if declared.kind == "variant":
        return VariantField(look, declared, parent)
    if declared.kind == "bool":
        return BoolField(look, declared, parent)
    if declared.kind in ("choice", "choice_or_int"):
        return ChoiceField(look, declared, parent)
    if declared.name == "seed":
        return SeedField(look, declared, parent)
    return NumberField(look, declared, parent)
