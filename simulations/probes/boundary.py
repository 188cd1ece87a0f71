"""The probe behind the decision boundary: what the network says at every point of a grid over 2-D data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulations.core.arrays import Array, FloatArray, frozen
from simulations.core.text import N_
from simulations.probes.answers import BoundaryAnswer
from simulations.probes.base import PROBES, Probe

if TYPE_CHECKING:
    from simulations.data.pipeline import Prepared
    from simulations.training.view import SessionView

MARGIN = 0.1  # of the data's range, on each side


@PROBES.register(
    "boundary",
    label=N_("Decision boundary"),
    summary=N_("Class probabilities on a grid over the plane of a two-dimensional data set."),
)
@dataclass(frozen=True)
class Boundary(Probe):
    """``resolution`` grid points along each axis; the first and last lie on the edges of the extent."""

    period_s = 0.03  # it is seen to move

    resolution: int = 90

    def measure(self, view: SessionView, memory: dict[str, Any]) -> BoundaryAnswer | None:
        """The probabilities now; None when the data are not classes in two dimensions.

        The grid and the points belong to the data, not to the moment: they are made once per data set and every answer
        carries the same arrays, so that a view can see that they did not change.
        """
        dataset = view.data.dataset
        if dataset.inputs.shape[1:] != (2,) or dataset.kind != "classes":
            return None
        if memory.get("dataset") is not dataset or memory.get("resolution") != self.resolution:
            memory.update(self._fixed(view), dataset=dataset, resolution=self.resolution)
        probabilities = view.predict(memory["grid"])
        shape = (self.resolution, self.resolution, probabilities.shape[-1])
        return BoundaryAnswer(
            step=view.step,
            probabilities=frozen(probabilities.reshape(shape)),
            extent=memory["extent"],
            points=memory["points"],
            targets=memory["targets"],
            is_validation=memory["is_validation"],
            class_names=dataset.names,
            feature_names=view.spec.data.source.feature_names,
        )

    def _fixed(self, view: SessionView) -> dict[str, Any]:
        dataset = view.data.dataset
        extent = data_extent(dataset.inputs)
        return {
            "extent": extent,
            "grid": grid(extent, self.resolution, dataset.inputs.dtype),
            "points": frozen(dataset.inputs),
            "targets": frozen(dataset.targets),
            "is_validation": frozen(is_validation(view.data)),
        }


def is_validation(data: Prepared) -> Array:
    """Which samples of the data set are kept for validation, ``(n,)`` bool."""
    chosen = np.zeros(len(data.dataset), bool)
    chosen[data.validation] = True
    return chosen


def data_extent(points: FloatArray) -> tuple[float, float, float, float]:
    """(x0, x1, y0, y1) around finite ``points`` ``(n, 2)`` with a margin; never empty."""
    low, high = np.min(points, axis=0), np.max(points, axis=0)
    margin = np.where(high > low, MARGIN * (high - low), 1.0)
    (x0, y0), (x1, y1) = low - margin, high + margin
    return float(x0), float(x1), float(y0), float(y1)


def grid(extent: tuple[float, float, float, float], resolution: int, dtype: Any) -> FloatArray:
    """Points ``(resolution², 2)``, row by row from the smallest y, x running fastest."""
    x0, x1, y0, y1 = extent
    x, y = np.meshgrid(np.linspace(x0, x1, resolution), np.linspace(y0, y1, resolution))
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(dtype)
