"""Convolution in groups of channels that do not see each other; with a group for every channel, depthwise.

Few products of few numbers each: the windows of all groups are unfolded at once, and one batched product serves them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.errors import ShapeError
from simulations.core.text import N_
from simulations.nn.layers.base import Memo
from simulations.nn.layers.windows import Windows


def check_groups(groups: int, inputs: int, outputs: int) -> None:
    """Raise :class:`ShapeError` unless input and output channels both fall into ``groups`` equal parts."""
    for received in (inputs, outputs):
        if received % groups:
            raise ShapeError(
                N_(
                    "Conv 2D cannot put {received} channels into {groups} equal groups: choose a divisor of {received}."
                ),
                received=received,
                groups=groups,
            )


class GroupedConvolution:
    """The buffers and the two passes of one memo; W is ``(kernel, kernel, c/groups, channels)``, as in PyTorch group by
    group. Memory is ``(groups, …, places)`` throughout."""

    def __init__(self, found: Windows, memo: Memo, n: int, channels: int, groups: int, dtype: np.dtype[Any]) -> None:
        k, c = found.kernel, found.image[-1] // groups
        self._matrix = (k * k * c, groups, channels // groups)
        self._y = memo.output_buffer(n, (found.rows, found.columns, channels), dtype)
        self._rows = (groups, channels // groups, -1)
        source, copies = found.source(memo, n, dtype)
        self._inside = found.inside(source) if copies else None
        self._d_source = np.zeros(source.shape, dtype)
        self._dx: FloatArray = found.inside(self._d_source).T
        split = (k, k, groups, c, found.columns, found.rows, n)
        order = (2, 0, 1, 3, 4, 5, 6)
        self._seen = _split(found.slide(source), split).transpose(order)
        self._d_seen = _split(found.slide(self._d_source), split).transpose(order)
        self._cells, self._d_cells = np.zeros(self._seen.shape, dtype), np.zeros(self._seen.shape, dtype)
        self._unfolded = self._cells.reshape(groups, k * k * c, -1)
        self._d_unfolded = self._d_cells.reshape(self._unfolded.shape)
        self._part = np.zeros((groups, k * k * c, channels // groups), dtype)
        self._offsets = [(a, b) for a in range(k) for b in range(k)]
        self._wants_dx = memo.wants_dx

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray]) -> FloatArray:
        if self._inside is not None:
            np.copyto(self._inside, x.T)
        np.copyto(self._cells, self._seen)
        matrix = weights["weight"].reshape(self._matrix).transpose(1, 2, 0)
        np.matmul(matrix, self._unfolded, out=self._y.T.reshape(self._rows))
        self._y += weights["bias"]
        return self._y

    def backward(
        self, dy: FloatArray, weights: Mapping[str, FloatArray], gradients: Mapping[str, FloatArray]
    ) -> FloatArray:
        d_rows = dy.T.reshape(self._rows)
        np.sum(d_rows.reshape(len(gradients["bias"]), -1), axis=1, out=gradients["bias"])
        np.matmul(self._unfolded, d_rows.swapaxes(1, 2), out=self._part)
        np.copyto(gradients["weight"].reshape(self._matrix), self._part.swapaxes(0, 1))
        if self._wants_dx:
            np.matmul(weights["weight"].reshape(self._matrix).swapaxes(0, 1), d_rows, out=self._d_unfolded)
            self._d_source.fill(0)
            for a, b in self._offsets:
                self._d_seen[:, a, b] += self._d_cells[:, a, b]
        return self._dx


def _split(slid: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """``slid`` ``(kernel, kernel, c, …)`` with its channels in groups, as a view: overlapping cells must not be copied."""
    k1, k2, groups, c, *rest = shape
    row, column, plane, *others = slid.strides
    return np.lib.stride_tricks.as_strided(slid, (k1, k2, groups, c, *rest), (row, column, plane * c, plane, *others))
