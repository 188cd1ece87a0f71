"""The 8×8 handwritten digits that come with the program: real images, small enough to train on in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import final

import numpy as np

import assets
from simulations.core.arrays import FloatArray, IntArray, Shape
from simulations.core.params import param
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.data.base import DATA_SOURCES, Dataset, DataSource

COUNT = 1797


@final
@DATA_SOURCES.register(
    "digits",
    label=N_("Digits 8×8"),
    summary=N_(
        "1797 handwritten digits of 43 people in 8×8 grey pixels: small, real, and a convolution's home ground."
    ),
    source="Alpaydin & Kaynak 1998, UCI Machine Learning Repository, doi:10.24432/C50P49",
)
@dataclass(frozen=True)
class Digits(DataSource):
    """Images ``(n, 8, 8, 1)`` with ink from 0 to 1, classes 0…9. Noise is added after that and may leave the range."""

    samples: int = param(
        COUNT,
        low=20,
        high=COUNT,
        scale="log",
        unit=N_("samples"),
        label=N_("Samples"),
        help=N_("How many samples there are, training and validation together."),
    )
    noise: float = param(
        0.0,
        low=0.0,
        high=1.0,
        label=N_("Noise"),
        help=N_("Standard deviation of the Gaussian noise added to every pixel; full ink is 1."),
    )

    @property
    def input_shape(self) -> Shape:
        return (8, 8, 1)

    @property
    def targets(self) -> Targets:
        return Targets.classes(tuple("0123456789"))

    def generate(self, rng: np.random.Generator) -> Dataset:
        images, labels = _stored()
        chosen = rng.permutation(COUNT)[: self.samples]
        inputs = images[chosen]
        if self.noise:
            inputs += self.noise * rng.standard_normal(inputs.shape)
        return Dataset(inputs, labels[chosen], self.targets.names)


@cache
def _stored() -> tuple[FloatArray, IntArray]:
    with np.load(assets.path("datasets/digits.npz"), allow_pickle=False) as stored:
        images, labels = stored["images"] / 16.0, stored["labels"].astype(np.intp)
    images = images[..., np.newaxis]
    images.flags.writeable = labels.flags.writeable = False
    return images, labels
