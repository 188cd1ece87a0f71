"""Channel shuffle: mixes the channels of grouped convolutions, so that the next groups see something of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.errors import ShapeError
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS, Layer, Memo


@LAYERS.register(
    "channel_shuffle",
    label=N_("Channel shuffle"),
    summary=N_("Deals the channels of every group out to all groups, like cards."),
    source="Zhang et al. 2018, ShuffleNet; torch.nn.ChannelShuffle",
)
@final
@dataclass(frozen=True)
class ChannelShuffle(Layer):
    """Channel g·(c/groups) + i moves to i·groups + g."""

    groups: int = param(
        2, low=1, high=64, scale="log", label=N_("Groups"), help=N_("Into how many groups the channels fall.")
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        if input_shape[-1] % self.groups:
            raise ShapeError(
                N_("Channel shuffle cannot put {received} channels into {groups} equal groups."),
                received=input_shape[-1],
                groups=self.groups,
            )
        return input_shape

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        memo.y = memo.output_buffer(n, input_shape, dtype)
        memo.dx = np.zeros_like(memo.y)
        each = input_shape[-1] // self.groups
        memo.before, memo.after = (self.groups, each, -1), (each, self.groups, -1)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        y: FloatArray = memo.y
        np.copyto(y.T.reshape(memo.after), x.T.reshape(memo.before).transpose(1, 0, 2))
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = memo.dx
        np.copyto(dx.T.reshape(memo.before), dy.T.reshape(memo.after).transpose(1, 0, 2))
        return dx
