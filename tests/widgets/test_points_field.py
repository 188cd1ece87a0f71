"""Drawing points: with the mouse, with the keyboard, one step to undo a gesture, and never past what is offered."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.history import EditHistory
from simulations.data.drawn import Drawn, PointSet
from simulations.documents.changes import changes, effect_of
from simulations.documents.presets import load_preset
from simulations.nn.description import describe
from simulations.nn.fitting import fitted
from widgets.panel import Document, Edit
from widgets.panels.train.data import DataPanel
from widgets.theme import Look

RINGS = load_preset("rings-mlp").spec
SPEC = dataclasses.replace(
    RINGS,
    data=dataclasses.replace(RINGS.data, source=Drawn(classes=3)),
    layers=fitted(RINGS.layers, (2,), Drawn(classes=3).targets),
)


def document(spec: Any) -> Document:
    source = spec.data.source
    return Document(spec, describe(spec.layers, source.input_shape))


@pytest.fixture
def panel(qtbot: Any) -> DataPanel:
    panel = DataPanel(Look())
    qtbot.addWidget(panel)
    panel.resize(300, 900)
    panel.show_document(document(SPEC))
    panel.show()
    return panel


@pytest.fixture
def wishes(panel: DataPanel) -> list[Edit]:
    made: list[Edit] = []

    def obey(wish: Any) -> None:
        made.append(wish)
        panel.show_document(document(wish.spec))

    panel.commandRequested.connect(obey)
    return made


def field(panel: DataPanel) -> Any:
    return panel.data_form.fields()["source"].form.fields()["points"]


def place(canvas: Any, x: float, y: float) -> QPoint:
    at = canvas._frame().places(np.array([[x, y]]))[0]
    return QPoint(round(at[0]), round(at[1]))


def points_of(edit: Edit) -> PointSet:
    source = edit.spec.data.source
    assert isinstance(source, Drawn)
    return source.points


def test_a_click_paints_one_point_of_the_chosen_class(panel: DataPanel, wishes: list[Edit]) -> None:
    made = field(panel)
    made.classes[2].click()
    QTest.mouseClick(made.canvas, Qt.MouseButton.LeftButton, pos=place(made.canvas, 0.5, -0.25))
    (edit,) = wishes
    x, y, k = points_of(edit).points[-1]
    assert (x, y) == pytest.approx((0.5, -0.25), abs=0.02)
    assert k == 2
    assert len(points_of(edit)) == len(Drawn().points) + 1
    assert effect_of(changes(SPEC, edit.spec)) == "data"


def test_a_drag_paints_a_line_and_is_one_step_to_undo(panel: DataPanel, wishes: list[Edit]) -> None:
    canvas = field(panel).canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=place(canvas, -0.5, 0.0))
    for x in np.linspace(-0.5, 0.5, 60):
        QTest.mouseMove(canvas, place(canvas, float(x), 0.0))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=place(canvas, 0.5, 0.0))
    assert 8 <= len(wishes) <= 16
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place(canvas, 0.0, 0.9))
    history = EditHistory(SPEC)
    for wish in wishes:
        history.push(wish.spec, wish.text, wish.merge)
    history.undo()
    assert history.spec == wishes[-2].spec
    history.undo()
    assert history.spec == SPEC


@pytest.mark.parametrize("with_button", [True, False])
def test_the_rubber_and_the_right_button_erase(panel: DataPanel, wishes: list[Edit], with_button: bool) -> None:
    made = field(panel)
    x, y, _k = Drawn().points.points[-1]
    if with_button:
        made.rubber.click()
    button = Qt.MouseButton.LeftButton if with_button else Qt.MouseButton.RightButton
    QTest.mouseClick(made.canvas, button, pos=place(made.canvas, x, y))
    assert (x, y) not in {one[:2] for one in points_of(wishes[-1]).points}


def test_everything_can_be_drawn_without_a_mouse(panel: DataPanel, wishes: list[Edit]) -> None:
    canvas = field(panel).canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_2)
    for _step in range(4):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Up)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert points_of(wishes[-1]).points[-1] == (0.2, 0.05, 1)
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert (0.2, 0.05, 1) not in points_of(wishes[-1]).points
    assert "0.20, 0.05" in canvas.accessibleDescription()


def test_all_points_can_be_cleared_and_brought_back(panel: DataPanel, wishes: list[Edit]) -> None:
    made = field(panel)
    made.clear.click()
    assert len(points_of(wishes[-1])) == 0
    assert wishes[-1].text == "Clear all points"
    assert not made.clear.isEnabled()
    panel.show_document(document(SPEC))
    assert made.value() == Drawn().points
    assert made.clear.isEnabled()


def test_only_the_classes_of_the_document_are_offered(panel: DataPanel) -> None:
    made = field(panel)
    assert [button.isVisible() for button in made.classes] == [True] * 3 + [False] * 5
    made.classes[2].click()
    two = dataclasses.replace(SPEC, data=dataclasses.replace(SPEC.data, source=Drawn(classes=2)))
    panel.show_document(document(two))
    assert [button.isVisible() for button in made.classes] == [True] * 2 + [False] * 6
    assert made.canvas.chosen == 0


def test_the_surface_stands_in_place_of_the_picture(panel: DataPanel) -> None:
    assert not panel.picture.isVisible()
    panel.show_document(document(RINGS))
    assert panel.picture.isVisible()
