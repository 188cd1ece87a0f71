"""The racers' rows in their order: a row stays with its racer across edits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from widgets.forms.card_column import CardColumn
from widgets.panels.race.racer_figures import Figures
from widgets.panels.race.racer_row import RacerRow, Shown


@final
class RacerList(CardColumn[RacerRow]):
    """Wishes also ``edited(i, racer, label, path)`` and ``asked(i, what)``: ``look``, ``eye`` or ``suggest``."""

    edited = Signal(int, object, str, str)
    asked = Signal(int, str)

    def show_racers(self, racers: Sequence[Shown]) -> None:
        """Show ``racers``. A row stays with its racer when others come, go or move, and with its place when its own racer
        is edited."""
        rows = self._matched(racers)
        for row, shown in zip(rows, racers, strict=True):
            if row.shown != shown:
                row.show_racer(shown)
        self.put(rows)

    def show_figures(self, figures: Sequence[Figures]) -> None:
        """One for each row, in their order."""
        for row, one in zip(self.cards, figures, strict=True):
            row.show_figures(one)

    def on_asked(self, index: int, wish: str) -> None:
        self.asked.emit(index, wish)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The tooltip of a row is written when it is asked for, not at every step."""
        if isinstance(watched, RacerRow) and isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), watched.tip(), watched)
            return True
        return super().eventFilter(watched, event)

    def _matched(self, racers: Sequence[Shown]) -> list[RacerRow]:
        pool = {id(row.shown.racer): row for row in reversed(self.cards) if row.shown is not None}
        found = [pool.pop(id(one.racer), None) for one in racers]
        rest = iter([row for row in self.cards if row not in found])
        return [row or next(rest, None) or self._new_row() for row in found]

    def _new_row(self) -> RacerRow:
        row = RacerRow(self.look, self)
        row.installEventFilter(self)
        self.connect_card(row)
        row.edited.connect(self._on_row_edited)
        return row

    def _on_row_edited(self, racer: object, label: str, path: str) -> None:
        self.edited.emit(self.index_of_sender(), racer, label, path)
