"""Experiments that come with the program, and reading experiments from files.

A preset is an ordinary experiment file, ``assets/presets/<name>.json``; its title and sentence stand here, where the
extractor finds them for translation.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import assets
from simulations.core.errors import SpecError
from simulations.core.text import N_
from simulations.data.files.source import FileSource, ReadSource
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.reading import read_json
from simulations.families import load_experiments

_TEXTS = {
    "digits-cnn": (
        N_("Digits, convolutional"),
        N_("Two convolutions learn to read handwritten digits: about 98 % are right after ten epochs."),
    ),
    "digits-mlp": (
        N_("Digits, dense"),
        N_("The same digits without convolutions: every pixel is a number of its own, wherever it lies."),
    ),
    "shapes-lenet": (
        N_("Shapes, LeNet-5"),
        N_(
            "The classic of 1998 on drawn shapes of 28×28; drop the MNIST files on the window and it reads handwriting."
        ),
    ),
    "spiral-mlp": (
        N_("Spiral"),
        N_("Two arms wound around each other: watch three hidden layers bend the boundary until it follows them."),
    ),
    "rings-mlp": (
        N_("Rings"),
        N_("A ring around a ring: eight units are enough, because all that matters is the distance from the centre."),
    ),
    "checkerboard-mlp": (
        N_("Checkerboard"),
        N_(
            "Sixteen squares in two colours: two hidden layers cut the plane into cells, and about 90 % of the points are right."
        ),
    ),
    "iris-mlp": (
        N_("Iris, dense"),
        N_(
            "Eight hidden units tell three species of iris apart by four lengths: about 95 % of unseen flowers are right."
        ),
    ),
    "wave-mlp": (
        N_("Fit a wave"),
        N_("A smooth network draws a sine through noisy points: watch the curve take one bend after the other."),
    ),
    "relief-mlp": (
        N_("Fit a relief"),
        N_(
            "Two hills and two hollows from scattered heights: where a point vanishes into the plane, the network is right."
        ),
    ),
    "adding-lstm": (
        N_("Adding problem, LSTM"),
        N_(
            "An LSTM carries one number over many steps and adds another to it: its error falls far below the 0.41 of guessing."
        ),
    ),
    "copy-gru": (
        N_("Copy, GRU"),
        N_(
            "A GRU keeps three symbols through a silence and says them again: after some ten epochs it makes hardly a mistake."
        ),
    ),
    "next-value-rnn": (
        N_("Next value, RNN"),
        N_(
            "A simple recurrent network tells where a sine goes next, whatever its frequency: no closer than the noise allows."
        ),
    ),
    "deep-sigmoid": (
        N_("Ten sigmoid layers"),
        N_("The gradient shrinks in every layer on its way back, so the first ones never learn: it vanishes."),
    ),
}


@dataclass(frozen=True)
class Preset:
    """A bundled experiment: ``title`` and ``sentence`` introduce it in the gallery (English, marked with ``N_``)."""

    name: str
    title: str
    sentence: str
    spec: ExperimentSpec


def preset_names() -> tuple[str, ...]:
    """The presets in the order of the gallery."""
    return tuple(_TEXTS)


def load_preset(name: str) -> Preset:
    """The preset called ``name``. Raises :class:`SpecError` naming the known ones."""
    if name not in _TEXTS:
        raise SpecError(
            N_("{path}: no preset is called {received!r}; known are {known}"),
            path="preset",
            received=name,
            known=", ".join(_TEXTS),
        )
    title, sentence = _TEXTS[name]
    return Preset(name, title, sentence, load_spec(assets.path(f"presets/{name}.json")))


def load_spec(path: Path | str) -> ExperimentSpec:
    """The experiment stored in the JSON file ``path``; its own files are sought from there.

    A source that nobody has looked into yet, as in an experiment written by hand, is read now. Raises :class:`FileError`
    when the file cannot be read or is not JSON, :class:`SpecError` with the path of the first wrong value when it is.
    """
    load_experiments()
    path = Path(path)
    data = read_json(path)
    try:
        spec = ExperimentSpec.from_json(data)
    except SpecError as error:
        raise SpecError(N_("{file}: {reason}"), path=error.path, file=str(path), reason=error) from error
    source = spec.data.source
    if isinstance(source, FileSource):
        source = source.placed(path.parent)
    if isinstance(source, ReadSource) and not source.found.digest:
        source = source.imported()
    return dataclasses.replace(spec, data=dataclasses.replace(spec.data, source=source))
