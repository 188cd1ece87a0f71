"""The command line as a person meets it: another process, without a display."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture(scope="session")
def run_verb() -> Callable[..., tuple[Any, str]]:
    """Runs a verb with ``--json`` to its end; what it printed, read, and what it said on the way."""

    def run(*arguments: str) -> tuple[Any, str]:
        kept = {name: value for name, value in os.environ.items() if "DISPLAY" not in name and "QT_QPA" not in name}
        done = subprocess.run(
            [sys.executable, "-m", "app", *arguments, "--json"],
            env=kept,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout), done.stderr

    return run
