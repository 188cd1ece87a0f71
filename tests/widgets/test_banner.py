"""Good news leave by themselves; what asks for a decision stays until it is answered."""

import pytest

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
