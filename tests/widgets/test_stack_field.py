"""The list of inner layers: opened, added, moved, removed by hand, and shown without an echo."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from simulations.families import load
from simulations.nn.layers.base import LAYERS
from widgets.forms.form import ConfigForm, StackField
from widgets.theme import Look

load()


@pytest.fixture
def form(qtbot) -> ConfigForm:
    form = ConfigForm(Look())
    form.set_value(LAYERS["residual"]())
    qtbot.addWidget(form)
    form.resize(260, 700)
    form.show()
    QApplication.processEvents()
    return form


@pytest.fixture
def heard(form) -> list:
    values: list = []
    form.edited.connect(values.append)
    return values


def stack(form) -> StackField:
    return form.fields()["stack"]


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def kinds(layer) -> list[str]:
    return [one.kind for one in layer.stack]


def test_every_inner_layer_has_a_line_with_its_name_and_a_number_where_there_are_more(form):
    assert [row.name.text() for row in stack(form).rows] == ["Conv 2D 1", "ReLU", "Conv 2D 2"]
    assert not stack(form).rows[0].tools["up"].isEnabled()
    assert not stack(form).rows[2].tools["down"].isEnabled()


def test_showing_never_echoes(form, heard):
    form.set_value(LAYERS["residual"](stack=(LAYERS["tanh"](), LAYERS["dense"]())))
    assert [row.name.text() for row in stack(form).rows] == ["Tanh", "Dense"]
    form.set_value(LAYERS["residual"](stack=()))
    assert stack(form).rows == []
    assert heard == []


def test_a_line_moves_and_goes(form, heard):
    click(stack(form).rows[0].tools["down"])
    assert kinds(heard[-1]) == ["relu", "conv2d", "conv2d"]
    click(stack(form).rows[1].tools["remove"])
    assert kinds(heard[-1]) == ["relu", "conv2d"]
    assert heard[-1] == form.value()


def test_the_keys_of_a_card_work_on_a_line_and_stay_there(form, heard):
    row = stack(form).rows[1]
    QTest.keyClick(row.name, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert kinds(heard[-1]) == ["relu", "conv2d", "conv2d"]
    QTest.keyClick(row.name, Qt.Key.Key_Delete)
    assert kinds(heard[-1]) == ["conv2d", "conv2d"]


def test_a_line_opens_the_form_of_its_layer(form, heard):
    row = stack(form).rows[2]
    click(row.name)
    row.body.fields()["channels"].control.edited.emit(5)
    assert [getattr(one, "channels", None) for one in heard[-1].stack] == [8, None, 5]
    assert form.last_path == "stack[2].channels"
    assert form.last_label == "Channels"
    assert row.body is not None, "the form stays open and in place while it is used"
    click(row.name)
    assert row.body is None


def test_a_layer_is_added_at_the_end_from_the_searchable_list(form, heard):
    click(stack(form).add)
    stack(form).menu.search.setText("layer norm")
    QTest.keyClick(stack(form).menu.search, Qt.Key.Key_Return)
    assert kinds(heard[-1]) == ["conv2d", "relu", "conv2d", "layer_norm"]
    assert form.last_path == "stack"


def test_an_open_line_follows_its_layer_when_others_move(form):
    row = stack(form).rows[2]
    click(row.name)
    layer = form.value()
    layer = dataclasses.replace(layer, stack=(*layer.stack[:2], LAYERS["conv2d"](channels=3)))
    form.set_value(layer)
    form.set_value(dataclasses.replace(layer, stack=layer.stack[::-1]))
    assert stack(form).rows[0] is row
    assert row.body.value() is layer.stack[2]


def test_blocks_nest(form, heard):
    inner = LAYERS["residual"](stack=(LAYERS["tanh"](),))
    form.set_value(LAYERS["residual"](stack=(inner,)))
    click(stack(form).rows[0].name)
    nested = stack(form).rows[0].body.fields()["stack"]
    click(nested.rows[0].tools["remove"])
    assert heard[-1].stack[0].stack == ()
    assert form.last_path == "stack[0].stack"
