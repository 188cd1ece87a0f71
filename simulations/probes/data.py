"""Probe ``data``: the samples themselves, so that a person sees what the network is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np

from simulations.core.text import N_
from simulations.probes.answers import DataAnswer
from simulations.probes.base import PROBES, Probe, frozen

if TYPE_CHECKING:
    from simulations.core.arrays import IntArray
    from simulations.data.pipeline import Prepared
    from simulations.training.view import SessionView

_POINTS: Final = 2000
_IMAGES: Final = 64


@PROBES.register("data", label=N_("Data"), summary=N_("The samples of the data set, as they are before scaling."))
@final
@dataclass(frozen=True)
class DataProbe(Probe):
    """The first samples of both parts, in their true proportion: up to 2 000 points or 64 images, in data units."""

    def measure(self, view: SessionView, memory: dict[str, Any]) -> DataAnswer:
        """The answer is made once for each preparation of the data, and is then the same object."""
        prepared = view.data
        if memory.get("prepared") is not prepared:
            memory["prepared"] = prepared
            memory["answer"] = self._answer(view)
        answer: DataAnswer = memory["answer"]
        return answer

    @staticmethod
    def _answer(view: SessionView) -> DataAnswer:
        prepared = view.data
        picture = view.spec.data.source.picture
        chosen = _chosen(prepared, _POINTS if picture == "points" else _IMAGES)
        return DataAnswer(
            picture=picture,
            inputs=frozen(prepared.dataset.inputs[chosen]),
            targets=frozen(prepared.dataset.targets[chosen]),
            is_validation=frozen(np.isin(chosen, prepared.validation)),
            class_names=prepared.wanted.names,
            training=len(prepared.train),
            validation=len(prepared.validation),
        )


def _chosen(prepared: Prepared, most: int) -> IntArray:
    """Indices of at most ``most`` samples: training and validation in their true proportion, evenly mixed."""
    total = len(prepared.dataset)
    if total <= most:
        return np.arange(total)
    validation = max(1, round(most * len(prepared.validation) / total))
    parts = (prepared.train[: most - validation], prepared.validation[:validation])
    rank = np.concatenate([(np.arange(len(part)) + 0.5) / len(part) for part in parts])
    chosen: IntArray = np.concatenate(parts)[np.argsort(rank, kind="stable")]
    return chosen
