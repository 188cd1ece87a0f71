"""Space and the arrows go to the control that has a use for them, and to the window otherwise."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.actions import Action, Actions
from widgets.forms.controls import CheckBox, ComboBox, Slider
from widgets.forms.number_box import NumberBox
from widgets.theme import Look


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window, look, body = QMainWindow(), Look(), QWidget()
    layout = QVBoxLayout(body)
    layout.addWidget(Slider(10))
    layout.addWidget(NumberBox(look, 0.0, 1.0, integer=False))
    layout.addWidget(ComboBox())
    layout.addWidget(CheckBox())
    window.setCentralWidget(body)
    declared = tuple(Action(key, key, lambda: None, "m", keys=(key,)) for key in ("Space", "Right"))
    window.actions_ = Actions(declared, look, window)  # type: ignore[attr-defined]
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.focusChanged.connect(window.actions_.follow_focus)  # type: ignore[attr-defined]
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    return window


def keys_beside(window: QMainWindow, kind: type[QWidget], qtbot: QtBot) -> set[str]:
    """The keys that are the window's while a control of ``kind`` has the focus, as after a click."""
    control = window.findChild(kind)
    assert control is not None
    control.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(control.hasFocus)
    return shortcuts(window)


def shortcuts(window: QMainWindow) -> set[str]:
    return {keys.toString() for action in window.actions() for keys in action.shortcuts()}


@pytest.mark.parametrize("kind", [Slider, NumberBox])
def test_a_number_that_was_set_leaves_space_to_the_training(window: QMainWindow, qtbot: QtBot, kind) -> None:
    assert keys_beside(window, kind, qtbot) == {"Space"}


def test_space_presses_what_one_came_to_by_keys(window: QMainWindow, qtbot: QtBot) -> None:
    keys_beside(window, NumberBox, qtbot)
    for kind in (ComboBox, CheckBox):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert isinstance(QApplication.focusWidget(), kind)
        assert shortcuts(window) == set()


@pytest.mark.parametrize("kind", [ComboBox, CheckBox])
def test_what_the_mouse_chose_leaves_space_to_the_training(window: QMainWindow, qtbot: QtBot, kind) -> None:
    keys_beside(window, NumberBox, qtbot)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    keys_beside(window, Slider, qtbot)
    assert keys_beside(window, kind, qtbot) == {"Space", "Right"}
    control = window.findChild(kind)
    train = next(action for action in window.actions() if action.shortcut() == QKeySequence("Space"))
    with qtbot.waitSignal(train.triggered):
        qtbot.keyClick(control, Qt.Key.Key_Space)
    assert QApplication.activePopupWidget() is None
    assert not window.findChild(CheckBox).isChecked()


def test_space_is_a_letter_while_a_number_is_typed(window: QMainWindow, qtbot: QtBot) -> None:
    keys_beside(window, NumberBox, qtbot)
    box = window.findChild(NumberBox)
    box.lineEdit().selectAll()
    train = next(action for action in window.actions() if action.shortcut() == QKeySequence("Space"))
    qtbot.keyClicks(box, "0.5")
    with qtbot.assertNotEmitted(train.triggered):
        qtbot.keyClick(box, Qt.Key.Key_Space)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 0.5
    with qtbot.waitSignal(train.triggered):
        qtbot.keyClick(box, Qt.Key.Key_Space)
    assert box.text() == "0.5"
