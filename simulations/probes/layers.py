"""The probe behind the Layers panel: what every layer outputs, receives, weighs and learns, as exact histograms.

It looks at the fixed probe batch in evaluation mode. Its cost is what watching costs, so while training runs a panel asks
for a part of the batch and at most 4 096 values a cell, always the same ones, and for everything when it pauses; the
answer says how many were counted. The ghost of step 0 is computed from the seed, so it is there whenever one looks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from simulations.core.arrays import Array, frozen
from simulations.core.text import N_
from simulations.nn.groups import frozen_layers
from simulations.probes.answers import LayersAnswer, Quantity
from simulations.probes.base import PROBES, PortableProbe
from simulations.probes.cells import Cell, GradientOf, cell_values, gradient_factor, initial_values, some_of
from simulations.probes.histogram import BINS, Bins, Histogram, Scale, histogram
from simulations.probes.histograms import histograms
from simulations.probes.ranges import SPILL, Extent, extent, settle
from simulations.probes.table import HistogramTable
from simulations.probes.update_ratio import UpdateHistory

if TYPE_CHECKING:
    from simulations.training.view import NetworkView

Share = Literal["auto", "cell", "column", "all"]
ScaleChoice = Literal["auto", "linear", "symlog"]
RUNNING_SAMPLES = 64
_RUNNING_VALUES = 1 << 12
_PAUSED_VALUES = 1 << 22  # a pause stays under 100 ms even for wide images
_GHOST_VALUES = 1 << 16
_LOOKS = 16  # every so many looks a cell's extent and the dead units are measured again
_CAN_DIE = frozenset({"relu"})  # zero output with zero derivative


@dataclass
class _Memory:
    """What is kept between two looks: extents and ranges (hysteresis), the ghost, update ratios, dead shares."""

    looks: int = 0
    extents: dict[Cell, Extent | None] = field(default_factory=dict)
    ranges: dict[tuple[object, ...], Bins] = field(default_factory=dict)
    drawn: dict[Cell, Bins] = field(default_factory=dict)
    held: dict[Cell, Bins] = field(default_factory=dict)
    initial: dict[Cell, tuple[Array, int]] = field(default_factory=dict)
    initial_of: tuple[GradientOf, Array] | None = None  # which gradient, over which samples
    ghosts: dict[Cell, Histogram] = field(default_factory=dict)
    updates: UpdateHistory | None = None
    settled: dict[tuple[object, ...], Extent | None] = field(default_factory=dict)
    dead: tuple[float, ...] = ()


@PROBES.register(
    "layers",
    label=N_("Layers"),
    summary=N_("Histograms of every layer's activations, gradients and weights, and its update ratio."),
)
@dataclass(frozen=True)
class LayersProbe(PortableProbe):
    """Options of the Layers panel.

    ``scale`` is the value axis; ``share`` says which cells have one range. On ``auto`` gradients, which differ by powers of
    ten between layers, share one symlog range, and the others are linear in their own. ``locked`` cells keep their range;
    ``gradient_of`` chooses ∂loss/∂output or ∂loss/∂weight; ``samples`` is how much of the probe batch is looked at (0:
    all of it, and no cap on the values).
    """

    weight = 8.0  # the picture that is looked at most, and the one whose movement tells most
    period_s = 0.08  # it is seen to move, and leaves training nine tenths of its time

    scale: ScaleChoice = "auto"
    share: Share = "auto"
    locked: frozenset[Cell] = frozenset()
    gradient_of: GradientOf = "outputs"
    bins: int = BINS
    samples: int = 0

    @np.errstate(all="ignore")
    def measure(self, view: NetworkView, memory: dict[str, Any]) -> LayersAnswer:
        """A row per layer at this step."""
        kept: _Memory = memory.setdefault("layers", _Memory())
        tape = view.probe_tape(self.samples or None)
        looked = tape.batch
        values = self._values(view, tape, looked)
        self._remember_ghost(view, kept)
        self._settle_ranges(values, kept)
        found = self._count(values, kept)
        update = view.last_update()
        history = kept.updates = kept.updates or UpdateHistory(len(view.layers))
        if update is not None:
            history.remember(update)
        self._remember_dead(view, kept)
        kept.looks += 1
        return LayersAnswer(
            view.step,
            looked,
            len(view.probe_batch()[0]),
            tuple(info.name for info in view.layers),
            tuple(values),
            HistogramTable.of(found),
            HistogramTable.of([kept.ghosts.get(cell) for cell in values]),
            frozen(np.full(len(view.layers), math.nan) if update is None else np.array(update.ratios)),
            history.table(),
            frozen(np.array(kept.dead)),
            frozen(np.array(frozen_layers(view.network.layers, view.network.input_shape))),
        )

    def joined(self, answer: LayersAnswer, before: LayersAnswer | None) -> LayersAnswer:
        """The ghosts of ``before`` where they are still the same: they are drawn once and kept."""
        if before is None or not answer.initial.equals(before.initial):
            return answer
        return replace(answer, initial=before.initial)

    def scale_of(self, quantity: Quantity) -> Scale:
        """The value axis of a column."""
        if self.scale == "auto":
            return "symlog" if quantity == "gradients" else "linear"
        return self.scale

    def _values(self, view: NetworkView, tape: Any, looked: int) -> dict[Cell, tuple[Array, int]]:
        """What is counted of each cell, and of how many values it was taken."""
        most = _RUNNING_VALUES if self.samples else _PAUSED_VALUES
        found: dict[Cell, tuple[Array, int]] = {}
        for index, info in enumerate(view.layers):
            for quantity, array in cell_values(view.network, tape, index, self.gradient_of).items():
                some = some_of(array, most)
                factor = gradient_factor(quantity, self.gradient_of, looked)
                found[info.name, quantity] = (some if factor == 1.0 else some * some.dtype.type(factor), array.size)
        return found

    def _remember_ghost(self, view: NetworkView, kept: _Memory) -> None:
        inputs = view.probe_batch()[0]
        if kept.initial_of is None or kept.initial_of[0] != self.gradient_of or kept.initial_of[1] is not inputs:
            kept.initial = initial_values(view, self.gradient_of, _GHOST_VALUES)
            kept.initial_of = self.gradient_of, inputs
            kept.ghosts.clear()
            kept.extents.clear()
            kept.ranges.clear()

    def _settle_ranges(self, values: dict[Cell, tuple[Array, int]], kept: _Memory) -> None:
        """Decide every cell's bins: extents are measured in rotation, and at once where too much fell outside."""
        wanted: dict[tuple[object, ...], Extent | None] = {}
        for index, (cell, (some, _)) in enumerate(values.items()):
            if cell not in kept.extents or (index + kept.looks) % _LOOKS == 0 or self.samples == 0:
                kept.extents[cell] = extent(some)
            group, now = self._group(cell), kept.extents[cell]
            before = wanted.get(group)
            wanted[group] = now if before is None else before if now is None else before.union(now)
        for group, want in wanted.items():
            if group in kept.ranges and kept.settled.get(group) == want:
                continue
            kept.settled[group] = want
            kept.ranges[group] = settle(kept.ranges.get(group), want, cast(Scale, group[0]), self.bins)
        for cell in values:
            self._choose(cell, kept)

    def _group(self, cell: Cell) -> tuple[object, ...]:
        """The cells that share a range with ``cell``; its scale comes first."""
        name, quantity = cell
        share = self.share if self.share != "auto" else "column" if quantity == "gradients" else "cell"
        members = {"cell": (name, quantity), "column": ("*", quantity), "all": ("*", "*")}[share]
        return self.scale_of(quantity), *members

    def _choose(self, cell: Cell, kept: _Memory) -> None:
        """The bins ``cell`` is drawn over: its group's, or while it is locked those it had."""
        bins = kept.ranges[self._group(cell)]
        held, scale = kept.held.get(cell), self.scale_of(cell[1])
        if cell not in self.locked:
            kept.held.pop(cell, None)
        elif held is not None and held.scale == scale and held.count == self.bins:
            bins = held
        else:
            drawn = kept.drawn.get(cell)
            bins = kept.held[cell] = drawn if drawn is not None and drawn.scale == scale else bins
        if kept.drawn.get(cell) != bins:
            kept.drawn[cell] = bins
            kept.ghosts.pop(cell, None)

    def _count(self, values: dict[Cell, tuple[Array, int]], kept: _Memory) -> list[Histogram]:
        """Every cell as it is now, over its own bins; its ghost is there as well."""
        somes, populations = zip(*values.values(), strict=True)
        counted = histograms(somes, [kept.drawn[cell] for cell in values], populations)
        for cell, now in zip(values, counted, strict=True):
            if now.under + now.over > SPILL * max(now.total - now.zeros, 1) and cell not in self.locked:
                kept.extents.pop(cell, None)  # measured again at the next look
            if cell not in kept.ghosts and cell in kept.initial:
                initial, of = kept.initial[cell]
                kept.ghosts[cell] = histogram(initial, kept.drawn[cell], of)
        return counted

    def _remember_dead(self, view: NetworkView, kept: _Memory) -> None:
        """Dead shares are measured on the whole probe batch: at pauses, and every 16th look while running."""
        if self.samples == 0 or kept.looks % _LOOKS == 0 or len(kept.dead) != len(view.layers):
            outputs = view.probe_tape(None).outputs
            kept.dead = tuple(
                _dead_share(outputs[index]) if info.kind in _CAN_DIE else math.nan
                for index, info in enumerate(view.layers)
            )


def _dead_share(outputs: Array) -> float:
    """The share of units (channels of an image layer) that are exactly zero on every sample and at every position."""
    alive = (outputs != 0).reshape(-1, outputs.shape[-1]).any(axis=0)
    return 1.0 - float(alive.mean())
