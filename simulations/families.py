"""Fills the registries: imports every module that registers a layer, loss, optimizer, initialiser, data source, surface or
probe.

A new member is one file in its family's package; nothing has to be listed here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from simulations.core.registry import Registry

_METHODS = ("simulations.optimizers", "simulations.optimizers.schedules", "simulations.optimizers.wrappers")
_EXPERIMENTS = (
    "simulations.nn.initializers",
    "simulations.nn.layers",
    "simulations.nn.losses",
    *_METHODS,
    "simulations.data",
    "simulations.data.files",
    "simulations.data.augmentations",
    "simulations.probes",
)
_RACES = ("simulations.surfaces", "simulations.racing.probes")


def load() -> None:
    """Import every module of the family packages; calling it again costs nothing."""
    load_experiments()
    load_races()


def load_races() -> None:
    """Import what a race is made of besides: surfaces and the probes about races."""
    _import(_RACES)


def load_races_alone() -> None:
    """Import what a race is made of, and nothing of experiments."""
    _import(_METHODS + _RACES)


def load_experiments() -> None:
    """Import what an experiment is made of: all that a window needs for its first picture."""
    _import(_EXPERIMENTS)


def race_modules() -> tuple[str, ...]:
    """The names of what :func:`load_races` imports."""
    return tuple(_names(_RACES))


def _import(packages: tuple[str, ...]) -> None:
    for name in _names(packages):
        importlib.import_module(name)


def _names(packages: tuple[str, ...]) -> Iterator[str]:
    for name in packages:
        package = importlib.import_module(name)
        yield from sorted(found.name for found in pkgutil.iter_modules(package.__path__, f"{name}."))


def registries() -> tuple[Registry[Any], ...]:
    """The families a person chooses from, in the order an experiment is put together."""
    from simulations.data.augmentations.base import AUGMENTATIONS
    from simulations.data.base import DATA_SOURCES
    from simulations.nn.initializers.base import INITIALIZERS
    from simulations.nn.layers.base import LAYERS
    from simulations.nn.losses.base import LOSSES
    from simulations.nn.losses.class_weights import CLASS_WEIGHTS
    from simulations.optimizers.base import OPTIMIZERS
    from simulations.optimizers.methods import METHODS
    from simulations.optimizers.schedules.base import SCHEDULES
    from simulations.optimizers.wrappers.base import WRAPPERS
    from simulations.probes.base import PROBES
    from simulations.racing.probes.base import RACE_PROBES
    from simulations.surfaces.base import SURFACES

    nets = (DATA_SOURCES, LAYERS, INITIALIZERS, LOSSES, CLASS_WEIGHTS)
    return *nets, OPTIMIZERS, METHODS, SCHEDULES, WRAPPERS, AUGMENTATIONS, PROBES, SURFACES, RACE_PROBES
