"""Leaving from outside: Ctrl+C in the terminal and a polite kill close the window as its own button would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.application import STARTED_AT

# a shell starts what runs in its background deaf to Ctrl+C, the tests' own process, too
_HEARS_SIGNALS = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from app.__main__ import main
raise SystemExit(main([]))
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a process is not told to leave by a signal there")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_training_window_without_a_word(number: signal.Signals, tmp_path: Path) -> None:
    own = {"XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    window = subprocess.Popen(
        [sys.executable, "-c", _HEARS_SIGNALS],
        env=os.environ | own | {STARTED_AT: str(time.time())},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert window.stdout is not None
        while '"training"' not in window.stdout.readline():
            assert window.poll() is None
        window.send_signal(number)
        _rest, complaints = window.communicate(timeout=20)
    finally:
        window.kill()  # nothing, if it has left
    told = [line for line in complaints.splitlines() if "propagateSizeHints" not in line]  # the screenless Qt itself
    assert (window.returncode, told) == (0, [])
    assert not list(tmp_path.rglob("autosave-*.json"))
