"""Noise: every number of every sample trembles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.data.augmentations.base import AUGMENTATIONS, Augmentation


@final
@AUGMENTATIONS.register(
    "noise",
    label=N_("Noise"),
    summary=N_("Adds Gaussian noise to every input number; the only augmentation that also suits tables."),
    source="Bishop 1995, “Training with noise is equivalent to Tikhonov regularization”",
)
@dataclass(frozen=True)
class Noise(Augmentation):
    """x ← x + ε, ε ~ N(0, deviation²), in units of the scaled samples: 1 is the spread of the training part."""

    deviation: float = param(
        0.1,
        low=0.0,
        high=2.0,
        label=N_("Deviation"),
        help=N_("Standard deviation of the noise; after standardising, the samples themselves have 1."),
    )

    def apply(self, x: FloatArray, rng: np.random.Generator) -> None:
        noise = rng.standard_normal(x.shape, np.float64 if x.dtype == np.float64 else np.float32)
        noise *= self.deviation
        x += noise

    def takes(self, input_shape: Shape) -> bool:
        return True
