"""``gradlab open FILE``: the window, on a saved experiment."""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "open"
HELP = "open the window on a saved experiment"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="an experiment saved as JSON")


def run(arguments: argparse.Namespace) -> int:
    from app.bootstrap import check_machine, check_pyside, enable_crash_log

    enable_crash_log()
    check_machine()
    check_pyside()
    from app.application import run_window
    from simulations import families
    from simulations.documents.presets import load_spec

    families.load_experiments()
    return run_window(load_spec(arguments.file), arguments.file)
