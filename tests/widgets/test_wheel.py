"""The wheel scrolls the page; it changes what one did not mean to change least of all."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from widgets.forms.controls import ComboBox
from widgets.forms.number_slider import log_slider
from widgets.theme import Look


def shown(qtbot: QtBot, widget):
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    widget.activateWindow()
    return widget


def wheel(target: QWidget) -> None:
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(target.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)


@pytest.mark.parametrize("has_focus", [False, True])
def test_the_wheel_changes_no_number(qtbot, has_focus):
    slider = shown(qtbot, log_slider(Look(), 1e-6, 10.0))
    slider.set_value(0.01)
    values = []
    slider.edited.connect(values.append)
    for target in (slider.slider, slider.box):
        if has_focus:
            target.setFocus()
            qtbot.waitUntil(target.hasFocus)
        else:
            target.clearFocus()
        wheel(target)
    assert values == []
    assert slider.value() == 0.01


def test_the_wheel_never_chooses(qtbot):
    combo = shown(qtbot, ComboBox())
    combo.addItems(["a", "b", "c"])
    combo.setCurrentIndex(1)
    combo.setFocus()
    qtbot.waitUntil(combo.hasFocus)
    wheel(combo)
    assert combo.currentIndex() == 1
