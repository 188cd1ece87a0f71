"""Instance normalisation: every channel of every sample by itself, which takes contrast out of pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

from simulations.core.arrays import Shape, shape_text
from simulations.core.errors import ShapeError
from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS
from simulations.nn.layers.normalization import SampleNormalization


@LAYERS.register(
    "instance_norm",
    label=N_("Instance norm"),
    summary=N_("Normalises every channel of every sample by itself, over all its places."),
    source="Ulyanov, Vedaldi & Lempitsky 2016; torch.nn.InstanceNorm2d",
)
@final
@dataclass(frozen=True)
class InstanceNorm(SampleNormalization):
    """Over the places of one channel; equals ``torch.nn.InstanceNorm1d/2d(affine=True)``."""

    def blocks(self, input_shape: Shape) -> tuple[int, int]:
        if len(input_shape) < 2:
            raise ShapeError(
                N_("Instance norm needs an image or a sequence, got {received}: a single value has no variance."),
                received=shape_text(input_shape),
            )
        return input_shape[-1], math.prod(input_shape[:-1])
