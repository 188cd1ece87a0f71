"""The switch between views: one pressed at a time, by pointer or keys, and silent when set from code."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from pytestqt.qtbot import QtBot

from widgets.segmented import Segmented
from widgets.theme import LIGHT, Look


@pytest.fixture
def switch(qtbot: QtBot) -> Segmented:
    made = Segmented(Look(LIGHT), {key: key.upper for key in ("one", "two", "three")})
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_press_is_a_wish(switch: Segmented, qtbot: QtBot) -> None:
    with qtbot.waitSignal(switch.edited) as wished:
        qtbot.mouseClick(switch.button("three"), Qt.MouseButton.LeftButton)
    assert wished.args == ["three"]
    assert switch.key == "three"


def test_space_presses_what_has_the_focus(switch: Segmented, qtbot: QtBot) -> None:
    switch.button("two").setFocus()
    with qtbot.waitSignal(switch.edited):
        qtbot.keyClick(switch.button("two"), Qt.Key.Key_Space)
    assert switch.key == "two"


def test_code_is_silent(switch: Segmented, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(switch.edited):
        switch.set_key("two")
        switch.show_only(("three",))
    assert switch.key == "three"
    assert not switch.button("two").isVisible()


def test_every_segment_has_a_name_for_the_ear(switch: Segmented) -> None:
    assert [switch.button(key).accessibleName() for key in ("one", "two", "three")] == ["ONE", "TWO", "THREE"]


def test_offering_other_segments_never_asks_for_the_room_of_all(switch: Segmented) -> None:
    switch.show_only(("one", "two"))
    shown = []

    class Counting(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.ShowToParent:
                shown.append(sum(not switch.button(key).isHidden() for key in ("one", "two", "three")))
            return False

    counting = Counting()
    switch.button("three").installEventFilter(counting)
    switch.show_only(("three",))
    assert shown == [1]
