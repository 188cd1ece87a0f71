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
    "bent-valley": (
        N_("A bent valley"),
        N_(
            "Rosenbrock's banana: momentum, Nesterov and Adam follow the bend to the minimum, plain descent is still far away."
        ),
    ),
    "zig-zag": (
        N_("Zig-zag in a ravine"),
        N_(
            "Just below 2/λ descent leaps from wall to wall at every step; at half that rate it no longer does, but creeps."
        ),
    ),
    "momentum-overshoots": (
        N_("Momentum overshoots"),
        N_(
            "A heavy ball rolls past the minimum and has to come back, and still arrives long before plain descent does."
        ),
    ),
    "adam-turned-valley": (
        N_("Adam in a turned valley"),
        N_(
            "Adam rescales the axes, not the valley: at 45° it needs five times the steps it takes at 0°, others do not care."
        ),
    ),
    "saddle-escape": (
        N_("Escape from a saddle"),
        N_(
            "Exactly on the ridge nothing pushes descent, momentum or Adam aside: they end at the saddle, and noise does not."
        ),
    ),
    "rnn-cliff": (
        N_("A cliff, and clipping"),
        N_(
            "One gradient off the cliff of a recurrence throws descent out of view; clipped to 0.1 it arrives as the rate fades."
        ),
    ),
    "edge-of-stability": (
        N_("Edge of stability"),
        N_(
            "A rate η cannot stay where curvature is above 2/η: it is thrown along the hyperbola until the floor is flat enough."
        ),
    ),
    "sharp-and-flat": (
        N_("Sharp and flat minima"),
        N_(
            "A small rate settles in the narrow hole it starts in; a larger one cannot stay there and ends in the wide hollow."
        ),
    ),
    "adam-counterexample": (
        N_("Adam's counter-example"),
        N_("Adam forgets the one large slope among three and walks uphill to +1; AMSGrad remembers it and goes to −1."),
    ),
    "newton-saddle": (
        N_("Newton at a saddle"),
        N_(
            "Newton looks for a slope of zero and finds the saddle; divided by |λ| instead, the same step is driven away from it."
        ),
    ),
    "noise-annealing": (
        N_("Noise as annealing"),
        N_(
            "Descent ends in the shallow well it meets first; noise that fades finds the deep one, noise that stays never rests."
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


def race_preset_of(spec: RaceSpec) -> RacePreset | None:
    """The preset that ``spec`` is, but for what its racers are called and look like; None for any other race."""
    preset = load_race_preset(spec.name) if spec.name in _TEXTS else None
    return preset if preset is not None and preset.spec.has_paths_of(spec) else None


def load_race(path: Path | str) -> RaceSpec:
    """The race stored in the JSON file ``path``.

    Raises :class:`FileError` when it cannot be read or is not JSON, :class:`GradLabError` with the first wrong value when it is.
    """
    path = Path(path)
    return race_in(read_json(path), path)


def race_in(data: object, path: Path) -> RaceSpec:
    """The race in the JSON ``data`` of the file ``path``, which a fault names."""
    load()
    try:
        return RaceSpec.from_json(data)
    except SpecError as error:
        raise SpecError(N_("{file}: {reason}"), path=error.path, file=str(path), reason=error) from error
