"""The probe behind the predicted heights: what the network says at every point of a grid over two features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulations.core.arrays import frozen
from simulations.core.text import N_
from simulations.probes.answers import HeightsAnswer
from simulations.probes.base import PROBES, Probe
from simulations.probes.boundary import data_extent, grid, is_validation

if TYPE_CHECKING:
    from simulations.training.view import SessionView


@PROBES.register(
    "heights",
    label=N_("Heights"),
    summary=N_("Predicted values on a grid over the plane of a two-dimensional data set."),
)
@dataclass(frozen=True)
class Heights(Probe):
    """``resolution`` grid points along each axis; of several values the first is shown."""

    period_s = 0.03  # it is seen to move

    resolution: int = 90

    def measure(self, view: SessionView, memory: dict[str, Any]) -> HeightsAnswer | None:
        """The heights now; None when the data do not ask for a value over two features. Grid and points are made once for
        each data set."""
        dataset, wanted = view.data.dataset, view.data.wanted
        if dataset.inputs.shape[1:] != (2,) or wanted.kind != "values" or wanted.steps:
            return None
        if memory.get("dataset") is not dataset or memory.get("resolution") != self.resolution:
            extent = data_extent(dataset.inputs)
            memory.update(
                dataset=dataset,
                resolution=self.resolution,
                extent=extent,
                grid=grid(extent, self.resolution, dataset.inputs.dtype),
                points=frozen(dataset.inputs),
                values=frozen(dataset.targets[:, 0]),
                is_validation=frozen(is_validation(view.data)),
            )
        heights = view.predict(memory["grid"])[:, 0]
        return HeightsAnswer(
            step=view.step,
            heights=frozen(heights.reshape(self.resolution, self.resolution)),
            extent=memory["extent"],
            points=memory["points"],
            values=memory["values"],
            is_validation=memory["is_validation"],
            name=wanted.names[0],
            unit=wanted.unit,
            feature_names=view.spec.data.source.feature_names,
        )
