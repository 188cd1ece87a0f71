"""Tents: a transposed convolution that begins as bilinear upsampling."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer


@final
@INITIALIZERS.register(
    "bilinear",
    label=N_("Bilinear"),
    summary=N_("Shapes every kernel like a tent, so that a transposed convolution starts as a smooth enlargement."),
    source="Long, Shelhamer & Darrell 2015; Caffe, BilinearFiller",
)
@dataclass(frozen=True)
class Bilinear(Initializer):
    """(1 − |r − m|/f)·(1 − |s − m|/f), f = ⌈kernel/2⌉ and m the middle, from each channel to the one of the same number.

    A matrix becomes the identity.
    """

    def draw(self, shape: Shape, fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
        values = np.zeros(shape)
        if len(shape) > 1:
            values[...] = np.eye(shape[-2], shape[-1])
        for axis, size in enumerate(shape[:-2]):
            values *= _tent(size).reshape(-1, *[1] * (len(shape) - 1 - axis))
        return values


def _tent(size: int) -> FloatArray:
    """1 − |r − middle|/f: rises to its middle and falls again, symmetric for every size."""
    tent: FloatArray = 1 - np.abs(np.arange(size) - (size - 1) / 2) / math.ceil(size / 2)
    return tent
