"""Shift: the picture moves by whole pixels, and its edge fills what becomes free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.data.augmentations.base import AUGMENTATIONS, Augmentation, gather


@final
@AUGMENTATIONS.register(
    "shift",
    label=N_("Shift"),
    summary=N_("Moves each picture a few pixels in any direction; the edge is repeated."),
    source="Simard, Steinkraus & Platt 2003, “Best practices for convolutional neural networks”",
)
@dataclass(frozen=True)
class Shift(Augmentation):
    """x[i, j] ← x[i − a, j − b] with a, b uniform in −pixels…pixels; beyond the edge stands the edge."""

    pixels: int = param(2, low=1, high=16, unit="px", label=N_("Up to"), help=N_("The farthest a picture moves."))

    def apply(self, x: FloatArray, rng: np.random.Generator) -> None:
        n, h, w, _c = x.shape
        down, right = rng.integers(-self.pixels, self.pixels, (2, n, 1), endpoint=True)
        rows = np.clip(np.arange(h) - down, 0, h - 1)
        columns = np.clip(np.arange(w) - right, 0, w - 1)
        x[...] = gather(x, rows, columns)
