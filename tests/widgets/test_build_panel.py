"""The Build panel: cards say what layers do, and every gesture is one edit."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from simulations.documents.changes import changes, effect_of
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.presets import load_preset
from simulations.families import load
from simulations.nn.description import describe
from simulations.nn.layers.base import LAYERS
from simulations.nn.layers.trainable import Trainable
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.methods import METHODS
from widgets.panel import Document, Edit
from widgets.panels.train.build import BuildPanel
from widgets.panels.train.build_card import LayerCard
from widgets.panels.train.layer_edits import changed_into, place_for_new
from widgets.theme import DARK, Look

load()
CNN = load_preset("digits-cnn").spec
N = len(CNN.layers)


def document(spec: ExperimentSpec) -> Document:
    source = spec.data.source
    return Document(spec, describe(spec.layers, source.input_shape, spec.loss, source.targets))


class Desk:
    """A panel and what a controller would do with its wishes: show the edited document at once."""

    def __init__(self, panel: BuildPanel, spec: ExperimentSpec) -> None:
        self.panel = panel
        self.edits: list[Edit] = []
        panel.commandRequested.connect(self.on_wish)
        self.show(spec)

    def on_wish(self, wish: object) -> None:
        assert isinstance(wish, Edit)
        self.edits.append(wish)
        self.show(wish.spec)

    def show(self, spec: ExperimentSpec) -> None:
        self.spec = spec
        self.panel.show_document(document(spec))
        QApplication.processEvents()

    @property
    def cards(self):
        return self.panel.cards.cards

    def kinds(self) -> list[str]:
        return [layer.kind for layer in self.spec.layers]


def is_in_sight(desk: Desk, card: LayerCard) -> bool:
    viewport = desk.panel._scroll.viewport()
    return viewport.rect().contains(card.mapTo(viewport, card.rect().center()))


@pytest.fixture
def desk(qtbot) -> Desk:
    panel = BuildPanel(Look())
    qtbot.addWidget(panel)
    desk = Desk(panel, CNN)
    panel.resize(280, 900)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    return desk


def header(card) -> QPoint:
    return QPoint(60, 14)


def test_of_another_experiment_nothing_is_chosen(desk: Desk) -> None:
    desk.panel.cards.select(2)
    desk.show(dataclasses.replace(CNN, l2=0.5))
    assert desk.panel.cards.selected_index() == 2, "it is the same experiment still"
    desk.show(load_preset("digits-mlp").spec)
    assert desk.panel.cards.selected_index() == -1


def test_a_card_says_name_shape_parameters_and_multiply_adds(desk):
    infos = describe(CNN.layers, CNN.data.source.input_shape).layers
    for card, info in zip(desk.cards, infos, strict=True):
        assert card.text.shape == "×".join(map(str, info.output_shape))
        digits = "".join(one for one in card.text.detail.split("param")[0] if one.isdigit())
        assert int(digits) == info.parameter_count
    assert desk.cards[0].text.title == "Conv 2D 1"
    assert desk.cards[3].text.title == "Conv 2D 2"
    assert "multiply-adds" in desk.cards[0].text.detail.replace("\u00a0", " ")


def test_alt_arrows_move_the_selected_card_and_the_selection_goes_with_it(desk):
    QTest.mouseClick(desk.cards[1], Qt.MouseButton.LeftButton, pos=header(desk.cards[1]))
    moved = desk.cards[1]
    QTest.keyClick(moved, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert desk.kinds()[:3] == ["conv2d", CNN.layers[2].kind, CNN.layers[1].kind]
    assert desk.cards[2] is moved
    assert moved.is_selected
    assert moved.hasFocus()
    QTest.keyClick(moved, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert desk.spec == CNN


def test_dragging_a_card_drops_it_where_the_line_is(desk):
    card, target = desk.cards[0], desk.cards[2]
    QTest.mousePress(card, Qt.MouseButton.LeftButton, pos=header(card))
    below = card.mapFromGlobal(target.mapToGlobal(QPoint(60, target.height() - 2)))
    for step in range(1, 6):
        QTest.mouseMove(card, QPoint(60, 14 + (below.y() - 14) * step // 5))
    assert desk.edits == []
    QTest.mouseRelease(card, Qt.MouseButton.LeftButton, pos=below)
    assert [layer.kind for layer in desk.spec.layers[:3]] == [layer.kind for layer in (*CNN.layers[1:3], CNN.layers[0])]
    assert len(desk.edits) == 1
    assert desk.cards[2] is card


def test_escape_lets_a_dragged_card_go_home(desk):
    card = desk.cards[0]
    QTest.mousePress(card, Qt.MouseButton.LeftButton, pos=header(card))
    QTest.mouseMove(card, QPoint(60, 200))
    QTest.mouseMove(card, QPoint(60, 220))
    QTest.keyClick(card, Qt.Key.Key_Escape)
    QTest.mouseRelease(card, Qt.MouseButton.LeftButton, pos=QPoint(60, 220))
    assert desk.edits == []


def test_a_copied_layer_comes_into_sight(desk):
    desk.panel.resize(300, 320)
    QApplication.processEvents()
    last = N - 1
    for _ in range(3):
        desk.panel._on_duplicated(last)
        last += 1
        assert desk.panel.cards.selected_index() == last
        assert is_in_sight(desk, desk.cards[last])


def test_delete_and_duplicate_by_key(desk):
    QTest.mouseClick(desk.cards[1], Qt.MouseButton.LeftButton, pos=header(desk.cards[1]))
    QTest.keyClick(desk.cards[1], Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert desk.spec.layers == (*CNN.layers[:2], CNN.layers[1], *CNN.layers[2:])
    assert desk.panel.cards.selected_index() == 2
    QTest.keyClick(desk.cards[2], Qt.Key.Key_Delete)
    assert desk.spec == CNN
    assert [edit.text for edit in desk.edits] == ["Duplicate a layer", "Remove a layer"]


def test_the_header_buttons_do_what_the_keys_do(desk):
    up, down, duplicate, remove = desk.panel.header_widgets()
    assert not any(button.isEnabled() for button in (up, down, duplicate, remove))
    QTest.mouseClick(desk.cards[0], Qt.MouseButton.LeftButton, pos=header(desk.cards[0]))
    assert [button.isEnabled() for button in (up, down, duplicate, remove)] == [False, True, True, True]
    remove.click()
    assert desk.spec.layers == CNN.layers[1:]


def test_the_search_finds_a_layer_and_enter_adds_it_after_the_selected_one(desk):
    QTest.mouseClick(desk.cards[0], Qt.MouseButton.LeftButton, pos=header(desk.cards[0]))
    QTest.mouseClick(desk.panel.add, Qt.MouseButton.LeftButton)
    menu = desk.panel.menu
    assert menu.isVisible()
    QTest.keyClicks(menu.search, "dropout")
    QTest.keyClick(menu.search, Qt.Key.Key_Return)
    assert not menu.isVisible()
    assert desk.kinds()[:2] == ["conv2d", "dropout"]
    assert desk.spec.layers[1] == LAYERS["dropout"]()
    assert desk.panel.cards.selected_index() == 1


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("relu", "relu"), ("Sigmoid", "sigmoid"), ("dropout", "dropout"), ("soft", "softplus"), ("norm", "batch_norm")],
)
def test_what_is_called_exactly_as_typed_is_found_before_what_only_holds_the_word(desk, typed, kind):
    QTest.mouseClick(desk.cards[0], Qt.MouseButton.LeftButton, pos=header(desk.cards[0]))
    desk.panel.add.click()
    QTest.keyClicks(desk.panel.menu.search, typed)
    QTest.keyClick(desk.panel.menu.search, Qt.Key.Key_Return)
    assert desk.kinds()[1] == kind


def test_arrow_keys_choose_in_the_list(desk):
    desk.panel.add.click()
    menu = desk.panel.menu
    QTest.keyClick(menu.search, Qt.Key.Key_Down)
    QTest.keyClick(menu.search, Qt.Key.Key_Return)
    assert desk.kinds()[N - 1] == LAYERS.kinds()[1]
    assert desk.kinds()[N] == "dense"


@pytest.mark.parametrize(("selected", "expected"), [(-1, N - 1), (0, 1), (N - 1, N - 1)])
def test_a_new_layer_stays_before_the_layer_of_the_outputs(selected, expected):
    assert place_for_new(CNN.layers, selected) == expected


def test_a_new_layer_without_an_output_layer_goes_to_the_end():
    assert place_for_new((), -1) == 0
    assert place_for_new((LAYERS["relu"](),), 0) == 1


def test_an_impossible_layer_says_why_and_the_rest_is_not_reached(desk):
    flatten = desk.kinds().index("flatten")
    layers = (*CNN.layers[:flatten], *CNN.layers[flatten + 1 :])
    desk.show(dataclasses.replace(CNN, layers=layers))
    assert "flatten" in desk.cards[flatten].reason.text()
    assert desk.cards[flatten].reason.isVisible()
    assert all(not card.reason.isVisible() for card in desk.cards[:flatten])
    assert all(not card.text.is_reached for card in desk.cards[flatten + 1 :])
    desk.show(CNN)
    assert all(not card.reason.isVisible() and card.text.is_reached for card in desk.cards)


def test_too_few_outputs_are_said_on_the_last_card(desk):
    desk.show(dataclasses.replace(CNN, layers=(*CNN.layers[:-1], LAYERS["dense"](units=3))))
    assert desk.cards[-1].reason.isVisible()
    assert "10" in desk.cards[-1].reason.text()


def test_an_old_network_runs_on_only_where_one_ran(desk):
    desk.show(dataclasses.replace(CNN, layers=CNN.layers[1:-1]))
    assert "cannot be built" in desk.panel.totals.text()
    assert "runs on" not in desk.panel.totals.text()
    desk.panel.render(None)  # whatever it shows, there is a network
    assert "runs on" in desk.panel.totals.text()


def test_editing_an_open_card_changes_that_layer_and_keeps_every_widget(desk):
    card = desk.cards[0]
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=header(card))
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert card.is_open
    QApplication.processEvents()
    before = list(desk.cards)
    slider = next(field for field in card.form.fields().values() if hasattr(field.control, "slider")).control
    bar = slider.slider
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(4, bar.height() // 2))
    for x in range(8, bar.width() - 4, 10):
        QTest.mouseMove(bar, QPoint(x, bar.height() // 2))
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() - 4, bar.height() // 2))
    assert len(desk.edits) >= 2  # at once, once a frame, and when it is let go
    assert len({edit.merge for edit in desk.edits}) == 1
    assert desk.edits[0].merge.startswith("layers[0].")
    assert list(desk.cards) == before
    assert card.is_open
    assert desk.spec.layers[1:] == CNN.layers[1:]


def test_an_open_card_stays_open_when_another_is_removed_above_it(desk):
    card = desk.cards[3]
    card.set_open(True)
    desk.show(dataclasses.replace(CNN, layers=CNN.layers[1:]))
    assert desk.cards[2] is card
    assert card.is_open


def test_undoing_an_edit_keeps_the_cards(desk):
    before = list(desk.cards)
    changed = dataclasses.replace(CNN.layers[-1], initializer=LAYERS["dense"]().initializer)
    desk.show(dataclasses.replace(CNN, layers=(*CNN.layers[:-1], changed)))
    desk.show(CNN)
    assert list(desk.cards) == before


@pytest.mark.parametrize("index", [0, 1, N - 1])
def test_the_selection_stays_in_the_place_of_a_card_that_an_undo_takes_away(desk, index):
    wrong = (*CNN.layers[:index], LAYERS["identity"](), *CNN.layers[index + 1 :])
    desk.show(dataclasses.replace(CNN, layers=wrong))
    desk.panel.cards.select(index, focus=True)
    desk.show(CNN)
    assert desk.panel.cards.selected_index() == index
    assert desk.cards[index].hasFocus()
    assert [card.is_selected for card in desk.cards] == [at == index for at in range(N)]


def test_up_and_down_walk_through_the_cards(desk):
    desk.panel.cards.select(0, focus=True)
    QTest.keyClick(desk.cards[0], Qt.Key.Key_Down)
    assert desk.cards[1].hasFocus()
    QTest.keyClick(desk.cards[1], Qt.Key.Key_Up)
    assert desk.cards[0].hasFocus()


def test_an_empty_network_is_said_and_can_be_filled(desk):
    desk.show(dataclasses.replace(CNN, layers=()))
    assert desk.cards == []
    desk.panel.menu.chosen.emit("flatten")
    assert desk.kinds() == ["flatten"]


def test_the_totals_add_up_and_the_looks_change_in_place(desk):
    total = describe(CNN.layers, CNN.data.source.input_shape).parameter_count
    digits = desk.panel.totals.text().split("param")[0].split(":")[-1]
    assert int("".join(one for one in digits if one.isdigit())) == total
    desk.panel.look.set_theme(DARK)
    assert not desk.panel.grab().isNull()


def trained(desk, index):
    layer = desk.spec.layers[index]
    return layer.frozen, layer.method


def test_a_layer_with_parameters_has_a_lock_that_freezes_it_live(desk):
    locks = [card.lock.isVisible() for card in desk.cards]
    assert locks == [isinstance(layer, Trainable) for layer in desk.spec.layers]
    before = desk.spec
    QTest.mouseClick(desk.cards[0].lock, Qt.MouseButton.LeftButton)
    assert desk.spec.layers[0].frozen
    assert effect_of(changes(before, desk.spec)) == "live"
    assert desk.edits[-1].text == "Freeze a layer"
    assert "frozen" in desk.cards[0].lock.accessibleName()
    desk.cards[0].setFocus()
    QTest.keyClick(desk.cards[0], Qt.Key.Key_L)
    assert desk.spec == before
    assert desk.edits[-1].text == "Free a layer"
    relu = next(i for i, layer in enumerate(desk.spec.layers) if layer.kind == "relu")
    count = len(desk.edits)
    QTest.keyClick(desk.cards[relu], Qt.Key.Key_L)
    assert len(desk.edits) == count, "a layer without parameters has nothing to freeze"


def test_what_is_said_of_a_layer_goes_with_it(desk):
    QTest.mouseClick(desk.cards[0].lock, Qt.MouseButton.LeftButton)
    method = METHODS["own"](OPTIMIZERS["adam"]())
    layers = (dataclasses.replace(desk.spec.layers[0], method=method), *desk.spec.layers[1:])
    desk.show(dataclasses.replace(desk.spec, layers=layers))
    desk.panel._on_duplicated(0)
    assert trained(desk, 0) == trained(desk, 1) == (True, method)
    desk.panel._on_moved(1, 2)
    assert trained(desk, 2) == (True, method)
    desk.panel._on_removed(0)
    assert trained(desk, 1) == (True, method)
    assert sum(getattr(layer, "frozen", False) for layer in desk.spec.layers) == 1


def test_a_cards_form_sets_rate_and_method_and_refuses_what_a_layer_cannot_use(desk):
    desk.cards[0].set_open(True)
    fields = desk.cards[0].form.fields()
    assert list(fields)[-2:] == ["frozen", "method"]
    fields["method"].form.fields()["rate_factor"].control.edited.emit(0.1)
    assert desk.spec.layers[0].method.rate_factor == 0.1
    assert (desk.edits[-1].text, desk.edits[-1].merge) == ("Rate factor", "layers[0].method.rate_factor")
    fields["method"]._on_activated(METHODS.kinds().index("own"))
    combo = fields["method"].form.fields()["optimizer"].combo
    assert not combo.model().item(OPTIMIZERS.kinds().index("newton")).isEnabled()
    assert combo.model().item(OPTIMIZERS.kinds().index("bfgs")).isEnabled(), "80 parameters are few enough"
    assert {effect_of(changes(CNN, edit.spec)) for edit in desk.edits} == {"live"}


def test_the_menu_of_a_card_offers_every_gesture(qtbot) -> None:
    panel = BuildPanel(Look(DARK))
    qtbot.addWidget(panel)
    desk = Desk(panel, CNN)
    wishes = {action.text(): action for action in desk.cards[1].menu().actions()}
    wishes["Duplicate"].trigger()
    assert desk.edits[-1].text == "Duplicate a layer"
    wishes = {action.text(): action for action in desk.cards[2].menu().actions()}
    wishes["Remove"].trigger()
    assert desk.spec.layers == CNN.layers


def test_a_layer_becomes_another_in_its_place(qtbot) -> None:
    panel = BuildPanel(Look(DARK))
    qtbot.addWidget(panel)
    desk = Desk(panel, CNN)
    desk.cards[1].asked.emit("replace")
    panel.menu.chosen.emit("gelu")
    assert desk.kinds() == ["conv2d", "gelu", *[layer.kind for layer in CNN.layers[2:]]]
    panel.menu.hide()
    panel.add.click()
    panel.menu.chosen.emit("relu")
    panel.menu.hide()
    assert len(desk.spec.layers) == N + 1


def test_what_both_kinds_have_stays() -> None:
    dense = LAYERS["dense"](units=7)
    assert changed_into(dense, "lstm").units == 7
    assert changed_into(LAYERS["relu"](), "dense") == LAYERS["dense"]()
