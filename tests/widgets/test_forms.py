"""Forms: what a person does to a control is what it emits, and what code sets it never echoes."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from simulations.core.params import hyperparameters, param
from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.optimizers.base import OPTIMIZERS
from simulations.surfaces.base import SURFACES
from widgets.forms.fields import BoolField, ChoiceField, NumberField, SeedField
from widgets.forms.form import ConfigForm, VariantField
from widgets.forms.number_box import NumberBox
from widgets.forms.number_slider import NumberSlider, log_slider
from widgets.forms.scroll import FormScroll
from widgets.theme import Look

load()


@dataclass(frozen=True)
class Example:
    kind = "example"
    rate: float = param(0.01, low=1e-6, high=10.0, scale="log", label="Rate", help="How far.")
    decay: float = param(0.0, low=0.0, high=1.0, scale="log", label="Decay")
    share: float = param(0.2, low=0.0, high=1.0, label="Share")
    units: int = param(16, low=1, high=4096, scale="log", label="Units")
    padding: object = param("same", low=0, high=8, choices=("same", "valid"), labels=("Same", "Valid"), label="Padding")
    bias: bool = param(True, label="Bias")
    seed: int = param(3, low=0, high=2**31 - 1, label="Seed")


def shown(qtbot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    widget.resize(260, max(60, widget.sizeHint().height()))
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


def heard(signal) -> list:
    values: list = []
    signal.connect(values.append)
    return values


@pytest.fixture
def form(qtbot) -> ConfigForm:
    form = ConfigForm(Look())
    form.set_value(Example())
    return shown(qtbot, form)


# ---- sliders ---------------------------------------------------------------------------------------------------------


def test_dragging_emits_while_moving_and_ends_where_the_box_says(qtbot):
    slider = shown(qtbot, log_slider(Look(), 1e-6, 10.0))
    slider.set_value(0.01)
    values = heard(slider.edited)
    bar = slider.slider
    start = QPoint(bar.width() // 2, bar.height() // 2)
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=start)
    for x in range(start.x(), bar.width() - 4, 6):
        QTest.mouseMove(bar, QPoint(x, start.y()))
    assert values  # at once
    qtbot.waitUntil(lambda: len(values) >= 2)  # a frame later what came meanwhile
    assert slider.is_touched()
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() - 4, start.y()))
    assert values == sorted(values)
    assert slider.value() == values[-1] > 1
    assert not slider.is_touched()


def test_a_click_on_the_groove_takes_the_handle_there(qtbot):
    slider = shown(qtbot, log_slider(Look(), 0.0, 1.0))
    slider.set_value(1.0)
    values = heard(slider.edited)
    QTest.mouseClick(slider.slider, Qt.MouseButton.LeftButton, pos=QPoint(1, slider.slider.height() // 2))
    assert values[-1] == 0.0


def test_code_never_makes_a_slider_emit(qtbot):
    slider = shown(qtbot, log_slider(Look(), 1e-6, 10.0))
    values = heard(slider.edited)
    for value in (1e-6, 0.5, 10.0, 0.0123):
        slider.set_value(value)
    assert values == []
    assert slider.value() == 0.0123


def test_a_held_handle_stays_under_the_finger(qtbot):
    slider = shown(qtbot, log_slider(Look(), 1e-6, 10.0))
    slider.set_value(0.01)
    bar = slider.slider
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() - 5, bar.height() // 2))
    held = bar.sliderPosition()
    slider.set_value(1e-6)
    assert bar.sliderPosition() == held
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() - 5, bar.height() // 2))


@pytest.mark.parametrize(("key", "direction"), [(Qt.Key.Key_Right, 1), (Qt.Key.Key_PageUp, 1), (Qt.Key.Key_Left, -1)])
def test_keys_move_a_slider(qtbot, key, direction):
    slider = shown(qtbot, log_slider(Look(), 1e-6, 10.0))
    slider.set_value(0.01)
    values = heard(slider.edited)
    slider.slider.setFocus()
    QTest.keyClick(slider.slider, key)
    assert len(values) == 1
    assert (values[0] - 0.01) * direction > 0


# ---- the box ---------------------------------------------------------------------------------------------------------


def typed(box: NumberBox, text: str, key=Qt.Key.Key_Return) -> None:
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), text)
    QTest.keyClick(box, key)


@pytest.fixture
def box(qtbot) -> NumberBox:
    return shown(qtbot, NumberBox(Look(), 0.0, 1.0, integer=False))


def test_undo_belongs_to_the_experiment_once_a_number_is_given(qtbot, box: NumberBox) -> None:
    undo = QAction(box.window())
    undo.setShortcut(QKeySequence.StandardKey.Undo)
    box.window().addAction(undo)
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    typed(box, "0.5")
    with qtbot.waitSignal(undo.triggered):
        qtbot.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert box.text() == "0.5"


def test_space_belongs_to_the_training_once_a_number_is_given(qtbot, box: NumberBox) -> None:
    train = QAction(box.window())
    train.setShortcut(QKeySequence(Qt.Key.Key_Space))
    box.window().addAction(train)
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    typed(box, "0.5")
    with qtbot.waitSignal(train.triggered):
        qtbot.keyClick(box, Qt.Key.Key_Space)
    assert box.text() == "0.5"


def test_a_box_for_whole_numbers_is_as_wide_as_its_longest(qtbot) -> None:
    box = shown(qtbot, NumberBox(Look(), 1, 1_000_000, integer=True))
    box.resize(box.sizeHint())
    box.set_value(1_000_000)
    line = box.lineEdit()
    margins = line.textMargins()
    room = line.contentsRect().width() - margins.left() - margins.right()
    assert line.fontMetrics().horizontalAdvance(line.text()) < room


@pytest.mark.parametrize("text", ["0.25", "0,25", "2.5e-1", "25e-2"])
def test_a_typed_number_is_emitted_once_on_enter(box, text):
    values = heard(box.edited)
    typed(box, text)
    assert values == [0.25]


def test_letters_cannot_be_typed(box):
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), "x0.5y")
    assert box.lineEdit().text() == "0.5"


def test_a_number_out_of_range_is_never_emitted_and_leaving_brings_the_old_one_back(box, qtbot):
    box.set_value(0.5)
    values = heard(box.edited)
    typed(box, "7")
    assert values == []
    assert box.lineEdit().text() == "7"
    assert box.lineEdit().palette().text().color() == box.look.theme.color("state.bad")
    box.clearFocus()
    qtbot.waitUntil(lambda: box.lineEdit().text() == "0.5")
    assert values == []


def test_leaving_with_a_number_out_of_range_says_the_limits(box, qtbot):
    typed(box, "7", Qt.Key.Key_Tab)
    box.clearFocus()
    qtbot.waitUntil(lambda: QToolTip.text() == "Enter a number: 0 … 1.")
    QToolTip.hideText()


def test_an_angle_shows_its_unit_beside_its_name(qtbot):
    declared = next(one for one in hyperparameters(SURFACES["rotated_quadratic"]()) if one.name == "angle")
    assert shown(qtbot, NumberField(Look(), declared)).label.text() == "Angle α (°)"


def test_escape_gives_up_typing(box):
    box.set_value(0.5)
    typed(box, "0.7", Qt.Key.Key_Escape)
    assert box.lineEdit().text() == "0.5"


def test_what_is_being_typed_survives_a_value_from_outside(box):
    box.set_value(0.5)
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), "0.7")
    box.set_value(0.1)
    assert box.lineEdit().text() == "0.7"


def test_the_exact_value_is_kept_although_fewer_digits_are_shown(box):
    values = heard(box.edited)
    box.set_value(0.123456789)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert values == []
    assert box.value() == 0.123456789


def test_arrow_keys_step_along_the_ladder(qtbot):
    slider = shown(qtbot, log_slider(Look(), 1, 4096, integer=True))
    slider.set_value(64)
    values = heard(slider.edited)
    slider.box.setFocus()
    QTest.keyClick(slider.box, Qt.Key.Key_Up)
    QTest.keyClick(slider.box, Qt.Key.Key_Down)
    QTest.keyClick(slider.box, Qt.Key.Key_Down)
    assert values == [96, 64, 48]


# ---- forms -----------------------------------------------------------------------------------------------------------


def test_each_kind_gets_its_control(form):
    kinds = {name: type(field) for name, field in form.fields().items()}
    assert kinds == {
        "rate": NumberField,
        "decay": NumberField,
        "share": NumberField,
        "units": NumberField,
        "padding": ChoiceField,
        "bias": BoolField,
        "seed": SeedField,
    }


def test_setting_a_form_from_code_is_silent_and_shows_everything(form):
    values = heard(form.edited)
    config = Example(rate=1.0, decay=0.1, share=0.7, units=100, padding=3, bias=False, seed=9)
    form.set_value(config)
    assert {name: field.value() for name, field in form.fields().items()} == dataclasses.asdict(config)
    assert values == []


def test_each_edit_carries_the_whole_new_config(form):
    values = heard(form.edited)
    QTest.mouseClick(form.fields()["bias"].box, Qt.MouseButton.LeftButton)
    typed(form.fields()["units"].control.box, "20")
    assert values == [Example(bias=False), Example(bias=False, units=20)]
    assert form.last_path == "units"


def test_a_choice_can_become_a_number_and_back(form):
    values = heard(form.edited)
    field = form.fields()["padding"]
    assert not field.box.isVisible()
    field.combo.setFocus()
    QTest.keyClick(field.combo, Qt.Key.Key_End)
    assert field.box.isVisible()
    typed(field.box, "2")
    QTest.keyClick(field.combo, Qt.Key.Key_Home)
    assert [value.padding for value in values] == [0, 2, "same"]


def test_a_double_click_on_the_name_brings_the_default_back(form):
    form.set_value(Example(rate=1.0))
    values = heard(form.edited)
    QTest.mouseDClick(form.fields()["rate"].label, Qt.MouseButton.LeftButton)
    assert values == [Example()]


def test_the_dice_rolls_another_seed(form):
    values = heard(form.edited)
    for _ in range(3):
        QTest.mouseClick(form.fields()["seed"].dice, Qt.MouseButton.LeftButton)
    assert len({value.seed for value in values}) > 1


def test_every_control_has_a_name_and_a_tooltip_with_range_and_default(form):
    for field in form.fields().values():
        assert field.label.buddy() is not None
        for control in field.controls():
            assert control.accessibleName() == field.declared.label
    assert "1e-06…10" in form.fields()["rate"].label.toolTip()
    assert "0.01" in form.fields()["rate"].label.toolTip()


@pytest.mark.parametrize("entry", [*LAYERS, *OPTIMIZERS], ids=lambda entry: entry.kind)
def test_every_registered_config_has_a_form_that_shows_its_defaults_silently(qtbot, entry):
    form = ConfigForm(Look())
    values = heard(form.edited)
    form.set_value(entry.cls())
    shown(qtbot, form)
    assert {name: field.value() for name, field in form.fields().items()} == {
        one.name: getattr(entry.cls(), one.name) for one in hyperparameters(entry.cls)
    }
    assert values == []


def test_another_variant_comes_with_its_own_fields(qtbot):
    form = ConfigForm(Look())
    form.set_value(LAYERS["dense"]())
    shown(qtbot, form)
    values = heard(form.edited)
    field = form.fields()["initializer"]
    assert isinstance(field, VariantField)
    field.combo.setFocus()
    QTest.keyClick(field.combo, Qt.Key.Key_Home)
    QTest.keyClick(field.combo, Qt.Key.Key_End)
    assert values[-1].initializer == field.value()
    assert len({type(value.initializer) for value in values}) > 1
    assert form.last_path == "initializer.kind"


def test_a_slider_in_a_form_keeps_its_widget_while_it_is_dragged(form):
    slider = form.fields()["rate"].control
    assert isinstance(slider, NumberSlider)
    form.edited.connect(form.set_value)
    bar = slider.slider
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(10, bar.height() // 2))
    for x in range(10, bar.width() - 4, 8):
        QTest.mouseMove(bar, QPoint(x, bar.height() // 2))
    assert form.fields()["rate"].control is slider
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() - 4, bar.height() // 2))
    assert form.value().rate == slider.value()


@pytest.mark.parametrize("widths", [(520, 200), (200, 520, 200)])
def test_a_form_made_narrow_again_is_not_cut_off(qtbot, widths):
    scroll = FormScroll()
    form = ConfigForm(Look(), parent=scroll)
    form.set_value(OPTIMIZERS["adam"]())
    scroll.column.addWidget(form)
    qtbot.addWidget(scroll)
    scroll.show()
    for width in widths:
        scroll.resize(width, 600)
        for _ in range(4):
            QApplication.processEvents()
    assert scroll.widget().width() <= scroll.viewport().width()
    for field in (one for one in form.fields().values() if isinstance(one, NumberField)):
        right = field.control.box.mapTo(scroll.viewport(), QPoint(field.control.box.width(), 0)).x()
        assert right <= scroll.viewport().width()
