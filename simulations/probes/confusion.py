"""The probe behind the confusion matrix: which class the network takes for which, over the validation set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulations.core.arrays import Array, frozen
from simulations.core.text import N_
from simulations.probes.answers import ConfusionAnswer
from simulations.probes.base import PROBES, Probe

if TYPE_CHECKING:
    from simulations.training.view import SessionView

COUNTED = 5000  # validation samples counted, so that a large data set stays cheap


@PROBES.register(
    "confusion",
    label=N_("Confusion matrix"),
    summary=N_("How many validation samples of each class are predicted as each class."),
)
@dataclass(frozen=True)
class Confusion(Probe):
    """Counts over the whole validation set (its first ``COUNTED`` samples when it is larger)."""

    def measure(self, view: SessionView, memory: dict[str, Any]) -> ConfusionAnswer | None:
        """The counts now, over every time step where each has a class; None when the data ask for values."""
        dataset = view.data.dataset
        if dataset.kind == "values":
            return None
        counted = view.data.validation[:COUNTED]
        predictions = np.argmax(view.predict(dataset.inputs[counted]), axis=-1)
        matrix = confusion_matrix(dataset.targets[counted].ravel(), predictions.ravel(), len(dataset.names))
        return ConfusionAnswer(view.step, frozen(matrix), dataset.names)


def confusion_matrix(targets: Array, predictions: Array, classes: int) -> Array:
    """``(classes, classes)`` int64; entry ``[i, j]`` counts samples of class i predicted as j."""
    cells = targets.astype(np.int64) * classes + predictions
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes).astype(np.int64)
