"""The cards in their order: keeps a card with its layer across edits, and turns gestures into wishes about positions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from simulations.nn.layers.base import Layer
from widgets.panels.train.build_card import CardText, LayerCard
from widgets.theme import Look
from widgets.view import View


class CardList(View):
    """Wishes by position: ``moved(from, to)``, ``removed(i)``, ``duplicated(i)``, ``freezing(i)``, ``edited(i, layer)``,
    ``selected(i)``."""

    moved = Signal(int, int)
    removed = Signal(int)
    duplicated = Signal(int)
    freezing = Signal(int)
    edited = Signal(int, object)
    selected = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.cards: list[LayerCard] = []
        self._chosen: LayerCard | None = None
        self._drop_index = -1
        self._line = QFrame(self)
        self._line.setAutoFillBackground(True)
        self._line.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.retheme()

    def retheme(self) -> None:
        palette = self._line.palette()
        palette.setColor(palette.ColorRole.Window, self.look.theme.color("accent"))
        self._line.setPalette(palette)

    def show_layers(self, layers: Sequence[Layer], texts: Sequence[CardText]) -> None:
        """Show ``layers``. A card stays with its layer when others come, go or move, and with its place when its own layer
        is edited; so selection and open forms stay where they are."""
        had_focus = self._chosen is not None and self._chosen.hasFocus()
        cards = self._matched(layers)
        for card in self.cards:
            if card not in cards:
                if card is self._chosen:
                    self._chosen = None
                self._column.removeWidget(card)
                card.hide()
                card.deleteLater()
        for index, (card, layer, text) in enumerate(zip(cards, layers, texts, strict=True)):
            if self._column.indexOf(card) != index:
                self._column.insertWidget(index, card)
            card.show_layer(layer, text)
            card.show()  # now, not in the event loop's next round: who scrolls to it needs its place
        self.cards = cards
        for before, after in pairwise(cards):
            QWidget.setTabOrder(before, after)
        if had_focus and self._chosen is not None:
            self._chosen.setFocus(Qt.FocusReason.OtherFocusReason)

    def selected_index(self) -> int:
        """The position of the selected card, −1 when none is."""
        return self.cards.index(self._chosen) if self._chosen in self.cards else -1

    def select(self, index: int, *, focus: bool = False) -> None:
        """Select the card at ``index``; anything out of range selects none."""
        chosen = self.cards[index] if 0 <= index < len(self.cards) else None
        if chosen is not self._chosen:
            self._chosen = chosen
            for card in self.cards:
                card.set_selected(card is chosen)
            self.selected.emit(self.selected_index())
        if chosen is not None and focus:
            chosen.setFocus(Qt.FocusReason.OtherFocusReason)

    def _matched(self, layers: Sequence[Layer]) -> list[LayerCard]:
        pool = list(self.cards)
        found: list[LayerCard | None] = [None] * len(layers)
        for index, layer in enumerate(layers):
            found[index] = next((card for card in pool if card.layer is layer), None)
            if found[index] is not None:
                pool.remove(found[index])  # type: ignore[arg-type]
        for index, layer in enumerate(layers):
            if found[index] is None:
                found[index] = next((card for card in pool if type(card.layer) is type(layer)), None)
                if found[index] is not None:
                    pool.remove(found[index])  # type: ignore[arg-type]
        return [card if card is not None else self._new_card() for card in found]

    def _new_card(self) -> LayerCard:
        card = LayerCard(self.look, self)
        card.selected.connect(self._on_card_selected)
        card.edited.connect(self._on_card_edited)
        card.asked.connect(self._on_card_asked)
        card.dragged.connect(self._on_card_dragged)
        card.dropped.connect(self._on_card_dropped)
        return card

    def _index_of_sender(self) -> int:
        sender = self.sender()
        return self.cards.index(sender) if isinstance(sender, LayerCard) and sender in self.cards else -1

    def _on_card_selected(self) -> None:
        self.select(self._index_of_sender())

    def _on_card_edited(self, layer: object) -> None:
        self.edited.emit(self._index_of_sender(), layer)

    def _on_card_asked(self, wish: str) -> None:
        index = self._index_of_sender()
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
        elif wish == "freeze":
            self.freezing.emit(index)

    def wish_move(self, index: int, step: int) -> None:
        """Wish the card at ``index`` one place up or down; at the end nothing happens."""
        if index >= 0 and 0 <= index + step < len(self.cards):
            self.moved.emit(index, index + step)

    # ---- dragging ----------------------------------------------------------------------------------------------------

    def _on_card_dragged(self, place: QPoint) -> None:
        y = self.mapFromGlobal(place).y()
        self._drop_index = sum(1 for card in self.cards if card.geometry().center().y() < y)
        below = self._drop_index < len(self.cards)
        edge = self.cards[self._drop_index].y() - 4 if below else self.cards[-1].geometry().bottom() + 2
        self._line.setGeometry(0, max(0, edge), self.width(), 3)
        self._line.show()
        self._line.raise_()

    def _on_card_dropped(self, is_meant: bool) -> None:
        index = self._index_of_sender()
        self._line.hide()
        target = self._drop_index - (1 if self._drop_index > index else 0)
        if is_meant and index >= 0 and self._drop_index >= 0 and target != index:
            self.moved.emit(index, target)
        self._drop_index = -1
