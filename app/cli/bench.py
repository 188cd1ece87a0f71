"""``gradlab bench``: how fast the engine is on the reference networks, alone or against PyTorch on the same machine."""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Callable
from typing import Any, TypeAlias

from app.terminal import whole_number
from simulations.core.errors import SpecError
from simulations.core.text import N_

NAME = "bench"
HELP = N_("measure the speed of the reference networks, compared with PyTorch on demand, of races, or of the window")

Rows: TypeAlias = list[dict[str, Any]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "networks", nargs="*", metavar="R1…R6|LSTM|LeNet", help=N_("which reference networks (default: all)")
    )
    parser.add_argument("--against", choices=["torch"], help=N_("compare with PyTorch eager, in alternating rounds"))
    parser.add_argument(
        "--rounds", type=whole_number, default=21, metavar="N", help=N_("rounds per measurement (default: 21)")
    )
    parser.add_argument(
        "--frames", action="store_true", help=N_("measure the window instead: frame intervals, drags, start-up")
    )
    parser.add_argument(
        "--races", action="store_true", help=N_("measure races, maps and sweeps instead, with their budgets")
    )
    parser.add_argument("--json", action="store_true", help=N_("print the measurements as JSON on standard output"))


def run(arguments: argparse.Namespace) -> int:
    """Measure and print; 0 well, 1 when a promise is missed, 2 bad input."""
    _check(arguments)
    names: tuple[str, ...] = ("frames", "race frames", "start") if arguments.frames else ("training",)
    if arguments.races:
        names = ("races",)
    result = {name: SECTIONS[name](arguments) for name in names}
    if arguments.json:
        print(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        for rows in result.values():
            _print_table(rows)
    return 0 if all(row.get("kept") is not False for rows in result.values() for row in rows) else 1


def _check(arguments: argparse.Namespace) -> None:
    from simulations.nn.references import REFERENCES

    known = [one.name for one in REFERENCES]
    for name in arguments.networks:
        if name not in known:
            raise SpecError(
                N_("{path}: expected {expected}, got {received}"),
                path="bench",
                expected=" | ".join(known),
                received=name,
            )
    if arguments.rounds < 1:
        raise SpecError(
            N_("{path}: expected {expected}, got {received}"),
            path="--rounds",
            expected="1…∞",
            received=arguments.rounds,
        )
    if arguments.against and importlib.util.find_spec("torch") is None:
        raise SpecError(
            N_(
                "{path}: PyTorch is not installed here; ‘python3 start.py test --oracle’ installs it, or run bench without it"
            ),
            path="--against",
        )


def _training(arguments: argparse.Namespace) -> Rows:
    from app.benchmarks.training import measure

    return measure(arguments.networks, against_torch=arguments.against == "torch", rounds=arguments.rounds)


def _frames(_arguments: argparse.Namespace) -> Rows:
    from app.bootstrap import check_machine, check_pyside

    check_machine()
    check_pyside()
    from app.benchmarks.frames import measure_frames

    return measure_frames()


def _race_frames(_arguments: argparse.Namespace) -> Rows:
    from app.benchmarks.race_frames import measure_race_frames

    return measure_race_frames()


def _start(_arguments: argparse.Namespace) -> Rows:
    from app.benchmarks.frames import measure_start

    return measure_start()


def _races(arguments: argparse.Namespace) -> Rows:
    from app.benchmarks.racing import measure_races
    from simulations import families

    families.load()
    return measure_races(arguments.rounds)


SECTIONS: dict[str, Callable[[argparse.Namespace], Rows]] = {
    "training": _training,
    "races": _races,
    "frames": _frames,
    "race frames": _race_frames,
    "start": _start,
}


def _print_table(rows: Rows) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row if not isinstance(row[name], dict)))
    table = [columns, *([_cell(row.get(name)) for name in columns] for row in rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(columns))]
    for line in table:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✕"
    return "–" if value is None else str(value)
