"""Everything of the catalogue in a real window: chosen as a person chooses it, changed in its form, trained for some steps."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.application import Laboratory
from simulations.core.errors import ShapeError
from simulations.core.params import Hyperparameter, hyperparameters
from simulations.documents.experiment import ExperimentSpec
from simulations.families import load
from simulations.nn.initializers.base import INITIALIZERS
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.base import NETWORK, OPTIMIZERS
from simulations.optimizers.schedules.base import SCHEDULES
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.runtime.messages import Play
from tests.journeys.conftest import Open
from widgets.forms.form import ConfigForm
from widgets.panel import Edit

pytestmark = pytest.mark.journey
load()

_OF_SEQUENCES = ("simple_rnn", "gru", "lstm")
_BEFORE_FLATTEN = {"global_average_pool": 5, "reshape": 5}  # behind which card of the digits' network, if not the first


def _takes_a_row(kind: str) -> bool:
    try:
        LAYERS[kind]().output_shape((16,))
    except ShapeError:
        return False
    return kind != "reshape"


_PLACES = {
    "iris-mlp": {kind: 0 for kind in LAYERS.kinds() if _takes_a_row(kind)},
    "copy-gru": dict.fromkeys(_OF_SEQUENCES, 0),
    "digits-cnn": {
        kind: _BEFORE_FLATTEN.get(kind, 0)
        for kind in LAYERS.kinds()
        if not _takes_a_row(kind) and kind not in _OF_SEQUENCES
    },
}
_TRAINABLE = [one for one in OPTIMIZERS.kinds() if set(OPTIMIZERS[one].needs) <= set(NETWORK)]
_CLASSIFYING = [one for one in LOSSES.kinds() if one != "distillation"]  # which a journey of its own follows


def panel(laboratory: Laboratory, kind: str) -> Any:
    return next(one for one in laboratory.window.panels() if one.kind == kind)


def show(laboratory: Laboratory, spec: ExperimentSpec) -> None:
    laboratory.controller.handle(Edit(spec, "Back"))


def trains(laboratory: Laboratory, qtbot: QtBot) -> None:
    """Wait until the network that is built has taken some steps of its own."""
    spec = laboratory.controller.spec
    laboratory.bridge.send(Play())
    qtbot.waitUntil(
        lambda: laboratory.bridge.snapshot.spec == spec and laboratory.bridge.snapshot.step >= 2, timeout=20_000
    )


def other(declared: Hyperparameter, value: Any) -> Any:
    """Another value of the range than ``value``; None for what is no single number, word or yes and no."""
    if declared.kind == "bool":
        return not value
    if declared.kind in ("choice", "choice_or_int"):
        return next(one for one in declared.choices if one != value)
    if declared.kind == "float":
        wanted = value * 1.5 if declared.scale == "log" and value else (declared.low + declared.high) / 2
        return min(wanted, declared.high) if wanted != value else declared.low
    return value + 1 if declared.kind == "int" and value < declared.high else None


def change_everything(form: ConfigForm) -> None:
    """Give every field of ``form`` another value, as its control would."""
    declared = {one.name: one for one in hyperparameters(form.value())}
    for name in form.fields():
        value = other(declared[name], getattr(form.value(), name))
        if value is not None and declared[name].applies(form.value()) and name != "frozen":
            form.fields()[name].edited.emit(value)
            assert getattr(form.value(), name) == value, name


def add(laboratory: Laboratory, kind: str, after: int) -> Any:
    """Add a layer below the card ``after`` by its name; the new card."""
    build = panel(laboratory, "build")
    QTest.mouseClick(build.cards.cards[after], Qt.MouseButton.LeftButton, pos=QPoint(60, 14))
    build.add.click()
    QTest.keyClicks(build.menu.search, LAYERS.entry(kind).label)
    QTest.keyClick(build.menu.search, Qt.Key.Key_Return)
    assert laboratory.controller.spec.layers[after + 1] == LAYERS[kind]()
    return build.cards.cards[after + 1]


@pytest.mark.parametrize("preset", _PLACES)
def test_every_layer_is_added_from_the_menu_trained_and_changed_in_its_form(
    open_laboratory: Open, qtbot: QtBot, preset: str
) -> None:
    laboratory = open_laboratory(preset)
    start = laboratory.controller.spec
    if preset == "iris-mlp":
        start = dataclasses.replace(start, layers=(LAYERS["flatten"](), LAYERS["flatten"](), *start.layers))
    for kind, after in _PLACES[preset].items():
        is_standardised = start.data.standardise and not LAYERS[kind].reads_tokens
        show(laboratory, dataclasses.replace(start, data=dataclasses.replace(start.data, standardise=is_standardised)))
        card = add(laboratory, kind, after)
        card.set_open(True)
        if preset == "copy-gru":
            card.form.fields()["outputs"].edited.emit("all")
        problem = laboratory.controller.document.description.problem
        assert problem is None, f"{kind}: {problem}"
        trains(laboratory, qtbot)
        change_everything(card.form)


def test_every_loss_optimizer_schedule_and_wrapper_is_chosen_changed_in_its_form_and_trains_on(
    open_laboratory: Open, qtbot: QtBot
) -> None:
    laboratory = open_laboratory("iris-mlp")
    start = laboratory.controller.spec
    form = panel(laboratory, "hyperparameters").form
    for name, registry, kinds in (
        ("loss", LOSSES, _CLASSIFYING),
        ("optimizer", OPTIMIZERS, _TRAINABLE),
        ("schedule", SCHEDULES, SCHEDULES.kinds()),
    ):
        for kind in kinds:
            show(laboratory, start)
            form.fields()[name]._on_activated(registry.kinds().index(kind))
            assert getattr(laboratory.controller.spec, name).kind == kind
            change_everything(form.fields()[name].form)
            trains(laboratory, qtbot)
    for kind in WRAPPERS.kinds():
        show(laboratory, start)
        form.fields()["wrappers"]._on_kind_chosen(kind)
        assert [one.kind for one in laboratory.controller.spec.wrappers] == [kind]
        trains(laboratory, qtbot)


def test_every_initialiser_is_chosen_on_a_card_and_trained(open_laboratory: Open, qtbot: QtBot) -> None:
    laboratory = open_laboratory("iris-mlp")
    start = laboratory.controller.spec
    for kind in INITIALIZERS.kinds():
        show(laboratory, start)
        card = panel(laboratory, "build").cards.cards[0]
        card.set_open(True)
        card.form.fields()["initializer"]._on_activated(INITIALIZERS.kinds().index(kind))
        assert laboratory.controller.spec.layers[0].initializer == INITIALIZERS[kind]()
        change_everything(card.form.fields()["initializer"].form)
        trains(laboratory, qtbot)
