"""Upsampling: makes images larger by a whole factor, the way back up in an autoencoder, with nothing to learn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape, shape_text
from simulations.core.errors import ShapeError
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS, Layer, Memo


@LAYERS.register(
    "upsample2d",
    label=N_("Upsample 2D"),
    summary=N_("Makes images larger by a whole factor, by repeating values or by drawing straight lines between them."),
    source="torch.nn.Upsample(align_corners=False)",
)
@final
@dataclass(frozen=True)
class Upsample2D(Layer):
    """``(h, w, c)`` → ``(factor·h, factor·w, c)`` as y = R·x·Cᵀ, with one matrix for rows and one for columns.

    Equals ``torch.nn.Upsample`` in the modes nearest and bilinear with ``align_corners=False``.
    """

    factor: int = param(2, low=1, high=8, label=N_("Factor"), help=N_("How many times as high and wide it becomes."))
    mode: str = param(
        "nearest",
        choices=("nearest", "bilinear"),
        labels=(N_("nearest"), N_("bilinear")),
        label=N_("Mode"),
        help=N_("Whether values are repeated or run smoothly from one to the next."),
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 3:
            raise ShapeError(
                N_(
                    "{layer} expects an image (height×width×channels), got {received}: use image data, before any flatten."
                ),
                layer="Upsample 2D",
                received=shape_text(input_shape),
            )
        h, w, c = input_shape
        return (self.factor * h, self.factor * w, c)

    def multiply_adds(self, input_shape: Shape) -> int:
        return 0 if self.mode == "nearest" else 4 * math.prod(self.output_shape(input_shape))

    def _matrix(self, size: int, dtype: np.dtype[Any]) -> FloatArray:
        """``(factor·size, size)``: the share every input has in every output."""
        places = np.arange(self.factor * size)
        if self.mode == "nearest":
            return np.eye(size, dtype=dtype)[places // self.factor]
        at = np.clip((places + 0.5) / self.factor - 0.5, 0, size - 1)
        shares: FloatArray = np.maximum(0, 1 - np.abs(at[:, None] - np.arange(size))).astype(dtype)
        return shares

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        h, w, c = input_shape
        memo.y = memo.output_buffer(n, self.output_shape(input_shape), dtype)
        memo.dx = np.zeros((n, *input_shape), dtype, order="F")
        memo.rows, memo.columns = self._matrix(h, dtype), self._matrix(w, dtype)
        memo.wide = np.zeros((c, self.factor * w, h * n), dtype)
        memo.as_wide, memo.as_rows = (c, w, h * n), (c * self.factor * w, h, n)
        memo.as_result = (c * self.factor * w, self.factor * h, n)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        y: FloatArray = memo.y
        np.matmul(memo.columns, x.T.reshape(memo.as_wide), out=memo.wide)
        np.matmul(memo.rows, memo.wide.reshape(memo.as_rows), out=y.T.reshape(memo.as_result))
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = memo.dx
        np.matmul(memo.rows.T, dy.T.reshape(memo.as_result), out=memo.wide.reshape(memo.as_rows))
        np.matmul(memo.columns.T, memo.wide, out=dx.T.reshape(memo.as_wide))
        return dx
