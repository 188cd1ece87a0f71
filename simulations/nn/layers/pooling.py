"""What pooling layers share: windows over every channel on its own, of which one number is kept."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simulations.core.arrays import Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.base import Layer, Memo
from simulations.nn.layers.windows import Windows, windows


@dataclass(frozen=True)
class Pooling(Layer, ABC):
    """Square windows, ``stride`` apart. ``outside`` is what padding cells hold, ``name`` what error messages say."""

    outside: ClassVar[float]
    name: ClassVar[str]

    kernel: int = param(2, low=1, high=11, label=N_("Window"), help=N_("Height and width of a window."))
    stride: int = param(2, low=1, high=11, label=N_("Stride"), help=N_("How far the window moves from place to place."))
    padding: str = param(
        "valid",
        choices=("valid", "same"),
        labels=(N_("valid"), N_("same")),
        label=N_("Padding"),
        help=N_("Whether windows may reach over the border of the image."),
    )

    def output_shape(self, input_shape: Shape) -> Shape:
        found = self._windows(input_shape)
        return (found.rows, found.columns, input_shape[-1])

    def _windows(self, input_shape: Shape) -> Windows:
        return windows(self.name, input_shape, self.kernel, self.stride, self.padding)

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        """``memo.cells`` are the parts of the input that window cells see, in row-major order; ``memo.d_cells`` the same
        of its gradient. All are ``(c, columns, rows, n)``, like ``memo.y_memory``, ``memo.part`` and ``memo.rest``."""
        found = self._windows(input_shape)
        memo.y = memo.output_buffer(n, self.output_shape(input_shape), dtype)
        memo.y_memory = memo.y.T
        memo.part, memo.rest = (memo.workspace(memo.y_memory.shape, dtype) for _ in range(2))
        memo.hit = memo.workspace(memo.y_memory.shape, np.dtype(bool))
        source, copies = found.source(memo, n, dtype, self.outside)
        memo.inside = found.inside(source) if copies else None
        memo.d_source = np.zeros_like(source)
        memo.dx = found.inside(memo.d_source).T
        memo.overlaps = self.stride < self.kernel
        seen, d_seen = found.slide(source), found.slide(memo.d_source)
        offsets = [(a, b) for a in range(self.kernel) for b in range(self.kernel)]
        memo.cells = [seen[at] for at in offsets]
        memo.d_cells = [d_seen[at] for at in offsets]
