"""How large the window is before anybody has chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSize

from app.application import Laboratory, make_application
from app.settings import Settings
from simulations.documents.presets import load_preset


def test_a_screen_smaller_than_the_first_size_is_filled_and_a_larger_one_is_not(tmp_path: Path) -> None:
    laboratory = Laboratory(
        make_application(), load_preset("spiral-mlp").spec, Settings(tmp_path / "settings.ini"), play=False
    )
    laboratory.window.fit_into(QSize(1920, 1080))
    assert not laboratory.window.isMaximized()
    laboratory.window.fit_into(QSize(1280, 800))
    assert laboratory.window.isMaximized()
    laboratory.window.deleteLater()
    laboratory.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
