"""The samples a typed-in formula is averaged over: pasted as text, checked at once, shown as they were read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from simulations.core.params import hyperparameters
from simulations.surfaces.formula import Formula
from simulations.surfaces.tables import AUTO, LONGEST_TABLE, delimiter_of
from widgets.forms.controls import Button, ComboBox
from widgets.forms.note import Note
from widgets.numbers import format_number
from widgets.text import _, ngettext
from widgets.theme import Look
from widgets.view import View

_SHOWN: Final = 3  # samples of each column
_DELIMITER: Final = next(one for one in hyperparameters(Formula) if one.name == "delimiter")


class FormulaTable(View):
    """``edited`` carries the text of the table, right or wrong; :meth:`say` answers what is wrong with it. ``delimiterChosen``
    says what separates its cells, ``fileWished`` wishes for the table of a file."""

    edited = Signal(str)
    delimiterChosen = Signal(str)
    fileWished = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._shown = ""
        self.toggle = Button(self)
        self.toggle.setCheckable(True)
        self.file = Button(self)
        self.help = Note(look, parent=self)
        self.text = QPlainTextEdit(self)
        self.text.setTabChangesFocus(True)
        self.text.setAcceptDrops(False)  # a file that is dropped is the window's
        self._delimiter_name, self._delimiters = QLabel(self), ComboBox(self)
        for key in _DELIMITER.choices:
            self._delimiters.addItem("", key)
        self.fault = Note(look, "state.bad", parent=self)
        self.preview = Note(look, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.addWidget(self._delimiter_name)
        row.addWidget(self._delimiters, 1)
        for widget in (self.toggle, self.help, self.text):
            column.addWidget(widget)
        column.addLayout(row)
        for widget in (self.file, self.fault, self.preview):
            column.addWidget(widget)
        self.toggle.clicked.connect(self._on_toggled)
        self.file.clicked.connect(self.fileWished)
        self.text.textChanged.connect(self._on_text_changed)
        self._delimiters.activated.connect(self._on_delimiter_activated)
        self._open(False)
        self.retranslate()
        self.retheme()

    def show_table(self, table: str, columns: Mapping[str, tuple[float, ...]]) -> None:
        """Show the table that counts, and the columns it was read as; what a person is still typing is left alone."""
        if table != self._shown:
            self._shown = table
            if table != self.text.toPlainText():
                self.text.setPlainText(table)
                self._open(bool(table) or self.toggle.isChecked())
        count = len(next(iter(columns.values()), ()))
        lines = (
            [ngettext("{count} row was read:", "{count} rows were read:", count).format(count=count)] if count else []
        )
        for name, values in columns.items():
            first = ", ".join(format_number(float(f"{one:.4g}")) for one in values[:_SHOWN])
            lines.append(f"{name}: {first}{' …' if count > _SHOWN else ''}")
        self.preview.setText("\n".join(lines))
        self._show_notes()

    @property
    def delimiter(self) -> str:
        """What is chosen to separate the cells, now and of the next file."""
        return str(self._delimiters.currentData())

    def show_delimiter(self, delimiter: str) -> None:
        """Show which one counts."""
        self._delimiters.setCurrentIndex(_DELIMITER.choices.index(delimiter))

    def say(self, fault: str) -> None:
        """Show what is wrong with the text; empty if nothing is."""
        self.fault.setText(f"✕ {fault}" if fault else "")
        self._show_notes()

    def _show_notes(self) -> None:
        """What is wrong with the text, or else what was read."""
        is_wrong = bool(self.fault.text())
        self.fault.setVisible(is_wrong and self.toggle.isChecked())
        self.preview.setVisible(not is_wrong and bool(self.preview.text()) and self.toggle.isChecked())

    def retranslate(self) -> None:
        self.toggle.setText(_("Mean over a table"))
        self.toggle.setToolTip(_("Average the formula over samples: f is the mean, and batches of them make noise."))
        self.help.setText(_("Paste rows; the first one names the columns, and the formula can use the names:"))
        self._delimiter_name.setText(_(_DELIMITER.label))
        for widget in (self._delimiter_name, self._delimiters):
            widget.setToolTip(_(_DELIMITER.help))
        self._delimiters.setAccessibleName(_(_DELIMITER.label))
        self._name_delimiters()
        self.file.setText(_("From a file…"))
        self.file.setToolTip(
            _("A CSV or TSV file; it may also be dropped on the window. Its numbers are kept in the race.")
        )
        self.text.setPlaceholderText("u, v\n1, 2.1\n2, 2.9")
        self.text.setAccessibleName(_("Table"))

    def _name_delimiters(self) -> None:
        """The first one says what is recognised."""
        labels = dict(zip(_DELIMITER.choices, map(_, _DELIMITER.labels), strict=True))
        text = self.text.toPlainText()
        if text.strip():
            found = labels[delimiter_of(text)]
            labels[AUTO] = _("automatic: {found}").format(found=found)
        for index, label in enumerate(labels.values()):
            self._delimiters.setItemText(index, label)

    def retheme(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.look.theme.font(9).pointSizeF())
        self.text.setFont(font)
        self.text.setFixedHeight(self.look.theme.px(96))

    def _open(self, is_open: bool) -> None:
        self.toggle.setChecked(is_open)
        for widget in (self.help, self.text, self._delimiter_name, self._delimiters, self.file):
            widget.setVisible(is_open)
        self._show_notes()

    def _on_toggled(self, is_open: bool) -> None:
        self._open(is_open)
        if is_open:
            self.text.setFocus()

    def _on_text_changed(self) -> None:
        text = self.text.toPlainText()
        self._name_delimiters()
        if len(text) > LONGEST_TABLE:
            self.say(
                _("The table has {count} characters; at most {most} are read.").format(
                    count=len(text), most=LONGEST_TABLE
                )
            )
        else:
            self.edited.emit(text)

    def _on_delimiter_activated(self, _index: int) -> None:
        self.delimiterChosen.emit(self.delimiter)
