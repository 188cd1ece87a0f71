"""Fills the registries: imports every module that registers a layer, loss, optimizer, initialiser, data source or probe.

A new member is one file in its family's package; nothing has to be listed here.
"""

from __future__ import annotations

import importlib
import pkgutil

_PACKAGES = (
    "simulations.nn.initializers",
    "simulations.nn.layers",
    "simulations.nn.losses",
    "simulations.optimizers",
    "simulations.data",
    "simulations.probes",
)


def load() -> None:
    """Import every module of the family packages; calling it again costs nothing."""
    for name in _PACKAGES:
        package = importlib.import_module(name)
        for module in sorted(found.name for found in pkgutil.iter_modules(package.__path__)):
            importlib.import_module(f"{name}.{module}")
