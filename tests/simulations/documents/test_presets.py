"""Presets open, fit together and show what their sentence says; files that are none are refused in words."""

import dataclasses
import json

import numpy as np
import pytest

import assets
from simulations.core.errors import FileError, SpecError
from simulations.data.pipeline import Batches, prepare
from simulations.documents import reading
from simulations.documents.presets import load_preset, load_spec, preset_names
from simulations.nn.description import describe
from simulations.training.session import Session


def trained(name: str, epochs: int, **changed) -> Session:
    session = Session(dataclasses.replace(load_preset(name).spec, **changed))
    for _ in range(epochs * session.steps_per_epoch):
        session.take_step()
    return session


def test_every_file_is_in_the_gallery_and_the_one_that_opens_comes_first():
    files = {file.stem for file in assets.path("presets").glob("*.json")}
    assert files == set(preset_names())
    assert preset_names()[0] == "digits-cnn"


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_fits_together(name):
    preset = load_preset(name)
    spec = preset.spec
    source = spec.data.source
    description = describe(spec.layers, source.input_shape, spec.loss, source.targets)
    assert description.problem is None
    assert spec.name == preset.name == name
    assert preset.title
    assert preset.sentence.endswith(".")
    Batches(prepare(spec.data, spec.seed), spec.batch_size, spec.seed)


@pytest.mark.parametrize("name", preset_names())
def test_a_file_holds_exactly_what_the_program_would_write(name):
    file = assets.path(f"presets/{name}.json")
    written = json.dumps(load_preset(name).spec.to_json(), ensure_ascii=False, indent=2) + "\n"
    assert file.read_text("utf-8") == written


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_convolution_reads_digits(seed):
    session = trained("digits-cnn", 10, seed=seed)
    assert session.evaluate()[1] >= 0.96


@pytest.mark.parametrize(("name", "epochs", "accuracy"), [("spiral-mlp", 80, 0.97), ("rings-mlp", 60, 0.95)])
def test_points_are_parted(name, epochs, accuracy):
    assert trained(name, epochs).evaluate()[1] >= accuracy


def test_dense_layers_read_digits_too():
    assert trained("digits-mlp", 10).evaluate()[1] >= 0.95


def test_lenet_tells_shapes_apart():
    assert trained("shapes-lenet", 6).evaluate()[1] >= 0.8


@pytest.mark.parametrize(
    ("name", "epochs", "accuracy"), [("checkerboard-mlp", 60, 0.86), ("iris-mlp", 20, 0.9), ("copy-gru", 12, 0.99)]
)
def test_classes_are_told_apart_as_the_sentence_says(name, epochs, accuracy):
    assert trained(name, epochs).evaluate()[1] >= accuracy


@pytest.mark.parametrize(
    ("name", "epochs", "error"),
    [("wave-mlp", 150, 0.12), ("relief-mlp", 100, 0.1), ("adding-lstm", 5, 0.05), ("next-value-rnn", 40, 0.13)],
)
def test_values_are_predicted_as_the_sentence_says(name, epochs, error):
    """Root mean squared, in data units; the noise of the values is 0.05."""
    assert trained(name, epochs).evaluate()[1] <= error


def test_ten_sigmoid_layers_let_the_gradient_vanish():
    session = trained("deep-sigmoid", 20)
    gradients = [views["weight"] for views in session.probe_tape().gradient_views if views]
    sizes = [float(np.sqrt(np.square(gradient).mean())) for gradient in gradients]
    assert len(sizes) == 11
    assert sizes[0] < 1e-5 * sizes[-1]
    assert session.evaluate()[1] < 0.75, "the first layers learn nothing"


def test_an_unknown_preset_names_the_known_ones():
    with pytest.raises(SpecError, match="no preset is called 'cats'; known are digits-cnn, "):
        load_preset("cats")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not JSON from line 1, character 1 on"),
        (b"{\n  'format': 1}", "is not JSON from line 2, character 3 on"),
        (b"\xff\xfe\x00", "is not a text file"),
        (b"[" * 100_000, "is not a document"),
        (b'{"format": ' + b"9" * 5000 + b"}", "is not a document"),
        (b" " * (reading.LARGEST_FILE_BYTES + 1), "is too large"),
    ],
)
def test_a_file_that_is_no_experiment_is_refused_in_words(tmp_path, content, message):
    file = tmp_path / "mine.json"
    file.write_bytes(content)
    with pytest.raises(FileError, match=message) as refused:
        load_spec(file)
    assert str(file) in str(refused.value)


def test_a_missing_file_and_a_folder_are_refused_in_words(tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        load_spec(tmp_path / "mine.json")
    with pytest.raises(FileError, match="cannot be read: "):
        load_spec(tmp_path)


def test_json_that_is_no_experiment_is_refused_by_path(tmp_path):
    file = tmp_path / "mine.json"
    file.write_text('{"format": "gradlab-experiment", "version": 7}', "utf-8")
    with pytest.raises(SpecError, match="version 7 is not known"):
        load_spec(file)


def test_a_byte_order_mark_is_no_fault(tmp_path):
    file = tmp_path / "mine.json"
    text = assets.path("presets/rings-mlp.json").read_text("utf-8")
    file.write_text(text, "utf-8-sig")
    assert load_spec(file) == load_preset("rings-mlp").spec
    assert len(text) < reading.LARGEST_FILE_BYTES


def test_a_file_that_is_no_experiment_is_named_with_the_fault(tmp_path):
    file = tmp_path / "shopping.json"
    file.write_text('{"milk": 2}', encoding="utf-8")
    with pytest.raises(SpecError, match=r"shopping\.json: .*not a GradLab experiment"):
        load_spec(file)
