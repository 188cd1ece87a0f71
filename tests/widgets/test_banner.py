"""Good news leave by themselves; what asks for a decision stays until it is answered."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from widgets.banner import Banner, Notice
from widgets.theme import Look


@pytest.fixture
def banner(qtbot):
    widget = Banner(Look())
    qtbot.addWidget(widget)
    return widget


def when_the_time_is_over(banner):
    """What the timer would do, if it runs."""
    if banner._patience.isActive():
        banner._patience.timeout.emit()


def test_good_news_leave(banner):
    banner.announce(Notice(lambda: "Exported", "good"))
    assert not banner.isHidden()
    when_the_time_is_over(banner)
    assert banner.isHidden()
    assert banner.notice is None


@pytest.mark.parametrize(
    "notice",
    [
        Notice(lambda: "Cannot be built", "attention"),
        Notice(lambda: "A teacher", "good", ((lambda: "Use it", lambda: None),)),
    ],
)
def test_what_wants_an_answer_stays(banner, notice):
    banner.announce(Notice(lambda: "Exported", "good"))
    banner.announce(notice)
    when_the_time_is_over(banner)
    assert banner.notice is notice


@pytest.mark.parametrize("way", ["click", "key"])
def test_an_answer_does_not_hand_the_keyboard_to_another_control(qtbot, way):
    """The next Space would turn that control, and not train."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    banner, other = Banner(Look(), window), QLineEdit(window)
    column.addWidget(banner)
    column.addWidget(other)
    banner.announce(Notice(lambda: "A teacher", "good", ((lambda: "Use it", lambda: None),)))
    window.show()
    window.setFocus()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow())
    (button,) = banner._buttons
    if way == "click":
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    else:
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)
    assert banner.isHidden()
    assert not other.hasFocus()
