"""Probe ``data``: the samples themselves, so that a person sees what the network is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np

from simulations.core.arrays import frozen
from simulations.core.text import N_
from simulations.probes.answers import DataAnswer
from simulations.probes.base import PROBES, Probe

if TYPE_CHECKING:
    from simulations.core.arrays import Array, IntArray
    from simulations.core.targets import Targets
    from simulations.data.pipeline import Prepared
    from simulations.training.view import SessionView

_MOST: Final = {"points": 2000, "table": 2000, "images": 64, "sequences": 24}


@PROBES.register("data", label=N_("Data"), summary=N_("The samples of the data set, as they are before scaling."))
@final
@dataclass(frozen=True)
class DataProbe(Probe):
    """The first samples of both parts, in their true proportion: up to 2 000 points, fewer images, in data units."""

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
        prepared, source = view.data, view.spec.data.source
        dataset = prepared.dataset
        chosen = _chosen(prepared, _MOST[source.picture])
        return DataAnswer(
            picture=source.picture,
            inputs=frozen(dataset.inputs[chosen]),
            targets=frozen(dataset.targets[chosen]),
            is_validation=frozen(np.isin(chosen, prepared.validation)),
            wanted=prepared.wanted,
            feature_names=source.feature_names,
            pair=telling_pair(dataset.inputs, dataset.targets, prepared.wanted),
            training=len(prepared.train),
            validation=len(prepared.validation),
        )


def telling_pair(inputs: Array, targets: Array, wanted: Targets) -> tuple[int, int]:
    """The two features of ``inputs`` ``(n, d)`` that tell most about ``targets``, in the order they stand.

    Classes: the largest share of variance between them (one-way analysis of variance); values: the largest correlation.
    """
    if inputs.ndim != 2 or targets.ndim > 2 or inputs.shape[1] <= 2:
        return 0, min(1, inputs.shape[-1] - 1)
    apart = inputs - inputs.mean(axis=0)
    total = np.square(apart).sum(axis=0)
    if wanted.kind == "classes":
        groups = [apart[targets == k] for k in np.unique(targets)]
        told = sum(len(group) * np.square(group.mean(axis=0)) for group in groups)
    else:
        value = targets[:, 0] - targets[:, 0].mean()
        told = np.square(value @ apart)
    shares = np.divide(told, total, out=np.zeros(len(total)), where=total > 0)
    first, second = sorted(np.argsort(-shares, kind="stable")[:2].tolist())
    return first, second


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
