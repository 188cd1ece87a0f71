"""A finger is heard at once, once a frame, and when it is lifted."""

from __future__ import annotations

from PySide6.QtCore import QObject

from widgets.cadence import Cadence


def test_of_many_wishes_in_a_frame_the_first_and_the_last_count(qtbot):
    heard: list[int] = []
    parent = QObject()
    cadence = Cadence(heard.append, parent)
    for wish in range(50):
        cadence.ask(wish)
    assert heard[0] == 0
    assert len(heard) < 50
    qtbot.waitUntil(lambda: heard[-1] == 49)


def test_lifting_the_finger_says_what_waits_and_only_once(qtbot):
    heard: list[int] = []
    parent = QObject()
    cadence = Cadence(heard.append, parent)
    for wish in (1, 2):
        cadence.ask(wish)
    cadence.flush()
    cadence.flush()
    assert heard == [1, 2]
