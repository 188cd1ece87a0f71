"""How large the window is before anybody has chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from app.application import Laboratory, make_application
from app.settings import Settings
from simulations.documents.presets import load_preset


def test_a_screen_smaller_than_the_first_size_is_filled_not_overlapped(qtbot: QtBot, tmp_path: Path) -> None:
    application = make_application()
    room = application.primaryScreen().availableSize()
    laboratory = Laboratory(
        application, load_preset("spiral-mlp").spec, Settings(tmp_path / "settings.ini"), play=False
    )
    qtbot.addWidget(laboratory.window)
    is_small = room.boundedTo(QSize(1440, 940)) != QSize(1440, 940)
    assert laboratory.window.isMaximized() == is_small
    laboratory.close()
