"""Another data set for an experiment: what was made to fit the last one does not stay behind."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from simulations.data.base import DATA_SOURCES
from simulations.data.files.guess import source_for
from simulations.data.files.source import FileSource
from simulations.data.pipeline import prepare
from simulations.documents.experiment import DataSpec
from simulations.documents.importing import followed, wanted_batch, with_data, with_source
from simulations.documents.presets import load_preset
from simulations.families import load
from simulations.nn.losses.base import LOSSES
from tests.simulations.drawn import made_sources

load()


def table(folder: Path, rows: int) -> FileSource:
    file = folder / f"{rows}.csv"
    file.write_text("a,b,label\n" + "\n".join(f"{i},{i * i % 7},{'xy'[i % 2]}" for i in range(rows)))
    return source_for(file).imported()


def test_a_batch_made_to_fit_a_small_file_grows_back(tmp_path: Path) -> None:
    spec = load_preset("spiral-mlp").spec
    small = with_source(spec, table(tmp_path, 20))
    assert small.batch_size < spec.batch_size
    assert with_source(small, table(tmp_path, 200)).batch_size == 64
    assert with_source(small, DATA_SOURCES["moons"]()).batch_size == 64


def test_a_batch_somebody_chose_stays(tmp_path: Path) -> None:
    spec = dataclasses.replace(load_preset("spiral-mlp").spec, batch_size=5)
    assert with_source(with_source(spec, table(tmp_path, 40)), DATA_SOURCES["moons"]()).batch_size == 5


def test_a_wish_for_larger_batches_outlives_small_data(tmp_path: Path) -> None:
    """``wanted_batch`` finds it in the document's past: what came with data is nobody's wish."""
    start = load_preset("spiral-mlp").spec
    wished = dataclasses.replace(start, batch_size=256)
    small = with_source(wished, table(tmp_path, 40), wanted_batch([wished, start]))
    past = [small, wished, start]
    assert (small.batch_size, wanted_batch(past)) == (32, 256)
    smaller = with_source(small, table(tmp_path, 20), wanted_batch(past))
    past = [smaller, *past]
    assert (smaller.batch_size, wanted_batch(past)) == (16, 256)
    assert with_source(smaller, DATA_SOURCES["moons"](samples=2000), wanted_batch(past)).batch_size == 256
    chosen = dataclasses.replace(smaller, batch_size=8)
    assert with_source(chosen, DATA_SOURCES["moons"](), wanted_batch([chosen, *past])).batch_size == 8


@pytest.mark.parametrize("entry", made_sources(), ids=lambda entry: entry.kind)
def test_any_other_set_takes_the_largest_batch(entry) -> None:
    """A batch larger than the training part is refused, so none is made by choosing data."""
    spec = dataclasses.replace(load_preset("spiral-mlp").spec, batch_size=4096)
    if spec.data.source.kind != entry.kind:
        made = with_data(spec, dataclasses.replace(spec.data, source=entry.cls()))
        prepared = prepare(made.data, made.seed)
        assert made.batch_size == min(4096, len(prepared.train_targets))
        assert entry.cls().count == len(prepared.dataset)


@pytest.mark.parametrize("change", [with_source, lambda spec, source: with_data(spec, DataSpec(source))])
def test_the_loss_follows_from_values_to_classes_and_back_and_is_told(change) -> None:
    classes = load_preset("iris-mlp").spec
    values = change(classes, DATA_SOURCES["wave"]())
    assert values.loss == LOSSES["squared_error"]()
    back = change(values, DATA_SOURCES["iris"]())
    assert back.loss == LOSSES["softmax_cross_entropy"]()
    assert followed(classes, values) == followed(values, back) == ("loss",)
    assert followed(classes, dataclasses.replace(classes, loss=LOSSES["focal"]())) == (), "the data are the same"


def test_the_loss_of_values_does_not_stay_with_classes() -> None:
    values = load_preset("wave-mlp").spec
    assert values.loss == LOSSES["squared_error"]()
    assert with_source(values, DATA_SOURCES["moons"]()).loss == LOSSES["softmax_cross_entropy"]()
    chosen = dataclasses.replace(load_preset("spiral-mlp").spec, loss=LOSSES["squared_error"]())
    assert with_source(chosen, DATA_SOURCES["moons"]()).loss == LOSSES["squared_error"]()
