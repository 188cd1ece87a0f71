"""A race leaves the window as files: all paths, all states, a script that repeats it."""

from __future__ import annotations

import csv
import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app import document_files, race_files
from app.application import Laboratory
from app.export_dialog import ExportDialog
from app.race_desk import RaceDesk
from simulations.documents.race_presets import load_race_preset
from simulations.racing.saved import SavedRace
from widgets.panel import Edit, LookAt, OpenPreset
from widgets.panels.race.fair import FairPanel

pytestmark = pytest.mark.journey


@pytest.fixture
def desk(laboratory: Laboratory, qtbot: QtBot) -> RaceDesk:
    """The Race workspace with its race complete."""
    laboratory.window.actions_["workspace-race"].trigger()
    found = laboratory.window.desk
    assert isinstance(found, RaceDesk)
    qtbot.waitUntil(lambda: found.latest() is not None and found.latest().race.is_complete, timeout=10_000)
    return found


def save(laboratory: Laboratory, qtbot: QtBot, monkeypatch: Any, action: str, file: Path) -> Path:
    """Choose ``action`` in the File menu and ``file`` in the dialog, and wait until it is written."""
    asked: list[Path] = []

    def answer(_parent: object, _title: str, start: Path, _filter: str, **_more: object) -> Path:
        asked.append(start)
        return file

    monkeypatch.setattr(race_files, "ask_for_file", answer)
    laboratory.window.actions_[action].trigger()
    qtbot.waitUntil(file.exists, timeout=20_000)
    qtbot.waitUntil(lambda: laboratory.window.banner.notice is not None)
    assert file.name in laboratory.window.banner.notice.text()
    return asked[0]


@pytest.mark.parametrize(("action", "column"), [("race-paths", "distance"), ("race-states", "memory")])
def test_all_numbers_are_written_as_a_table(
    laboratory: Laboratory, desk: RaceDesk, qtbot: QtBot, monkeypatch: Any, tmp_path: Path, action: str, column: str
) -> None:
    suggested = save(laboratory, qtbot, monkeypatch, action, tmp_path / "a.csv")
    assert suggested.name.startswith("four-in-a-ravine-")
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert column in rows[0]
    assert {row["step"] for row in rows} == {str(step) for step in range(desk.controller.spec.steps + 1)}


def test_the_script_of_the_window_ends_where_the_window_ends(
    laboratory: Laboratory, desk: RaceDesk, qtbot: QtBot, monkeypatch: Any, tmp_path: Path
) -> None:
    save(laboratory, qtbot, monkeypatch, "race-script-numpy", tmp_path / "a.py")
    done = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "a.py")], capture_output=True, text=True, encoding="utf-8", check=True
    )
    ends = [[float(one) for one in line.split()[-3:-1]] for line in done.stdout.splitlines()[1:]]
    assert ends == desk.latest().race.answers[-1].tolist()


def test_what_cannot_be_written_is_said_in_words(
    laboratory: Laboratory, desk: RaceDesk, qtbot: QtBot, monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(race_files, "ask_for_file", lambda *_args, **_more: tmp_path / "nowhere" / "a.csv")
    laboratory.window.actions_["race-paths"].trigger()
    qtbot.waitUntil(lambda: laboratory.window.banner.notice is not None)
    assert "nowhere" in laboratory.window.banner.notice.text()
    laboratory.window.actions_["language-zh_CN"].trigger()
    laboratory.window.actions_["language-en"].trigger()
    desk.controller.handle(LookAt(None))
    assert laboratory.window.banner.notice is not None, "nobody has edited anything"
    spec = desk.controller.spec
    desk.controller.handle(Edit(dataclasses.replace(spec, start_x=spec.start_x + 0.5), "Move"))
    assert laboratory.window.banner.notice is None, "whoever goes on has read it"


def test_the_plane_leaves_as_an_animation(laboratory: Laboratory, desk: RaceDesk, qtbot: QtBot, tmp_path: Path) -> None:
    qtbot.waitUntil(lambda: any(one.plot_id == "plane" for one in desk.plots()), timeout=20_000)
    laboratory.window.actions_["export"].trigger()
    (dialog,) = laboratory.window.findChildren(ExportDialog)
    dialog.choose("plane", "gif")
    named = {one.accessibleName(): one for one in dialog.findChildren(QWidget) if one.accessibleName()}
    named["Folder"].setText(str(tmp_path))  # type: ignore[attr-defined]
    named["Length of the animation"].setValue(0.5)  # type: ignore[attr-defined]
    with qtbot.waitSignal(dialog.exported, timeout=60_000) as done:
        next(one for one in dialog.findChildren(QPushButton) if one.text() == "Export").click()
    with Image.open(done.args[0]) as image:
        assert getattr(image, "n_frames", 1) == 10


def run_fair_race(desk: RaceDesk, qtbot: QtBot) -> FairPanel:
    """Bring the panel to the front, and run with a small budget until the result is kept."""
    qtbot.waitUntil(lambda: desk.is_loaded, timeout=20_000)
    (panel,) = (one for one in desk.workspace.panels() if isinstance(one, FairPanel))
    desk.workspace.docks["fair"].raise_()
    panel._form.fields()["budget"].edited.emit(20)
    panel._run.click()
    qtbot.waitUntil(lambda: len(desk.controller.content.results) == 1, timeout=60_000)
    return panel


def test_a_fair_race_is_saved_with_its_race_and_shown_when_it_is_opened(
    laboratory: Laboratory, desk: RaceDesk, qtbot: QtBot, monkeypatch: Any, tmp_path: Path
) -> None:
    controller, window, file = desk.controller, laboratory.window, tmp_path / "a.json"
    panel = run_fair_race(desk, qtbot)
    assert not controller.is_modified, "a race without a file can do without"
    monkeypatch.setattr(document_files, "ask_for_file", lambda *_args, **_more: file)
    window.actions_["save"].trigger()
    told = panel._result.text()
    panel._form.fields()["budget"].edited.emit(21)
    panel._run.click()
    qtbot.waitUntil(lambda: len(controller.content.results) == 2, timeout=60_000)
    assert controller.is_modified
    assert window.isWindowModified()
    window.actions_["save"].trigger()
    assert not controller.is_modified
    controller._results.clear()  # another sitting
    controller.handle(OpenPreset("zig-zag"))
    assert "run it again" in panel._state.text()
    window.open_file(file)
    assert (panel._state.text(), panel._form.value().budget) == ("", 21)
    panel._form.fields()["budget"].edited.emit(20)
    assert (panel._state.text(), panel._result.text()) == ("", told)
    assert not controller.is_modified


def test_a_result_that_no_longer_fits_does_not_go_into_the_file(desk: RaceDesk, qtbot: QtBot) -> None:
    run_fair_race(desk, qtbot)
    controller = desk.controller
    other = load_race_preset("zig-zag").spec.surface
    controller.handle(Edit(dataclasses.replace(controller.spec, surface=other), ""))
    assert controller.content.results == ()
    controller.undo()
    assert len(controller.content.results) == 1


def test_a_result_that_a_crash_left_behind_comes_back_with_its_race(desk: RaceDesk, qtbot: QtBot) -> None:
    run_fair_race(desk, qtbot)
    controller = desk.controller
    left = SavedRace(dataclasses.replace(controller.spec, name="left"), controller.content.results)
    controller._results.clear()
    controller.restore(left)
    assert (controller.spec.name, controller.content.results) == ("left", left.results)
    assert controller.is_modified
