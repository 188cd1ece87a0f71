"""A form generated from a configuration's declared hyperparameters: what is declared is what can be edited."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from simulations.core.params import LONGEST_STACK, Hyperparameter, hyperparameters
from simulations.core.text import N_
from simulations.data.drawn import PointSet
from widgets.forms.controls import Button, ComboBox
from widgets.forms.entry_menu import EntryMenu
from widgets.forms.fields import BoolField, ChoiceField, Field, NumberField, SeedField, arrange_choice
from widgets.forms.numbers_field import NumbersField
from widgets.forms.points_field import PointsField
from widgets.forms.stack_row import StackRow
from widgets.forms.words import TextField, TextsField
from widgets.text import _
from widgets.theme import Look
from widgets.view import View

Refusals: TypeAlias = Mapping[str, Mapping[str, str]]  # why a member cannot be chosen, by family and kind
_ADDING: Final = {"layer": N_("+ layer"), "wrapper": N_("+ wrapper"), "augmentation": N_("+ augmentation")}


class VariantField(Field):
    """A member of a family, chosen by name, with the form of its own hyperparameters below."""

    def __init__(self, look: Look, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(look, declared, parent)
        assert declared.registry is not None
        self._entries = tuple(declared.registry)
        self._reasons: Mapping[str, str] = {}
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
            self._arrange()
        self.form.set_value(value)
        self.form.setVisible(bool(self.form.fields()))

    def is_touched(self) -> bool:
        return self.combo.view().isVisible() or self.form.is_touched()

    def last_edit(self) -> tuple[str, str]:
        return (f".{self.form.last_path}", self.form.last_label) if self.form.last_path else ("", "")

    def gesture(self) -> int:
        return self.form.last_gesture

    def controls(self) -> tuple[QWidget, ...]:
        return (self.combo,)

    def refuse(self, refusals: Refusals) -> None:
        """Members with a reason cannot be chosen, and say why."""
        assert self.declared.registry is not None
        self._reasons = refusals.get(self.declared.registry.family, {})
        self.form.refuse(refusals)
        self._introduce()

    def retranslate(self) -> None:
        self._introduce()
        super().retranslate()
        self._arrange()

    def _introduce(self) -> None:
        model = self.combo.model()
        assert isinstance(model, QStandardItemModel)
        for index, entry in enumerate(self._entries):
            reason = self._reasons.get(entry.kind, "")
            model.item(index).setEnabled(not reason)
            self.combo.setItemText(index, _(entry.label))
            tip = "\n".join(line for line in (_(entry.summary), reason) if line)
            self.combo.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)

    def minimumSizeHint(self) -> QSize:
        """Never wider than with the name above, so that a column can always be made narrower."""
        width = max(self.combo.minimumSizeHint().width(), self.form.minimumSizeHint().width())
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow column the name stands above the choice, so that neither is cut off."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        words = self.combo.fontMetrics().horizontalAdvance(self.combo.currentText())
        arrange_choice(self._row, self.label, self.combo, words, self.width())

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


class StackField(Field):
    """Members of a family in order, each a line that can be opened, moved and removed; the last line adds one."""

    def __init__(self, look: Look, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(look, declared, parent)
        assert declared.registry is not None
        self._registry = declared.registry
        self._place = ("", "")
        self._gesture = 0
        self._refusals: Refusals = {}
        self.rows: list[StackRow] = []
        self.menu: EntryMenu | None = None
        self.add = Button(self)
        self.add.clicked.connect(self._on_add_clicked)
        self._inside = QVBoxLayout()
        self._inside.setContentsMargins(look.theme.px(6), 0, 0, 0)
        self._inside.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        column.addLayout(self._inside)
        column.addWidget(self.add)
        self.retranslate()

    def value(self) -> Any:
        return tuple(row.member for row in self.rows)

    def set_value(self, value: Any) -> None:
        """A line stays with its member when others come, go or move, and with its place when its own member is edited."""
        rows = self._matched(value)
        for row in self.rows:
            if row not in rows:
                self._inside.removeWidget(row)
                row.hide()
                row.deleteLater()
        kinds = [member.kind for member in value]
        for index, (row, member) in enumerate(zip(rows, value, strict=True)):
            if self._inside.indexOf(row) != index:
                self._inside.insertWidget(index, row)
            ordinal = kinds[: index + 1].count(member.kind) if kinds.count(member.kind) > 1 else 0
            row.show_member(member, self._registry.entry(member.kind).label, ordinal)
            row.set_place(is_first=index == 0, is_last=index == len(rows) - 1)
        self.rows = rows

    def refuse(self, refusals: Refusals) -> None:
        self._refusals = refusals
        for row in self.rows:
            if row.body is not None:
                row.body.refuse(refusals)
        if self.menu is not None:
            self.menu.refuse(refusals.get(self._registry.family, {}))

    def is_touched(self) -> bool:
        return any(row.body is not None and row.body.is_touched() for row in self.rows)

    def last_edit(self) -> tuple[str, str]:
        return self._place

    def gesture(self) -> int:
        return self._gesture

    def controls(self) -> tuple[QWidget, ...]:
        return ()

    def retranslate(self) -> None:
        super().retranslate()
        self.add.setText(_(_ADDING[self._registry.family]))
        self.add.setAccessibleName(_("Add to {name}").format(name=_(self.declared.label)))
        self.add.setToolTip(self._tip())

    def _matched(self, value: Any) -> list[StackRow]:
        pool, found = list(self.rows), dict[int, StackRow]()
        for is_same in (_is_member, _is_kind):
            for index, member in enumerate(value):
                row = next((row for row in pool if is_same(row, member)), None)
                if index not in found and row is not None:
                    found[index] = row
                    pool.remove(row)
        return [found[index] if index in found else self._new_row() for index in range(len(value))]

    def _new_row(self) -> StackRow:
        row = StackRow(self.look, self)
        row.asked.connect(self._on_row_asked)
        return row

    def _on_row_asked(self, wish: str) -> None:
        row = self.sender()
        assert isinstance(row, StackRow)
        index, members = self.rows.index(row), list(self.value())
        if wish == "open":
            self._open(row)
            return
        if wish == "remove":
            members.pop(index)
        else:
            target = index + (1 if wish == "down" else -1)
            if not 0 <= target < len(members):
                return
            members.insert(target, members.pop(index))
        self._become(tuple(members))

    def _open(self, row: StackRow) -> None:
        if row.body is not None:
            row.drop_body()
            return
        form = ConfigForm(self.look, parent=row)
        form.refuse(self._refusals)
        form.set_value(row.member)
        form.edited.connect(self._on_member_edited)
        row.put_body(form)

    def _on_member_edited(self, member: Any) -> None:
        form = self.sender()
        index = next(index for index, row in enumerate(self.rows) if row.body is form)
        assert isinstance(form, ConfigForm)
        value = self.value()
        self._place, self._gesture = (f"[{index}].{form.last_path}", form.last_label), form.last_gesture
        changed = (*value[:index], member, *value[index + 1 :])
        self.set_value(changed)
        self.edited.emit(changed)

    def _on_add_clicked(self) -> None:
        if self.menu is None:
            self.menu = EntryMenu(self.look, self._registry, self)
            self.menu.chosen.connect(self._on_kind_chosen)
            self.menu.refuse(self._refusals.get(self._registry.family, {}))
        self.menu.open_at(self.add.mapToGlobal(QPoint(0, self.add.height() + 2)))

    def _on_kind_chosen(self, kind: str) -> None:
        if len(self.rows) < LONGEST_STACK:
            self._become((*self.value(), self._registry[kind]()))

    def _become(self, value: tuple[Any, ...]) -> None:
        self._place = ("", "")
        self.set_value(value)
        self.edited.emit(value)


def _is_member(row: StackRow, member: Any) -> bool:
    return row.member is member


def _is_kind(row: StackRow, member: Any) -> bool:
    return type(row.member) is type(member)


class ConfigForm(View):
    """Every declared hyperparameter of a frozen configuration that is not hidden, or only those named in ``only``.

    ``edited`` carries the new configuration, while a person drags too; ``last_path`` is then the dotted name of the field
    that was edited, and ``last_label`` its untranslated name, which names the step to undo; ``last_key`` merges the moves of
    one drag into one step.
    """

    edited = Signal(object)

    def __init__(self, look: Look, only: tuple[str, ...] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.last_path = ""
        self.last_label = ""
        self.last_gesture = 0
        self._only = only
        self._refusals: Refusals = {}
        self._config: Any = None
        self._fields: dict[str, Field] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)

    @property
    def last_key(self) -> str:
        return f"{self.last_path} {self.last_gesture}" if self.last_gesture else self.last_path

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
            field.show_context(config)
            value = getattr(config, name)
            if type(before) is not type(config) or getattr(before, name) != value or field.value() != value:
                field.set_value(value)
        self._show_what_applies()

    def refuse(self, refusals: Refusals) -> None:
        """From now on the members named in ``refusals`` cannot be chosen anywhere in this form, and say why."""
        if refusals != self._refusals:
            self._refusals = refusals
            for field in self._fields.values():
                field.refuse(refusals)

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
        for name in self._only or tuple(name for name, one in wanted.items() if not one.hidden):
            field = _make_field(self.look, wanted[name], self)
            self._fields[name] = field
            self._layout.addWidget(field)
            field.refuse(self._refusals)
            field.edited.connect(self._on_field_edited)

    def _show_what_applies(self) -> None:
        for field in self._fields.values():
            applies = field.declared.applies(self._config)
            if field.isHidden() == applies:
                field.setVisible(applies)

    def _on_field_edited(self, value: Any) -> None:
        field = self.sender()
        assert isinstance(field, Field)
        name = field.declared.name
        self._config = dataclasses.replace(self._config, **{name: value})
        self._show_what_applies()
        self.last_path, self.last_label = name, field.declared.label
        place, label = field.last_edit()
        if place:
            self.last_path = f"{name}{place}"
            self.last_label = label or field.declared.label
        self.last_gesture = field.gesture()
        self.edited.emit(self._config)


def _make_field(look: Look, declared: Hyperparameter, parent: QWidget) -> Field:
    if declared.kind == "stack":
        return StackField(look, declared, parent)
    if declared.kind == "variant":
        return VariantField(look, declared, parent)
    if declared.kind == "bool":
        return BoolField(look, declared, parent)
    if declared.kind in ("choice", "choice_or_int"):
        return ChoiceField(look, declared, parent)
    if declared.kind == "text":
        return TextField(look, declared, parent)
    if declared.kind == "texts":
        return TextsField(look, declared, parent)
    if declared.kind == "numbers":
        return NumbersField(look, declared, parent)
    if declared.record is PointSet:
        return PointsField(look, declared, parent)
    if declared.name == "seed":
        return SeedField(look, declared, parent)
    return NumberField(look, declared, parent)
