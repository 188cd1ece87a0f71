"""The probe behind the sample grid: validation images with what the network says about them, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulations.core.arrays import Array, FloatArray, frozen
from simulations.core.text import N_
from simulations.probes.answers import SamplesAnswer
from simulations.probes.base import PROBES, Probe

if TYPE_CHECKING:
    from simulations.training.view import SessionView

SEARCHED = 1000  # validation samples looked through for wrong ones, so that a large data set stays cheap


@PROBES.register(
    "samples",
    label=N_("Samples"),
    summary=N_("Validation images with the predicted class and its probability."),
)
@dataclass(frozen=True)
class Samples(Probe):
    """Up to ``count`` validation samples: always the same ones, or with ``wrong_first`` the misclassified ones before
    the others (the most confident mistake first), found among the first ``SEARCHED``."""

    count: int = 60
    wrong_first: bool = False

    def measure(self, view: SessionView, memory: dict[str, Any]) -> SamplesAnswer | None:
        """The samples now; None when the data are not images of one class each."""
        dataset = view.data.dataset
        if dataset.inputs.ndim != 4 or dataset.kind != "classes" or dataset.targets.ndim != 1:
            return None
        candidates = view.data.validation[: SEARCHED if self.wrong_first else self.count]
        if memory.get("dataset") is not dataset:
            memory["dataset"] = dataset
            memory["range"] = float(np.min(dataset.inputs)), float(np.max(dataset.inputs))
        probabilities = view.predict(dataset.inputs[candidates])
        predictions = np.argmax(probabilities, axis=1)
        confidences = np.max(probabilities, axis=1)
        targets = dataset.targets[candidates]
        shown = (
            order(predictions != targets, confidences)[: self.count] if self.wrong_first else np.arange(len(targets))
        )
        return SamplesAnswer(
            step=view.step,
            images=frozen(unit_range(dataset.inputs[candidates[shown]], *memory["range"])),
            targets=frozen(targets[shown]),
            predictions=frozen(predictions[shown]),
            confidences=frozen(confidences[shown]),
            class_names=dataset.names,
        )


def order(is_wrong: Array, confidences: Array) -> Array:
    """Indices with the wrong ones first, the surest mistake at the front; the right ones keep their order."""
    return np.lexsort((np.where(is_wrong, -confidences, 0.0), ~is_wrong))


def unit_range(images: FloatArray, low: float, high: float) -> FloatArray:
    """``images`` shifted and scaled from [low, high] to [0, 1]; a constant data set becomes black."""
    return (images - low) / (high - low) if high > low else np.zeros_like(images)
