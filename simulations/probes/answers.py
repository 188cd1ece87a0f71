"""The values probes answer with: what panels draw. All arrays are read-only copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from simulations.core.arrays import Array, Shape
from simulations.core.targets import Score, Targets
from simulations.data.base import PictureKind
from simulations.probes.histogram import Histogram
from simulations.probes.table import HistogramTable

Quantity: TypeAlias = Literal["activations", "gradients", "weights"]
QUANTITIES: tuple[Quantity, ...] = ("activations", "gradients", "weights")


@dataclass(frozen=True)
class HistogramCell:
    """One cell of the Layers panel: now, and at step 0 over the same edges (the ghost)."""

    now: Histogram
    initial: Histogram | None


@dataclass(frozen=True)
class LayerRow:
    """One row of the Layers panel. ``cells`` lacks a quantity the layer does not have (a ReLU has no weights).

    ``update_ratio`` is log10(‖update‖/‖weight‖) of the last measured step (nan without parameters or before the first
    step); ``update_history`` is ``(m, 2)`` of (step, ratio), thinned, oldest first. ``dead_share`` is the share of units that
    are exactly zero on every probe sample (nan where that has no meaning). ``frozen`` says that no step changes it.
    """

    name: str
    cells: Mapping[Quantity, HistogramCell]
    update_ratio: float
    update_history: Array
    dead_share: float
    frozen: bool = False


@dataclass(frozen=True)
class LayersAnswer:
    """Probe ``layers``: every cell of the Layers panel, measured at ``step`` on the first ``samples`` of the ``available``
    probe samples.

    ``cells`` names each (layer, quantity), a row of it in ``now`` and, as it was at step 0, in ``initial``. Of the layers
    ``names``, in order: ``update_ratios`` and ``dead_shares`` ``(layers,)``, ``frozen`` bools ``(layers,)``, and ``updates``
    ``(m, layers + 1)``, a step and every layer's ratio at it, thinned, oldest first (nan as in :class:`LayerRow`).
    """

    step: int
    samples: int
    available: int
    names: tuple[str, ...]
    cells: tuple[tuple[str, Quantity], ...]
    now: HistogramTable
    initial: HistogramTable
    update_ratios: Array
    updates: Array
    dead_shares: Array
    frozen: Array

    @cached_property
    def rows(self) -> tuple[LayerRow, ...]:
        """The same as values, a row per layer; worked out when it is asked for first."""
        found: dict[str, dict[Quantity, HistogramCell]] = {name: {} for name in self.names}
        for index, (name, quantity) in enumerate(self.cells):
            now = self.now.histogram(index)
            if now is not None:
                found[name][quantity] = HistogramCell(now, self.initial.histogram(index))
        return tuple(
            LayerRow(
                name,
                found[name],
                float(self.update_ratios[index]),
                self.updates_of(index),
                float(self.dead_shares[index]),
                bool(self.frozen[index]),
            )
            for index, name in enumerate(self.names)
        )

    def updates_of(self, layer: int) -> Array:
        """``(m, 2)`` of (step, ratio), oldest first; empty for a layer without parameters."""
        points = self.updates[:, [0, layer + 1]]
        return points[~np.isnan(points[:, 1])]


@dataclass(frozen=True)
class RidgeAnswer:
    """Probe ``ridge``: the history of one cell. ``counts`` is ``(m, bins)`` over shared ``edges``; ``steps`` is ``(m,)``."""

    layer: str
    quantity: Quantity
    steps: Array
    counts: Array
    zeros: Array
    edges: Array
    scale: Literal["linear", "symlog"]
    linear_within: float


@dataclass(frozen=True)
class GateMap:
    """One gate of a recurrent layer: its mean over the samples, ``(units, t)``, between ``low`` and ``high``.

    ``units`` of ``all_units`` are kept. ``shut`` and ``open`` are the shares of all its values in the lowest and the highest
    tenth of its range, ``mean`` is over all its values. ``name`` is as :meth:`Layer.gate_values` says it.
    """

    name: str
    means: Array
    low: float
    high: float
    all_units: int
    mean: float
    shut: float
    open: float


@dataclass(frozen=True)
class GatesAnswer:
    """Probe ``gates``: every gate of one layer at ``step``, over the first ``samples`` of the probe batch."""

    step: int
    samples: int
    layer: str
    gates: tuple[GateMap, ...]


@dataclass(frozen=True)
class Series:
    """One measured series, min/max-decimated to at most a few thousand points: ``step``, ``epoch``, ``seconds``, ``value``
    are ``(m,)`` float64. ``measured`` is how many measurements stand behind it; ``best`` is the index of the pinned best
    point (−1 if none)."""

    name: Literal["train_loss", "validation_loss", "train_score", "validation_score", "learning_rate"]
    step: Array
    epoch: Array
    seconds: Array
    value: Array
    measured: int
    best: int


@dataclass(frozen=True)
class Moment:
    """A place on the time axis of a run."""

    step: int
    epoch: float
    seconds: float


@dataclass(frozen=True)
class Marker:
    """A change on the time axis: ``path`` from ``before`` to ``after`` (as texts) at a moment, or all the way from ``since``
    to it where a control was dragged while the run went on."""

    step: int
    epoch: float
    seconds: float
    path: str
    before: str
    after: str
    since: Moment | None = None


@dataclass(frozen=True)
class RunCurves:
    """The curves of one run, with the hashes that make it comparable. ``score`` names the score series, ``unit`` its unit."""

    run: int
    name: str
    series: Mapping[str, Series]
    markers: tuple[Marker, ...]
    weights_hash: str
    batches_hash: str
    score: Score = "accuracy"
    unit: str = ""


@dataclass(frozen=True)
class CurvesAnswer:
    """Probe ``curves``: the current run and the previous one (the ghost), if there was one."""

    current: RunCurves
    previous: RunCurves | None


@dataclass(frozen=True)
class BoundaryAnswer:
    """Probe ``boundary`` (2-D data of classes): class probabilities on a grid in data units, and the points.

    ``probabilities`` is ``(rows, columns, k)``, row 0 at the *bottom* (smallest y); ``extent`` is (x0, x1, y0, y1).
    ``points`` is ``(n, 2)``, ``targets`` ``(n,)``, ``is_validation`` ``(n,)`` bool.
    """

    step: int
    probabilities: Array
    extent: tuple[float, float, float, float]
    points: Array
    targets: Array
    is_validation: Array
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...] = ("x₁", "x₂")


@dataclass(frozen=True)
class SamplesAnswer:
    """Probe ``samples`` (images): validation samples with what the network says. ``images`` is ``(n, h, w, c)`` in 0…1."""

    step: int
    images: Array
    targets: Array
    predictions: Array
    confidences: Array
    class_names: tuple[str, ...]


@dataclass(frozen=True)
class ConfusionAnswer:
    """Probe ``confusion``: ``matrix[i, j]`` counts validation samples of class i predicted as j, ``(k, k)`` int64."""

    step: int
    matrix: Array
    class_names: tuple[str, ...]


@dataclass(frozen=True)
class DataAnswer:
    """Probe ``data``: some of the samples themselves, for a picture: up to 2 000 points or rows, 64 images, 24 sequences.

    ``inputs`` is ``(n, *input_shape)`` and ``targets`` ``(n, *targets.shape)``, both in data units. ``pair`` are the two
    features that tell most about the target.
    """

    picture: PictureKind
    inputs: Array
    targets: Array
    is_validation: Array
    wanted: Targets
    feature_names: tuple[str, ...]
    pair: tuple[int, int]
    training: int
    validation: int


@dataclass(frozen=True)
class HeightsAnswer:
    """Probe ``heights`` (values over the plane): what the network says on a grid, and the samples, in data units.

    ``heights`` is ``(rows, columns)``, row 0 at the *bottom*; ``extent`` is (x0, x1, y0, y1); ``points`` is ``(n, 2)`` with
    their true ``values`` ``(n,)``. ``name`` and ``unit`` are those of the value.
    """

    step: int
    heights: Array
    extent: tuple[float, float, float, float]
    points: Array
    values: Array
    is_validation: Array
    name: str
    unit: str
    feature_names: tuple[str, ...]


@dataclass(frozen=True)
class FitAnswer:
    """Probe ``fit`` (values over a line): what the network says at ``x`` ``(m,)``, as ``y`` ``(m,)``, and the samples."""

    step: int
    x: Array
    y: Array
    points: Array
    values: Array
    is_validation: Array
    name: str
    unit: str
    feature_name: str


@dataclass(frozen=True)
class PredictionsAnswer:
    """Probe ``predictions`` (values): the true and the predicted ones of validation samples (of every time step, where each
    has one), ``(n, k)`` in data units."""

    step: int
    truth: Array
    predicted: Array
    names: tuple[str, ...]
    unit: str


@dataclass(frozen=True)
class SequencesAnswer:
    """Probe ``sequences``: a few validation samples ``(n, t, d)``, their targets, and what the network says, shaped like them:
    the most probable class, or the value."""

    step: int
    inputs: Array
    targets: Array
    predictions: Array
    wanted: Targets
    feature_names: tuple[str, ...]


Station: TypeAlias = Literal["raw", "split", "scaled", "augmented", "batch"]


@dataclass(frozen=True)
class StationFacts:
    """What passes one station of the data's way to the network. ``shape`` includes the number of samples; the range and
    the moments are over all numbers there."""

    station: Station
    shape: Shape
    minimum: float
    maximum: float
    mean: float
    sd: float


@dataclass(frozen=True)
class StationsAnswer:
    """Probe ``stations``: every station's facts, and up to 64 samples ``(n, …)`` of the next batch as they are at
    ``station``, with their ``targets``."""

    step: int
    station: Station
    facts: tuple[StationFacts, ...]
    samples: Array
    targets: Array
