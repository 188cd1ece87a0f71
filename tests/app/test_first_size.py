"""How large the window is before anybody has chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSize

from app.application import Laboratory, make_application
from app.settings import Settings
from simulations.documents.presets import load_preset


def test_a_screen_smaller_than_the_first_size_is_filled_and_a_larger_one_is_not(tmp_path: Path) -> None:
    application = make_application()
    room = application.primaryScreen().availableSize()
    laboratory = Laboratory(
        application, load_preset("spiral-mlp").spec, Settings(tmp_path / "settings.ini"), play=False
    )
    fits = room.expandedTo(QSize(1440, 940)) == room
    assert laboratory.window.isMaximized() is not fits
    laboratory.window.deleteLater()
    laboratory.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
