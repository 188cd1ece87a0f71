"""Another data set for an experiment: what was made to fit the last one does not stay behind."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from simulations.data.base import DATA_SOURCES
from simulations.data.files.guess import source_for
from simulations.data.files.source import FileSource
from simulations.documents.importing import with_source
from simulations.documents.presets import load_preset
from simulations.families import load
from simulations.nn.losses.base import LOSSES

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


def test_the_loss_of_values_does_not_stay_with_classes() -> None:
    values = load_preset("wave-mlp").spec
    assert values.loss == LOSSES["squared_error"]()
    assert with_source(values, DATA_SOURCES["moons"]()).loss == LOSSES["softmax_cross_entropy"]()
    chosen = dataclasses.replace(load_preset("spiral-mlp").spec, loss=LOSSES["squared_error"]())
    assert with_source(chosen, DATA_SOURCES["moons"]()).loss == LOSSES["squared_error"]()
