"""Average pooling: a blurred, smaller image."""

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
    "average_pool2d",
    label=N_("Average pool 2D"),
    summary=N_("Keeps the mean of every window."),
    source="LeCun et al. 1989; torch.nn.AvgPool2d",
)
@final
@dataclass(frozen=True)
class AveragePool2D(Pooling):
    """y = mean over the window, padding counted as zeros; equals ``torch.nn.AvgPool2d`` (``count_include_pad=True``)."""

    outside: ClassVar[float] = 0.0
    name: ClassVar[str] = "Average pool 2D"

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        if memo.inside is not None:
            np.copyto(memo.inside, x.T)
        y: FloatArray = memo.y_memory
        np.copyto(y, memo.cells[0])
        for cell in memo.cells[1:]:
            y += cell
        y *= 1 / self.kernel**2
        result: FloatArray = memo.y
        return result

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        part = np.multiply(memory(dy, memo), 1 / self.kernel**2, out=memo.part)
        if memo.overlaps:
            memo.d_source.fill(0)
        for d_cell in memo.d_cells:
            if memo.overlaps:
                np.add(d_cell, part, out=d_cell)
            else:
                np.copyto(d_cell, part)
        dx: FloatArray = memo.dx
        return dx
