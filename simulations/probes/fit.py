"""The probe behind the fitted curve: what the network says along the one feature of a data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulations.core.arrays import frozen
from simulations.core.text import N_
from simulations.probes.answers import FitAnswer
from simulations.probes.base import PROBES, Probe
from simulations.probes.boundary import is_validation

if TYPE_CHECKING:
    from simulations.training.view import SessionView

AIR = 0.06  # of the feature's range, on each side: how the network goes on beyond the samples


@PROBES.register(
    "fit", label=N_("Fitted curve"), summary=N_("Predicted values along the feature of a one-dimensional data set.")
)
@dataclass(frozen=True)
class Fit(Probe):
    """``resolution`` points along the feature; of several values the first is shown."""

    period_s = 0.03  # it is seen to move

    resolution: int = 400

    def measure(self, view: SessionView, memory: dict[str, Any]) -> FitAnswer | None:
        """The curve now; None when the data do not ask for a value over one feature."""
        dataset, wanted = view.data.dataset, view.data.wanted
        if dataset.inputs.shape[1:] != (1,) or wanted.kind != "values" or wanted.steps:
            return None
        if memory.get("dataset") is not dataset or memory.get("resolution") != self.resolution:
            low, high = float(dataset.inputs.min()), float(dataset.inputs.max())
            air = AIR * (high - low) or 0.5
            memory.update(
                dataset=dataset,
                resolution=self.resolution,
                x=frozen(np.linspace(low - air, high + air, self.resolution)),
                points=frozen(dataset.inputs[:, 0]),
                values=frozen(dataset.targets[:, 0]),
                is_validation=frozen(is_validation(view.data)),
            )
        return FitAnswer(
            step=view.step,
            x=memory["x"],
            y=frozen(view.predict(memory["x"][:, None])[:, 0]),
            points=memory["points"],
            values=memory["values"],
            is_validation=memory["is_validation"],
            name=wanted.names[0],
            unit=wanted.unit,
            feature_name=view.spec.data.source.feature_names[0],
        )
