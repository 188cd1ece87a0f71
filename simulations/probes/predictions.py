"""The probe behind the plot of predicted against true values, over the validation set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulations.core.arrays import frozen
from simulations.core.text import N_
from simulations.probes.answers import PredictionsAnswer
from simulations.probes.base import PROBES, Probe

if TYPE_CHECKING:
    from simulations.training.view import SessionView

COMPARED = 1000  # values compared, so that a large data set stays cheap


@PROBES.register(
    "predictions",
    label=N_("Predictions"),
    summary=N_("Predicted and true values of validation samples."),
)
@dataclass(frozen=True)
class Predictions(Probe):
    """The first ``COMPARED`` positions (samples, or time steps of samples) of the validation set."""

    def measure(self, view: SessionView, memory: dict[str, Any]) -> PredictionsAnswer | None:
        """The values now; None when the data ask for classes."""
        dataset, wanted = view.data.dataset, view.data.wanted
        if wanted.kind != "values":
            return None
        steps = wanted.steps[0] if wanted.steps else 1
        counted = view.data.validation[: max(1, COMPARED // steps)]
        k = len(wanted.names)
        return PredictionsAnswer(
            step=view.step,
            truth=frozen(dataset.targets[counted].reshape(-1, k)),
            predicted=frozen(view.predict(dataset.inputs[counted]).reshape(-1, k)),
            names=wanted.names,
            unit=wanted.unit,
        )
