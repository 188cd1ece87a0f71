"""ReLU: lets positive numbers through and stops the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape, aligned
from simulations.core.lanes import in_lanes, shares, split
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.activation import Activation
from simulations.nn.layers.base import LAYERS, Memo


@LAYERS.register(
    "relu",
    label=N_("ReLU"),
    summary=N_("Keeps positive values and sets negative ones to zero."),
    source="Nair & Hinton 2010; torch.nn.ReLU",
)
@final
@dataclass(frozen=True)
class ReLU(Activation):
    """y = max(x, 0). The derivative at exactly 0 is a convention: 0, as in PyTorch, unless chosen otherwise."""

    at_zero: float = param(
        0.0,
        low=0.0,
        high=1.0,
        live=True,
        label=N_("Derivative at 0"),
        help=N_("The slope taken where a value is exactly zero, between the slopes on its two sides."),
    )

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        memo.y = memo.output_buffer(n, input_shape, dtype)
        memo.dx = aligned(memo.y.T.shape, dtype).T
        whole = np.dtype(f"i{dtype.itemsize}")
        memo.zero, memo.last_bit = np.zeros((), dtype), np.asarray(8 * dtype.itemsize - 1, whole)
        memo.shares = shares(memo.y.T.shape)
        zeros = memo.scratch("zeros", memo.y.T.shape[memo.y.ndim > 3 :], dtype)
        memo.zeros = [zeros] if len(memo.shares) == 1 else [zeros[share] for share in memo.shares]
        memo.y_parts, memo.dx_parts = split(memo.y, memo.shares), split(memo.dx, memo.shares)
        memo.bits = [part.view(whole) for part in memo.dx_parts]
        memo.x = memo.x_parts = memo.dy = memo.dy_bits = None

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        if memo.x is not x:
            memo.x, memo.x_parts = x, split(x, memo.shares)
        if len(memo.shares) == 1:
            np.maximum(memo.x_parts[0], memo.zeros[0], out=memo.y_parts[0])
        else:
            in_lanes(lambda at: np.maximum(memo.x_parts[at], memo.zeros[at], out=memo.y_parts[at]), len(memo.shares))
        y: FloatArray = memo.y
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = memo.dx
        if memo.dy is not dy:
            memo.dy, memo.dy_bits = dy, split(dy.view(memo.last_bit.dtype), memo.shares)
        if len(memo.shares) == 1:
            _let_through(0, memo)
        else:
            in_lanes(lambda number: _let_through(number, memo), len(memo.shares))
        if self.at_zero:
            np.copyto(dx, dy * self.at_zero, where=memo.x == 0)
        return dx


def _let_through(number: int, memo: Memo) -> None:
    bits, last_bit = memo.bits[number], memo.last_bit
    np.subtract(memo.zero, memo.y_parts[number], out=memo.dx_parts[number])
    np.right_shift(bits, last_bit, out=bits)  # the sign bit, spread over the number, lets dy through or not
    np.bitwise_and(bits, memo.dy_bits[number], out=bits)
