"""The desk of the Train workspace: data that are gone, teachers that stay, layers from the palette."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.bridge import Bridge
from app.controller import Controller
from app.settings import Settings
from app.train_desk import TrainDesk
from simulations.data.base import DATA_SOURCES
from simulations.data.files.guess import source_for
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.importing import with_source
from simulations.documents.presets import load_preset
from simulations.nn.losses.base import LOSSES
from simulations.runtime.messages import Apply, Play, Reset, TakeEpoch, TakeSteps, TeacherKept
from simulations.training.session import Session
from simulations.training.teaching import teacher_from
from widgets.banner import Notice
from widgets.panel import Edit, OpenPreset
from widgets.theme import LIGHT, Look


class Opened:
    """A desk without a window, and what it announced."""

    def __init__(self, spec: ExperimentSpec, folder: Path) -> None:
        self.desk = TrainDesk(spec, Look(LIGHT), Settings(folder / "settings.ini").store, play=False)
        self.notices: list[Notice] = []
        self.withdrawn: list[Notice] = []
        self.desk.announced.connect(self.notices.append)
        self.desk.withdrawn.connect(self.withdrawn.append)


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path, qtbot: QtBot) -> Iterator[Opened]:
    one = Opened(request.getfixturevalue("spec"), tmp_path)
    one.desk.start()
    yield one
    one.desk.close()
    one.desk.workspace.deleteLater()
    one.desk.deleteLater()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "mine.csv"
    file.write_text("a,b,label\n" + "\n".join(f"{i},{i * i % 7},{'xy'[i % 2]}" for i in range(60)))
    return file


class TestWithoutItsFile:
    @pytest.fixture
    def spec(self, file: Path) -> ExperimentSpec:
        made = with_source(load_preset("spiral-mlp").spec, source_for(file).imported())
        file.rename(file.with_suffix(".away"))
        return made

    def test_it_says_what_is_missing_and_goes_on_when_it_is_back(
        self, opened: Opened, file: Path, qtbot: QtBot
    ) -> None:
        desk = opened.desk
        qtbot.waitUntil(lambda: bool(opened.notices), timeout=5000)
        notice = opened.notices[-1]
        assert "mine.csv is not there" in notice.text()
        assert "goes on" not in notice.text()
        assert [text() for text, _run in notice.answers] == ["Try again", "Choose another file…"]
        desk.toggle_running()  # Space is one more try, not a dead key
        qtbot.waitUntil(lambda: len(opened.notices) == 2, timeout=5000)
        file.with_suffix(".away").rename(file)
        notice.answers[0][1]()
        qtbot.waitUntil(lambda: desk.latest() is not None and desk.latest().step > 0, timeout=5000)


class TestWithANetworkThatCannotBeBuilt:
    @pytest.fixture
    def spec(self) -> ExperimentSpec:
        made = load_preset("digits-cnn").spec
        return dataclasses.replace(made, layers=made.layers[:1])

    def test_nothing_is_said_to_run_on_where_nothing_ran(self, opened: Opened, qtbot: QtBot) -> None:
        qtbot.waitUntil(lambda: bool(opened.notices), timeout=5000)
        assert "flatten" in opened.notices[-1].text()
        assert "runs on" not in opened.notices[-1].text()

    def test_space_says_why_it_cannot_train_also_after_an_edit_that_did_not_help(
        self, opened: Opened, qtbot: QtBot
    ) -> None:
        desk = opened.desk
        qtbot.waitUntil(lambda: bool(opened.notices), timeout=5000)
        desk.controller.edit(Edit(dataclasses.replace(desk.controller.spec, layers=()), "Remove a layer"))
        heard = len(opened.notices)
        desk.toggle_running()
        assert len(opened.notices) == heard + 1

    @pytest.mark.parametrize("command", [TakeSteps(1), TakeEpoch(), Play(), Reset()])
    def test_so_do_the_arrows_and_the_buttons(self, opened: Opened, qtbot: QtBot, command: object) -> None:
        qtbot.waitUntil(lambda: bool(opened.notices), timeout=5000)
        heard = len(opened.notices)
        opened.desk.transport.commandRequested.emit(command)
        assert len(opened.notices) == heard + 1

    def test_it_trains_once_it_is_whole(self, opened: Opened, qtbot: QtBot) -> None:
        desk = opened.desk
        qtbot.waitUntil(lambda: bool(opened.notices), timeout=5000)
        whole = load_preset("digits-cnn").spec
        desk.controller.edit(Edit(whole, "Add a layer"))
        qtbot.waitUntil(lambda: desk.latest() is not None, timeout=5000)
        desk.toggle_running()
        qtbot.waitUntil(lambda: desk.latest().step > 0, timeout=5000)


class TestWithAPreset:
    @pytest.fixture
    def spec(self) -> ExperimentSpec:
        return load_preset("digits-cnn").spec

    def test_a_teacher_stays_where_a_preset_has_its_data(self, opened: Opened) -> None:
        controller = opened.desk.controller
        controller.keep_teacher(teacher_from(Session(controller.spec)))
        controller.handle(OpenPreset("digits-mlp"))
        assert controller.has_teacher()
        assert not controller.history.is_modified
        assert not opened.notices
        controller.handle(OpenPreset("spiral-mlp"))
        assert not controller.has_teacher()
        assert opened.notices[-1].text() == (
            "“digits-cnn” does not teach any more. The teacher makes 10 out of 8×8×1, but these data ask for 2 out of 2."
        )
        controller.new_seed()
        assert opened.withdrawn == opened.notices

    def test_what_is_asked_about_is_called_as_in_the_title(
        self, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []

        def question(_parent: QWidget, _title: str, text: str, *_buttons: object) -> QMessageBox.StandardButton:
            asked.append(text)
            return QMessageBox.StandardButton.Discard

        monkeypatch.setattr(QMessageBox, "question", question)
        opened.desk.controller.mark_saved(tmp_path / "mine.json")
        opened.desk.controller.new_seed()
        assert opened.desk.files.may_leave()
        assert opened.desk.title() == "mine"
        assert asked == ["The experiment “mine” was changed. Save it?"]

    def test_what_follows_other_data_is_told_with_a_way_back(self, opened: Opened, file: Path) -> None:
        controller = opened.desk.controller
        wished = dataclasses.replace(controller.spec, batch_size=256)
        controller.handle(Edit(wished, "Batch size", "batch_size"))
        opened.desk.data_import._on_chosen(source_for(file).imported())
        (notice,) = opened.notices
        assert notice.text() == "Changed to fit these data: network · batch size: 48"
        ((undo, run),) = notice.answers
        assert undo() == "Undo"
        run()
        assert controller.spec == wished
        assert opened.withdrawn == [notice]
        controller.redo()
        assert len(opened.notices) == 1
        opened.desk.data_import._on_chosen(DATA_SOURCES["moons"](samples=1000))
        assert controller.spec.batch_size == 256

    def test_the_offer_to_learn_from_a_teacher_ends_with_the_distillation_loss(self, opened: Opened) -> None:
        controller = opened.desk.controller
        opened.desk.on_event(TeacherKept(teacher_from(Session(controller.spec))))
        spec = dataclasses.replace(controller.spec, loss=LOSSES["distillation"]())
        assert not opened.withdrawn
        controller.handle(Edit(spec, "Distillation"))
        assert opened.withdrawn == [opened.notices[-1]]

    def test_the_palette_adds_any_layer(self, opened: Opened) -> None:
        adding = {one.id: one for one in opened.desk.actions()}["add-dropout"]
        assert adding.title() == "Add a layer: Dropout"
        before = opened.desk.controller.spec.layers
        adding.run()
        after = opened.desk.controller.spec.layers
        assert [one.kind for one in after] == [*(one.kind for one in before[:-1]), "dropout", before[-1].kind]

    def test_a_saved_document_is_called_by_its_file(self, opened: Opened, tmp_path: Path) -> None:
        assert opened.desk.title() == "digits-cnn"
        opened.desk.controller.mark_saved(tmp_path / "week 3.json")
        assert opened.desk.title() == "week 3"


def test_another_document_begins_a_run_also_when_it_has_to_be_mended_first(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    bridge, sent = Bridge(), list[Apply]()
    monkeypatch.setattr(bridge, "send", sent.append)
    spec = load_preset("rings-mlp").spec
    controller = Controller(bridge, spec)
    controller.open(dataclasses.replace(spec, layers=spec.layers[:-1]))
    assert not sent
    for batch_size in (spec.batch_size, spec.batch_size + 1):
        controller.edit(Edit(dataclasses.replace(spec, batch_size=batch_size), "Mend"))
    assert [one.anew for one in sent] == [True, False]
