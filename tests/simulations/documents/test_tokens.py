"""What a layer looks up by number must still be those numbers."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from simulations.core.errors import ShapeError
from simulations.data.files.guess import source_for
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.documents.presets import load_preset
from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.training.session import Session

load()


@pytest.fixture
def words(tmp_path: Path) -> ExperimentSpec:
    """Two tokens of 0 … 9 a sample; the class is whether they are the same."""
    rng = np.random.default_rng(0)
    pairs = rng.integers(0, 10, (400, 2))
    pairs[::2, 1] = pairs[::2, 0]
    lines = "\n".join(f"{a},{b},{'same' if a == b else 'other'}" for a, b in pairs.tolist())
    (tmp_path / "words.csv").write_text(f"first,second,label\n{lines}\n")
    source = source_for(tmp_path / "words.csv").imported()
    layers = (LAYERS["embedding"](vocabulary=10), LAYERS["flatten"](), LAYERS["dense"](units=2))
    return dataclasses.replace(load_preset("spiral-mlp").spec, data=DataSpec(source), layers=layers)


def test_standardised_tokens_are_refused_on_the_layer_that_looks_them_up(words: ExperimentSpec) -> None:
    problem = words.description().problem
    assert problem is not None
    assert problem.layer_index == 0
    assert "untick Standardise" in str(problem.error)
    with pytest.raises(ShapeError, match="Layer 1, Embedding"):
        Session(words)


def test_so_are_those_that_a_branch_looks_up(words: ExperimentSpec) -> None:
    branch = (LAYERS["embedding"](vocabulary=10),)
    parallel = LAYERS["parallel"](first=branch, second=branch)
    problem = dataclasses.replace(words, layers=(parallel, *words.layers[1:])).description().problem
    assert problem is not None
    assert "untick Standardise" in str(problem.error)


def test_tokens_as_they_are_are_learnt(words: ExperimentSpec) -> None:
    spec = dataclasses.replace(words, data=dataclasses.replace(words.data, standardise=False))
    assert spec.description().problem is None
    session = Session(spec)
    before = session.evaluate("train")[0]
    for _ in range(200):
        session.take_step()
    assert session.evaluate("train")[0] < before
