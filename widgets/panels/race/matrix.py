"""Matrix methods on a problem of their own: what Muon is for, and why it has no place on the plane."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from simulations.core.text import N_
from simulations.racing.matrix import MatrixProblem
from simulations.racing.probes.matrix import Matrices
from simulations.runtime.race_messages import RaceSnapshot
from widgets.forms.controls import Button
from widgets.forms.form import ConfigForm
from widgets.numbers import format_number
from widgets.panel import PANELS, Panel, RaceDocument
from widgets.plot import Plot
from widgets.plots.matrix import MatrixView
from widgets.segmented import Segmented
from widgets.text import _
from widgets.theme import Look


@PANELS.register(
    "matrix",
    label=N_("Matrix methods"),
    summary=N_(
        "An 8×8 matrix learns eight associations: gradient methods the frequent ones first, Muon all of them alike."
    ),
)
class MatrixPanel(Panel):
    """Its problem is its own: no edit of the race touches it."""

    workspace = "race"
    area = "right"
    icon = "matrix"
    follows = True

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._quantity = Segmented(look, {"weights": lambda: _("Weights W"), "updates": lambda: _("Updates ΔW")}, self)
        self._settings = Button(self)
        self._settings.setCheckable(True)
        self._form = ConfigForm(look, parent=self)
        self._form.set_value(MatrixProblem())
        self._form.hide()
        self._view = MatrixView(look, self)
        self._task, self._note = QLabel(self), QLabel(self)
        for label in (self._task, self._note):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._view)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(4)
        column.addWidget(self._task)
        column.addWidget(self._form)
        column.addWidget(self._quantity, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(scroll, 1)
        column.addWidget(self._note)
        self._quantity.edited.connect(self._on_quantity_chosen)
        self._settings.toggled.connect(self._form.setVisible)
        self._form.edited.connect(self._on_problem_edited)
        self.retranslate()
        self.retheme()

    def probes(self) -> tuple[Any, ...]:
        return (Matrices(self._form.value()),)

    def render(self, snapshot: RaceSnapshot) -> None:  # type: ignore[override]
        found = snapshot.probes.get("matrix")
        if found is not None:
            self._view.show_answer(found)

    def show_document(self, document: RaceDocument) -> None:
        """Nothing: the matrix is not part of the race."""

    def plots(self) -> tuple[Plot, ...]:
        return (self._view,) if self._view.has_answer() else ()

    def header_widgets(self) -> tuple[QWidget, ...]:
        return (self._settings,)

    def retranslate(self) -> None:
        self._settings.setText(_("Settings"))
        self._say()

    def retheme(self) -> None:
        theme = self.look.theme
        self._settings.setFont(theme.font(9))
        self._task.setFont(theme.font(9))
        self._note.setFont(theme.font(9))
        palette = self._note.palette()
        palette.setColor(palette.ColorRole.WindowText, theme.color("text.secondary"))
        self._note.setPalette(palette)

    def _say(self) -> None:
        task = _(
            "The task: an 8×8 matrix W learns eight pairs, the first seen {condition} times as often as the last. "
            "A pair is learnt when its singular value σ reaches 1."
        )
        self._task.setText(task.format(condition=format_number(self._form.value().condition)))
        self._note.setText(
            _("Lines that rise together: all pairs are learnt alike. One after the other: the frequent pairs first.")
            if self._quantity.key == "weights"
            else _("Where all eight lines are near 1, the update is orthogonal: no direction is left behind.")
        )

    def _on_quantity_chosen(self, key: str) -> None:
        self._view.show_quantity("updates" if key == "updates" else "weights")
        self._say()

    def _on_problem_edited(self, problem: MatrixProblem) -> None:
        self._say()
        self.probesChanged.emit()
