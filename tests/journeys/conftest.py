"""A real window for the journeys: the whole program on a small experiment, with settings of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from pytestqt.qtbot import QtBot

from app.application import Laboratory, make_application
from app.settings import Settings
from simulations.documents.presets import load_preset

Open = Callable[..., Laboratory]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(tmp_path / "settings.ini")
    settings.language = "en"
    settings.theme = "light"
    return settings


@pytest.fixture
def open_laboratory(qtbot: QtBot, settings: Settings) -> Iterator[Open]:
    """Open the program on a preset and wait until every panel stands."""
    opened: list[Laboratory] = []

    def open_it(
        preset: str = "spiral-mlp", *, play: bool = False, first: str = "train", kept_in: Path | None = None
    ) -> Laboratory:
        spec = load_preset(preset).spec
        laboratory = Laboratory(make_application(), spec, settings, play=play, kept_in=kept_in)
        opened.append(laboratory)
        laboratory.window.setWindowState(Qt.WindowState.WindowNoState)
        laboratory.window.resize(1280, 800)
        with qtbot.waitSignal(laboratory.ready, timeout=20_000):
            laboratory.show()
        desk = laboratory.window.desks[first]
        qtbot.waitUntil(lambda: desk.latest() is not None, timeout=10_000)
        return laboratory

    yield open_it
    for laboratory in opened:
        for desk in laboratory.window.desks.values():
            desk.controller.history.mark_saved()  # nobody is there to answer the question
        laboratory.window.close()
        laboratory.close()
        laboratory.languages.use("en")
        laboratory.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        laboratory.window.deleteLater()
        laboratory.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def laboratory(open_laboratory: Open) -> Laboratory:
    return open_laboratory()
