"""The probe behind the pictures of sequences: a few validation sequences, and what the network says along them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulations.core.arrays import frozen
from simulations.core.text import N_
from simulations.probes.answers import SequencesAnswer
from simulations.probes.base import PROBES, Probe

if TYPE_CHECKING:
    from simulations.training.view import SessionView


@PROBES.register(
    "sequences",
    label=N_("Sequences"),
    summary=N_("Validation sequences with their targets and what the network says at every step."),
)
@dataclass(frozen=True)
class Sequences(Probe):
    """The first ``count`` validation samples."""

    count: int = 12

    def measure(self, view: SessionView, memory: dict[str, Any]) -> SequencesAnswer | None:
        """The sequences now; None when the samples have no time steps."""
        dataset, wanted = view.data.dataset, view.data.wanted
        if dataset.inputs.ndim != 3:
            return None
        chosen = view.data.validation[: self.count]
        said = view.predict(dataset.inputs[chosen])
        return SequencesAnswer(
            step=view.step,
            inputs=frozen(dataset.inputs[chosen]),
            targets=frozen(dataset.targets[chosen]),
            predictions=frozen(np.argmax(said, axis=-1) if wanted.kind == "classes" else said),
            wanted=wanted,
            feature_names=view.spec.data.source.feature_names,
        )
