"""Probe ``stations``: what the data look like on their way from the source to a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np

from simulations.core.arrays import frozen
from simulations.core.text import N_
from simulations.probes.answers import Station, StationFacts, StationsAnswer
from simulations.probes.base import PROBES, Probe

if TYPE_CHECKING:
    from simulations.core.arrays import Array, FloatArray
    from simulations.data.pipeline import Prepared
    from simulations.training.view import SessionView

STATIONS: Final[tuple[Station, ...]] = ("raw", "split", "scaled", "augmented", "batch")
_SHOWN: Final = 64
_AT_ONCE: Final = 1 << 20  # numbers squared at once


@PROBES.register(
    "stations",
    label=N_("Stations"),
    summary=N_("The samples of the next batch at one station of their way: raw, split, scaled, augmented, batch."),
)
@final
@dataclass(frozen=True)
class Stations(Probe):
    """Raw are all samples, in data units; split is the training part of them; scaled is what standardising made of that;
    augmented are the samples of the next batch, changed; batch is what the network sees of them, with its targets."""

    station: Station = "raw"

    def measure(self, view: SessionView, memory: dict[str, Any]) -> StationsAnswer:
        prepared = view.data
        if memory.get("prepared") is not prepared:
            memory["prepared"] = prepared
            memory["facts"] = _lasting_facts(prepared)
        members, inputs, targets = view.next_batch()
        moving = (_facts("augmented", inputs), _facts("batch", inputs))
        chosen = members[:_SHOWN]
        samples: FloatArray
        if self.station in ("raw", "split"):
            samples = prepared.dataset.inputs[prepared.train[chosen]]
        elif self.station == "scaled":
            samples = prepared.train_inputs[chosen]
        else:
            samples = inputs[:_SHOWN]
        return StationsAnswer(
            step=view.step,
            station=self.station,
            facts=(*memory["facts"], *moving),
            samples=frozen(samples),
            targets=frozen(targets[:_SHOWN]),
        )


def _lasting_facts(prepared: Prepared) -> tuple[StationFacts, ...]:
    """The facts of the stations that stay as they are while training runs."""
    raw = prepared.dataset.inputs
    return (
        _facts("raw", raw),
        _facts("split", raw[: len(prepared.train)]),
        _facts("scaled", prepared.train_inputs),
    )


def _facts(station: Station, numbers: Array) -> StationFacts:
    mean = float(numbers.mean(dtype=np.float64))
    rows = max(1, _AT_ONCE // max(1, numbers[0].size))
    pieces = (numbers[start : start + rows] for start in range(0, len(numbers), rows))
    squares = sum(float(np.square(piece - mean, dtype=np.float64).sum()) for piece in pieces)
    return StationFacts(
        station,
        tuple(numbers.shape),
        float(numbers.min()),
        float(numbers.max()),
        mean,
        float(np.sqrt(squares / numbers.size)),
    )
