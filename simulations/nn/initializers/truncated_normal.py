"""A Gaussian without its tails, so that no first weight is far out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer


@final
@INITIALIZERS.register(
    "truncated_normal",
    label=N_("Truncated normal"),
    summary=N_("Draws from a Gaussian of a fixed width and draws again whatever is too far out."),
    source="torch.nn.init.trunc_normal_",
)
@dataclass(frozen=True)
class TruncatedNormal(Initializer):
    """N(0, std²) given that |x| ≤ cut·std. With the cut at 2 its standard deviation is 0.8796·std."""

    std: float = param(
        0.02,
        low=1e-4,
        high=10.0,
        scale="log",
        label=N_("Standard deviation"),
        help=N_("Width of the Gaussian before its tails are cut off."),
    )
    cut: float = param(
        2.0, low=0.5, high=5.0, label=N_("Cut"), help=N_("How many standard deviations from zero the tails are cut.")
    )

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        values = rng.standard_normal(shape)
        outside = np.abs(values) > self.cut
        while outside.any():
            values[outside] = rng.standard_normal(int(outside.sum()))
            outside = np.abs(values) > self.cut
        return values * self.std
