"""Fields of words: a name typed or chosen from those that exist, and a list of names of which some are left out."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QSizePolicy, QVBoxLayout, QWidget

from simulations.core.params import Hyperparameter
from widgets.forms.controls import ComboBox
from widgets.forms.fields import Field
from widgets.text import _
from widgets.theme import Look

_ROWS: Final = 6  # of a list that are seen at once


class TextField(Field):
    """A text. After :meth:`suggest` it is chosen from a list instead of typed."""

    def __init__(self, look: Look, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(look, declared, parent)
        self.edit = QLineEdit(self)
        self.edit.setMaxLength(int(declared.high or 0))
        self.combo = ComboBox(self)
        self.combo.hide()
        self.label.setBuddy(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.label, self.edit, self.combo):
            column.addWidget(widget)
        self.edit.editingFinished.connect(self._on_typed)
        self.combo.activated.connect(self._on_chosen)
        self._shown = ""
        self.retranslate()

    def suggest(self, texts: tuple[str, ...]) -> None:
        """Offer these, and the present text where it is none of them; with none, let it be typed."""
        offered = texts if self._shown in texts or not texts else (self._shown, *texts)
        if offered != tuple(self.combo.itemText(i) for i in range(self.combo.count())):
            self.combo.clear()
            self.combo.addItems(list(offered))
        self.combo.setVisible(bool(offered))
        self.edit.setVisible(not offered)
        self.label.setBuddy(self.combo if offered else self.edit)
        self.set_value(self._shown)

    def value(self) -> Any:
        return self._shown

    def set_value(self, value: Any) -> None:
        self._shown = value
        self.edit.setText(value)
        self.edit.setCursorPosition(0)
        self.combo.setCurrentIndex(self.combo.findText(value, Qt.MatchFlag.MatchExactly))

    def is_touched(self) -> bool:
        return self.combo.view().isVisible()

    def controls(self) -> tuple[QWidget, ...]:
        return self.edit, self.combo

    def _on_typed(self) -> None:
        self._say(self.edit.text())

    def _on_chosen(self, index: int) -> None:
        self._say(self.combo.itemText(index))

    def _say(self, text: str) -> None:
        if text != self._shown:
            self._shown = text
            self.edited.emit(text)


class _List(QListView):
    """``handled`` follows everything a person does in it, and nothing else."""

    handled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        rows = min(_ROWS, max(2, self.model().rowCount() if self.model() else 0))
        height = max(self.sizeHintForRow(0), self.fontMetrics().height() + 4)
        return QSize(160, rows * height + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.handled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        self.handled.emit()


class TextsField(Field):
    """Names that are left out of those :meth:`suggest` offers: what has its mark stays in."""

    def __init__(self, look: Look, declared: Hyperparameter, parent: QWidget | None = None) -> None:
        super().__init__(look, declared, parent)
        self._model = QStandardItemModel(self)
        self._value: tuple[str, ...] = ()
        self.list = _List(self)
        self.list.setModel(self._model)
        self.list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.label.setBuddy(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        column.addWidget(self.list)
        self.list.handled.connect(self._on_handled)
        self.retranslate()

    def suggest(self, texts: tuple[str, ...]) -> None:
        """Offer these, marked unless they are left out."""
        if texts != tuple(self._model.item(i).text() for i in range(self._model.rowCount())):
            self._model.clear()
            for text in texts:
                item = QStandardItem(text)
                item.setEditable(False)
                item.setCheckable(True)
                self._model.appendRow(item)
            self.list.updateGeometry()
        self.set_value(self._value)

    def value(self) -> Any:
        return self._value

    def set_value(self, value: Any) -> None:
        self._value = tuple(value)
        for i in range(self._model.rowCount()):
            item = self._model.item(i)
            item.setCheckState(Qt.CheckState.Unchecked if item.text() in self._value else Qt.CheckState.Checked)

    def controls(self) -> tuple[QWidget, ...]:
        return (self.list,)

    def default_text(self) -> str:
        return _("none")

    def _on_handled(self) -> None:
        items = [self._model.item(i) for i in range(self._model.rowCount())]
        left_out = tuple(one.text() for one in items if one.checkState() == Qt.CheckState.Unchecked)
        if left_out != self._value:
            self._value = left_out
            self.edited.emit(left_out)
