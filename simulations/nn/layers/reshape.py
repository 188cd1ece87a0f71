"""Reshape: reads the same values as an image, a sequence or a row, without moving any of them."""

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
    "reshape",
    label=N_("Reshape"),
    summary=N_("Reads the values of a sample as an image, a sequence or a row; none is changed or moved."),
    source="torch.reshape",
)
@final
@dataclass(frozen=True)
class Reshape(Layer):
    """To ``(rows, columns, c)``, ``(rows, d)`` or ``(d,)``; the last axis takes what is left.

    Values keep their order in memory, channel by channel and column by column, so it undoes a flatten, and an image read
    as a sequence gives one image row after the other; equals ``torch.reshape`` of ``(n, c, w, h)``.
    """

    form: str = param(
        "sequence",
        choices=("image", "sequence", "row"),
        labels=(N_("image"), N_("sequence"), N_("row")),
        label=N_("Read as"),
        help=N_("What the values become: an image, a sequence of steps, or one row."),
    )
    rows: int = param(
        1,
        low=1,
        high=1024,
        scale="log",
        label=N_("Rows"),
        help=N_("Height of the image, or steps of the sequence."),
        only_if=("form", ("image", "sequence")),
    )
    columns: int = param(
        1,
        low=1,
        high=1024,
        scale="log",
        label=N_("Columns"),
        help=N_("Width of the image."),
        only_if=("form", ("image",)),
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        size = math.prod(input_shape)
        wanted = {"image": (self.rows, self.columns), "sequence": (self.rows,), "row": ()}[self.form]
        if size % math.prod(wanted):
            raise ShapeError(
                N_("Reshape cannot divide the {received} values of {shape} into {wanted} equal parts."),
                received=size,
                shape=shape_text(input_shape),
                wanted=shape_text(wanted),
            )
        return (*wanted, size // math.prod(wanted))

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        memo.before = (*reversed(input_shape), n)
        memo.after = (*reversed(self.output_shape(input_shape)), n)
        memo.pass_through()
        memo.y = None
        if memo.output is None:  # the first layer: batches come in another order and are copied
            memo.y = memo.output_buffer(n, self.output_shape(input_shape), dtype)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        if memo.y is None:
            return x.T.reshape(memo.after).T
        np.copyto(memo.y.T.reshape(memo.before), x.T)
        y: FloatArray = memo.y
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        return dy.T.reshape(memo.before).T
