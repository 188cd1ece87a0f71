"""The panels, one a file in a folder per workspace. A panel joins by registering itself; nothing else lists it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator


def modules(workspace: str = "") -> tuple[str, ...]:
    """The names of every panel module, or of those in the folder of ``workspace``, found without importing one."""
    name = f"{__name__}.{workspace}" if workspace else __name__
    return tuple(_walk(name, importlib.import_module(name).__path__))


def _walk(package: str, paths: object) -> Iterator[str]:
    for found in pkgutil.iter_modules(paths, f"{package}."):  # type: ignore[arg-type]
        if found.ispkg:
            yield from _walk(found.name, importlib.import_module(found.name).__path__)
        else:
            yield found.name


def load() -> None:
    """Import every panel module, so that ``PANELS`` is full."""
    for name in modules():
        importlib.import_module(name)
