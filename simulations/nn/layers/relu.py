"""ReLU: lets positive numbers through and stops the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape, aligned
from simulations.core.lanes import Pair, shares
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
        zeros = memo.scratch("zeros", memo.y.T.shape[memo.y.ndim > 3 :], dtype)
        whole = np.dtype(f"i{dtype.itemsize}")
        memo.zero, memo.last_bit = np.zeros((), dtype), np.asarray(8 * dtype.itemsize - 1, whole)
        memo.zeros = (
            zeros.T[..., np.newaxis] if memo.y.ndim > 3 else zeros.T
        )  # for images a plane, for every channel the same
        memo.bits = memo.dx.view(whole)
        memo.dy = memo.dy_bits = None
        memo.parts = []
        for share in shares(memo.y.T.shape):
            y, dx, bits = (one.T[:, share] for one in (memo.y, memo.dx, memo.bits))
            memo.parts.append((share, y, zeros[share], dx, bits))
        memo.is_shared = len(memo.parts) > 1
        memo.pair, memo.pair_back = Pair(), Pair()

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        memo.x = x
        y: FloatArray = memo.y
        if not memo.is_shared:
            np.maximum(x, memo.zeros, out=y)
            return y
        image = x.T

        def work(number: int) -> None:
            share, y_part, zeros, _, _ = memo.parts[number]
            np.maximum(image[:, share], zeros, out=y_part)

        memo.pair.run(work)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = memo.dx
        bits = memo.bits
        if memo.dy is not dy:
            memo.dy, memo.dy_bits = dy, dy.view(bits.dtype)
        if memo.is_shared:
            memo.pair_back.run(lambda number: _let_through(number, memo))
        else:
            np.subtract(memo.zero, memo.y, out=dx)  # its sign bit, spread over the number, lets dy through or not
            np.right_shift(bits, memo.last_bit, out=bits)
            np.bitwise_and(bits, memo.dy_bits, out=bits)
        if self.at_zero:
            np.copyto(dx, dy * self.at_zero, where=memo.x == 0)
        return dx


def _let_through(number: int, memo: Memo) -> None:
    """The same for a part of the columns."""
    share, y, _, dx, bits = memo.parts[number]
    np.subtract(memo.zero, y, out=dx)
    np.right_shift(bits, memo.last_bit, out=bits)
    np.bitwise_and(bits, memo.dy_bits.T[:, share], out=bits)
