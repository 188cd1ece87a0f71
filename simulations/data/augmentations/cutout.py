"""Cutout: a square of every picture is wiped, so that no single spot decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import BoolArray, FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.data.augmentations.base import AUGMENTATIONS, Augmentation


@final
@AUGMENTATIONS.register(
    "cutout",
    label=N_("Cutout"),
    summary=N_("Wipes a square at a random place of each picture, so that no single spot decides."),
    source="DeVries & Taylor 2017, “Improved regularization of convolutional neural networks with cutout”",
)
@dataclass(frozen=True)
class Cutout(Augmentation):
    """A square about a random pixel becomes 0, the mean of standardised samples; near the edge part of it lies outside."""

    side: int = param(6, low=1, high=64, unit="px", label=N_("Side"), help=N_("Width and height of the square."))

    def apply(self, x: FloatArray, rng: np.random.Generator) -> None:
        n, h, w, _c = x.shape
        rows, columns = self._inside(h, n, rng), self._inside(w, n, rng)
        x *= ~(rows[:, :, np.newaxis, np.newaxis] & columns[:, np.newaxis, :, np.newaxis])

    def _inside(self, size: int, n: int, rng: np.random.Generator) -> BoolArray:
        """Which of ``size`` places the square covers, ``(n, size)``."""
        start = rng.integers(0, size, (n, 1)) - self.side // 2
        place = np.arange(size)
        covered: BoolArray = (place >= start) & (place < start + self.side)
        return covered
