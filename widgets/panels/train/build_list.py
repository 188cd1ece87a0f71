"""The layers' cards in their order: a card stays with its layer across edits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from PySide6.QtCore import Signal

from simulations.nn.layers.base import Layer
from widgets.forms.card_column import CardColumn
from widgets.panels.train.build_card import CardText, LayerCard


@final
class CardList(CardColumn[LayerCard]):
    """Wishes also ``freezing(i)``, ``replacing(i)`` and ``edited(i, layer)``."""

    freezing = Signal(int)
    replacing = Signal(int)
    edited = Signal(int, object)

    def show_layers(self, layers: Sequence[Layer], texts: Sequence[CardText]) -> None:
        """Show ``layers``. A card stays with its layer when others come, go or move, and with its place when its own layer
        is edited; so selection and open forms stay where they are."""
        cards = self._matched(layers)
        for card, layer, text in zip(cards, layers, texts, strict=True):
            card.show_layer(layer, text)
        self.put(cards)

    def on_asked(self, index: int, wish: str) -> None:
        if wish == "freeze":
            self.freezing.emit(index)
        elif wish == "replace":
            self.replacing.emit(index)

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
        self.connect_card(card)
        card.edited.connect(self._on_card_edited)
        return card

    def _on_card_edited(self, layer: object) -> None:
        self.edited.emit(self.index_of_sender(), layer)
