"""A line of text gives way: smaller, then shorter, then not at all."""

import re

import pytest

from widgets.elided import Elided


@pytest.fixture
def line(qtbot) -> Elided:
    line = Elided()
    qtbot.addWidget(line)
    line.setText("Hyperparameters")
    return line


def test_what_has_room_is_written_as_it_is(line):
    line.resize(400, 20)
    text, font = line.shown()
    assert (text, font) == ("Hyperparameters", line.font())


@pytest.mark.parametrize(("share", "expected"), [(0.9, r"Hyperparameters"), (0.7, r"Hyperpara\w+…"), (0.3, r"")])
def test_what_has_none_is_smaller_then_shorter_then_left_out(line, share, expected):
    line.resize(round(share * line.fontMetrics().horizontalAdvance(line.text())), 20)
    text, font = line.shown()
    assert font.pointSizeF() < line.font().pointSizeF()
    assert re.fullmatch(expected, text), text


def test_two_letters_of_chinese_are_whole_or_not_there(line):
    line.setText("输出")
    line.resize(round(0.6 * line.fontMetrics().horizontalAdvance("输出")), 20)
    assert line.shown()[0] == ""
