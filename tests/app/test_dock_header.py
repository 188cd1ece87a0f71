"""The header of a dock keeps its title: what does not fit beside it folds into the ⋯ menu and works there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.dock_header import DockHeader
from widgets.theme import LIGHT, Look, Theme

TITLE = "Output"


def button(text: str, *, checkable: bool = True) -> QToolButton:
    made = QToolButton()
    made.setText(text)
    made.setCheckable(checkable)
    return made


@pytest.fixture
def controls() -> tuple[Any, ...]:
    return button("wrong first"), button("follow"), QLabel("a choice")


@pytest.fixture
def header(qtbot: QtBot, controls: tuple[Any, ...]) -> Iterator[DockHeader]:
    dock = QWidget()  # a window of its own would not become narrower than all its buttons
    qtbot.addWidget(dock)
    made = DockHeader(Look(LIGHT), dock)
    made.add_controls(controls)
    made.set_title(TITLE)
    made.resize(600, 28)
    dock.show()
    yield made
    dock.hide()


def entries(header: DockHeader) -> dict[str, Any]:
    menu = QMenu(header)
    header.add_folded(menu)
    return {action.text(): action for action in menu.actions() if action.text()}


def title_fits(header: DockHeader) -> bool:
    return header.title.width() >= header.title.fontMetrics().horizontalAdvance(TITLE)


def test_with_room_everything_stands_in_the_header(header: DockHeader, controls: tuple[Any, ...]) -> None:
    assert all(one.isVisible() for one in controls)
    assert title_fits(header)
    assert not entries(header)


def test_a_title_never_gives_way_to_buttons(header: DockHeader, qtbot: QtBot, controls: tuple[Any, ...]) -> None:
    first, second, choice = controls
    for width in range(600, header.minimumSizeHint().width() + header.title.sizeHint().width(), -5):
        header.resize(width, 28)
        qtbot.waitUntil(lambda: title_fits(header))
        assert choice.isVisible()
        folded = [one.text() for one in (first, second) if not one.isVisible()]
        assert list(entries(header)) == folded
    assert folded == ["wrong first", "follow"]
    header.resize(600, 28)
    assert first.isVisible()
    assert second.isVisible()


def test_a_folded_button_works_from_the_menu(header: DockHeader, controls: tuple[Any, ...]) -> None:
    header.resize(header.minimumSizeHint().width(), 28)
    entry = entries(header)["follow"]
    assert entry.isCheckable()
    entry.trigger()
    assert controls[1].isChecked()
    assert entries(header)["follow"].isChecked()


def test_a_control_its_panel_hides_is_nowhere(header: DockHeader, qtbot: QtBot, controls: tuple[Any, ...]) -> None:
    controls[0].setVisible(False)
    header.resize(header.minimumSizeHint().width(), 28)
    assert list(entries(header)) == ["follow"]
    controls[0].setVisible(True)
    qtbot.waitUntil(lambda: list(entries(header)) == ["wrong first", "follow"])
    header.resize(600, 28)
    qtbot.waitUntil(controls[0].isVisible)


def test_a_tab_says_the_title_already_and_leaves_its_room_to_the_buttons(header: DockHeader) -> None:
    wide = header.width()
    while not entries(header):
        wide -= 1
        header.resize(wide, 28)
    header.set_title("")
    assert not entries(header)


def test_icons_grow_with_the_text(header: DockHeader, controls: tuple[Any, ...]) -> None:
    buttons = [one for one in (*controls, header._help) if isinstance(one, QToolButton)]
    assert {one.iconSize().width() for one in buttons} == {16}
    header.look.set_theme(Theme("light", 1.5))
    assert {one.iconSize().width() for one in buttons} == {24}
