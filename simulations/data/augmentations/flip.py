"""Flip: half of the pictures are seen in a mirror."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.data.augmentations.base import AUGMENTATIONS, Augmentation


@final
@AUGMENTATIONS.register(
    "flip",
    label=N_("Flip"),
    summary=N_("Mirrors pictures at random: good for photographs, wrong where left and right mean something."),
    source="Krizhevsky, Sutskever & Hinton 2012, section 4.1",
)
@dataclass(frozen=True)
class Flip(Augmentation):
    """Each picture is mirrored with the given probability."""

    direction: str = param(
        "sideways",
        choices=("sideways", "upside_down"),
        labels=(N_("left ↔ right"), N_("top ↔ bottom")),
        label=N_("Direction"),
        help=N_("Which sides change places."),
    )
    probability: float = param(
        0.5, low=0.0, high=1.0, label=N_("Probability"), help=N_("How likely it is that a picture is mirrored.")
    )

    def apply(self, x: FloatArray, rng: np.random.Generator) -> None:
        chosen = np.flatnonzero(rng.random(len(x)) < self.probability)
        if self.direction == "sideways":
            x[chosen] = x[chosen, :, ::-1]
        else:
            x[chosen] = x[chosen, ::-1]
