"""What all activations share: one number in, one number out, each on its own."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simulations.core.arrays import Shape, aligned
from simulations.nn.layers.base import Layer, Memo


@dataclass(frozen=True)
class Activation(Layer, ABC):
    """An element-wise function of any shape. ``memo.y`` and ``memo.dx`` are its buffers, ``memo.zeros`` is all zeros and
    ``memo.mask`` as many booleans, which keep what forward puts there if the layer ``remembers`` it."""

    remembers: ClassVar[bool] = False

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        memo.y = memo.output_buffer(n, input_shape, dtype)
        memo.dx = aligned(memo.y.T.shape, dtype).T
        memory = memo.y.T.shape
        memo.zeros = memo.scratch(
            "zeros", memory, dtype
        ).T  # comparing with an array is four times as fast as with a scalar
        memo.mask = np.zeros(memory, bool).T if self.remembers else memo.scratch("mask", memory, np.dtype(bool)).T
