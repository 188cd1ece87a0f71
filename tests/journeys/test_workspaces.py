"""Train and Race share a window: one is in front, the other rests, nothing of either is lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QToolButton
from pytestqt.qtbot import QtBot

from app.application import Laboratory, make_application
from app.documents import RACE, Autosave, save_race
from app.race_desk import RaceDesk
from app.settings import Settings
from simulations.core.errors import GradLabError
from simulations.documents.presets import load_preset
from simulations.documents.race import RaceSpec
from simulations.documents.race_edits import with_surface
from simulations.documents.race_presets import load_race_preset
from simulations.racing.saved import SavedRace
from simulations.runtime.messages import Play
from simulations.runtime.race_messages import RaceSnapshot
from simulations.surfaces.formula import Formula
from widgets.panel import Edit, OpenPreset, SelectRacer

pytestmark = pytest.mark.journey
Open = Callable[..., Laboratory]


def to_race(laboratory: Laboratory, qtbot: QtBot) -> RaceDesk:
    """Bring Race to the front and wait until every panel stands and its race is complete."""
    laboratory.window.actions_["workspace-race"].trigger()
    desk = laboratory.window.desk
    assert isinstance(desk, RaceDesk)
    qtbot.waitUntil(
        lambda: desk.is_loaded and desk.latest() is not None and desk.latest().race.is_complete, timeout=20_000
    )
    return desk


def moved(spec: RaceSpec, x: float) -> RaceSpec:
    return dataclasses.replace(spec, start_x=x)


def snapshot_of(desk: RaceDesk) -> RaceSnapshot:
    found = desk.latest()
    assert isinstance(found, RaceSnapshot)
    return found


def test_training_pauses_while_race_is_in_front_and_goes_on_afterwards(laboratory: Laboratory, qtbot: QtBot) -> None:
    train, window = laboratory.train, laboratory.window
    window.actions_["play"].trigger()
    qtbot.waitUntil(train.is_running)
    to_race(laboratory, qtbot)
    assert window.windowTitle().startswith("four-in-a-ravine")
    assert not train.workspace.shown_panels()
    window.actions_["workspace-train"].trigger()
    step = train.latest().step
    qtbot.waitUntil(lambda: train.is_running() and train.latest().step > step)
    assert window.windowTitle().startswith("spiral-mlp")


def test_paused_training_stays_paused(laboratory: Laboratory, qtbot: QtBot) -> None:
    to_race(laboratory, qtbot)
    laboratory.window.actions_["workspace-train"].trigger()
    laboratory.window.actions_["step"].trigger()
    qtbot.waitUntil(lambda: laboratory.bridge.snapshot.step == 1)
    assert laboratory.bridge.snapshot.status == "paused"


def test_keys_mean_what_the_workspace_in_front_means(laboratory: Laboratory, qtbot: QtBot) -> None:
    desk, window = to_race(laboratory, qtbot), laboratory.window
    window.activateWindow()
    window.centralWidget().setFocus()
    qtbot.waitUntil(window.isActiveWindow)
    press = Qt.Key
    for key, modifier, moment in (
        (press.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
        (press.Key_Right, Qt.KeyboardModifier.NoModifier, 1),
        (press.Key_Right, Qt.KeyboardModifier.ShiftModifier, 11),
        (press.Key_Left, Qt.KeyboardModifier.NoModifier, 10),
        (press.Key_End, Qt.KeyboardModifier.NoModifier, 300),
        (press.Key_Left, Qt.KeyboardModifier.ShiftModifier, 290),
    ):
        QTest.keyClick(window, key, modifier)
        qtbot.waitUntil(lambda moment=moment: snapshot_of(desk).moment == moment)
    assert laboratory.bridge.snapshot.step == 0  # nobody trained
    QTest.keyClick(window, press.Key_Space)
    qtbot.waitUntil(lambda: snapshot_of(desk).status == "running")
    QTest.keyClick(window, press.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.desk is laboratory.train
    QTest.keyClick(window, press.Key_2, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: snapshot_of(desk).status == "paused")


def test_the_timeline_is_scrubbed_with_the_mouse_and_the_keys(laboratory: Laboratory, qtbot: QtBot) -> None:
    desk = to_race(laboratory, qtbot)
    bar = desk.transport.bar
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 2, bar.height() // 2))
    qtbot.waitUntil(lambda: snapshot_of(desk).moment == 150)
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: snapshot_of(desk).moment == 160 and bar.value() == 160)
    button = laboratory.window.findChild(QToolButton, "timeline.first")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bar.value() == 0)
    QTest.keyClick(bar, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: snapshot_of(desk).status == "running")


def test_a_drag_is_one_undo_step_with_one_ghost(laboratory: Laboratory, qtbot: QtBot) -> None:
    desk, window = to_race(laboratory, qtbot), laboratory.window
    before = snapshot_of(desk).race
    for i in range(20):
        desk.controller.handle(Edit(moved(before.spec, i / 10), "Move the start", merge="start-1"))
    qtbot.waitUntil(lambda: snapshot_of(desk).race.spec.start_x == 1.9)
    assert snapshot_of(desk).ghost is before
    assert window.isWindowModified()
    window.actions_["undo"].trigger()
    qtbot.waitUntil(lambda: snapshot_of(desk).race.spec == before.spec)
    assert not window.actions_["undo"].isEnabled()
    window.actions_["redo"].trigger()
    qtbot.waitUntil(lambda: snapshot_of(desk).race.spec.start_x == 1.9)
    desk.controller.history.mark_saved()


def test_undo_belongs_to_the_document_in_front(laboratory: Laboratory, qtbot: QtBot) -> None:
    desk, window = to_race(laboratory, qtbot), laboratory.window
    desk.controller.handle(Edit(moved(desk.controller.spec, 1.0), "Move the start"))
    window.actions_["workspace-train"].trigger()
    assert not window.actions_["undo"].isEnabled()
    window.actions_["workspace-race"].trigger()
    assert window.actions_["undo"].isEnabled()
    desk.controller.history.mark_saved()


def test_a_racer_is_selected_and_the_selection_survives_its_end(laboratory: Laboratory, qtbot: QtBot) -> None:
    desk = to_race(laboratory, qtbot)
    desk.controller.handle(SelectRacer(3))
    assert desk.controller.document.selected == 3
    spec = desk.controller.spec
    desk.controller.handle(Edit(dataclasses.replace(spec, racers=spec.racers[:2]), "Remove"))
    assert desk.controller.document.selected == 1
    desk.controller.handle(Edit(dataclasses.replace(spec, racers=()), "Remove"))
    assert desk.controller.document.selected == -1
    desk.controller.history.mark_saved()


def test_slow_motion_plays_in_the_plane_and_ends_with_its_panel(laboratory: Laboratory, qtbot: QtBot) -> None:
    desk = to_race(laboratory, qtbot)
    desk.controller.handle(SelectRacer(3))
    panel, plane = desk.workspace.docks["anatomy"].panel, desk.workspace.docks["plane"].panel.picture
    qtbot.waitUntil(lambda: bool(panel.plots()))
    panel.forward.click()
    panel.forward.click()
    assert desk.controller.document.part == plane.runners.part == 1
    desk.controller.handle(SelectRacer(0))
    assert plane.runners.part is None
    qtbot.waitUntil(lambda: bool(panel.plots()))
    panel.back.click()
    assert plane.runners.part is not None
    desk.workspace.docks["maps"].raise_()
    qtbot.waitUntil(lambda: plane.runners.part is None)


def test_a_race_is_saved_and_opens_in_its_own_workspace(laboratory: Laboratory, qtbot: QtBot, tmp_path: Path) -> None:
    file, window = tmp_path / "a.json", laboratory.window
    spec = dataclasses.replace(moved(load_race_preset("four-in-a-ravine").spec, 1.0), name="mine")
    save_race(SavedRace(spec), file)
    window.open_file(file)
    assert window.desk.controller.spec == spec
    assert window.windowTitle().startswith(window.desk.title())
    window.actions_["workspace-train"].trigger()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    action, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(9, 9), action, mime, buttons, Qt.KeyboardModifier.NoModifier))
    assert window.desk.definition.name == "race"
    assert window.desk.controller.file == file
    window.desk.controller.handle(Edit(moved(spec, 2.0), "Move the start"))
    assert window.isWindowModified()
    window.actions_["save"].trigger()
    assert not window.isWindowModified()
    assert '"start_x": 2.0' in file.read_text()


def test_each_workspace_has_its_own_say(laboratory: Laboratory, qtbot: QtBot) -> None:
    window, banner = laboratory.window, laboratory.window.banner
    laboratory.train.complain(GradLabError("of training"))
    desk = to_race(laboratory, qtbot)
    assert banner.isHidden(), "what is the matter in Train is not said in Race"
    desk.complain(GradLabError("of the race"))
    laboratory.train.complain(GradLabError("of training, newer"))
    assert banner.notice is not None
    assert banner.notice.text() == "of the race"
    window.actions_["workspace-train"].trigger()
    assert banner.notice.text() == "of training, newer"
    desk.withdraw_complaint()
    laboratory.train.withdraw_complaint()
    assert banner.isHidden()
    window.actions_["workspace-race"].trigger()
    assert banner.isHidden(), "what was taken back is not said later"


def test_a_table_dropped_on_a_formula_is_what_it_is_averaged_over(
    laboratory: Laboratory, qtbot: QtBot, tmp_path: Path
) -> None:
    desk, window = to_race(laboratory, qtbot), laboratory.window
    line = Formula("(x u + y - v)^2", "u, v\n0, 1")
    desk.controller.handle(Edit(with_surface(desk.controller.spec, line), "A formula"))
    file = tmp_path / "table.csv"
    file.write_text("u;v\n1,5;2\n2,5;3\n")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    action, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(9, 9), action, mime, buttons, Qt.KeyboardModifier.NoModifier))
    assert window.desk is desk, "and not in Train"
    assert desk.controller.spec.surface == dataclasses.replace(line, table="u, v\n1.5, 2\n2.5, 3")
    qtbot.waitUntil(lambda: snapshot_of(desk).race.spec == desk.controller.spec)
    bad = tmp_path / "bad.csv"
    bad.write_text("only words\n")
    assert desk.take_file(bad)
    assert window.banner.notice is not None
    assert desk.take_file(file), "the very table that is there"
    assert window.banner.notice is None, "what is mended is not complained of any more"
    other = tmp_path / "other.csv"
    other.write_text("town, t, h\nOslo, 1, 2\nRome, 3, 4\n")
    assert desk.take_file(other)
    rewritten = desk.controller.spec.surface.text
    assert window.banner.notice is not None
    told = window.banner.notice.text()
    assert line.text in told
    assert rewritten in told
    desk.controller.undo()
    assert desk.controller.spec.surface.text == line.text
    assert window.banner.notice is None


def test_a_preset_is_another_race_and_the_timeline_stands_at_its_end(laboratory: Laboratory, qtbot: QtBot) -> None:
    desk = to_race(laboratory, qtbot)
    laboratory.window.actions_["first"].trigger()
    qtbot.waitUntil(lambda: snapshot_of(desk).moment == 0)
    desk.controller.handle(OpenPreset("four-in-a-ravine"))
    qtbot.waitUntil(lambda: snapshot_of(desk).moment == snapshot_of(desk).race.spec.steps)
    desk.controller.handle(OpenPreset("adam-counterexample"))
    qtbot.waitUntil(lambda: snapshot_of(desk).race.spec.name == "adam-counterexample")
    desk.controller.handle(Edit(moved(desk.controller.spec, 0.5), "Move the start"))
    qtbot.waitUntil(lambda: snapshot_of(desk).ghost is not None)
    desk.controller.handle(OpenPreset("adam-counterexample"))
    qtbot.waitUntil(lambda: snapshot_of(desk).ghost is None)
    laboratory.window.actions_["presets"].trigger()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    dialog.grab()
    dialog.reject()


def test_what_cannot_run_is_said_and_withdrawn(laboratory: Laboratory, qtbot: QtBot) -> None:
    from simulations.surfaces.base import SURFACES

    desk, banner = to_race(laboratory, qtbot), laboratory.window.banner
    wrong = dataclasses.replace(desk.controller.spec, surface=SURFACES["formula"](text="x +"))
    desk.controller.handle(Edit(wrong, "Formula"))
    qtbot.waitUntil(banner.isVisible)
    assert banner.notice is not None
    assert "race before it stays" in banner.notice.text()
    laboratory.window.actions_["undo"].trigger()
    qtbot.waitUntil(banner.isHidden)


def test_the_last_workspace_comes_back_and_training_waits(
    open_laboratory: Open, settings: Settings, qtbot: QtBot
) -> None:
    settings.workspace = "race"
    laboratory = open_laboratory(first="race", play=True)
    desk = laboratory.window.desk
    assert isinstance(desk, RaceDesk)
    qtbot.waitUntil(lambda: desk.latest() is not None)
    assert laboratory.bridge.snapshot is None
    laboratory.window.actions_["workspace-train"].trigger()
    qtbot.waitUntil(lambda: laboratory.train.is_running(), timeout=10_000)


def test_an_experiment_that_was_chosen_is_shown_whatever_was_shown_last(settings: Settings) -> None:
    settings.workspace = "race"
    laboratory = Laboratory(make_application(), load_preset("rings-mlp").spec, settings, is_chosen=True)
    laboratory.window.firstPainted.emit()
    assert laboratory.window.desk is laboratory.train
    laboratory.window.close()
    laboratory.close()
    laboratory.window.deleteLater()


def test_closing_asks_about_each_unsaved_document_and_remembers_both_layouts(
    laboratory: Laboratory, qtbot: QtBot, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(_parent: object, _title: str, text: str, *_more: object) -> QMessageBox.StandardButton:
        asked.append(text)
        return QMessageBox.StandardButton.Cancel if len(asked) == 2 else QMessageBox.StandardButton.Discard

    monkeypatch.setattr(QMessageBox, "question", answer)
    desk, window = to_race(laboratory, qtbot), laboratory.window
    desk.controller.handle(Edit(moved(desk.controller.spec, 1.0), "Move the start"))
    spec = laboratory.controller.spec
    laboratory.controller.handle(Edit(dataclasses.replace(spec, batch_size=7), "Batch size"))
    assert not window.close()
    assert ["race" in text for text in asked] == [True, False]
    assert window.desk is laboratory.train  # what was asked about
    assert window.close()
    assert not settings.bytes_of("window/layout/race").isEmpty()
    assert not settings.bytes_of("window/layout/train").isEmpty()
    assert not desk.bridge.is_started
    assert not laboratory.bridge.is_started


def test_a_race_that_a_crash_left_behind_is_offered(
    open_laboratory: Open, settings: Settings, qtbot: QtBot, tmp_path: Path
) -> None:
    spec = moved(load_race_preset("four-in-a-ravine").spec, 1.25)
    save_race(SavedRace(spec), tmp_path / f"{RACE.autosaved}-1.json")
    laboratory = open_laboratory(kept_in=tmp_path)
    desk, banner = to_race(laboratory, qtbot), laboratory.window.banner
    qtbot.waitUntil(lambda: banner.notice is not None)
    assert banner.notice is not None
    banner.notice.answers[0][1]()
    assert desk.controller.spec == spec
    keeper = Autosave(tmp_path, RACE)
    assert keeper.left_behind() is None
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("race-autosave-*.json"))) == 1, timeout=5000)
    desk.controller.history.mark_saved()


def test_a_race_that_was_left_behind_is_kept_until_somebody_declines_it(
    open_laboratory: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    save_race(SavedRace(load_race_preset("zig-zag").spec), tmp_path / f"{RACE.autosaved}-1.json")
    laboratory = open_laboratory(kept_in=tmp_path)
    to_race(laboratory, qtbot)
    banner = laboratory.window.banner
    qtbot.waitUntil(lambda: banner.notice is not None)
    kept = list(tmp_path.glob("race-autosave-*.json"))
    assert len(kept) == 1, "nobody has said what is to become of it"
    qtbot.mouseClick(banner._close, Qt.MouseButton.LeftButton)
    assert not kept[0].exists()
    assert banner.isHidden()


def test_an_experiment_that_opens_from_race_trains_in_front(laboratory: Laboratory, qtbot: QtBot) -> None:
    to_race(laboratory, qtbot)
    laboratory.window.actions_["workspace-train"].trigger()
    laboratory.controller.open(load_preset("rings-mlp").spec)
    laboratory.controller.handle(Play())
    qtbot.waitUntil(laboratory.train.is_running)
