"""The command line's help in the terminal's language: our words from the catalogue, and argparse's own from there, too."""

from __future__ import annotations

import argparse
import gettext
import os
import unicodedata
from collections.abc import Callable
from typing import Final

import assets
from app.terminal import speak, terminal_language
from simulations.core.text import N_
from widgets.text import DOMAIN, _

_NEVER_FIRST: Final = "，。；：、）」”？！"  # of a line
# what argparse says by itself, found here by the extractor
_ARGPARSE: Final = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("expected one argument"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("ignored explicit argument %r"),
)


def words() -> Callable[[str], str]:
    """What puts a verb's help into the terminal's language; argparse's own words follow from then on.

    Left to itself, argparse would look for the catalogue of the very locale, zh_TW or zh_HK, and fall back to English.
    """
    language = terminal_language()
    if language == "en":
        gettext.textdomain("messages")
        return str
    os.environ["LANGUAGE"] = language  # what gettext asks first
    gettext.bindtextdomain(DOMAIN, str(assets.path("locale")))
    gettext.textdomain(DOMAIN)  # where argparse looks
    speak()
    return _


class Wrapped(argparse.HelpFormatter):
    """Breaks lines where Chinese may be broken, and knows that its letters are two columns wide."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrapped(text, width))


def wrapped(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` columns, broken at spaces and between wide letters."""
    lines, wide = [""], 0
    for piece in _pieces(text):
        columns = sum(2 if _is_wide(letter) else 1 for letter in piece)
        if wide + columns > width and lines[-1] and piece not in _NEVER_FIRST:
            lines.append("")
            wide = 0
        lines[-1] += piece
        wide += columns
    return [line.strip() for line in lines]


def _pieces(text: str) -> list[str]:
    """Wide letters one by one, other words whole with the space before them."""
    found: list[str] = []
    for letter in " ".join(text.split()):
        joins = found and not _is_wide(letter) and letter != " " and not _is_wide(found[-1][-1])
        found[-1:] = [found[-1] + letter] if joins else [*found[-1:], letter]
    return found


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF" or letter in "“”…"
