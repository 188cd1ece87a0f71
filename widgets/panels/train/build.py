"""The Build panel: the network as a list of cards that can be added, moved, opened and removed while the old one runs."""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal, final

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QVBoxLayout, QWidget

from simulations.core.arrays import Shape
from simulations.core.text import N_
from simulations.data.base import DATA_SOURCES
from simulations.documents.experiment import replace_layer
from simulations.nn.layers.base import LAYERS, Layer
from simulations.nn.layers.trainable import Trainable
from simulations.nn.losses.base import LOSSES
from simulations.runtime.messages import Snapshot
from widgets.forms.card_tools import CardTools
from widgets.forms.controls import Button
from widgets.forms.entry_menu import EntryMenu
from widgets.forms.note import Note
from widgets.forms.scroll import FormScroll
from widgets.numbers import format_count
from widgets.panel import PANELS, Document, Edit, Panel
from widgets.panels.train.build_card import CardText
from widgets.panels.train.build_list import CardList
from widgets.panels.train.layer_edits import changed_into, place_for_new
from widgets.text import _, ngettext, sentence
from widgets.theme import Look


@PANELS.register(
    "build",
    label=N_("Build"),
    summary=N_(
        "The network, layer by layer: what each one makes of its input, how many numbers it learns, what it costs."
    ),
)
@final
class BuildPanel(Panel):
    """Shows the document. Every change is an :class:`Edit`; whether it can be built, the document says."""

    area: ClassVar[Literal["left", "center", "right", "top"]] = "left"
    icon: ClassVar[str] = "build"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._document: Document | None = None
        self._has_run = False
        self._select_next: int | None = None
        self._replaced: int | None = None  # the layer in whose place the next chosen kind comes
        self.source = Note(look, parent=self)
        self.cards = CardList(look, self)
        self.add = Button(self)
        self.totals = Note(look, parent=self)
        self.note = Note(look, parent=self)
        self.menu = EntryMenu(look, LAYERS, self)
        self._tools = CardTools(look, ("up", "down", "duplicate", "remove"), self)
        self._arrange()
        self._connect()
        self.retranslate()
        self.retheme()

    def _arrange(self) -> None:
        self._scroll = FormScroll(self)
        for widget in (self.source, self.cards, self.add, self.totals, self.note):
            self._scroll.column.addWidget(widget)
        self._scroll.column.addStretch(1)
        self._scroll.column.setContentsMargins(8, 8, 8, 8)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def _connect(self) -> None:
        self.add.clicked.connect(self._on_add_clicked)
        self.menu.chosen.connect(self._on_kind_chosen)
        self.cards.moved.connect(self._on_moved)
        self.cards.removed.connect(self._on_removed)
        self.cards.duplicated.connect(self._on_duplicated)
        self.cards.freezing.connect(self._on_freezing)
        self.cards.replacing.connect(self._on_replacing)
        self.cards.edited.connect(self._on_layer_edited)
        self.cards.selected.connect(self._on_selected)
        self._tools.clicked.connect(self._on_tool_clicked)

    def show_document(self, document: Document) -> None:
        is_another = self._document is not None and self._document.spec.name != document.spec.name
        self._document = document
        self._show()
        if is_another:  # nothing of it was chosen, and one looks at its beginning first
            self.cards.select(-1)
            self._scroll.verticalScrollBar().setValue(0)
        if self._select_next is not None:
            self.cards.select(self._select_next, focus=True)
            self._select_next = None
            chosen = self.cards.selected_index()
            if chosen >= 0:
                self._scroll.reveal(self.cards.cards[chosen])
        self._on_selected(self.cards.selected_index())

    def render(self, snapshot: Snapshot) -> None:  # type: ignore[override]
        if not self._has_run:
            self._has_run = True
            self._show()

    def header_widgets(self) -> tuple[QWidget, ...]:
        return self._tools.buttons()

    def retranslate(self) -> None:
        self.add.setText(_("+ layer"))
        self.add.setToolTip(_("Add a layer after the selected one."))
        self.note.setText(
            _(
                "Freezing, methods and rates act at the next step. Any other change starts a new run; the old one stays "
                "as a ghost."
            )
        )
        words = {
            "up": _("Move the layer up (Alt+↑)"),
            "down": _("Move the layer down (Alt+↓)"),
            "duplicate": _("Duplicate the layer (Ctrl+D)"),
            "remove": _("Remove the layer (Del)"),
        }
        self._tools.say(words)
        self._show()

    def retheme(self) -> None:
        self._tools.retheme()

    # ---- showing -----------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        if self._document is None:
            return
        spec, description = self._document.spec, self._document.description
        source = spec.data.source
        name = _(DATA_SOURCES.entry(source.kind).label)
        self.source.setText(_("{name} → {shape}").format(name=name, shape=shape_text(source.input_shape)))
        self.cards.show_layers(spec.layers, card_texts(self._document))
        loss = _("Loss: {name}").format(name=_(LOSSES.entry(spec.loss.kind).label))
        problem = description.problem
        if problem is not None and problem.layer_index is None:
            self.totals.setText(f"{loss}\n✕ {sentence(problem.error)}")
        elif problem is not None and self._has_run:
            self.totals.setText(_("{loss}\nThis network cannot be built; the old one runs on.").format(loss=loss))
        elif problem is not None:
            self.totals.setText(_("{loss}\nThis network cannot be built yet.").format(loss=loss))
        else:
            total = counts_text(description.parameter_count, description.multiply_adds)
            self.totals.setText(_("{loss}\nTotal: {counts} per sample").format(loss=loss, counts=total))

    def _on_selected(self, index: int) -> None:
        last = len(self.cards.cards) - 1
        chosen = index >= 0
        self._tools.enable({"up": index > 0, "down": 0 <= index < last, "duplicate": chosen, "remove": chosen})

    # ---- wishing -----------------------------------------------------------------------------------------------------

    def _wish(self, layers: tuple[Layer, ...], text: str, select: int) -> None:
        if self._document is not None:
            self._select_next = select
            self.commandRequested.emit(Edit(dataclasses.replace(self._document.spec, layers=layers), text))

    def _layers(self) -> tuple[Layer, ...]:
        return self._document.spec.layers if self._document is not None else ()

    def _on_add_clicked(self) -> None:
        self._replaced = None
        self.menu.open_at(self.add.mapToGlobal(QPoint(0, self.add.height() + 2)))

    def _on_replacing(self, index: int) -> None:
        self._replaced = index
        card = self.cards.cards[index]
        self.menu.open_at(card.mapToGlobal(QPoint(self.look.theme.px(14), self.look.theme.px(24))))

    def _on_kind_chosen(self, kind: str) -> None:
        layers = self._layers()
        if self._replaced is not None:
            at, self._replaced = self._replaced, None
            changed = (*layers[:at], changed_into(layers[at], kind), *layers[at + 1 :])
            self._wish(changed, N_("Change a layer into another"), at)
            return
        at = place_for_new(layers, self.cards.selected_index())
        self._wish((*layers[:at], LAYERS[kind](), *layers[at:]), N_("Add a layer"), at)

    def _on_moved(self, index: int, target: int) -> None:
        layers = list(self._layers())
        layers.insert(target, layers.pop(index))
        self._wish(tuple(layers), N_("Move a layer"), target)

    def _on_removed(self, index: int) -> None:
        layers = self._layers()
        self._wish((*layers[:index], *layers[index + 1 :]), N_("Remove a layer"), min(index, len(layers) - 2))

    def _on_duplicated(self, index: int) -> None:
        layers = self._layers()
        copy = dataclasses.replace(layers[index])
        self._wish((*layers[: index + 1], copy, *layers[index + 1 :]), N_("Duplicate a layer"), index + 1)

    def _on_freezing(self, index: int) -> None:
        layer = self._layers()[index]
        if self._document is not None and isinstance(layer, Trainable):
            spec = replace_layer(self._document.spec, index, dataclasses.replace(layer, frozen=not layer.frozen))
            self.commandRequested.emit(Edit(spec, N_("Free a layer") if layer.frozen else N_("Freeze a layer")))

    def _on_layer_edited(self, index: int, layer: Layer) -> None:
        form = self.cards.cards[index].form
        if self._document is not None and form is not None:
            spec = replace_layer(self._document.spec, index, layer)
            self.commandRequested.emit(Edit(spec, form.last_label, f"layers[{index}].{form.last_key}"))

    def _on_tool_clicked(self, name: str) -> None:
        index = self.cards.selected_index()
        if name in ("up", "down"):
            self.cards.wish_move(index, -1 if name == "up" else 1)
        elif name == "duplicate":
            self._on_duplicated(index)
        elif name == "remove":
            self._on_removed(index)


def shape_text(shape: Shape) -> str:
    """``(8, 8, 1)`` as ``8×8×1``."""
    return "×".join(str(size) for size in shape)


def counts_text(parameters: int, multiply_adds: int) -> str:
    """What a layer or a network learns and costs, in words."""
    texts = [ngettext("{count} parameter", "{count} parameters", parameters).format(count=format_count(parameters))]
    if multiply_adds:
        text = ngettext("{count} multiply-add", "{count} multiply-adds", multiply_adds)
        texts.append(text.format(count=format_count(multiply_adds)))
    return " · ".join(text.replace(" ", "\u00a0") for text in texts)


def card_texts(document: Document) -> tuple[CardText, ...]:
    """What every card says: shapes and counts as far as the layers fit, then the reason, then silence."""
    description, ordinals = document.description, dict[str, int]()
    texts: list[CardText] = []
    problem = description.problem
    for index, layer in enumerate(document.spec.layers):
        ordinals[layer.kind] = ordinal = ordinals.get(layer.kind, 0) + 1
        title = _("{label} {ordinal}").format(label=_(LAYERS.entry(layer.kind).label), ordinal=ordinal)
        reason = sentence(problem.error) if problem is not None and problem.layer_index == index else ""
        if index < len(description.layers):
            info = description.layers[index]
            detail = counts_text(info.parameter_count, info.multiply_adds)
            texts.append(
                CardText(title, shape_text(info.output_shape), detail, reason, parameters=info.parameter_count)
            )
        elif reason:
            texts.append(CardText(title, "", _("does not fit"), reason))
        else:
            texts.append(CardText(title, "", _("not reached"), is_reached=False))
    return tuple(texts)
