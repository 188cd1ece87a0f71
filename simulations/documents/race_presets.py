"""Races that come with the program, and reading races from files.

A preset is an ordinary race file, ``assets/presets/races/<name>.json``; its title and sentence stand here, where the
extractor finds them for translation.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import assets
from simulations.core.errors import SpecError
from simulations.core.text import N_
from simulations.documents.race import RaceSpec
from simulations.documents.reading import read_json
from simulations.families import load

DEFAULT: Final = "four-in-a-ravine"  # what the Race workspace shows before anything was opened

_TEXTS = {
    "four-in-a-ravine": (
        N_("Four in a ravine"),
        N_(
            "One turned valley: plain descent zigzags, momentum overshoots and swings back, RMSProp and Adam cut across."
        ),
    ),
}


@dataclass(frozen=True)
class RacePreset:
    """A bundled race: ``title`` and ``sentence`` introduce it in the gallery (English, marked with ``N_``)."""

    name: str
    title: str
    sentence: str
    spec: RaceSpec


def race_preset_names() -> tuple[str, ...]:
    """The presets in the order of the gallery."""
    return tuple(_TEXTS)


def load_race_preset(name: str) -> RacePreset:
    """The preset called ``name``. Raises :class:`SpecError` naming the known ones."""
    if name not in _TEXTS:
        raise SpecError(
            N_("{path}: no race is called {received!r}; known are {known}"),
            path="preset",
            received=name,
            known=", ".join(_TEXTS),
        )
    title, sentence = _TEXTS[name]
    return RacePreset(name, title, sentence, load_race(assets.path(f"presets/races/{name}.json")))


def load_race(path: Path | str) -> RaceSpec:
    """The race stored in the JSON file ``path``.

    Raises :class:`FileError` when it cannot be read or is not JSON, :class:`GradLabError` with the first wrong value when it is.
    """
    load()
    path = Path(path)
    try:
        return RaceSpec.from_json(read_json(path))
    except SpecError as error:
        raise SpecError(N_("{file}: {reason}"), path=error.path, file=str(path), reason=error) from error
