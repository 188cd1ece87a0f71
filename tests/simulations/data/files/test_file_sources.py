"""A file as a data source: read once, the same for a seed, kept in the document, and clear words when it is not as it was."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from app.documents import save_spec
from simulations.core.errors import DataError, SpecError
from simulations.core.interrupt import Interrupted
from simulations.core.rng import stream
from simulations.data.files.content import Found
from simulations.data.files.guess import source_for
from simulations.data.files.table import PastedTable, TableFile
from simulations.data.pipeline import prepare
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.documents.importing import with_source
from simulations.documents.presets import load_preset, load_spec
from simulations.families import load
from simulations.nn.description import describe
from simulations.training.session import Session
from tests.simulations.data.files.samples_on_disk import TABLE, write_folder, write_idx, write_npz, write_table

load()
WRITERS = (write_table, write_idx, write_npz, write_folder)
LONG = "a,b,y\n" + "".join(f"{i},{i * i % 7},{i % 2}\n" for i in range(40))


def imported(folder, text=LONG, **choices):
    return TableFile(path=str(write_table(folder, text)), **choices).imported()


def on(source, preset="digits-cnn"):
    return with_source(load_preset(preset).spec, source)


@pytest.mark.parametrize("write", WRITERS)
def test_a_source_promises_what_it_gives(tmp_path, write):
    source = source_for(write(tmp_path)).imported()
    data = source.generate(stream(0, "data"))
    assert data.inputs.shape == (source.found.samples, *source.input_shape)
    assert data.names == source.targets.names
    assert len(source.feature_names) == source.input_shape[-1]
    again = source.generate(stream(0, "data"))
    np.testing.assert_array_equal(data.inputs, again.inputs)
    np.testing.assert_array_equal(data.targets, again.targets)


@pytest.mark.parametrize("write", WRITERS)
def test_importing_settles_every_choice_and_changes_nothing_else(tmp_path, write):
    source = source_for(write(tmp_path)).imported()
    assert source.imported() == source
    assert "auto" not in vars(source).values()
    assert source.content() is source.content()


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("preset", ["digits-cnn", "spiral-mlp"])
def test_any_network_is_fitted_to_any_file_in_one_edit(tmp_path, write, preset):
    spec = on(source_for(write(tmp_path)).imported(), preset)
    source = spec.data.source
    assert describe(spec.layers, source.input_shape, spec.loss, source.targets).problem is None


def test_a_file_is_read_once_and_again_when_it_was_changed(tmp_path):
    source = imported(tmp_path)
    first = source.content()
    assert source.content() is first
    write_table(tmp_path, LONG + "1,2,0\n")
    assert source.content() is not first


def test_a_changed_file_is_refused_until_it_is_imported_again_and_the_run_goes_on(tmp_path):
    spec = dataclasses.replace(on(imported(tmp_path)), batch_size=8)
    session = Session(spec)
    write_table(tmp_path, LONG + "1,2,0\n")
    with pytest.raises(DataError, match=r"table.csv has changed since it was imported. Import it again"):
        session.apply(dataclasses.replace(spec, seed=1))
    session.take_step()
    assert session.step == 1
    session.apply(dataclasses.replace(spec, layers=(*spec.layers[:-1], spec.layers[-1]), l2=0.1))
    again = dataclasses.replace(spec, data=dataclasses.replace(spec.data, source=spec.data.source.imported()))
    session.apply(again)
    assert session.data.dataset.inputs.shape == (41, 2)


def test_a_document_opens_without_its_file(tmp_path):
    spec = on(imported(tmp_path))
    save_spec(spec, tmp_path / "a.json")
    (tmp_path / "table.csv").unlink()
    opened = load_spec(tmp_path / "a.json")
    assert opened == spec
    assert (
        describe(opened.layers, opened.data.source.input_shape, opened.loss, opened.data.source.targets).problem is None
    )
    with pytest.raises(DataError, match=r"table.csv is not there any more"):
        Session(opened)


def test_a_document_moves_with_its_file(tmp_path):
    (tmp_path / "here" / "data").mkdir(parents=True)
    spec = on(imported(tmp_path / "here" / "data"))
    save_spec(spec, tmp_path / "here" / "a.json")
    stored = json.loads((tmp_path / "here" / "a.json").read_text("utf-8"))
    assert stored["data"]["source"]["path"] == "data/table.csv"
    (tmp_path / "here").rename(tmp_path / "there")
    moved = load_spec(tmp_path / "there" / "a.json")
    assert moved.data.source.path == str(tmp_path / "there" / "data" / "table.csv")
    assert len(prepare(moved.data, 0).dataset) == 40


def test_a_file_elsewhere_keeps_its_whole_path(tmp_path):
    (tmp_path / "documents").mkdir()
    save_spec(on(imported(tmp_path)), tmp_path / "documents" / "a.json")
    assert load_spec(tmp_path / "documents" / "a.json").data.source.path == str(tmp_path / "table.csv")


def test_an_experiment_written_by_hand_only_needs_the_path(tmp_path):
    write_table(tmp_path, LONG)
    data = on(imported(tmp_path)).to_json()
    data["data"]["source"] = {"kind": "table_file", "path": "table.csv"}
    (tmp_path / "a.json").write_text(json.dumps(data), "utf-8")
    assert load_spec(tmp_path / "a.json") == on(imported(tmp_path))


def test_a_pasted_table_lives_in_the_document(tmp_path):
    spec = on(PastedTable(text=TABLE).imported())
    assert ExperimentSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec
    with pytest.raises(SpecError, match="text"):
        dataclasses.replace(spec, data=DataSpec(PastedTable(text="x" * 200_001))).validate()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"shape": [0]}, "shape"),
        ({"shape": [10**6, 10**6]}, "shape"),
        ({"shape": "8"}, "shape"),
        ({"targets": {"kind": "words", "names": ["a"]}}, "targets"),
        ({"targets": {"kind": "classes", "names": []}}, "targets.names"),
        ({"targets": {"kind": "classes", "names": [3]}}, "targets.names"),
        ({"samples": -1}, "samples"),
        ({"digest": ""}, "digest"),
        ({"features": 3}, "features"),
    ],
)
def test_what_a_document_says_was_found_is_checked(tmp_path, change, path):
    data = imported(tmp_path).found.to_json()
    with pytest.raises(SpecError) as refused:
        Found.from_json(data | change, "found")
    assert refused.value.path == f"found.{path}"


def test_means_are_those_of_the_training_part(tmp_path):
    text = "a,b,y\n" + "".join(f"{'' if i % 5 == 0 else i},{i},{i % 2}\n" for i in range(40))
    source = imported(tmp_path, text, missing="mean")
    prepared = prepare(DataSpec(source, standardise=False), 0, np.float64)
    raw = source.generate(stream(0, "data")).inputs
    lacks = np.isnan(raw[:, 0])
    assert lacks.sum() == 8
    assert np.unique(prepared.dataset.inputs[lacks, 0]).tolist() == [pytest.approx(np.nanmean(raw[:32, 0]))]


def test_fewer_samples_are_drawn_at_random(tmp_path):
    source = dataclasses.replace(imported(tmp_path), samples=15)
    first, other = (source.generate(stream(seed, "data")).inputs for seed in (0, 1))
    assert len(first) == 15
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("write", WRITERS)
def test_reading_tells_how_far_it_is_and_can_be_left(tmp_path, write):
    shares: list[float] = []
    source = source_for(write(tmp_path))
    source.read(shares.append)
    assert shares == sorted(shares)
    assert 0 <= min(shares) <= max(shares) <= 1

    def leave(_share):
        raise Interrupted

    with pytest.raises(Interrupted):
        source.read(leave)
