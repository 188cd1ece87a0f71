"""The identity: a layer that begins by passing its input on, and deviates from there."""

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
    "identity",
    label=N_("Identity (Dirac)"),
    summary=N_("Starts by passing the input on: ones on the diagonal, in convolutions at the middle of the kernel."),
    source="Le, Jaitly & Hinton 2015 (IRNN); torch.nn.init.eye_, dirac_",
)
@dataclass(frozen=True)
class IdentityMatrix(Initializer):
    """gain where input and output have the same number and the kernel its middle, 0 elsewhere."""

    gain: float = param(1.0, low=0.01, high=10.0, scale="log", label=N_("Gain"), help=N_("The number on the diagonal."))

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        values = np.zeros(shape)
        if len(shape) > 1:
            values[tuple(size // 2 for size in shape[:-2])] = self.gain * np.eye(shape[-2], shape[-1])
        return values
