"""The probe behind a cell's large view: how its distribution moved through training, as a ridge of histograms.

A history cannot be measured afterwards, so while it is watched this probe keeps a few thousand values of every cell at
thinning moments; any cell can then be asked for, over one range for all its slices.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from simulations.core.arrays import Array, frozen
from simulations.core.text import N_
from simulations.probes.answers import Quantity, RidgeAnswer
from simulations.probes.base import PROBES, PortableProbe
from simulations.probes.cells import Cell, GradientOf, cell_values, gradient_factor, initial_values, some_of
from simulations.probes.histogram import BINS, Bins, Histogram, Scale, histogram
from simulations.probes.ranges import Extent, extent, settle

if TYPE_CHECKING:
    from simulations.training.view import NetworkView

SLICES = 64
_VALUES = 1024  # of each cell and slice: 64 slices of 60 cells are 16 MB
_SAMPLES = 64

Slice = dict[Cell, Array]


@dataclass
class _Memory:
    """Slices by step, how far apart they are by now, and what the last answer was made from."""

    gradient_of: GradientOf | None = None
    slices: dict[int, Slice] = field(default_factory=dict)
    stride: int = 1
    ranges: dict[tuple[Cell, Scale], Bins] = field(default_factory=dict)
    extents: dict[tuple[int, Cell], Extent | None] = field(default_factory=dict)
    counted: dict[tuple[int, Cell, Bins], Histogram] = field(default_factory=dict)


@PROBES.register(
    "ridge",
    label=N_("History of a histogram"),
    summary=N_("One layer's histogram at up to 64 moments of the training, step 0 and the newest among them."),
)
@dataclass(frozen=True)
class RidgeProbe(PortableProbe):
    """``layer`` and ``quantity`` name the cell; an empty ``layer`` only keeps the record and is answered with None."""

    weight = 0.5  # a record of 64 moments needs few looks

    layer: str = ""
    quantity: Quantity = "activations"
    scale: Scale = "linear"
    gradient_of: GradientOf = "outputs"
    bins: int = BINS

    @np.errstate(all="ignore")
    def measure(self, view: NetworkView, memory: dict[str, Any]) -> RidgeAnswer | None:
        """The history of the cell up to this step; None without a cell."""
        kept: _Memory = memory.setdefault("ridge", _Memory())
        if kept.gradient_of != self.gradient_of:
            memory["ridge"] = kept = self._begin(view)
        self._record(view, kept)
        cell: Cell = (self.layer, self.quantity)
        steps = [step for step in sorted(kept.slices) if cell in kept.slices[step]]
        return self._answer(cell, steps, kept) if steps else None

    def _begin(self, view: NetworkView) -> _Memory:
        first = initial_values(view, self.gradient_of, _VALUES)
        return _Memory(self.gradient_of, {0: {cell: values for cell, (values, _) in first.items()}})

    def _record(self, view: NetworkView, kept: _Memory) -> None:
        """Keep this moment as the newest slice; when there are too many, every second one leaves."""
        step = view.step
        for later in [one for one in kept.slices if one > step]:
            del kept.slices[later]
        newest = max(kept.slices)
        if step == newest:
            return
        before = [one for one in kept.slices if one != newest]
        if newest != 0 and before and newest - max(before) < kept.stride:
            del kept.slices[newest]  # too close to the slice before it to be kept beside a newer one
        kept.slices[step] = self._slice(view)
        if len(kept.slices) > SLICES:
            for one in sorted(kept.slices)[1:-1:2]:
                del kept.slices[one]
            kept.stride = max(2 * kept.stride, step // SLICES)
        kept.extents = {key: value for key, value in kept.extents.items() if key[0] in kept.slices}
        kept.counted = {key: value for key, value in kept.counted.items() if key[0] in kept.slices}

    def _slice(self, view: NetworkView) -> Slice:
        available = len(view.probe_batch()[0])
        tape = view.probe_tape(min(_SAMPLES, available))
        found: Slice = {}
        for index, info in enumerate(view.layers):
            for quantity, values in cell_values(view.network, tape, index, self.gradient_of).items():
                factor = gradient_factor(quantity, self.gradient_of, tape.batch)
                found[info.name, quantity] = some_of(values, _VALUES) * values.dtype.type(factor)
        return found

    def _answer(self, cell: Cell, steps: list[int], kept: _Memory) -> RidgeAnswer:
        wanted: Extent | None = None
        for step in steps:
            if (step, cell) not in kept.extents:
                kept.extents[step, cell] = extent(kept.slices[step][cell])
            one = kept.extents[step, cell]
            wanted = one if wanted is None else wanted if one is None else wanted.union(one)
        key = (cell, self.scale)
        bins = kept.ranges[key] = settle(kept.ranges.get(key), wanted, self.scale, self.bins)
        found = [self._counted(step, cell, bins, kept) for step in steps]
        return RidgeAnswer(
            self.layer,
            self.quantity,
            frozen(np.array(steps, np.int64)),
            frozen(np.stack([one.counts for one in found])),
            frozen(np.array([one.zeros for one in found], np.int64)),
            bins.edges(),
            self.scale,
            bins.linear_within,
        )

    @staticmethod
    def _counted(step: int, cell: Cell, bins: Bins, kept: _Memory) -> Histogram:
        key = (step, cell, bins)
        if key not in kept.counted:
            kept.counted[key] = histogram(kept.slices[step][cell], bins)
        return kept.counted[key]
