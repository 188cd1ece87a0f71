"""Global average pooling: one number a channel, however large the image, in place of a flatten and a large dense layer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape, shape_text
from simulations.core.errors import ShapeError
from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS, Layer, Memo


@LAYERS.register(
    "global_average_pool",
    label=N_("Global average pool"),
    summary=N_("Averages every channel over all its places: the image or sequence becomes one row."),
    source="Lin, Chen & Yan 2014; torch.nn.AdaptiveAvgPool2d(1)",
)
@final
@dataclass(frozen=True)
class GlobalAveragePool(Layer):
    """``(h, w, c)`` or ``(t, c)`` → ``(c,)``, the mean over everything but the last axis."""

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) < 2:
            raise ShapeError(
                N_("Global average pool needs an image or a sequence, got {received}: there is nothing to average."),
                received=shape_text(input_shape),
            )
        return (input_shape[-1],)

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        c, places = input_shape[-1], math.prod(input_shape[:-1])
        memo.y = memo.output_buffer(n, (c,), dtype)
        memo.dx = np.zeros((n, *input_shape), dtype, order="F")
        memo.rows = (c, places, n)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        y: FloatArray = memo.y
        np.mean(x.T.reshape(memo.rows), axis=1, out=y.T)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        dx: FloatArray = memo.dx
        np.multiply(dy.T[:, None], 1 / memo.rows[1], out=dx.T.reshape(memo.rows))
        return dx
