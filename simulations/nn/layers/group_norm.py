"""Group normalisation: some channels of each sample at a time, between layer and instance normalisation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

from simulations.core.arrays import Shape
from simulations.core.errors import ShapeError
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS
from simulations.nn.layers.normalization import SampleNormalization


@LAYERS.register(
    "group_norm",
    label=N_("Group norm"),
    summary=N_("Normalises every sample by itself, a group of channels at a time."),
    source="Wu & He 2018; torch.nn.GroupNorm",
)
@final
@dataclass(frozen=True)
class GroupNorm(SampleNormalization):
    """Over all places of the c/groups channels of a group; one group is layer normalisation of the whole sample."""

    groups: int = param(
        2, low=1, high=64, scale="log", label=N_("Groups"), help=N_("Into how many groups the channels fall.")
    )

    def blocks(self, input_shape: Shape) -> tuple[int, int]:
        channels = input_shape[-1]
        if channels % self.groups:
            raise ShapeError(
                N_("Group norm cannot put {received} channels into {groups} equal groups."),
                received=channels,
                groups=self.groups,
            )
        return self.groups, math.prod(input_shape) // self.groups
