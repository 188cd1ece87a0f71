"""The ground the program stands on: versions, and whether they are ones it is known to work with."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from app.selftest.finding import Finding

_SECTION = "environment"
_NEEDED = ("numpy", "PySide6-Essentials", "pyqtgraph", "pillow", "contourpy", "tqdm")


def environment() -> Iterator[Finding]:
    """Python, the packages the program depends on, the processor and the threads of the linear algebra."""
    found = platform.python_version()
    yield Finding(
        _SECTION, "Python", sys.version_info >= (3, 11), f"{found} on {platform.system()} {platform.machine()}"
    )
    for name in _NEEDED:
        yield _package(name)
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "not set")
    kernels = os.environ.get("OPENBLAS_CORETYPE", "chosen by the library")
    yield Finding(
        _SECTION, "linear algebra", True, f"threads: {threads}; kernels: {kernels}; {os.cpu_count()} processors"
    )


def _package(name: str) -> Finding:
    try:
        found = version(name)
    except PackageNotFoundError:
        return Finding(_SECTION, name, False, "not installed")
    return Finding(_SECTION, name, True, found)
