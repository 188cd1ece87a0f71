"""Small experiments for the tests of sessions and workers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from simulations.data.base import DATA_SOURCES
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.base import OPTIMIZERS

Make = Callable[..., ExperimentSpec]


@pytest.fixture(scope="session")
def make_experiment() -> Make:
    """Build the small MLP experiment, with whatever is named exchanged."""
    load()

    def make(**changed: Any) -> ExperimentSpec:
        dense, relu = LAYERS["dense"], LAYERS["relu"]
        spec = ExperimentSpec(
            name="test",
            data=DataSpec(DATA_SOURCES["spiral"](samples=200)),
            layers=(dense(units=8), relu(), dense(units=8), relu(), dense(units=2)),
            loss=LOSSES["softmax_cross_entropy"](),
            optimizer=OPTIMIZERS["adam"](learning_rate=0.01),
            batch_size=32,
        )
        return dataclasses.replace(spec, **changed)

    return make


@pytest.fixture
def experiment(make_experiment: Make) -> ExperimentSpec:
    """A small experiment that trains in milliseconds: spiral, 8-8-2, Adam, 160 training samples in batches of 32."""
    return make_experiment()
