"""The Hyperparameters panel: edits are live, one drag is one undo step, and what is shown is in force."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from simulations.core.errors import ShapeError
from simulations.data.scaler import Scaler
from simulations.documents.changes import changes, effect_of
from simulations.documents.presets import load_preset
from simulations.families import load
from simulations.nn.description import Description, Problem, describe
from simulations.nn.losses.base import LOSSES
from simulations.nn.network import Network
from simulations.nn.teacher import Teacher
from simulations.optimizers.base import OPTIMIZERS
from widgets.forms.numbers_field import parse_numbers
from widgets.panel import Document, Edit
from widgets.panels.train.hyperparameters import HyperparametersPanel
from widgets.theme import Look

load()
SPEC = load_preset("digits-cnn").spec


def document(spec, problem=None) -> Document:
    if problem is not None:
        return Document(spec, Description((), problem))
    return Document(spec, describe(spec.layers, spec.data.source.input_shape))


def with_rate(rate: float):
    return dataclasses.replace(SPEC, optimizer=dataclasses.replace(SPEC.optimizer, learning_rate=rate))


def snapshot(spec):
    return SimpleNamespace(spec=spec)


@pytest.fixture
def panel(qtbot) -> HyperparametersPanel:
    panel = HyperparametersPanel(Look())
    qtbot.addWidget(panel)
    panel.resize(280, 700)
    panel.show_document(document(SPEC))
    panel.show()
    panel.activateWindow()
    QApplication.processEvents()
    return panel


def rate(panel):
    return panel.form.fields()["optimizer"].form.fields()["learning_rate"].control


def test_dragging_the_learning_rate_sends_live_edits_with_one_merge_key(panel):
    wishes: list = []
    panel.commandRequested.connect(wishes.append)
    bar = rate(panel).slider
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(6, bar.height() // 2))
    for x in range(10, bar.width() - 4, 6):
        QTest.mouseMove(bar, QPoint(x, bar.height() // 2))
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() - 4, bar.height() // 2))
    assert len(wishes) >= 2  # at once, once a frame, and when it is let go
    assert all(isinstance(wish, Edit) for wish in wishes)
    (merge,) = {wish.merge for wish in wishes}
    assert merge.startswith("optimizer.learning_rate ")
    assert {wish.text for wish in wishes} == {"Learning rate"}
    assert {effect_of(changes(SPEC, wish.spec)) for wish in wishes} <= {"live", None}
    assert wishes[-1].spec.optimizer.learning_rate == rate(panel).value()


def test_every_field_is_live(panel):
    wishes: list = []
    panel.commandRequested.connect(wishes.append)
    for name in ("batch_size", "l2"):
        control = panel.form.fields()[name].control
        control.slider.setFocus()
        QTest.keyClick(control.slider, Qt.Key.Key_Right)
    combo = panel.form.fields()["optimizer"].combo
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    assert len(wishes) == 3 - (OPTIMIZERS.kinds()[0] == SPEC.optimizer.kind)
    assert all(effect_of(changes(SPEC, wish.spec)) == "live" for wish in wishes)


def test_l2_can_be_taken_back_to_exactly_zero(panel):
    wishes: list = []
    panel.commandRequested.connect(wishes.append)
    slider = panel.form.fields()["l2"].control.slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert wishes[-1].spec.l2 == 0.0


def test_the_value_in_force_is_shown(panel):
    panel.show_document(document(with_rate(0.5)))
    panel.render(snapshot(with_rate(0.5)))
    assert rate(panel).value() == 0.5


def test_an_edit_is_not_taken_back_by_a_snapshot_that_is_older(panel):
    panel.show_document(document(with_rate(0.5)))
    panel.render(snapshot(SPEC))
    assert rate(panel).value() == 0.5


def test_what_never_comes_into_force_gives_way_and_says_why(panel):
    problem = Problem(0, ShapeError("no"))
    panel.show_document(document(with_rate(0.5), problem))
    for _ in range(70):
        panel.render(snapshot(SPEC))
    assert rate(panel).value() == SPEC.optimizer.learning_rate
    assert panel.waiting.isVisible()
    panel.show_document(document(with_rate(0.25), problem))
    assert panel.waiting.isVisible(), "another edit of what cannot be built changes nothing of that"
    panel.render(snapshot(SPEC))
    assert rate(panel).value() == SPEC.optimizer.learning_rate
    panel.show_document(document(SPEC))
    assert not panel.waiting.isVisible()


def test_a_snapshot_leaves_a_held_slider_alone(panel):
    bar = rate(panel).slider
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() - 6, bar.height() // 2))
    held = rate(panel).value()
    for _ in range(70):
        panel.render(snapshot(with_rate(1e-5)))
    assert rate(panel).value() == held
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() - 6, bar.height() // 2))


def test_rendering_emits_nothing(panel):
    wishes: list = []
    panel.commandRequested.connect(wishes.append)
    for value in (0.1, 0.2, 0.3):
        panel.show_document(document(with_rate(value)))
        panel.render(snapshot(with_rate(value)))
    assert wishes == []


def test_methods_a_network_refuses_are_shown_disabled_with_the_reason(panel):
    combo = panel.form.fields()["optimizer"].combo
    refused = [OPTIMIZERS.kinds()[i] for i in range(combo.count()) if not combo.model().item(i).isEnabled()]
    assert set(refused) == {"newton", "damped_newton", "saddle_free_newton", "bfgs", "nelder_mead"}
    tip = combo.itemData(OPTIMIZERS.kinds().index("newton"), Qt.ItemDataRole.ToolTipRole)
    assert "needs the Hessian, which a network does not offer" in tip
    few = dataclasses.replace(SPEC, layers=(SPEC.layers[-2], dataclasses.replace(SPEC.layers[-1], units=1)))
    panel.show_document(document(few))
    assert combo.model().item(OPTIMIZERS.kinds().index("bfgs")).isEnabled(), "65 parameters are few enough"
    assert not combo.model().item(OPTIMIZERS.kinds().index("newton")).isEnabled()


def test_wrappers_are_added_moved_and_removed_live(panel):
    wishes: list = []
    panel.commandRequested.connect(wishes.append)
    stack = panel.form.fields()["wrappers"]
    for word in ("sam", "moving average"):
        QTest.mouseClick(stack.add, Qt.MouseButton.LeftButton)
        stack.menu.search.setText(word)
        QTest.keyClick(stack.menu.search, Qt.Key.Key_Return)
        panel.show_document(document(wishes[-1].spec))
    assert [one.kind for one in wishes[-1].spec.wrappers] == ["sam", "ema"]
    assert [row.name.text() for row in stack.rows] == ["SAM", "EMA of weights"]
    QTest.mouseClick(stack.rows[0].tools["down"], Qt.MouseButton.LeftButton)
    assert [one.kind for one in wishes[-1].spec.wrappers] == ["ema", "sam"]
    QTest.mouseClick(stack.rows[0].tools["remove"], Qt.MouseButton.LeftButton)
    assert [one.kind for one in wishes[-1].spec.wrappers] == ["sam"]
    QTest.mouseClick(stack.rows[0].name, Qt.MouseButton.LeftButton)
    stack.rows[0].body.fields()["radius"].control.edited.emit(0.2)
    assert wishes[-1].spec.wrappers[0].radius == 0.2
    assert (wishes[-1].merge, wishes[-1].text) == ("wrappers[0].radius", "Radius ρ")
    assert {effect_of(changes(SPEC, wish.spec)) for wish in wishes} == {"live"}


def refused_losses(panel):
    combo = panel.form.fields()["loss"].combo
    items = [combo.model().item(i) for i in range(combo.count())]
    return {LOSSES.kinds()[i]: item.toolTip() for i, item in enumerate(items) if not item.isEnabled()}


def test_losses_the_data_do_not_suit_are_shown_disabled_with_the_reason(panel):
    assert set(refused_losses(panel)) == {"distillation"}
    assert "Keep this network as the teacher" in refused_losses(panel)["distillation"]


def test_a_teacher_is_named_and_makes_distillation_possible(panel):
    network = Network(SPEC.layers, (8, 8, 1))
    teacher = Teacher.of(network, network.theta, Scaler(np.zeros(1), np.ones(1)), name="digits-cnn", step=540)
    panel.show_document(document(dataclasses.replace(SPEC, teacher=teacher)))
    assert refused_losses(panel) == {}
    assert panel.teacher.text() == "Teacher: digits-cnn, as of step 540"
    assert panel.teacher.isVisible()


def test_class_weights_are_typed_as_a_list(panel):
    wishes: list = []
    panel.commandRequested.connect(wishes.append)
    panel.form.fields()["loss"].form.fields()["class_weights"]._on_activated(2)
    spec = wishes[-1].spec
    panel.show_document(document(spec))
    line = panel.form.fields()["loss"].form.fields()["class_weights"].form.fields()["weights"].line
    line.setFocus()
    QTest.keyClicks(line, "1, 2;0.5")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert wishes[-1].spec.loss.class_weights.weights == (1.0, 2.0, 0.5)
    assert effect_of(changes(SPEC, wishes[-1].spec)) == "live"
    QTest.keyClicks(line, ", x")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert wishes[-1].spec.loss.class_weights.weights == (1.0, 2.0, 0.5)
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "1, 2, 0.5"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("", ()), ("1 2", (1, 2)), ("１，２；0.5、3", (1, 2, 0.5, 3)), ("1, x", None), ("1e-3,-2", (0.001, -2))],
)
def test_a_list_of_numbers_is_read_as_people_write_one(text, numbers):
    assert parse_numbers(text) == numbers
