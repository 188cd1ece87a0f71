"""``gradlab open FILE``: the window, on a saved experiment or race."""

from __future__ import annotations

import argparse
from pathlib import Path

from simulations.core.text import N_

NAME = "open"
HELP = N_("open the window on a saved experiment or race")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=N_("an experiment or a race saved as JSON"))


def run(arguments: argparse.Namespace) -> int:
    from app.bootstrap import check_machine, check_pyside, enable_crash_log

    enable_crash_log()
    check_pyside()
    from app.documents import read_document
    from simulations import families

    families.load_experiments()
    document = read_document(arguments.file)  # what is wrong with the file matters with and without a display
    check_machine()
    from app.application import run_window

    return run_window(document, arguments.file)
