"""Modules that will be wanted next are imported one after the other, in the window's thread, until somebody says stop."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.warming import Warming

_NAMES = ("warming_first", "warming_second", "warming_third")
_OTHERS = ("warming_fourth", "warming_fifth", "warming_sixth")
_MODULE = "import threading\nTHREAD = threading.current_thread()\n"


@pytest.fixture(autouse=True)
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in (*_NAMES, *_OTHERS):
        (tmp_path / f"{name}.py").write_text(_MODULE)
        monkeypatch.delitem(sys.modules, name, raising=False)


def test_everything_is_imported_in_order_where_the_window_is(qtbot: QtBot) -> None:
    parent = QObject()
    Warming(_NAMES, parent)
    assert not set(_NAMES) & sys.modules.keys()  # not before anybody had a turn
    qtbot.waitUntil(lambda: _NAMES[0] in sys.modules)
    assert _NAMES[2] not in sys.modules
    qtbot.waitUntil(lambda: _NAMES[2] in sys.modules)
    assert all(sys.modules[name].THREAD is threading.main_thread() for name in _NAMES)


def test_nothing_more_is_imported_once_it_is_stopped(qtbot: QtBot) -> None:
    parent = QObject()
    warming = Warming(_NAMES, parent)
    qtbot.waitUntil(lambda: _NAMES[0] in sys.modules)
    warming.stop()
    Warming(_OTHERS, parent)  # takes as many turns
    qtbot.waitUntil(lambda: _OTHERS[2] in sys.modules)
    assert _NAMES[2] not in sys.modules
