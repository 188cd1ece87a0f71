"""A window that goes asks nothing any more of what goes with it."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from app.actions import Action, Actions
from app.application import Laboratory, make_application
from app.bridge import Bridge
from app.settings import Settings
from simulations.documents.presets import load_preset
from widgets.panels.race.shown_marks import ShownMarks
from widgets.theme import Look


class _Panel:
    follows = False

    def __init__(self) -> None:
        self.rendered: list[Any] = []

    def render(self, snapshot: Any) -> None:
        self.rendered.append(snapshot)

    def probes(self) -> tuple[Any, ...]:
        return ()


def test_a_bridge_that_was_stopped_draws_into_nobody() -> None:
    bridge, panel = Bridge(), _Panel()
    bridge.snapshot = "the last one"
    bridge.show([panel])  # type: ignore[list-item]
    bridge.stop()
    bridge.show([panel])  # type: ignore[list-item]
    assert panel.rendered == ["the last one"]


def test_the_focus_may_leave_a_window_whose_actions_are_gone(qtbot: QtBot) -> None:
    window, look = QMainWindow(), Look()
    first = QLineEdit(window)
    actions = Actions((Action("a", "A", lambda: None, "m", keys=("Space",)),), look, window)
    last = QLineEdit(window)  # dies after the actions, while it has the focus
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.focusChanged.connect(actions.follow_focus)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    for field in (first, last):
        field.setFocus()
        qtbot.waitUntil(field.hasFocus)
    assert not actions["a"].shortcuts()
    shiboken6.delete(window)
    other = QPushButton()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)  # pytest-qt fails the test for an exception in a slot


def test_what_an_anatomy_hides_is_known_when_its_menu_is_gone(qtbot: QtBot) -> None:
    marks = ShownMarks(Look())
    marks.toggle_mark("gradient")
    marks.toggle_mark("step")
    marks.toggle_mark("step")
    shiboken6.delete(marks.menu())
    assert marks.hidden == {"gradient"}
    shiboken6.delete(marks)


def test_a_laboratory_that_is_closed_and_forgotten_leaves_without_a_word(
    qtbot: QtBot, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A slot that is missed while the garbage is collected is said on stderr and nowhere else."""
    laboratory = Laboratory(
        make_application(), load_preset("spiral-mlp").spec, Settings(tmp_path / "settings.ini"), play=False
    )
    with qtbot.waitSignal(laboratory.ready, timeout=20_000):
        laboratory.show()
    laboratory.close()
    assert len(laboratory.window.workspace.docks) == 6
    del laboratory
    gc.collect()
    assert capfd.readouterr().err == ""
