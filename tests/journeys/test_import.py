"""A person's own data in a real window: dropped, pasted, chosen by name; one edit each, taken back by one undo."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from pytestqt.qtbot import QtBot

from app.application import Laboratory
from simulations.data.files.table import PastedTable
from tests.journeys.conftest import Open
from tests.simulations.data.files.samples_on_disk import TABLE, write_idx, write_table

pytestmark = pytest.mark.journey


def drop(laboratory: Laboratory, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    none = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, none)
    laboratory.window.dropEvent(event)


def accept(laboratory: Laboratory, qtbot: QtBot) -> None:
    dialog = laboratory.window.data_import.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.accept_button.isEnabled(), timeout=10_000)
    dialog.accept_button.click()


def test_dropped_pictures_are_trained_on_and_one_undo_takes_them_back(
    open_laboratory: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    laboratory = open_laboratory("digits-cnn", play=True)
    before = laboratory.controller.spec
    write_idx(tmp_path, count=120, side=12)
    drop(laboratory, tmp_path)
    accept(laboratory, qtbot)
    spec = laboratory.controller.spec
    assert spec.data.source.input_shape == (12, 12, 1)
    qtbot.waitUntil(
        lambda: laboratory.bridge.snapshot.spec == spec and laboratory.bridge.snapshot.step > 5, timeout=20_000
    )
    laboratory.controller.undo()
    assert laboratory.controller.spec == before


def test_pasted_cells_are_data(laboratory: Laboratory, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText((TABLE + TABLE.split("\n", 1)[1] * 3).replace(",", "\t"))
    laboratory.window.actions_["paste"].trigger()
    accept(laboratory, qtbot)
    assert isinstance(laboratory.controller.spec.data.source, PastedTable)
    spec = laboratory.controller.spec
    qtbot.waitUntil(lambda: laboratory.bridge.snapshot.spec == spec, timeout=10_000)
    QGuiApplication.clipboard().setText("no table")
    laboratory.window.actions_["paste"].trigger()
    assert laboratory.window.banner.notice is not None
    assert "The clipboard holds no table" in laboratory.window.banner.notice.text()


def test_a_file_that_is_gone_is_told_and_the_run_goes_on(laboratory: Laboratory, qtbot: QtBot, tmp_path: Path) -> None:
    file = write_table(tmp_path, TABLE * 1 + TABLE.split("\n", 1)[1] * 4)
    drop(laboratory, file)
    accept(laboratory, qtbot)
    spec = laboratory.controller.spec
    qtbot.waitUntil(lambda: laboratory.bridge.snapshot.spec == spec, timeout=10_000)
    file.unlink()
    laboratory.controller.new_seed()
    qtbot.waitUntil(lambda: laboratory.window.banner.notice is not None, timeout=10_000)
    assert "table.csv is not there any more" in laboratory.window.banner.notice.text()
    assert laboratory.controller.spec == dataclasses.replace(spec, seed=1)
    assert laboratory.bridge.snapshot.spec == spec


def test_what_is_no_data_is_told(laboratory: Laboratory, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    drop(laboratory, tmp_path / "a.xlsx")
    assert laboratory.window.data_import.dialog is None
    assert "a.xlsx is a spreadsheet" in laboratory.window.banner.notice.text()
