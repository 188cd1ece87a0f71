"""Layer normalisation: every sample by itself, so that it works in sequences and with a batch of one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

from simulations.core.arrays import Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS
from simulations.nn.layers.normalization import SampleNormalization


@LAYERS.register(
    "layer_norm",
    label=N_("Layer norm"),
    summary=N_("Gives the features of every sample zero mean and unit variance, then learns its own."),
    source="Ba, Kiros & Hinton 2016; torch.nn.LayerNorm",
)
@final
@dataclass(frozen=True)
class LayerNorm(SampleNormalization):
    """Over the last axis at every place (as in transformers), or over all values of a sample; ``torch.nn.LayerNorm``."""

    over: str = param(
        "features",
        choices=("features", "sample"),
        labels=(N_("each place"), N_("whole sample")),
        label=N_("Over"),
        help=N_("Which values share a mean and a variance: those of each place or time step, or all of a sample."),
    )

    def blocks(self, input_shape: Shape) -> tuple[int, int]:
        return 1, input_shape[-1] if self.over == "features" else math.prod(input_shape)

    def weight_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[-1],) if self.over == "features" else input_shape
