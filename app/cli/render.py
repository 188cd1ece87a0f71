"""``gradlab render WHAT``: what the window would show, as a picture, on a machine with or without a screen."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.terminal import number, whole_number
from simulations.core.errors import GradLabError
from simulations.core.text import N_

NAME = "render"
HELP = N_("draw a workspace or a single panel into a file, as the window would show it")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        metavar="WHAT",
        help=N_("a workspace, train or race, or one of their panels: layers, curves, plane, anatomy …"),
    )
    parser.add_argument(
        "--preset", default="", help=N_("a preset of the workspace or a saved document (default: the first one)")
    )
    parser.add_argument(
        "--after-steps",
        type=whole_number,
        default=300,
        metavar="N",
        help=N_("train so far first, or stand at this step of the race (default: %(default)s)"),
    )
    parser.add_argument(
        "--size", default="1600x1000", metavar="WxH", help=N_("in logical pixels (default: %(default)s)")
    )
    parser.add_argument(
        "--scale", type=number, default=1.0, help=N_("pixels of the PNG per logical pixel (default: %(default)s)")
    )
    parser.add_argument("--text-scale", type=number, default=1.0, help=N_("1.25 is the 125 %% text size"))
    parser.add_argument(
        "--projector", action="store_true", help=N_("as in the window's projector mode: large text, wide strokes")
    )
    parser.add_argument("--lang", choices=("en", "zh_CN"), default="en", help=N_("language of the texts"))
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help=N_("palette"))
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=N_("ends in .png, .svg or .pdf"))


def run(arguments: argparse.Namespace) -> int:
    from app.bootstrap import check_machine, check_pyside

    size = parse_size(arguments.size)
    if arguments.after_steps < 0 or not 0.25 <= arguments.scale <= 8 or not 0.5 <= arguments.text_scale <= 3:
        raise GradLabError(N_("--after-steps must be 0 or more, --scale 0.25…8, --text-scale 0.5…3"))
    check_machine(offscreen=True)
    check_pyside()
    from app.rendering import Picture, render

    picture = Picture(
        what=arguments.what,
        preset=arguments.preset,
        after_steps=arguments.after_steps,
        size=size,
        scale=arguments.scale,
        text_scale=arguments.text_scale,
        language=arguments.lang,
        theme=arguments.theme,
        is_projected=arguments.projector,
    )
    render(picture, arguments.out)
    print(arguments.out)
    return 0


def parse_size(text: str) -> tuple[int, int]:
    """``1600x1000`` as (1600, 1000); raises :class:`GradLabError` in words."""
    parts = text.lower().split("x")
    if len(parts) == 2 and all(part.isdecimal() for part in parts):
        width, height = (int(part) for part in parts)
        if 64 <= width <= 8192 and 64 <= height <= 8192:
            return width, height
    raise GradLabError(N_("--size: expected WIDTHxHEIGHT between 64 and 8192, got {received}"), received=text)
