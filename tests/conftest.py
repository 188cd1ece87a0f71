"""What every test may rely on: full registries, garbage collected only between tests, and nothing left behind."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator

import pytest
from hypothesis import settings

from simulations.families import load

settings.register_profile("gradlab", derandomize=True, deadline=None)  # the same examples everywhere
settings.register_profile(
    "explore", deadline=None, max_examples=2000
)  # --hypothesis-profile=explore looks for new ones
settings.load_profile("gradlab")


def pytest_configure() -> None:
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    load()


@pytest.fixture(autouse=True)
def _garbage_dies_between_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """A cycle that holds Qt objects must not be collected while another thread runs (it would die there).

    Only tests that use Qt pay for a full collection; with every library loaded it takes longer than most tests.
    """
    if not {"qtbot", "qapp"} & set(request.fixturenames):
        yield
        return
    gc.disable()
    yield
    _end_windows()
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """Every test ends the simulation threads it began."""
    before = set(threading.enumerate())
    yield
    left = [one.name for one in threading.enumerate() if one not in before and one.name == "simulation"]
    assert not left, f"threads left running: {left}"


def _end_windows() -> None:
    """Close every window and let what was deleted later die now, on this thread."""
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        return
    for window in QApplication.topLevelWidgets():
        if window.parent() is None:
            window.hide()
            window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
