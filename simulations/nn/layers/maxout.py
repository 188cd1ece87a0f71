"""Maxout: lets the strongest of several channels through, and so learns its own activation from straight pieces."""

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
    "maxout",
    label=N_("Maxout"),
    summary=N_("Keeps the largest of every few neighbouring channels and drops the rest."),
    source="Goodfellow et al. 2013",
)
@final
@dataclass(frozen=True)
class Maxout(Layer):
    """``(…, c)`` → ``(…, c/pieces)``: y of channel j is the largest of channels j·pieces … (j + 1)·pieces − 1.

    The gradient goes to the first of equal maxima.
    """

    pieces: int = param(
        2, low=2, high=16, label=N_("Pieces"), help=N_("How many channels compete for each place in the output.")
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        if input_shape[-1] % self.pieces:
            raise ShapeError(
                N_("Maxout takes {pieces} channels at a time, but {received} cannot be divided by {pieces}."),
                pieces=self.pieces,
                received=input_shape[-1],
            )
        return (*input_shape[:-1], input_shape[-1] // self.pieces)

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        memo.y = memo.output_buffer(n, self.output_shape(input_shape), dtype)
        memo.dx = np.zeros((n, *input_shape), dtype, order="F")
        memo.pieces = [memo.dx.T[piece :: self.pieces] for piece in range(self.pieces)]
        memo.hit = np.zeros(memo.y.T.shape, bool)
        memo.rest = np.zeros(memo.y.T.shape, dtype)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        memo.x = x
        y: FloatArray = memo.y
        np.maximum(x.T[0 :: self.pieces], x.T[1 :: self.pieces], out=y.T)
        for piece in range(2, self.pieces):
            np.maximum(y.T, x.T[piece :: self.pieces], out=y.T)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        rest = memo.rest  # what no piece has claimed yet
        np.copyto(rest, dy.T)
        for piece, d_piece in enumerate(memo.pieces):
            np.equal(memo.x.T[piece :: self.pieces], memo.y.T, out=memo.hit)
            np.multiply(rest, memo.hit, out=d_piece)
            rest -= d_piece
        dx: FloatArray = memo.dx
        return dx
