"""``gradlab window``: the window, on a preset. Also what runs when no verb is given."""

from __future__ import annotations

import argparse

from simulations.core.text import N_

NAME = "window"
HELP = N_("open the window (also without a verb)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "preset",
        nargs="?",
        default="",
        help=N_("the preset to open (default: digits-cnn, in the workspace shown last)"),
    )


def run(arguments: argparse.Namespace) -> int:
    from app.bootstrap import check_machine, check_pyside, enable_crash_log

    enable_crash_log()
    check_machine()
    check_pyside()
    from app.application import run_window

    if not arguments.preset:
        return run_window()
    from simulations import families
    from simulations.documents.presets import load_preset

    families.load_experiments()
    return run_window(load_preset(arguments.preset).spec)
