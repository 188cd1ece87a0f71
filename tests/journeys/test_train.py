"""Journeys through the Train workspace: play, step, edit, undo, diverge, switch, export, reopen."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.application import Laboratory
from app.docks import PanelDock
from app.documents import save_spec
from app.export_dialog import ExportDialog
from app.exporters import export_plot
from app.palette import CommandPalette
from app.settings import Settings
from simulations.documents.presets import load_preset
from simulations.runtime.messages import Diverged, Rejected, Snapshot, TakeSteps
from widgets.panel import Edit, OpenPreset

pytestmark = pytest.mark.journey


def snapshot(laboratory: Laboratory) -> Snapshot:
    assert laboratory.bridge.snapshot is not None
    return laboratory.bridge.snapshot


def edit(laboratory: Laboratory, **changed: Any) -> None:
    spec = dataclasses.replace(laboratory.controller.spec, **changed)
    laboratory.controller.handle(Edit(spec, "Change"))


def press(laboratory: Laboratory, qtbot: QtBot, key: Qt.Key) -> None:
    laboratory.window.activateWindow()
    laboratory.window.centralWidget().setFocus()
    qtbot.waitUntil(lambda: laboratory.window.isActiveWindow())
    qtbot.keyClick(laboratory.window, key)


def test_space_trains_and_space_pauses(laboratory: Laboratory, qtbot: QtBot) -> None:
    press(laboratory, qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: snapshot(laboratory).status == "running" and snapshot(laboratory).step > 5)
    press(laboratory, qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: snapshot(laboratory).status == "paused")


def test_the_right_arrow_takes_exactly_one_step(laboratory: Laboratory, qtbot: QtBot) -> None:
    press(laboratory, qtbot, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: snapshot(laboratory).step == 1)
    assert snapshot(laboratory).status == "paused"


def test_the_epoch_button_trains_one_epoch(laboratory: Laboratory, qtbot: QtBot) -> None:
    button = laboratory.window.findChild(QToolButton, "transport.epoch")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: snapshot(laboratory).epoch == 1.0)
    assert snapshot(laboratory).step == snapshot(laboratory).steps_per_epoch


def test_reset_returns_to_step_0_with_the_same_weights(laboratory: Laboratory, qtbot: QtBot) -> None:
    weights = snapshot(laboratory).weights_hash
    press(laboratory, qtbot, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: snapshot(laboratory).step == 1)
    laboratory.window.actions_["reset"].trigger()
    qtbot.waitUntil(lambda: snapshot(laboratory).step == 0)
    assert snapshot(laboratory).weights_hash == weights


def test_an_edit_acts_while_training_and_undo_takes_it_back(laboratory: Laboratory, qtbot: QtBot) -> None:
    before = laboratory.controller.spec
    laboratory.window.actions_["play"].trigger()
    edit(laboratory, batch_size=16)
    qtbot.waitUntil(lambda: snapshot(laboratory).spec.batch_size == 16)
    laboratory.window.actions_["undo"].trigger()
    qtbot.waitUntil(lambda: snapshot(laboratory).spec == before)
    laboratory.window.actions_["redo"].trigger()
    qtbot.waitUntil(lambda: snapshot(laboratory).spec.batch_size == 16)


def test_an_impossible_network_is_not_run_and_the_old_one_stays(laboratory: Laboratory, qtbot: QtBot) -> None:
    running = snapshot(laboratory).spec
    edit(laboratory, layers=laboratory.controller.spec.layers[:1])
    assert laboratory.controller.document.description.problem is not None
    press(laboratory, qtbot, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: snapshot(laboratory).step == 1)
    assert snapshot(laboratory).spec == running


def test_divergence_pauses_names_the_step_and_leads_back(laboratory: Laboratory, qtbot: QtBot) -> None:
    window = laboratory.window
    laboratory.bridge.eventArrived.emit(Diverged(812, snapshot(laboratory).layers[0].name, "weight", 800))
    notice = window.banner.notice
    assert notice is not None
    assert "812" in notice.text()
    buttons = [one for one in window.banner.findChildren(QPushButton) if one.isVisible()]
    assert [one.text() for one in buttons] == [
        "Return to step 800",
        "Return with a tenth of the learning rate",
        "Reset",
    ]
    rate = laboratory.controller.spec.optimizer.learning_rate  # type: ignore[attr-defined]
    qtbot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert laboratory.controller.spec.optimizer.learning_rate == pytest.approx(rate / 10)  # type: ignore[attr-defined]
    assert window.banner.isHidden()


def test_a_preset_opens_and_trains(laboratory: Laboratory, qtbot: QtBot) -> None:
    laboratory.controller.handle(OpenPreset("rings-mlp"))
    qtbot.waitUntil(lambda: snapshot(laboratory).spec.name == "rings-mlp" and snapshot(laboratory).step > 0)
    assert laboratory.window.windowTitle().startswith("rings-mlp")


def test_a_preset_begins_at_step_0_even_where_its_own_network_has_run(laboratory: Laboratory, qtbot: QtBot) -> None:
    laboratory.controller.handle(OpenPreset("rings-mlp"))
    qtbot.waitUntil(lambda: snapshot(laboratory).spec.name == "rings-mlp" and snapshot(laboratory).step > 0)
    run = snapshot(laboratory).run
    laboratory.controller.handle(OpenPreset("rings-mlp"))
    qtbot.waitUntil(lambda: snapshot(laboratory).run > run and snapshot(laboratory).status == "running")
    assert not snapshot(laboratory).markers


def test_every_visible_plot_is_exported_as_a_picture_and_as_numbers(
    open_laboratory: Callable[..., Laboratory], qtbot: QtBot, tmp_path: Path
) -> None:
    laboratory = open_laboratory("digits-cnn")
    laboratory.window.actions_["epoch"].trigger()
    qtbot.waitUntil(lambda: snapshot(laboratory).epoch >= 1.0, timeout=20_000)
    qtbot.waitUntil(lambda: len(laboratory.window.plots()) >= 3, timeout=10_000)
    for plot in laboratory.window.plots():
        for ending in ("svg", "csv"):
            file = tmp_path / f"{plot.plot_id}.{ending}"
            export_plot(plot, file)
            assert file.stat().st_size > 0


def test_the_language_changes_while_it_trains(laboratory: Laboratory, qtbot: QtBot) -> None:
    window = laboratory.window
    window.actions_["play"].trigger()
    english = window.actions_["presets"].text()
    window.actions_["language-zh_CN"].trigger()
    assert window.actions_["presets"].text() != english
    window.actions_["language-en"].trigger()
    assert window.actions_["presets"].text() == english


def test_the_theme_reaches_every_panel(laboratory: Laboratory, qtbot: QtBot) -> None:
    laboratory.window.actions_["theme-dark"].trigger()
    wanted = laboratory.appearance.look.theme.color("window")
    qtbot.waitUntil(lambda: laboratory.window.palette().window().color() == wanted)
    assert all(panel.look.theme.is_dark for panel in laboratory.window.panels())
    laboratory.window.actions_["size-125"].trigger()
    assert all(panel.look.theme.scale == 1.25 for panel in laboratory.window.panels())


def test_a_projector_gets_large_texts_and_wide_strokes(laboratory: Laboratory, settings: Settings) -> None:
    window, look = laboratory.window, laboratory.appearance.look
    window.actions_["size-125"].trigger()
    at_desk = look.theme.pen("grid").widthF()
    window.actions_["projector"].trigger()
    assert all(panel.look.theme.scale == 1.5 for panel in window.panels())
    assert look.theme.pen("grid").widthF() == pytest.approx(1.4 * at_desk)
    assert window.actions_["projector"].isChecked()
    assert not window.actions_["size-125"].isEnabled(), "the size is given"
    assert settings.is_projected
    window.actions_["projector"].trigger()
    assert window.actions_["size-125"].isEnabled()
    assert look.theme.scale == 1.25
    assert look.theme.pen("grid").widthF() == at_desk
    assert not settings.is_projected


def test_the_projector_mode_is_remembered(open_laboratory: Callable[..., Laboratory], settings: Settings) -> None:
    settings.is_projected = True
    laboratory = open_laboratory()
    assert laboratory.appearance.look.theme.weight > 1
    assert laboratory.window.actions_["projector"].isChecked()


def test_what_is_saved_opens_again(laboratory: Laboratory, qtbot: QtBot, tmp_path: Path) -> None:
    spec = load_preset("rings-mlp").spec
    file = tmp_path / "mine.json"
    save_spec(spec, file)
    laboratory.window.files.open_file(file)
    assert laboratory.controller.spec == spec
    assert not laboratory.controller.history.is_modified


@pytest.mark.filterwarnings("ignore:Function.*QD:DeprecationWarning")  # Qt 6.12 wants points that 6.8 has not
def test_an_experiment_dropped_on_the_window_opens(laboratory: Laboratory, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    save_spec(dataclasses.replace(load_preset("rings-mlp").spec, name="mine"), file)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    place, copy = QPoint(200, 200), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(place, copy, data, buttons, keys)
    QApplication.sendEvent(laboratory.window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(laboratory.window, QDropEvent(place.toPointF(), copy, data, buttons, keys))
    qtbot.waitUntil(lambda: snapshot(laboratory).spec.name == "mine")


def test_a_broken_file_is_said_in_words_and_changes_nothing(laboratory: Laboratory, tmp_path: Path) -> None:
    before = laboratory.controller.spec
    file = tmp_path / "broken.json"
    file.write_text(json.dumps({"format": "something else"}))
    laboratory.window.files.open_file(file)
    assert laboratory.controller.spec == before
    assert laboratory.window.banner.notice is not None


def test_a_refused_edit_is_explained(laboratory: Laboratory) -> None:
    from simulations.core.errors import DataError

    laboratory.bridge.eventArrived.emit(Rejected(laboratory.controller.spec, DataError("too few samples")))
    notice = laboratory.window.banner.notice
    assert notice is not None
    assert "too few samples" in notice.text()


def test_the_refusal_is_withdrawn_with_the_edit_it_was_about(laboratory: Laboratory, qtbot: QtBot) -> None:
    source = dataclasses.replace(laboratory.controller.spec.data.source, samples=20)
    edit(laboratory, data=dataclasses.replace(laboratory.controller.spec.data, source=source), batch_size=64)
    qtbot.waitUntil(laboratory.window.banner.isVisible)
    laboratory.window.actions_["undo"].trigger()
    assert laboratory.window.banner.isHidden()


def test_the_way_back_is_offered_only_while_training_is_stuck(laboratory: Laboratory, qtbot: QtBot) -> None:
    from simulations.optimizers.sgd import SGD

    edit(laboratory, optimizer=SGD(learning_rate=10.0))
    laboratory.window.actions_["play"].trigger()
    qtbot.waitUntil(lambda: snapshot(laboratory).status == "diverged", timeout=10_000)
    qtbot.waitUntil(laboratory.window.banner.isVisible)
    laboratory.window.actions_["reset"].trigger()
    qtbot.waitUntil(laboratory.window.banner.isHidden)


def test_closing_while_training_ends_the_thread_and_remembers_the_layout(
    open_laboratory: Callable[..., Laboratory], qtbot: QtBot, settings: Settings
) -> None:
    laboratory = open_laboratory("digits-cnn", play=True)
    qtbot.waitUntil(lambda: snapshot(laboratory).step > 0)
    laboratory.window.close()
    assert not laboratory.bridge.is_started
    assert not settings.bytes_of("window/layout/train").isEmpty()


def test_a_damaged_layout_falls_back_to_the_default(
    open_laboratory: Callable[..., Laboratory], settings: Settings
) -> None:
    from PySide6.QtCore import QByteArray

    settings.store_bytes("window/layout/train", QByteArray(b"nonsense"))
    laboratory = open_laboratory()
    assert {panel.kind for panel in laboratory.window.workspace.shown_panels()} >= {"layers", "output", "curves"}


def test_a_closed_panel_is_not_measured_and_comes_back(laboratory: Laboratory, qtbot: QtBot) -> None:
    dock = laboratory.window.workspace.docks["layers"]
    dock.close()
    assert "layers" not in {panel.kind for panel in laboratory.window.workspace.shown_panels()}
    dock.toggleViewAction().trigger()
    qtbot.waitUntil(lambda: "layers" in {panel.kind for panel in laboratory.window.workspace.shown_panels()})


def test_the_controls_of_a_header_fit_into_it(laboratory: Laboratory) -> None:
    for dock in laboratory.window.findChildren(PanelDock):
        header = dock.titleBarWidget()
        for control in header.findChildren(QWidget):
            if control.isVisible():
                top = control.mapTo(header, QPoint(0, 0)).y()
                assert top >= 0
                assert top + control.height() <= header.height()
        if dock.panel is not None and dock.panel.isVisible() and not dock.isFloating():
            assert dock.panel.mapTo(dock, QPoint(0, 0)).y() >= header.geometry().bottom()


def test_the_palette_finds_a_command_by_its_english_name_in_chinese_too(laboratory: Laboratory, qtbot: QtBot) -> None:
    laboratory.window.preferences.choose_language("zh_CN")
    laboratory.window.show_palette()
    palette = laboratory.window.findChild(CommandPalette)
    search, nothing = palette.findChild(QLineEdit), palette.findChild(QLabel)
    qtbot.keyClicks(search, "no such thing")
    assert nothing.isVisible()
    search.clear()
    qtbot.keyClicks(search, "dark theme")
    assert not nothing.isVisible()
    qtbot.keyClick(search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: laboratory.appearance.look.theme.is_dark)


def test_an_export_is_confirmed_with_its_place(laboratory: Laboratory, qtbot: QtBot, tmp_path: Path) -> None:
    qtbot.waitUntil(lambda: bool(laboratory.window.plots()), timeout=10_000)
    laboratory.window.dialogs.export()
    dialog = laboratory.window.findChild(ExportDialog)
    dialog.exported.emit(tmp_path / "curves.svg")
    still = laboratory.bridge.snapshot
    laboratory.controller.handle(TakeSteps(20))
    qtbot.wait(150)
    assert laboratory.bridge.snapshot is still, "what is previewed is what is written"
    dialog.reject()
    qtbot.waitUntil(lambda: laboratory.bridge.snapshot is not still)
    assert laboratory.window.banner.isVisible()
    assert str(tmp_path / "curves.svg") in laboratory.window.banner.notice.text()


def test_a_network_is_kept_as_the_teacher_and_a_smaller_one_learns_from_it(
    laboratory: Laboratory, qtbot: QtBot
) -> None:
    laboratory.window.actions_["epoch"].trigger()
    qtbot.waitUntil(lambda: snapshot(laboratory).step > 0 and snapshot(laboratory).status == "paused")
    assert not laboratory.window.actions_["forget-teacher"].isEnabled()
    laboratory.window.actions_["keep-teacher"].trigger()
    qtbot.waitUntil(lambda: laboratory.controller.spec.teacher is not None)
    teacher = laboratory.controller.spec.teacher
    assert teacher is not None
    assert teacher.step == snapshot(laboratory).step
    notice = laboratory.window.banner.notice
    assert notice is not None
    notice.answers[0][1]()
    layers = laboratory.controller.spec.layers
    edit(laboratory, layers=layers[-1:])
    qtbot.waitUntil(lambda: snapshot(laboratory).spec.layers == layers[-1:])
    assert snapshot(laboratory).spec.loss.kind == "distillation"
    laboratory.window.actions_["epoch"].trigger()
    qtbot.waitUntil(lambda: snapshot(laboratory).step > 0)
    laboratory.controller.forget_teacher()
    qtbot.waitUntil(lambda: snapshot(laboratory).spec.teacher is None)
    assert snapshot(laboratory).spec.loss.kind == "softmax_cross_entropy"
