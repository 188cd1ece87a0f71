"""What the command line says, in the language of the terminal: the one the environment names, or the one asked for."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping

import assets
from simulations.core.errors import GradLabError
from simulations.core.text import N_
from widgets.text import _, sentence, use_language


def terminal_language(environment: Mapping[str, str] = os.environ) -> str:
    """The language of ours that POSIX's variables ask for; every Chinese locale gets the simplified letters there are."""
    asked = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh_CN" if asked.lower().startswith("zh") else "en"


def speak(language: str | None = None) -> None:
    """Say everything in ``language`` from now on, by default in the terminal's."""
    use_language(language or terminal_language(), assets.path("locale"))


def complaint(error: GradLabError, language: str | None = None) -> str:
    """The line that says what was wrong."""
    speak(language)
    return f"gradlab: {sentence(error)}"


def whole_number(text: str) -> int:
    """A type for arguments; argparse's own words are about programs."""
    try:
        return int(text)
    except ValueError:
        raise _refused(N_("expected a whole number, got {received}"), text) from None


def number(text: str) -> float:
    """The same for numbers with a point."""
    try:
        return float(text)
    except ValueError:
        raise _refused(N_("expected a number, got {received}"), text) from None


def _refused(template: str, text: str) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(_(template).format(received=repr(text)))
