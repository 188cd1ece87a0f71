"""Cards in their order: keeps a card with its member across edits, and turns gestures into wishes about positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from widgets.forms.card import Card
from widgets.theme import Look
from widgets.view import View

C = TypeVar("C", bound=Card)

_EDGE_PX: Final = 28  # of what is seen: there a card that is dragged scrolls
_CREEP_MS: Final = 30


class CardColumn(View, Generic[C]):
    """Wishes by position: ``moved(from, to)``, ``removed(i)``, ``duplicated(i)``, ``selected(i)``; what else a card asks
    for goes to :meth:`on_asked`."""

    moved = Signal(int, int)
    removed = Signal(int)
    duplicated = Signal(int)
    selected = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.cards: list[C] = []
        self._chosen: C | None = None
        self._drop_index = -1
        self._line = QFrame(self)
        self._line.setAutoFillBackground(True)
        self._line.setBackgroundRole(QPalette.ColorRole.Window)  # and not the parent's, which is that of the ground
        self._line.hide()
        self._held_at = QPoint()
        self._creeping = QTimer(self)
        self._creeping.setInterval(_CREEP_MS)
        self._creeping.timeout.connect(self._on_creep)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)
        self.retheme()

    def retheme(self) -> None:
        palette = self._line.palette()
        palette.setColor(palette.ColorRole.Window, self.look.theme.color("accent"))
        self._line.setPalette(palette)

    def on_asked(self, index: int, wish: str) -> None:
        """A card asked for what no list knows."""
        raise NotImplementedError

    def selected_index(self) -> int:
        """The position of the selected card, −1 when none is."""
        return self.cards.index(self._chosen) if self._chosen in self.cards else -1

    def select(self, index: int, *, focus: bool = False) -> None:
        """Select the card at ``index``; anything out of range selects none."""
        chosen = self.cards[index] if 0 <= index < len(self.cards) else None
        if chosen is not self._chosen:
            self._choose(chosen)
            self.selected.emit(self.selected_index())
        if chosen is not None and focus:
            chosen.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, chosen: C | None) -> None:
        self._chosen = chosen
        for card in self.cards:
            card.set_selected(card is chosen)

    def wish_move(self, index: int, step: int) -> None:
        """Wish the card at ``index`` one place up or down; at the end nothing happens."""
        if index >= 0 and 0 <= index + step < len(self.cards):
            self.moved.emit(index, index + step)

    def put(self, cards: Sequence[C]) -> None:
        """Show ``cards`` in this order; those that are no longer among them go. Selection and focus of one that goes stay in its
        place: hidden first, Qt would hand its focus on to whatever comes next, and that would be selected instead."""
        chosen, at = self._chosen, self.selected_index()
        focus = QApplication.focusWidget()
        had_focus = chosen is not None and focus is not None and (focus is chosen or chosen.isAncestorOf(focus))
        for index, card in enumerate(cards):
            if self.column.indexOf(card) != index:
                self.column.insertWidget(index, card)
            card.show()  # now, not in the event loop's next round: who scrolls to it needs its place
        gone = [card for card in self.cards if card not in cards]
        self.cards = list(cards)
        if chosen in gone:
            self._choose(cards[min(at, len(cards) - 1)] if cards else None)
        if had_focus and self._chosen is not None and (focus is chosen or chosen in gone):
            self._chosen.setFocus(Qt.FocusReason.OtherFocusReason)
        for card in gone:
            self.column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for before, after in pairwise(cards):
            QWidget.setTabOrder(before, after)

    def connect_card(self, card: C) -> None:
        """Hear what a new ``card`` wishes."""
        card.selected.connect(self._on_card_selected)
        card.asked.connect(self._on_card_asked)
        card.dragged.connect(self._on_card_dragged)
        card.dropped.connect(self._on_card_dropped)

    def index_of_sender(self) -> int:
        sender = self.sender()
        return self.cards.index(sender) if sender in self.cards else -1

    def _on_card_selected(self) -> None:
        self.select(self.index_of_sender())

    def _on_card_asked(self, wish: str) -> None:
        index = self.index_of_sender()
        if wish == "toggle":
            self.cards[index].set_open(not self.cards[index].is_open)
        elif wish in ("previous", "next"):
            step = -1 if wish == "previous" else 1
            self.select(max(0, min(len(self.cards) - 1, index + step)), focus=True)
        elif wish in ("up", "down"):
            self.wish_move(index, -1 if wish == "up" else 1)
        elif wish == "remove":
            self.removed.emit(index)
        elif wish == "duplicate":
            self.duplicated.emit(index)
        else:
            self.on_asked(index, wish)

    # ---- dragging ----------------------------------------------------------------------------------------------------

    def _on_card_dragged(self, place: QPoint) -> None:
        self._held_at = place
        if not self._creeping.isActive():
            self._creeping.start()
        self._mark_drop(place)

    def _on_creep(self) -> None:
        """A card that is held near an end of what is seen brings what lies beyond into sight."""
        area = next((one for one in _ancestors(self) if isinstance(one, QScrollArea)), None)
        if area is None:
            return
        view = area.viewport()
        y, edge, bar = view.mapFromGlobal(self._held_at).y(), self.look.theme.px(_EDGE_PX), area.verticalScrollBar()
        beyond = min(0, y - edge) + max(0, y - view.height() + edge)
        if beyond:
            bar.setValue(bar.value() + max(-edge, min(edge, beyond)) // 2)
            self._mark_drop(self._held_at)

    def _mark_drop(self, place: QPoint) -> None:
        """Show where a card let go at ``place`` (global) would come to stand."""
        y = self.mapFromGlobal(place).y()
        self._drop_index = sum(1 for card in self.cards if card.geometry().center().y() < y)
        below = self._drop_index < len(self.cards)
        edge = self.cards[self._drop_index].y() - 4 if below else self.cards[-1].geometry().bottom() + 2
        self._line.setGeometry(0, max(0, edge), self.width(), 3)
        self._line.show()
        self._line.raise_()

    def _on_card_dropped(self, is_meant: bool) -> None:
        index = self.index_of_sender()
        self._creeping.stop()
        self._line.hide()
        target = self._drop_index - (1 if self._drop_index > index else 0)
        if is_meant and index >= 0 and self._drop_index >= 0 and target != index:
            self.moved.emit(index, target)
        self._drop_index = -1


def _ancestors(widget: QWidget) -> Iterator[QWidget]:
    while (parent := widget.parentWidget()) is not None:
        yield parent
        widget = parent
