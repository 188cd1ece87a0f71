"""``gradlab race``: a race without the window, for teachers' figures, CI and machines with no screen."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.terminal import number, whole_number
from simulations.core.errors import GradLabError, SpecError
from simulations.core.text import N_

if TYPE_CHECKING:
    from simulations.documents.race import RaceSpec
    from simulations.racing.record import Race

NAME = "race"
HELP = N_("run a race of optimizers without a window and write paths, states, pictures and a script that repeats it")
FORMATS: Final = ("svg", "png", "pdf", "csv")
_SLICE: Final = 64  # steps between two looks at the keyboard


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "race", nargs="?", metavar="SPEC|PRESET", help=N_("a preset's name or a race file (default: the first preset)")
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help=N_("folder for the files; without it nothing is written")
    )
    parser.add_argument("--steps", type=whole_number, metavar="N", help=N_("run so many steps instead of the race's"))
    parser.add_argument(
        "--script",
        choices=("torch", "numpy"),
        default="torch",
        help=N_("whether race.py uses PyTorch where it has the method (default), or NumPy alone"),
    )
    parser.add_argument(
        "--lang", "--language", choices=("en", "zh_CN"), default="en", help=N_("language of names and pictures")
    )
    parser.add_argument("--json", action="store_true", help=N_("print the result as JSON on standard output"))
    parser.add_argument("--quiet", action="store_true", help=N_("no progress bar"))
    _add_pictures(parser)


def _add_pictures(parser: argparse.ArgumentParser) -> None:
    """What is drawn, of whom and how."""
    parser.add_argument(
        "--format",
        default="svg",
        metavar="LIST",
        help=N_("of the pictures: svg, png, pdf, or csv for the numbers drawn; several as svg,png"),
    )
    parser.add_argument(
        "--views",
        default="race,space,curves",
        metavar="LIST",
        help=N_("what is drawn: race, space, curves, anatomy, maps, fair, matrix, or all (default: %(default)s)"),
    )
    parser.add_argument(
        "--racer",
        type=whole_number,
        default=1,
        metavar="N",
        help=N_("whose step and map anatomy and maps show: 1 is the first racer (default: %(default)s)"),
    )
    parser.add_argument("--gif", action="store_true", help=N_("write the race as an animation, too"))
    parser.add_argument(
        "--seconds", type=number, default=8.0, metavar="S", help=N_("length of the animation (default: %(default)s)")
    )
    parser.add_argument("--size", default="900x640", metavar="WxH", help=N_("of the pictures (default: %(default)s)"))
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help=N_("palette of the pictures"))


def run(arguments: argparse.Namespace) -> int:
    """Run and write; 0 well, 1 pictures missing, 2 bad input, 130 stopped by Ctrl-C."""
    from app.unattended import interruptible, output_folder

    spec = _race(arguments)
    wanted = _pictures(arguments, len(spec.racers))
    trouble = None
    with output_folder(arguments.out) as folder:
        import assets
        from simulations.racing.tables import summary
        from widgets.racer_names import racer_labels
        from widgets.text import use_language

        use_language(arguments.lang, assets.path("locale"))
        with interruptible() as stopped:
            race = _run(spec, arguments, stopped)
        names = racer_labels(spec)
        values = summary(race, names)
        if folder is not None:
            from app.race_output import write_numbers, write_pictures

            write_numbers(race, names, values, folder, uses_torch=arguments.script == "torch")
            trouble = write_pictures(race, folder, wanted)
    _report(values, arguments)
    if trouble is not None:
        print(f"gradlab: {trouble}", file=sys.stderr)
    if stopped:
        print(f"gradlab: stopped at step {race.done}", file=sys.stderr)
        return 130
    return 0 if trouble is None else 1


def _race(arguments: argparse.Namespace) -> RaceSpec:
    """The race that is asked for; raises :class:`GradLabError` in words for anything that cannot be used."""
    from simulations.documents.race_presets import DEFAULT, load_race, load_race_preset, race_preset_names

    wanted = arguments.race or DEFAULT
    if wanted in race_preset_names():
        spec = load_race_preset(wanted).spec
    elif Path(wanted).suffix or Path(wanted).exists():
        spec = load_race(Path(wanted))
    else:
        raise SpecError(
            N_("{received!r} is neither a preset nor a file; the presets are {known}"),
            path="race",
            received=wanted,
            known=", ".join(race_preset_names()),
        )
    if arguments.steps is not None:
        spec = dataclasses.replace(spec, steps=arguments.steps)
    spec.validate()
    return spec


def _pictures(arguments: argparse.Namespace, racers: int) -> Any:
    """What is to be drawn and how; raises :class:`SpecError` for what cannot be."""
    from app.cli.render import parse_size
    from app.race_output import VIEWS, Pictures

    formats = _listed("--format", arguments.format, FORMATS)
    views = tuple(VIEWS) if arguments.views.strip().lower() == "all" else _listed("--views", arguments.views, VIEWS)
    if not 1 <= arguments.racer <= max(racers, 1):
        raise _unexpected("--racer", f"1…{max(racers, 1)}", arguments.racer)
    if not 0.5 <= arguments.seconds <= 120:
        raise _unexpected("--seconds", "0.5…120", arguments.seconds)
    return Pictures(
        formats=formats,
        size=parse_size(arguments.size),
        theme=arguments.theme,
        seconds=arguments.seconds if arguments.gif else None,
        views=views,
        racer=arguments.racer - 1,
        bars=_no_bar if arguments.quiet else _bar,
    )


def _listed(path: str, text: str, known: Collection[str]) -> tuple[str, ...]:
    """The words of ``text`` between its commas, each once; raises :class:`SpecError` for one that is not ``known``."""
    words = tuple(dict.fromkeys(one.strip().lower() for one in text.split(",") if one.strip()))
    for one in words:
        if one not in known:
            raise _unexpected(path, " | ".join(known), one)
    return words


def _unexpected(path: str, expected: str, received: object) -> GradLabError:
    return SpecError(N_("{path}: expected {expected}, got {received}"), path=path, expected=expected, received=received)


def _run(spec: RaceSpec, arguments: argparse.Namespace, stopped: list[int]) -> Race:
    """Run to the end, or to Ctrl-C."""
    from tqdm import tqdm

    from simulations.racing.record import Recorder
    from simulations.racing.session import RaceSession

    session = RaceSession(spec)
    with tqdm(total=spec.steps, unit="step", desc=spec.name or NAME, disable=arguments.quiet, file=sys.stderr) as bar:
        while session.done < spec.steps and not stopped:
            before = session.done
            session.advance(min(before + _SLICE, spec.steps))
            bar.update(session.done - before)
    return Recorder(session).record()


def _no_bar(title: str) -> None:
    """Nothing is told."""


def _bar(title: str) -> Callable[[float], None]:
    """A progress bar that is told the share that is done."""
    from tqdm import tqdm

    bar = tqdm(
        total=100, desc=title, file=sys.stderr, delay=0.2, bar_format="{desc}: {percentage:3.0f}%|{bar}| {elapsed}"
    )

    def tell(share: float) -> None:
        bar.update(round(100 * share) - bar.n)
        if share >= 1:
            bar.close()

    return tell


def _report(values: dict[str, Any], arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json.dumps(values, ensure_ascii=False))
        return
    names = [one["name"] for one in values["racers"]]
    width = max(map(len, names), default=0)
    for name, one in zip(names, values["racers"], strict=True):
        place = "not finite" if one["x"] is None or one["y"] is None else f"({one['x']:.6g}, {one['y']:.6g})"
        value = "not finite" if one["value"] is None else f"{one['value']:.6g}"
        print(f"{name:<{width}}  {one['verdict'].replace('_', ' '):<10}  {place:<28}  f {value}")
    print(f"{values['steps']} steps on {values['spec']['surface']['kind']}")
    if arguments.out is not None:
        print(f"written to {arguments.out}")
