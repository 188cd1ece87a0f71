"""Weights that turn their input without stretching it, so that signals survive many layers or many time steps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer


@final
@INITIALIZERS.register(
    "orthogonal",
    label=N_("Orthogonal"),
    summary=N_("Draws a random rotation: lengths and angles of the input are kept as far as the shape allows."),
    source="Saxe, McClelland & Ganguli 2014; torch.nn.init.orthogonal_",
)
@dataclass(frozen=True)
class Orthogonal(Initializer):
    """gain·Q of a Gaussian matrix's QR decomposition, signs by R's diagonal so that it is evenly drawn (Mezzadri 2007).

    All axes but the last count as inputs; of a matrix that is not square, the shorter side is orthonormal.
    """

    gain: float = param(
        1.0,
        low=0.01,
        high=10.0,
        scale="log",
        label=N_("Gain"),
        help=N_("What the rotation is multiplied by: how many times as long a signal becomes."),
    )

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        columns = shape[-1]
        rows = math.prod(shape) // columns
        q, r = np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))
        q = q * np.sign(np.diagonal(r))
        result: FloatArray = self.gain * (q if rows >= columns else q.T).reshape(shape)
        return result
