"""The running window, switched to Chinese while it trains, shows nothing that is still English, and switches back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.application import Laboratory
from app.export_dialog import ExportDialog
from app.settings import Settings
from simulations import families
from simulations.documents.presets import load_preset, preset_names
from simulations.documents.race_presets import load_race_preset, race_preset_names
from tests.architecture.words import untranslated

families.load()


@pytest.fixture
def laboratory(qtbot: Any, qapp: QApplication, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Laboratory]:
    settings = Settings(tmp_path / "settings.ini")
    settings.language = "en"
    made = Laboratory(qapp, load_preset(request.param).spec, settings)
    qtbot.addWidget(made.window, before_close_func=lambda _window: made.close())
    with qtbot.waitSignal(made.ready, timeout=20_000):
        made.show()
    qtbot.waitUntil(lambda: made.window.latest() is not None and made.window.latest().step > 20, timeout=20_000)
    yield made
    made.languages.use("en")
    made.close()


@pytest.mark.parametrize("laboratory", ["digits-cnn", "spiral-mlp"], indirect=True)
def test_the_running_window_speaks_chinese_and_english_again(laboratory: Laboratory, qtbot: Any) -> None:
    window = laboratory.window
    window.preferences.choose_language("zh_CN")
    qtbot.waitUntil(lambda: not untranslated(window))
    window.preferences.choose_language("en")
    qtbot.waitUntil(lambda: bool(untranslated(window)))


@pytest.mark.parametrize("laboratory", ["spiral-mlp"], indirect=True)
def test_the_race_workspace_speaks_chinese_and_english_again(laboratory: Laboratory, qtbot: Any) -> None:
    window = laboratory.window
    window.show_desk("race")
    qtbot.waitUntil(lambda: window.desk.is_loaded and window.latest() is not None, timeout=20_000)
    window.preferences.choose_language("zh_CN")
    qtbot.waitUntil(lambda: not untranslated(window))
    window.preferences.choose_language("en")
    qtbot.waitUntil(lambda: bool(untranslated(window)))


@pytest.mark.parametrize("laboratory", ["digits-cnn"], indirect=True)
def test_the_export_dialog_speaks_chinese(laboratory: Laboratory, qtbot: Any, tmp_path: Path) -> None:
    window = laboratory.window
    window.preferences.choose_language("zh_CN")
    qtbot.waitUntil(lambda: bool(window.plots()), timeout=10_000)
    dialog = ExportDialog(
        laboratory.appearance.look, window.plots(), window.latest, Settings(tmp_path / "export.ini").store
    )
    qtbot.addWidget(dialog)
    assert untranslated(dialog) <= {str(dialog.file)}


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_is_introduced_in_chinese(name: str, chinese: None) -> None:
    from widgets.text import _

    preset = load_preset(name)
    for text in (preset.title, preset.sentence):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in _(text))


@pytest.mark.parametrize("name", race_preset_names())
def test_a_race_is_introduced_in_chinese(name: str, chinese: None) -> None:
    from widgets.text import _

    preset = load_race_preset(name)
    for text in (preset.title, preset.sentence):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in _(text))
