"""Leaving from outside: Ctrl+C in the terminal and a polite kill close the window as its own button would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.application import STARTED_AT
from simulations.documents.race_presets import DEFAULT, load_race_preset
from simulations.families import load

load()

# a shell starts what runs in its background deaf to Ctrl+C, the tests' own process, too
_HEARS_SIGNALS = """
import signal
import sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from app.__main__ import main
raise SystemExit(main(sys.argv[1:]))
"""

_PATIENCE_S = 20.0
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a process is not told to leave by a signal there")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_training_window_without_a_word(number: signal.Signals, tmp_path: Path) -> None:
    with _opened(tmp_path, "training") as window:
        _expect_silence(window, number)
    assert not list(tmp_path.rglob("autosave-*.json"))


def test_a_window_of_races_leaves_no_process_behind(tmp_path: Path) -> None:
    race = tmp_path / "mine.json"
    race.write_text(json.dumps(load_race_preset(DEFAULT).spec.to_json()))
    with _opened(tmp_path, "panels", "open", str(race)) as window:
        children = _children(window.pid)
        _expect_silence(window, signal.SIGINT)
    deadline = time.monotonic() + _PATIENCE_S  # each leaves by itself, as soon as it hears that its line is closed
    while left := [one for one in children if _is_there(one)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


@contextmanager
def _opened(folder: Path, until: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A window that has got as far as ``until``."""
    own = {"XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    window = subprocess.Popen(
        [sys.executable, "-c", _HEARS_SIGNALS, *arguments],
        env=os.environ | own | {STARTED_AT: str(time.time())},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert window.stdout is not None
        while f'"{until}"' not in window.stdout.readline():
            assert window.poll() is None
        yield window
    finally:
        window.kill()  # nothing, if it has left
        window.communicate()


def _expect_silence(window: subprocess.Popen[str], number: signal.Signals) -> None:
    """It leaves well and says nothing."""
    window.send_signal(number)
    _rest, complaints = window.communicate(timeout=_PATIENCE_S)
    told = [line for line in complaints.splitlines() if "propagateSizeHints" not in line]  # the screenless Qt itself
    assert (window.returncode, told) == (0, [])


def _children(pid: int) -> list[int]:
    """The processes it has begun."""
    rows = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.splitlines()
    return [int(row.split()[0]) for row in rows if int(row.split()[1]) == pid]


def _is_there(pid: int) -> bool:
    """Whether it does anything: an orphan that is over may wait for somebody to ask how it ended."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")
