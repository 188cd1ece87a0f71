"""The import dialog shows what will be read, follows every choice, and gives a source that is settled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import assets
from app.import_dialog import ImportDialog
from simulations.data.files.guess import source_for
from simulations.data.files.table import PastedTable, TableFile
from tests.architecture.words import untranslated
from tests.simulations.data.files.samples_on_disk import TABLE, write_folder, write_idx, write_npz, write_table
from widgets.text import use_language
from widgets.theme import DARK, LIGHT, Look


@pytest.fixture
def chinese() -> Iterator[None]:
    use_language("zh_CN", assets.path("locale"))
    yield
    use_language("en", assets.path("locale"))


def dialog_on(qtbot: Any, file: Path, look: Look | None = None) -> ImportDialog:
    dialog = ImportDialog(look or Look(), source_for(file))
    qtbot.addWidget(dialog)
    dialog.show()
    settle(qtbot, dialog)
    return dialog


def settle(qtbot: Any, dialog: ImportDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.is_reading() and not dialog._settle.isActive(), timeout=10_000)


def choose(dialog: ImportDialog, name: str, choice: str) -> None:
    field = dialog.form.fields()[name]
    index = field.declared.choices.index(choice) if field.declared.choices else field.combo.findText(choice)
    field.combo.setCurrentIndex(index)
    field.combo.activated.emit(index)


@pytest.mark.parametrize("write", [write_table, write_idx, write_npz, write_folder])
def test_every_kind_of_file_is_previewed_and_imported(qtbot: Any, tmp_path: Path, write: Any) -> None:
    dialog = dialog_on(qtbot, write(tmp_path))
    assert dialog.accept_button.isEnabled()
    assert "samples · input" in dialog.facts.text()
    assert dialog.counts.text()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.accept_button.click()
    source = chosen.args[0]
    assert source.imported() == source
    assert source.found.samples > 0


def test_the_table_shows_the_numbers_the_network_gets(qtbot: Any, tmp_path: Path) -> None:
    dialog = dialog_on(qtbot, write_table(tmp_path))
    model = dialog.preview.model
    assert [model.headerData(i, Qt.Orientation.Horizontal) for i in range(3)] == ["sepal", "petal", "→ class"]
    assert [model.data(model.index(1, i)) for i in range(3)] == ["6.2", "4.5", "virginica"]


def test_recognised_choices_are_shown_and_a_wrong_one_is_told_and_can_be_taken_back(qtbot: Any, tmp_path: Path) -> None:
    dialog = dialog_on(qtbot, write_table(tmp_path))
    assert dialog.form.value().delimiter == "comma"
    choose(dialog, "delimiter", "semicolon")
    settle(qtbot, dialog)
    assert not dialog.accept_button.isEnabled()
    assert "no column left to learn from" in dialog.fault.text()
    choose(dialog, "delimiter", "auto")
    settle(qtbot, dialog)
    assert dialog.accept_button.isEnabled()
    assert dialog.form.value().delimiter == "comma"


def test_another_target_and_a_column_left_out_change_the_preview(qtbot: Any, tmp_path: Path) -> None:
    dialog = dialog_on(qtbot, write_table(tmp_path))
    choose(dialog, "target", "petal")
    settle(qtbot, dialog)
    assert "predicts petal" in dialog.facts.text()
    field = dialog.form.fields()["left_out"]
    field.list.setFocus()
    field.list.setCurrentIndex(field.list.model().index(1, 0))
    QTest.keyClick(field.list, Qt.Key.Key_Space)
    settle(qtbot, dialog)
    assert dialog.form.value().left_out == ("kind",)
    assert "input 1 ·" in dialog.facts.text()


def test_warnings_are_shown(qtbot: Any, tmp_path: Path) -> None:
    dialog = dialog_on(qtbot, write_table(tmp_path, TABLE + "1.0,,setosa\n"))
    assert dialog.remarks.text() == "▲ Rows left out because something is missing: 1."


def test_closing_while_it_reads_leaves_quietly(qtbot: Any, tmp_path: Path) -> None:
    rows = "".join(f"{i},{i % 7},{i % 2}\n" for i in range(60_000))
    dialog = ImportDialog(Look(), TableFile(path=str(write_table(tmp_path, "a,b,y\n" + rows))))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.is_reading()
    dialog.reject()
    assert not dialog.is_reading()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_dialog_speaks_chinese(qtbot: Any, tmp_path: Path, chinese: None, theme: Any) -> None:
    dialog = dialog_on(qtbot, write_table(tmp_path, TABLE.replace("kind", "类")), Look(theme))
    kept = {"table.csv", "sepal", "petal", "类"}
    assert untranslated(dialog) <= kept | {"setosa：2 · virginica：2"}


def test_a_fault_of_pasted_cells_is_told_in_chinese_alone(qtbot: Any, chinese: None) -> None:
    dialog = ImportDialog(Look(), PastedTable(text="甲\t乙\t丙\n1\t2\t类\n1\n"))
    qtbot.addWidget(dialog)
    settle(qtbot, dialog)
    assert dialog.fault.text().startswith("✕ 剪贴板")


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_pictures_of_any_number_of_channels_are_drawn(qtbot: Any, tmp_path: Path, channels: int) -> None:
    x = np.random.default_rng(0).random((12, 6, 6, channels)).astype(np.float32)
    dialog = dialog_on(qtbot, write_npz(tmp_path, x=x, y=np.arange(12) % 3))
    assert not dialog.preview.sheet.grab().isNull()
    assert f"6×6×{channels}" in dialog.facts.text()
