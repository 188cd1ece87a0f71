"""The Racers panel: a row for everyone who takes part, live while a finger is on it."""

from __future__ import annotations

import dataclasses
import math
from typing import ClassVar, Literal, final

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QVBoxLayout, QWidget

from simulations.core.text import N_
from simulations.documents.race import MOST_RACERS, RacerSpec, RaceSpec
from simulations.documents.race_edits import (
    add_racer,
    duplicate_racer,
    move_racer,
    remove_racer,
    replace_racer,
    show_all,
    sweep_racer,
    with_suggested_rate,
)
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.record import Race
from simulations.runtime.messages import Snapshot
from simulations.runtime.race_messages import RaceSnapshot
from widgets.forms.card_tools import CardTools
from widgets.forms.controls import Button
from widgets.forms.entry_menu import EntryMenu
from widgets.forms.note import Note
from widgets.forms.scroll import FormScroll
from widgets.panel import PANELS, Edit, Panel, RaceDocument, SelectRacer
from widgets.panels.race.look_menu import LookMenu
from widgets.panels.race.racer_figures import FiguresHeader, figures_of
from widgets.panels.race.racer_list import RacerList
from widgets.panels.race.racer_row import Shown
from widgets.panels.race.refused import method_group, refused_on_a_plane
from widgets.panels.race.sweep_menu import SweepMenu
from widgets.racers import racer_labels
from widgets.text import _
from widgets.theme import Look

_TOOLS = ("up", "down", "duplicate", "remove", "sweep", "eye")


@PANELS.register(
    "racers",
    label=N_("Racers"),
    summary=N_("Who takes part: each method with its rate, how far it has come, and what that has cost."),
)
@final
class RacersPanel(Panel):
    """Shows the document, and how its racers stand at the moment. Every change is an :class:`Edit`."""

    workspace: ClassVar[str] = "race"
    area: ClassVar[Literal["left", "center", "right", "top"]] = "left"
    icon: ClassVar[str] = "racers"
    follows: ClassVar[bool] = True

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._document: RaceDocument | None = None
        self._race: Race | None = None
        self._moment = -1
        self._shown_around: list[float] = []  # where the sliders have their middle
        self._focus_next = False
        self._selecting = False
        self.header = FiguresHeader(look, self)
        self.rows = RacerList(look, self)
        self.empty = Note(look, parent=self)
        self.add = Button(self)
        self.menu = EntryMenu(look, OPTIMIZERS, self, group=method_group)
        self.looks = LookMenu(look, self)
        self.sweeps = SweepMenu(look, self)
        self._tools = CardTools(look, _TOOLS, self)
        self._arrange()
        self._connect()
        self.retranslate()
        self.retheme()

    def _arrange(self) -> None:
        self._scroll = FormScroll(self)
        column = self._scroll.column
        column.setContentsMargins(6, 2, 6, 6)
        column.setSpacing(4)
        self.rows.column.setSpacing(3)
        for widget in (self.header, self.rows, self.empty, self.add):
            column.addWidget(widget)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def _connect(self) -> None:
        self.add.clicked.connect(self._on_add_clicked)
        self.menu.chosen.connect(self._on_kind_chosen)
        self.looks.chosen.connect(self._on_look_chosen)
        self.sweeps.chosen.connect(self._on_sweep_chosen)
        self.rows.moved.connect(self._on_moved)
        self.rows.removed.connect(self._on_removed)
        self.rows.duplicated.connect(self._on_duplicated)
        self.rows.selected.connect(self._on_selected)
        self.rows.edited.connect(self._on_edited)
        self.rows.asked.connect(self._on_asked)
        self._tools.clicked.connect(self._on_tool_clicked)

    def header_widgets(self) -> tuple[QWidget, ...]:
        return self._tools.buttons()

    def retranslate(self) -> None:
        self.add.setText(_("+ racer"))
        self.add.setToolTip(_("Add a racer: a method at the rate the surface suggests."))
        self.empty.setText(_("Nobody runs yet. Add a racer: a method that will go downhill from the start."))
        words = {
            "up": _("Move the racer up (Alt+↑)"),
            "down": _("Move the racer down (Alt+↓)"),
            "duplicate": _("Duplicate the racer (Ctrl+D)"),
            "remove": _("Remove the racer (Del)"),
            "sweep": _("Sweep: make many racers of it, each with another value of one hyperparameter"),
            "eye": _("Show or hide all paths"),
        }
        self._tools.say(words)
        self._show()

    def retheme(self) -> None:
        self._tools.retheme()

    # ---- showing -----------------------------------------------------------------------------------------------------

    def show_document(self, document: RaceDocument) -> None:
        self._document = document
        self._show()
        self._selecting = True
        self.rows.select(document.selected, focus=self._focus_next)
        self._selecting = False
        if self._focus_next and 0 <= document.selected < len(self.rows.cards):
            self._scroll.reveal(self.rows.cards[document.selected])
        self._focus_next = False
        self._enable_tools()

    def render(self, snapshot: Snapshot | RaceSnapshot) -> None:  # type: ignore[override]  # see Panel
        if not isinstance(snapshot, RaceSnapshot) or (snapshot.race is self._race and snapshot.moment == self._moment):
            return
        before, self._race, self._moment = self._race, snapshot.race, snapshot.moment
        is_new = before is None or before.spec.surface != snapshot.race.spec.surface
        if is_new and self._document is not None and self._arounds() != self._shown_around:
            self._show()
        else:
            self._show_figures()

    def _show(self) -> None:
        if self._document is None:
            return
        spec = self._document.spec
        self._shown_around = self._arounds()
        rows = zip(spec.racers, racer_labels(spec), self._shown_around, strict=True)
        shown = [Shown(racer, label, spec.surface, around) for racer, label, around in rows]
        self.rows.show_racers(shown)
        self.rows.setVisible(bool(shown))
        self.header.setVisible(bool(shown))
        self.empty.setVisible(not shown)
        self._show_figures()

    def _arounds(self) -> list[float]:
        """For each racer the power of ten next to the rate suggested to its method: on the surface that was raced on last,
        whose minima are known already, or on such a surface as it is at first."""
        surface = self._spec.surface
        raced = self._race.spec.surface if self._race is not None else None
        surface = raced if type(raced) is type(surface) and raced is not None else type(surface)()
        rates = (surface.suggested_rate(one.optimizer.rate_family) for one in self._spec.racers)
        return [10.0 ** round(math.log10(one)) if one > 0 else one for one in rates]

    def _show_figures(self) -> None:
        """Those of the race, if it has as many racers as the document: else it is a moment behind."""
        race = self._race
        if race is not None and len(race.spec.racers) == len(self.rows.cards):
            self.rows.show_figures(figures_of(race, self._moment))

    def _enable_tools(self) -> None:
        count, index = len(self.rows.cards), self.rows.selected_index()
        has_room = count < MOST_RACERS
        possible = {
            "up": index > 0,
            "down": 0 <= index < count - 1,
            "duplicate": index >= 0 and has_room,
            "remove": index >= 0,
            "sweep": index >= 0 and has_room,
            "eye": count > 0,
        }
        self._tools.enable(possible)
        self.add.setEnabled(has_room)

    # ---- wishing -----------------------------------------------------------------------------------------------------

    @property
    def _spec(self) -> RaceSpec:
        assert self._document is not None
        return self._document.spec

    def _wish(self, spec: RaceSpec, text: str, select: int, merge: str = "") -> None:
        """Wish the edit, and the racer at ``select`` to be spoken of then."""
        self._focus_next = not merge
        self.commandRequested.emit(Edit(spec, text, merge))
        if self._document is not None and select != self._document.selected:
            self._focus_next = not merge
            self.commandRequested.emit(SelectRacer(select))

    def _on_selected(self, index: int) -> None:
        if not self._selecting and self._document is not None and index != self._document.selected:
            self.commandRequested.emit(SelectRacer(index))
        self._enable_tools()

    def _on_add_clicked(self) -> None:
        self.menu.refuse(refused_on_a_plane()[OPTIMIZERS.family])
        self.menu.open_at(self.add.mapToGlobal(QPoint(0, self.add.height() + 2)))

    def _on_kind_chosen(self, kind: str) -> None:
        self._wish(add_racer(self._spec, kind), N_("Add a racer"), len(self._spec.racers))

    def _on_moved(self, index: int, target: int) -> None:
        self._wish(move_racer(self._spec, index, target), N_("Move a racer"), target)

    def _on_removed(self, index: int) -> None:
        left = len(self._spec.racers) - 1
        self._wish(remove_racer(self._spec, index), N_("Remove a racer"), min(index, left - 1))

    def _on_duplicated(self, index: int) -> None:
        if len(self._spec.racers) < MOST_RACERS:
            self._wish(duplicate_racer(self._spec, index), N_("Duplicate a racer"), index + 1)

    def _on_edited(self, index: int, racer: RacerSpec, label: str, path: str) -> None:
        spec = self._spec
        if racer.has_own_start and not spec.racers[index].has_own_start:  # it begins where it began in common
            racer = dataclasses.replace(racer, start_x=spec.start_x, start_y=spec.start_y)
        self._wish(replace_racer(spec, index, racer), label, index, f"racers[{index}].{path}")

    def _on_asked(self, index: int, wish: str) -> None:
        row, racer = self.rows.cards[index], self._spec.racers[index]
        if wish == "look":
            self.rows.select(index)
            self.looks.open_at(row.swatch.mapToGlobal(QPoint(0, row.swatch.height())), racer)
        elif wish == "eye":
            seen = dataclasses.replace(racer, is_visible=not racer.is_visible)
            self._replace(index, seen, N_("Show or hide a path"))
        elif wish == "suggest":
            optimizer = with_suggested_rate(racer.optimizer, self._spec.surface)
            self._replace(index, dataclasses.replace(racer, optimizer=optimizer), N_("Suggested rate"))

    def _on_look_chosen(self, racer: RacerSpec) -> None:
        self._replace(self._selected(), racer, N_("Another look"))

    def _on_sweep_chosen(self, name: str, values: tuple[float, ...]) -> None:
        index = self._selected()
        self._wish(sweep_racer(self._spec, index, name, values), N_("Sweep"), index)

    def _on_tool_clicked(self, name: str) -> None:
        index = self._selected()
        if name in ("up", "down"):
            self.rows.wish_move(index, -1 if name == "up" else 1)
        elif name == "duplicate":
            self._on_duplicated(index)
        elif name == "remove":
            self._on_removed(index)
        elif name == "eye":
            is_wanted = not all(one.is_visible for one in self._spec.racers)
            self._wish(show_all(self._spec, is_wanted), N_("Show or hide all paths"), index)
        elif name == "sweep":
            self._open_sweeps(index)

    def _open_sweeps(self, index: int) -> None:
        row = self.rows.cards[index]
        self._scroll.reveal(row)
        room = MOST_RACERS - len(self.rows.cards) + 1
        place = row.mapToGlobal(QPoint(0, row.header_px()))
        self.sweeps.open_at(place, self._spec.racers[index].optimizer, room)

    def _selected(self) -> int:
        return self.rows.selected_index()

    def _replace(self, index: int, racer: RacerSpec, text: str) -> None:
        self._wish(replace_racer(self._spec, index, racer), text, index)
