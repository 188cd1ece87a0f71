"""Max pooling: keeps the strongest response of each window, wherever in it that was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS, Memo
from simulations.nn.layers.pooling import Pooling
from simulations.nn.layers.windows import memory


@LAYERS.register(
    "max_pool2d",
    label=N_("Max pool 2D"),
    summary=N_("Keeps the largest value of every window."),
    source="Ranzato et al. 2007; torch.nn.MaxPool2d",
)
@final
@dataclass(frozen=True)
class MaxPool2D(Pooling):
    """y = max over the window; the gradient goes to the first of equal maxima, row by row, as in ``torch.nn.MaxPool2d``."""

    outside: ClassVar[float] = -np.inf
    name: ClassVar[str] = "Max pool 2D"

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        if memo.inside is not None:
            np.copyto(memo.inside, x.T)
        cells, y = memo.cells, memo.y_memory
        np.maximum(cells[0], cells[-1], out=y)
        for cell in cells[1:-1]:
            np.maximum(y, cell, out=y)
        result: FloatArray = memo.y
        return result

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        y, hit, part, overlaps = memo.y_memory, memo.hit, memo.part, memo.overlaps
        rest = memory(dy, memo)  # what no cell has claimed yet
        if overlaps:
            memo.d_source.fill(0)
        for cell, d_cell in zip(memo.cells[:-1], memo.d_cells[:-1], strict=True):
            np.equal(cell, y, out=hit)
            np.multiply(rest, hit, out=part)
            rest = np.subtract(rest, part, out=memo.rest)
            if overlaps:
                np.add(d_cell, part, out=d_cell)
            else:
                np.copyto(d_cell, part)
        if overlaps:
            memo.d_cells[-1] += rest
        else:
            np.copyto(memo.d_cells[-1], rest)
        dx: FloatArray = memo.dx
        return dx
