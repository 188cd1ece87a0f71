"""The Surface panel: what is raced on, its parameters under the finger, where and how long, and what it teaches."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar, Literal, final

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from simulations.core.params import hyperparameters
from simulations.core.text import N_
from simulations.documents.race import RaceSpec
from simulations.documents.race_edits import with_surface
from simulations.runtime.messages import Snapshot
from simulations.runtime.race_messages import RaceSnapshot
from simulations.surfaces.base import SURFACES, Surface
from simulations.surfaces.formula import Formula
from simulations.surfaces.printing import formula_text
from widgets.forms.controls import Button
from widgets.forms.entry_menu import EntryMenu
from widgets.forms.form import ConfigForm
from widgets.forms.note import Note
from widgets.forms.scroll import FormScroll
from widgets.panel import PANELS, Edit, ImportTable, Panel, RaceDocument, Reveal
from widgets.panels.race.formula_editor import FormulaEditor
from widgets.panels.race.place_field import PlaceField
from widgets.panels.race.racer_row import START_LABEL
from widgets.panels.race.surface_facts import facts_text
from widgets.panels.race.surface_pictures import PICTURE_PX, surface_group, surface_picture
from widgets.text import _
from widgets.theme import Look


@PANELS.register(
    "surface",
    label=N_("Surface"),
    summary=N_("The function that is descended: its parameters, where the racers start, and the trap it sets them."),
)
@final
class SurfacePanel(Panel):
    """Shows the document. Facts that have to be worked out are those of the race that runs."""

    workspace: ClassVar[str] = "race"
    area: ClassVar[Literal["left", "center", "right", "top"]] = "left"
    icon: ClassVar[str] = "surface"
    follows: ClassVar[bool] = True

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._document: RaceDocument | None = None
        self._introduced: Surface | None = None
        self._known: Surface | None = None  # what the facts are about
        self.choice = Button(self)
        self.menu = EntryMenu(look, SURFACES, self, group=surface_group, picture=surface_picture)
        self.formula = Note(look, "text", 10.5, self)
        self.formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.trap = Note(look, "text", 9.5, self)
        self.editor = FormulaEditor(look, self)
        self.form = ConfigForm(look, None, self)
        self.start_label = QLabel(self)
        self.start = PlaceField(look, self)
        self.length = ConfigForm(look, ("steps",), self)
        self.facts = Note(look, parent=self)
        self.reveal = Button(self)
        self.reveal.setCheckable(True)
        self.source = Note(look, points=8.5, parent=self)
        self._arrange()
        self._connect()
        self.retranslate()

    def _arrange(self) -> None:
        scroll = FormScroll(self)
        for widget in (
            self.choice, self.formula, self.editor, self.form, self.trap, self.start_label, self.start, self.length,
            self.facts, self.reveal, self.source,
        ):  # fmt: skip
            scroll.column.addWidget(widget)
        scroll.column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _connect(self) -> None:
        self.choice.clicked.connect(self._on_choice_clicked)
        self.menu.chosen.connect(self._on_kind_chosen)
        self.form.edited.connect(self._on_form_edited)
        self.editor.edited.connect(self._on_formula_edited)
        self.editor.chosen.connect(self._on_example_chosen)
        self.editor.fileWished.connect(self._on_file_wished)
        self.start.edited.connect(self._on_start_edited)
        self.length.edited.connect(self._on_length_edited)
        self.reveal.clicked.connect(self._on_reveal_clicked)

    def retranslate(self) -> None:
        self.start_label.setText(_("Common start"))
        self._introduced = None
        self.reveal.setText(_("Reveal the minima"))
        self.reveal.setToolTip(_("Show here and in the pictures where the minima and saddles are."))
        self._show()
        self._show_facts()

    def retheme(self) -> None:
        self._introduced = None
        self._show()

    # ---- showing -----------------------------------------------------------------------------------------------------

    def show_document(self, document: RaceDocument) -> None:
        was_revealed = self._document is not None and self._document.revealed
        self._document = document
        self._show()
        if was_revealed != document.revealed:
            self._show_facts()

    def render(self, snapshot: Snapshot | RaceSnapshot) -> None:  # type: ignore[override]  # see Panel
        """Whoever ran the race has found the minima, so that asking for them takes no time."""
        if isinstance(snapshot, RaceSnapshot) and snapshot.race.spec.surface != self._known:
            self._known = snapshot.race.spec.surface
            self._show_facts()

    def _show(self) -> None:
        if self._document is None:
            return
        spec, surface = self._document.spec, self._document.spec.surface
        if surface != self._introduced:
            self._introduce(surface)
        if isinstance(surface, Formula):
            self.editor.show_surface(surface, (spec.start_x, spec.start_y))
        self.start.show_place((spec.start_x, spec.start_y), surface.view)
        self.length.set_value(spec)
        self.reveal.setChecked(self._document.revealed)

    def _introduce(self, surface: Surface) -> None:
        """Everything there is to say of it alone."""
        before, self._introduced = self._introduced, surface
        if before is None or type(before) is not type(surface):
            self._name(surface)
        if not isinstance(surface, Formula):
            self.form.set_value(surface)
            self.formula.setText(f"f = {formula_text(surface, _symbols(surface))}")
            self.formula.setToolTip(f"f = {formula_text(surface)}")

    def _name(self, surface: Surface) -> None:
        entry, theme = SURFACES.entry(surface.kind), self.look.theme
        self.choice.setText(_(entry.label))
        self.choice.setIcon(QIcon(surface_picture(entry.kind, theme)))
        self.choice.setIconSize(QSize(theme.px(PICTURE_PX[0] / 2), theme.px(PICTURE_PX[1] / 2)))
        self.choice.setAccessibleName(_("Surface: {name}").format(name=_(entry.label)))
        self.choice.setToolTip(_("Choose another surface"))
        self.trap.setText(_(entry.summary))
        self.source.setText(_("Source: {citation}").format(citation=entry.source))
        is_typed = isinstance(surface, Formula)
        self.formula.setVisible(not is_typed)
        self.editor.setVisible(is_typed)
        self.form.setVisible(not is_typed and bool(hyperparameters(surface)))

    def _show_facts(self) -> None:
        if self._known is not None and self._document is not None:
            self.facts.setText(facts_text(self._known, revealed=self._document.revealed))

    # ---- wishing -----------------------------------------------------------------------------------------------------

    @property
    def _spec(self) -> RaceSpec:
        assert self._document is not None
        return self._document.spec

    def _on_choice_clicked(self) -> None:
        self.menu.open_at(self.choice.mapToGlobal(QPoint(0, self.choice.height() + 2)))

    def _on_kind_chosen(self, kind: str) -> None:
        if kind != self._spec.surface.kind:
            self.commandRequested.emit(Edit(with_surface(self._spec, SURFACES[kind]()), N_("Another surface")))

    def _on_form_edited(self, surface: Any) -> None:
        edit = Edit(with_surface(self._spec, surface), self.form.last_label, f"surface.{self.form.last_key}")
        self.commandRequested.emit(edit)

    def _on_formula_edited(self, surface: Formula, name: str) -> None:
        self.commandRequested.emit(Edit(with_surface(self._spec, surface), N_("Formula"), f"surface.{name}"))

    def _on_example_chosen(self, surface: Formula) -> None:
        x, y = surface.start
        spec = dataclasses.replace(with_surface(self._spec, surface), start_x=x, start_y=y)
        self.commandRequested.emit(Edit(spec, N_("Example of a formula")))

    def _on_file_wished(self) -> None:
        self.commandRequested.emit(ImportTable(self.editor.table.delimiter))

    def _on_start_edited(self, x: float, y: float) -> None:
        self.commandRequested.emit(Edit(dataclasses.replace(self._spec, start_x=x, start_y=y), START_LABEL, "start"))

    def _on_length_edited(self, edited: RaceSpec) -> None:
        spec = dataclasses.replace(self._spec, steps=edited.steps)
        self.commandRequested.emit(Edit(spec, self.length.last_label, self.length.last_key))

    def _on_reveal_clicked(self, is_wanted: bool) -> None:
        self.commandRequested.emit(Reveal(is_wanted))


def _symbols(surface: Surface) -> dict[str, str]:
    """What each parameter is called in a formula: the letter its name ends with, else the name."""
    found = {}
    for one in hyperparameters(surface):
        label = _(one.label)
        last = label.split(" ")[-1]
        found[one.name] = last if len(last) == 1 else label.lower()
    return found
