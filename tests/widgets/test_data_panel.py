"""The Data panel and its probe: the right samples, the right counts, one edit a gesture."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from simulations.data.augmentations.base import AUGMENTATIONS
from simulations.data.base import DATA_SOURCES
from simulations.data.pipeline import prepare
from simulations.documents.experiment import DataSpec
from simulations.documents.importing import followed, with_outputs
from simulations.documents.presets import load_preset
from simulations.families import load
from simulations.nn.description import describe
from simulations.nn.losses.base import LOSSES
from simulations.nn.teacher import Teacher
from simulations.probes.data import DataProbe
from tests.simulations.drawn import made_sources
from widgets.panel import Document, Edit, ImportData
from widgets.panels.train.data import DataPanel
from widgets.theme import DARK, LIGHT, Look

load()
PRESETS = ("spiral-mlp", "digits-cnn")


def document(spec) -> Document:
    return Document(spec, describe(spec.layers, spec.data.source.input_shape))


def answer_for(name: str):
    spec = load_preset(name).spec
    return DataProbe().measure(SimpleNamespace(spec=spec, data=prepare(spec.data, spec.seed)), {})


@pytest.fixture
def panel(qtbot) -> DataPanel:
    panel = DataPanel(Look())
    qtbot.addWidget(panel)
    panel.resize(280, 800)
    panel.show_document(document(load_preset("spiral-mlp").spec))
    panel.show()
    return panel


@pytest.mark.parametrize("name", PRESETS)
def test_the_probe_shows_both_parts_in_proportion_and_true_counts(name):
    answer = answer_for(name)
    total = answer.training + answer.validation
    assert answer.is_validation.mean() == pytest.approx(answer.validation / total, abs=0.02)
    assert len(answer.inputs) == len(answer.targets) == len(answer.is_validation)
    assert not answer.inputs.flags.writeable


def test_the_probe_answers_with_raw_samples_that_are_in_the_set():
    spec = load_preset("spiral-mlp").spec
    prepared = prepare(spec.data, spec.seed)
    answer = DataProbe().measure(SimpleNamespace(spec=spec, data=prepared), {})
    known = {tuple(row) for row in np.asarray(prepared.dataset.inputs).tolist()}
    assert {tuple(row) for row in answer.inputs.tolist()} <= known


def test_the_same_data_are_answered_with_the_same_object():
    spec = load_preset("spiral-mlp").spec
    view, memory = SimpleNamespace(spec=spec, data=prepare(spec.data, 0)), {}
    first = DataProbe().measure(view, memory)
    assert DataProbe().measure(view, memory) is first
    view.data = prepare(spec.data, 1)
    assert DataProbe().measure(view, memory) is not first


def test_nothing_can_be_exported_before_there_are_samples(panel):
    assert panel.plots() == ()
    assert not panel.grab().isNull()


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_picture_draws_and_its_table_holds_the_samples(panel, name, theme):
    answer = answer_for(name)
    panel.render(SimpleNamespace(probes={"data": answer}))
    (plot,) = panel.plots()
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    plot.draw(painter, QRectF(0, 0, 300, 300), theme)
    painter.end()
    assert len({image.pixelColor(x, 150).name() for x in range(300)}) > 3
    columns = plot.table().columns
    n = len(columns["class"])
    assert list(columns["validation"]) == answer.is_validation[:n].astype(int).tolist()
    features = np.stack([values for name, values in columns.items() if name not in ("class", "validation")], axis=1)
    np.testing.assert_array_equal(features, answer.inputs[:n].reshape(n, -1))
    assert str(answer.training) in panel.counts.text().replace("\u202f", "")


def test_turning_the_noise_is_an_edit_of_the_data_only(panel):
    wishes: list = []
    panel.commandRequested.connect(wishes.append)
    noise = panel.data_form.fields()["source"].form.fields()["noise"]
    noise.control.slider.setFocus()
    QTest.keyClick(noise.control.slider, Qt.Key.Key_Right)
    (edit,) = wishes
    spec = load_preset("spiral-mlp").spec
    assert isinstance(edit, Edit)
    assert edit.merge.startswith("data.source.noise ")
    assert edit.spec.data.source.noise > spec.data.source.noise
    restored = dataclasses.replace(edit.spec.data.source, noise=spec.data.source.noise)
    assert dataclasses.replace(edit.spec, data=dataclasses.replace(edit.spec.data, source=restored)) == spec


def test_batch_size_is_the_experiments(panel):
    wishes: list = []
    panel.commandRequested.connect(wishes.append)
    box = panel.batch_form.fields()["batch_size"].control.box
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), "48")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert [wish.spec.batch_size for wish in wishes] == [48]


def test_another_number_of_classes_takes_the_outputs_along():
    spec = load_preset("spiral-mlp").spec
    old = spec.data.source
    new = dataclasses.replace(old, arms=4)
    layers = with_outputs(spec.layers, old.targets, new.targets)
    assert describe(layers, new.input_shape, spec.loss, new.targets).problem is None
    assert with_outputs(layers, new.targets, old.targets) == spec.layers


def test_outputs_that_never_fitted_are_left_alone():
    spec = load_preset("spiral-mlp").spec
    old = dataclasses.replace(spec.data.source, arms=3)
    assert with_outputs(spec.layers, old.targets, spec.data.source.targets) == spec.layers


def test_data_the_network_cannot_take_are_said_and_one_press_mends_it(panel):
    digits, spiral = load_preset("digits-cnn").spec, load_preset("spiral-mlp").spec
    assert not panel.fit.isVisible()
    broken = dataclasses.replace(digits, data=spiral.data)
    panel.show_document(document(broken))
    assert panel.misfit.isVisible()
    wishes: list = []
    panel.commandRequested.connect(wishes.append)
    QTest.mouseClick(panel.fit, Qt.MouseButton.LeftButton)
    mended = wishes[0].spec
    assert mended.data == spiral.data
    panel.show_document(document(mended))
    assert not panel.fit.isVisible()


@pytest.mark.parametrize("entry", made_sources(), ids=lambda entry: entry.kind)
def test_every_data_set_is_drawn_with_its_numbers(panel, entry):
    source = entry.cls()
    spec = SimpleNamespace(data=DataSpec(source))
    answer = DataProbe().measure(SimpleNamespace(spec=spec, data=prepare(spec.data, 0)), {})
    panel.render(SimpleNamespace(probes={"data": answer}))
    (plot,) = panel.plots()
    image = QImage(280, 260, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    plot.draw(painter, QRectF(0, 0, 280, 260), LIGHT)
    painter.end()
    assert len({image.pixel(x, y) for x in range(0, 280, 3) for y in range(0, 260, 3)}) > 2
    assert len({len(column) for column in plot.table().columns.values()}) == 1


@pytest.mark.parametrize("entry", made_sources(), ids=lambda entry: entry.kind)
def test_choosing_any_data_set_leaves_an_experiment_that_trains(panel, entry):
    """From a network for spirals, and from one for images: one edit, nothing left to mend."""
    for name in PRESETS:
        spec = load_preset(name).spec
        if spec.data.source.kind == entry.kind:
            continue
        panel.show_document(document(spec))
        wishes: list = []
        panel.commandRequested.connect(wishes.append)
        combo = panel.data_form.fields()["source"].combo
        combo.activated.emit([one.kind for one in DATA_SOURCES].index(entry.kind))
        panel.commandRequested.disconnect(wishes.append)
        (edit,) = wishes
        chosen = edit.spec
        source = chosen.data.source
        assert source == entry.cls()
        assert describe(chosen.layers, source.input_shape, chosen.loss, source.targets).problem is None
        kinds = [[type(layer) for layer in one.layers] for one in (spec, chosen)]
        told = followed(spec, chosen)
        assert ("layers" in told) >= (kinds[0] != kinds[1])
        assert ("loss" in told) == (chosen.loss != spec.loss)


def test_data_the_teacher_does_not_know_end_a_distillation_and_others_leave_it_alone(panel):
    spec = load_preset("digits-cnn").spec
    shape, targets = spec.data.source.input_shape, spec.data.source.targets
    teacher = Teacher("kept", 1, spec.layers, shape, targets.output_shape, (0.0,), (1.0,), "")
    spec = dataclasses.replace(spec, teacher=teacher, loss=LOSSES["distillation"]())
    wishes: list = []
    panel.commandRequested.connect(wishes.append)
    panel.show_document(Document(spec, describe(spec.layers, shape, spec.loss, targets, teacher)))
    panel.data_form.fields()["source"].combo.activated.emit(DATA_SOURCES.kinds().index("iris"))
    chosen = wishes.pop().spec
    source = chosen.data.source
    assert chosen.loss == LOSSES["softmax_cross_entropy"]()
    assert describe(chosen.layers, source.input_shape, chosen.loss, source.targets, teacher).problem is None
    panel.show_document(Document(spec, describe(spec.layers, shape, spec.loss, targets, teacher)))
    panel.data_form.edited.emit(dataclasses.replace(spec.data, standardise=False))
    assert wishes.pop().spec == dataclasses.replace(spec, data=dataclasses.replace(spec.data, standardise=False))


def test_two_features_of_a_table_can_be_chosen(panel):
    spec = SimpleNamespace(data=DataSpec(DATA_SOURCES["iris"]()))
    answer = DataProbe().measure(SimpleNamespace(spec=spec, data=prepare(spec.data, 0)), {})
    assert not panel.features.isVisible()
    panel.render(SimpleNamespace(probes={"data": answer}))
    assert panel.features.isVisible()
    assert panel.features.pair == (2, 3)
    before = panel.picture.grab().toImage()
    panel.features.across.setCurrentIndex(0)
    panel.features.across.activated.emit(0)
    assert panel.features.pair == (0, 3)
    assert panel.picture.grab().toImage() != before


def test_a_file_chosen_by_kind_is_asked_for_and_nothing_is_edited(panel):
    wishes: list = []
    panel.commandRequested.connect(wishes.append)
    field = panel.data_form.fields()["source"]
    index = field.combo.findText("Table from a file")
    field.combo.setCurrentIndex(index)
    field.combo.activated.emit(index)
    assert wishes == [ImportData("table_file")]
    assert panel.data_form.value() == load_preset("spiral-mlp").spec.data
    assert field.combo.currentText() == "Spiral"


def test_an_augmentation_that_needs_pictures_is_greyed_with_the_reason(panel) -> None:
    field = panel.data_form.fields()["augment"]
    field.add.click()
    shown = field.menu.list.model()
    assert shown.rowCount() > 3
    for row in range(shown.rowCount()):
        index = shown.index(row, 0)
        kind = index.data(Qt.ItemDataRole.UserRole)
        takes = AUGMENTATIONS[kind]().takes((2,))
        assert bool(index.flags() & Qt.ItemFlag.ItemIsEnabled) == takes
        assert ("changes pictures" in index.data(Qt.ItemDataRole.UserRole + 1)) == (not takes)
    field.menu.hide()
    panel.show_document(document(load_preset("digits-cnn").spec))
    field.add.click()
    assert all(shown.index(row, 0).flags() & Qt.ItemFlag.ItemIsEnabled for row in range(shown.rowCount()))
    field.menu.hide()
