"""A seeded monkey clicks, drags and types on everything in sight while the network trains; nothing may break."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QComboBox, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from app.application import Laboratory
from app.desk import Desk

pytestmark = pytest.mark.journey

ACTIONS = 240


def targets(window: QWidget) -> list[QWidget]:
    """What can be seen and used now, without menus (they take the mouse)."""
    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QTabBar)
    found: list[QWidget] = [one for kind in kinds for one in window.findChildren(kind)]
    return [one for one in found if one.isVisible() and one.isEnabled() and not opens_a_window(one)]


def opens_a_window(widget: QWidget) -> bool:
    action = getattr(widget, "defaultAction", lambda: None)()
    asks = isinstance(widget, QAbstractButton) and widget.text().endswith("…")  # a dialog that waits for an answer
    return asks or action is not None or getattr(widget, "menu", lambda: None)() is not None


def act(chance: random.Random, widget: QWidget, qtbot: QtBot) -> None:
    if isinstance(widget, QAbstractSlider):
        qtbot.keyClick(widget, chance.choice([Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_PageUp]))
    elif isinstance(widget, QComboBox):
        qtbot.keyClick(widget, chance.choice([Qt.Key.Key_Down, Qt.Key.Key_Up]))
    elif isinstance(widget, QTabBar):
        widget.setCurrentIndex(chance.randrange(widget.count()))
    else:
        qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def close_popups() -> None:
    for _round in range(5):
        popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if popup is None:
            return
        popup.close()


def opened(laboratory: Laboratory, workspace: str, reports: list[str], qtbot: QtBot) -> Desk:
    """The workspace in front with all its panels; its defects come to ``reports``."""
    laboratory.window.show_desk(workspace)
    desk = laboratory.window.desk
    qtbot.waitUntil(lambda: desk.is_loaded and desk.latest() is not None, timeout=20_000)
    desk.failed.connect(reports.append)
    return desk


@pytest.mark.parametrize(
    ("seed", "preset", "workspace"),
    [(1, "spiral-mlp", "train"), (2, "digits-cnn", "train"), (3, "spiral-mlp", "race")],
)
def test_a_monkey_breaks_nothing(
    seed: int, preset: str, workspace: str, open_laboratory: Callable[..., Laboratory], qtbot: QtBot
) -> None:
    laboratory = open_laboratory(preset, play=True)
    chance = random.Random(seed)
    reports: list[str] = []
    desk = opened(laboratory, workspace, reports, qtbot)
    window, actions = laboratory.window, laboratory.window.actions_
    for _round in range(ACTIONS):
        act(chance, chance.choice(targets(window)), qtbot)
        close_popups()
        if chance.random() < 0.1:
            actions[chance.choice(["undo", "redo", "reset", "theme-dark", "theme-light"])].trigger()
    for name in ("race", "train"):
        opened(laboratory, name, reports, qtbot)
    window.show_desk(workspace)
    before = desk.latest()
    actions["step" if workspace == "train" else "forward"].trigger()
    qtbot.waitUntil(lambda: desk.latest() is not before, timeout=10_000)
    assert not reports
