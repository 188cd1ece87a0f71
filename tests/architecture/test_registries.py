"""Every registered thing introduces itself, in both languages, and every hyperparameter says what it is called."""

from __future__ import annotations

from typing import Any

import pytest

from app.exporters import EXPORTERS
from simulations import families
from simulations.core.params import hyperparameters
from simulations.core.registry import Registry
from simulations.data.augmentations.base import AUGMENTATIONS
from simulations.data.base import DATA_SOURCES
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.nn.initializers.base import INITIALIZERS
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.methods import METHODS
from simulations.optimizers.schedules.base import SCHEDULES
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.probes.base import PROBES
from simulations.racing.probes.base import RACE_PROBES
from simulations.surfaces.base import SURFACES
from widgets import panels
from widgets.panel import PANELS
from widgets.text import _

families.load()
panels.load()

REGISTRIES: tuple[Registry[Any], ...] = (
    LAYERS, LOSSES, INITIALIZERS, OPTIMIZERS, METHODS, SCHEDULES, WRAPPERS, DATA_SOURCES, AUGMENTATIONS, PROBES, SURFACES,
    RACE_PROBES, PANELS, EXPORTERS,
)  # fmt: skip
ENTRIES = [pytest.param(entry, id=f"{one.family}-{entry.kind}") for one in REGISTRIES for entry in one]
CONFIGURED = (
    LAYERS,
    LOSSES,
    INITIALIZERS,
    OPTIMIZERS,
    METHODS,
    SCHEDULES,
    WRAPPERS,
    DATA_SOURCES,
    AUGMENTATIONS,
    SURFACES,
)
CONFIGURATIONS = [
    pytest.param(cls, id=cls.__name__)
    for cls in (ExperimentSpec, DataSpec, RaceSpec, RacerSpec, *(entry.cls for one in CONFIGURED for entry in one))
]


def test_every_family_has_members() -> None:
    assert all(len(one) for one in REGISTRIES)


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_has_a_name_and_one_plain_sentence(entry: Any) -> None:
    assert entry.label
    assert len(entry.label) <= 32
    assert entry.summary.endswith(".")
    assert 15 <= len(entry.summary) <= 160


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_is_introduced_in_chinese(entry: Any, chinese: None) -> None:
    assert any("\u4e00" <= letter <= "\u9fff" for letter in _(entry.summary))


@pytest.mark.parametrize("cls", CONFIGURATIONS)
def test_a_hyperparameter_has_a_label(cls: type) -> None:
    assert all(one.label and one.label != one.name for one in hyperparameters(cls))


@pytest.mark.parametrize("cls", CONFIGURATIONS)
def test_a_hyperparameter_is_explained_in_chinese(cls: type, chinese: None) -> None:
    silent = [one.name for one in hyperparameters(cls) if one.help and _(one.help) == one.help]
    assert not silent
