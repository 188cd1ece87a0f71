"""The export dialog writes what it previews, remembers its choices, and says in words why it could not."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRectF, QSettings, QSize
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QLabel, QLineEdit, QPushButton, QWidget

from app.export_dialog import ExportDialog
from app.export_names import file_name
from simulations.documents.presets import load_preset
from simulations.runtime.messages import Snapshot
from widgets.plot import Table
from widgets.theme import Look, Theme


class Dot:
    """The smallest plot."""

    def __init__(self, plot_id: str) -> None:
        self.plot_id = plot_id

    def plot_title(self) -> str:
        return self.plot_id.title()

    def plot_size(self) -> QSize:
        return QSize(200, 100)

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        painter.fillRect(rect, theme.color("accent"))

    def table(self) -> Table:
        return Table({"x": np.arange(3), self.plot_id: np.arange(3) / 7})


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pictures"
    made.mkdir()
    return made


def ever_later() -> Any:
    """A training that is a step further whenever it is looked at."""
    steps = itertools.count(1)
    spec = load_preset("rings-mlp").spec
    return lambda: Snapshot(0, 1, "running", spec, next(steps), 0.5, 10, 0.0, 0.0, 0.0, (), "", "")


@pytest.fixture
def dialog(qtbot: Any, settings: QSettings, folder: Path) -> ExportDialog:
    made = ExportDialog(Look(), [Dot("curves"), Dot("layers")], lambda: None, settings)
    qtbot.addWidget(made)
    edit(made, "Folder").setText(str(folder))
    return made


def edit(dialog: ExportDialog, name: str) -> QLineEdit:
    (found,) = (one for one in dialog.findChildren(QLineEdit) if one.accessibleName() == name)
    return found


def press(dialog: ExportDialog, text: str) -> None:
    (button,) = (one for one in dialog.findChildren(QPushButton) if one.text() == text)
    button.click()


def words(dialog: ExportDialog) -> str:
    return " ".join(one.text() for one in dialog.findChildren(QLabel))


@pytest.mark.parametrize("kind", ["png", "svg", "pdf", "csv"])
def test_export_writes_the_named_file_and_says_where(dialog: ExportDialog, qtbot: Any, folder: Path, kind: str) -> None:
    dialog.choose("layers", kind)
    with qtbot.waitSignal(dialog.exported) as exported:
        press(dialog, "Export")
    assert exported.args == [folder / f"gradlab-layers-step.{kind}"]
    assert exported.args[0].stat().st_size > 0


def test_choices_are_remembered(dialog: ExportDialog, qtbot: Any, settings: QSettings, folder: Path) -> None:
    dialog.choose("curves", "svg")
    (light,) = (one for one in dialog.findChildren(QCheckBox) if one.text() == "Light background")
    light.setChecked(False)
    press(dialog, "Export")
    again = ExportDialog(Look(), [Dot("curves")], lambda: None, settings)
    qtbot.addWidget(again)
    assert (again.kind, again.options.light, again.file.parent) == ("svg", False, folder)


@pytest.mark.parametrize("damaged", ["abc", "nan", "-7", ["1", "2"]])
def test_a_damaged_setting_counts_as_never_stored(
    dialog: ExportDialog, qtbot: Any, settings: QSettings, damaged: object
) -> None:
    for name in ("scale", "seconds", "rate", "light", "caption", "format"):
        settings.setValue(f"export/{name}", damaged)
    again = ExportDialog(Look(), [Dot("curves")], lambda: None, settings)
    qtbot.addWidget(again)
    assert (again.kind, again.options.scale) == (dialog.kind, dialog.options.scale)


def test_file_name_and_caption_say_the_same_step(qtbot: Any, settings: QSettings, folder: Path) -> None:
    dialog = ExportDialog(Look(), [Dot("curves")], ever_later(), settings)
    qtbot.addWidget(dialog)
    edit(dialog, "Folder").setText(str(folder))
    dialog.choose("curves", "csv")
    assert dialog.file.name in words(dialog)
    with qtbot.waitSignal(dialog.exported) as exported:
        press(dialog, "Export")
    (file,) = exported.args
    step = file.stem.removeprefix("rings-mlp-curves-step")
    assert step.isdecimal()
    assert f"step {step} (" in file.read_text("utf-8-sig").splitlines()[0]


def test_a_folder_that_is_not_there_is_named_and_the_dialog_stays(dialog: ExportDialog, folder: Path) -> None:
    dialog.show()
    edit(dialog, "Folder").setText(str(folder / "nowhere"))
    press(dialog, "Export")
    assert "there is no folder" in words(dialog)
    assert dialog.isVisible()


def test_replacing_a_file_is_announced_before_it_happens(dialog: ExportDialog) -> None:
    assert "will be replaced" not in words(dialog)
    dialog.file.write_text("old")
    dialog.choose("layers")
    dialog.choose("curves")
    assert "will be replaced" in words(dialog)


def test_the_clipboard_takes_the_picture_and_the_numbers(dialog: ExportDialog) -> None:
    dialog.choose("layers")
    press(dialog, "Copy numbers")
    assert QGuiApplication.clipboard().text().splitlines() == [
        "x\tlayers",
        *(f"{i}\t{i / 7!r}" for i in range(3)),
    ]
    press(dialog, "Copy picture")
    image: QImage = QGuiApplication.clipboard().image()
    assert image.width() == 2 * (200 + 24)


def test_own_words_replace_the_caption(dialog: ExportDialog) -> None:
    edit(dialog, "Caption text").setText("Figure 3")
    assert dialog.options.caption == "Figure 3"


@pytest.mark.parametrize("kind", ["png", "csv"])
def test_the_preview_shows_something(dialog: ExportDialog, qtbot: Any, kind: str) -> None:
    dialog.choose("curves", kind)
    image = dialog.grab().toImage()
    assert len({image.pixel(x, 120) for x in range(20, 400, 3)}) > 1
    assert dialog.findChild(QDialogButtonBox) is not None


@pytest.mark.parametrize("pattern", ["../../{plot}", "a/b:{plot}?", "", "   ", ". ."])
def test_a_pattern_never_leaves_the_folder(pattern: str) -> None:
    name = file_name(pattern, Dot("curves"), None, "png")
    assert Path(name).name == name
    assert not name.startswith(".")
    assert name.endswith("curves.png")


def test_a_document_with_a_file_is_called_like_it(settings: QSettings, qtbot: Any) -> None:
    dialog = ExportDialog(Look(), [Dot("curves")], ever_later(), settings, document="my run")
    qtbot.addWidget(dialog)
    assert dialog.file.name.startswith("my-run-curves-step")


# ---- animations ------------------------------------------------------------------------------------------------------


class MovingDot(Dot):
    def moments(self) -> int:
        return 30

    def draw_moment(self, painter: QPainter, rect: QRectF, theme: Theme, moment: int) -> None:
        painter.fillRect(QRectF(rect.x() + 5 * moment, rect.y(), 5, 5), theme.color("accent"))


@pytest.fixture
def moving(qtbot: Any, settings: QSettings, folder: Path) -> ExportDialog:
    made = ExportDialog(Look(), [MovingDot("plane"), Dot("curves")], lambda: None, settings)
    qtbot.addWidget(made)
    edit(made, "Folder").setText(str(folder))
    made.show()
    return made


def control(dialog: ExportDialog, name: str) -> Any:
    (found,) = (one for one in dialog.findChildren(QWidget) if one.accessibleName() == name)
    return found


def test_only_what_moves_can_be_exported_as_an_animation(moving: ExportDialog) -> None:
    moving.choose("plane", "gif")
    assert moving.kind == "gif"
    assert control(moving, "Frames per second").isVisible()
    moving.choose("curves")
    assert moving.kind == "png"
    assert not control(moving, "Frames per second").isVisible()


def test_an_animation_is_written_as_long_as_it_was_asked_for(qtbot: Any, moving: ExportDialog, folder: Path) -> None:
    moving.choose("plane", "gif")
    control(moving, "Length of the animation").setValue(1.5)
    with qtbot.waitSignal(moving.exported, timeout=20_000) as done:
        press(moving, "Export")
        assert control(moving, "Progress").isVisible()
    with Image.open(done.args[0]) as image:
        assert image.n_frames == 30
        assert image.info["loop"] == 0
    assert not moving.isVisible()


def test_an_animation_is_named_after_all_its_steps(qtbot: Any, settings: QSettings) -> None:
    dialog = ExportDialog(Look(), [MovingDot("plane")], ever_later(), settings)
    qtbot.addWidget(dialog)
    dialog.choose("plane", "gif")
    assert dialog.file.stem.endswith("-plane-step0-29")
    dialog.choose("plane", "png")
    assert "step0-" not in dialog.file.stem


def test_an_animation_can_be_given_up(qtbot: Any, moving: ExportDialog, folder: Path) -> None:
    moving.choose("plane", "gif")
    press(moving, "Export")
    qtbot.waitUntil(lambda: control(moving, "Progress").value() > 0)
    press(moving, "Cancel")
    assert not list(folder.iterdir())
    assert not moving.isVisible()


def test_the_length_of_an_animation_is_remembered(qtbot: Any, moving: ExportDialog, settings: QSettings) -> None:
    moving.choose("plane", "gif")
    control(moving, "Length of the animation").setValue(1.0)
    with qtbot.waitSignal(moving.exported, timeout=20_000):
        press(moving, "Export")
    again = ExportDialog(Look(), [MovingDot("plane")], lambda: None, settings)
    qtbot.addWidget(again)
    assert again.options.animation.seconds == 1.0
    assert again.kind == "gif"
