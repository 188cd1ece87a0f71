"""A formula being typed: what is wrong with it is said and shown where it stands, while the last right one runs on."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from simulations.core.errors import GradLabError
from simulations.core.text import N_
from simulations.surfaces.base import Point
from simulations.surfaces.formula import Formula
from simulations.surfaces.syntax import CONSTANTS, DEEPEST, FUNCTIONS, LARGEST, LONGEST, FormulaError
from widgets.forms.controls import Button
from widgets.forms.note import Note
from widgets.forms.number_box import NumberBox
from widgets.panels.race.formula_table import FormulaTable
from widgets.text import _, sentence
from widgets.theme import Look
from widgets.view import View

_EDGES: Final = ("x_low", "x_high", "y_low", "y_high")
EXAMPLES: Final[dict[str, Formula]] = {
    N_("Valley with a bend"): Formula(),
    N_("Egg box on a bowl"): Formula("x^2/8 + y^2/8 + sin(3x) sin(3y)", "", -4.0, 4.0, -4.0, 4.0, -3.0, 2.5),
    N_("Two kinks"): Formula("|x| + 3*|y - sin(x)|", "", -4.0, 4.0, -3.0, 3.0, -3.0, 2.0),
    N_("Ridge with a pass"): Formula("(x^2 - 1)^2 + y^2 - x/4", "", -2.0, 2.0, -2.0, 2.0, -1.8, 1.5),
    N_("Line through samples"): Formula(
        "(x u + y - v)^2", "u, v\n-1, -2.4\n0, -1.1\n1, 0.6\n2, 2.1\n3, 3.2", -2.0, 4.0, -5.0, 3.0, -1.0, 2.0
    ),
}


class FormulaEditor(View):
    """``edited`` carries a formula that is right and the name of what was edited; ``chosen`` one of the examples."""

    edited = Signal(object, str)
    chosen = Signal(object)
    fileWished = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._surface = Formula()  # what runs
        self._draft = Formula()  # what a person wants, right or wrong
        self._start: Point | None = None
        self.text = QPlainTextEdit(self)
        self.text.setTabChangesFocus(True)
        self.text.setAcceptDrops(False)
        self.text.setPlainText(self._surface.text)
        self.fault = Note(look, "state.bad", parent=self)
        self.insert, self.examples = Button(self), Button(self)
        self.boxes = {name: NumberBox(look, -1e6, 1e6, integer=False, parent=self) for name in _EDGES}
        self._names = [QLabel("x", self), QLabel("…", self), QLabel("y", self), QLabel("…", self)]
        self.table = FormulaTable(look, self)
        self._arrange()
        self.text.textChanged.connect(self._on_text_changed)
        self.table.fileWished.connect(self.fileWished)
        self.table.edited.connect(self._on_table_edited)
        self.table.delimiterChosen.connect(self._on_delimiter_chosen)
        self.insert.clicked.connect(self._on_insert_clicked)
        self.examples.clicked.connect(self._on_examples_clicked)
        for box in self.boxes.values():
            box.edited.connect(self._on_edge_edited)
        self.retranslate()
        self.retheme()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        buttons = QHBoxLayout()
        buttons.addWidget(self.insert, 1)
        buttons.addWidget(self.examples, 1)
        column.addWidget(self.text)
        column.addWidget(self.fault)
        column.addLayout(buttons)
        for first in (0, 2):
            row = QHBoxLayout()
            row.setSpacing(4)
            for index in (first, first + 1):
                row.addWidget(self._names[index])
                row.addWidget(self.boxes[_EDGES[index]], 1)
            column.addLayout(row)
        column.addWidget(self.table)

    def show_surface(self, surface: Formula, start: Point) -> None:
        """Show the formula that runs; what is being typed, and wrong as yet, is left alone."""
        before, self._surface = self._surface, surface
        if surface != before:
            self._draft = surface
            if surface.text != self.text.toPlainText():
                self.text.setPlainText(surface.text)
        for name, box in self.boxes.items():
            box.set_value(getattr(surface, name))
        self.table.show_table(surface.table, surface.columns())
        self.table.show_delimiter(self._draft.delimiter)
        self._start = start
        self._judge()

    def retranslate(self) -> None:
        self.insert.setText(_("Insert"))
        self.insert.setToolTip(_("The functions and constants a formula may use."))
        self.examples.setText(_("Examples"))
        self.text.setAccessibleName(_("Formula"))
        self.text.setToolTip(
            _(
                "At most {characters} characters, {parts} parts, nested {deep} deep; constant exponents up to 100."
            ).format(characters=LONGEST, parts=LARGEST, deep=DEEPEST)
        )
        names = (_("Left edge"), _("Right edge"), _("Lower edge"), _("Upper edge"))
        for box, name in zip(self.boxes.values(), names, strict=True):
            box.setAccessibleName(name)
            box.setToolTip(name)

    def retheme(self) -> None:
        self.text.setFont(self.look.theme.font(11))
        self.text.setFixedHeight(round(3.6 * self.text.fontMetrics().height()))

    # ---- judging -----------------------------------------------------------------------------------------------------

    def _judge(self) -> GradLabError | None:
        """Say what is wrong with the draft, or that it has no value at the start."""
        try:
            self._draft.check()
            fault: GradLabError | None = None
        except GradLabError as error:
            fault = error
        is_formula = isinstance(fault, FormulaError)
        self.table.say(sentence(fault) if fault is not None and not is_formula and self._draft.table else "")
        shown: GradLabError | None = fault if is_formula or not self._draft.table else None
        template = "{reason}"
        if fault is None and self._start is not None:
            shown, template = self._draft.problem(self._start), _("At the start there is no value. {reason}")
        elif isinstance(fault, FormulaError):
            template = _("Character {place}: {reason}").replace("{place}", str(fault.start + 1))
        self.fault.setText("✕ " + template.replace("{reason}", sentence(shown)) if shown is not None else "")
        self.fault.setVisible(shown is not None)
        self._underline(shown if isinstance(shown, FormulaError) else None)
        return fault

    def _underline(self, fault: FormulaError | None) -> None:
        selections = []
        if fault is not None:
            last = self.text.document().characterCount() - 1
            start = min(fault.start, max(0, last - 1))
            cursor = self.text.textCursor()
            cursor.setPosition(start)
            cursor.setPosition(min(max(fault.end, start + 1), last), QTextCursor.MoveMode.KeepAnchor)
            mark = QTextCharFormat()
            mark.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            mark.setUnderlineColor(self.look.theme.color("state.bad"))
            selection = QTextEdit.ExtraSelection()
            selection.cursor, selection.format = cursor, mark
            selections.append(selection)
        self.text.setExtraSelections(selections)

    # ---- wishing -----------------------------------------------------------------------------------------------------

    def _wish(self, name: str, value: Any) -> None:
        changed: dict[str, Any] = {name: value}
        self._draft = dataclasses.replace(self._draft, **changed)
        if self._judge() is None and self._draft != self._surface:
            self.edited.emit(self._draft, name)

    def _on_text_changed(self) -> None:
        text = self.text.toPlainText()
        if text != self._draft.text:
            self._wish("text", text)

    def _on_table_edited(self, table: str) -> None:
        if table != self._draft.table:
            self._wish("table", table)
        else:
            self._judge()  # back from one that was too long to be read

    def _on_delimiter_chosen(self, delimiter: str) -> None:
        self._wish("delimiter", delimiter)

    def _on_edge_edited(self, value: object) -> None:
        name = next(name for name, box in self.boxes.items() if box is self.sender())
        self._wish(name, float(value))  # type: ignore[arg-type]  # a box of numbers

    def _on_insert_clicked(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for word in (*CONSTANTS, *FUNCTIONS):
            menu.addAction(f"{word}()" if word in FUNCTIONS else word).triggered.connect(self._on_word_chosen)
        menu.popup(self.insert.mapToGlobal(QPoint(0, self.insert.height())))

    def _on_word_chosen(self) -> None:
        word = self.sender().text()  # type: ignore[attr-defined]  # the action that was chosen
        self.text.insertPlainText(word)
        if word.endswith(")"):
            self.text.moveCursor(QTextCursor.MoveOperation.Left)
        self.text.setFocus()

    def _on_examples_clicked(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, example in EXAMPLES.items():
            action = menu.addAction(f"{_(name)}:  {example.text}")
            action.setData(name)
            action.triggered.connect(self._on_example_chosen)
        menu.popup(self.examples.mapToGlobal(QPoint(0, self.examples.height())))

    def _on_example_chosen(self) -> None:
        self.chosen.emit(EXAMPLES[self.sender().data()])  # type: ignore[attr-defined]  # the action that was chosen
