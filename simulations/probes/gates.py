"""The probe behind a recurrent layer's gates: what each lets through, at every time step and for every unit.

It reads the pass that the Layers panel's histograms look at, so it costs no pass of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulations.core.arrays import Array, FloatArray, frozen
from simulations.core.text import N_
from simulations.probes.answers import GateMap, GatesAnswer
from simulations.probes.base import PROBES, Probe

if TYPE_CHECKING:
    from simulations.training.view import SessionView

MOST_UNITS = 64  # more rows cannot be told apart on a screen
_TENTH = 0.1
_SIGMOIDS = frozenset({"input", "forget", "output", "reset", "update"})  # between 0 and 1; the others are tanh or ReLU


@PROBES.register(
    "gates",
    label=N_("Gates"),
    summary=N_("What every gate of a recurrent layer lets through, at each time step and for each unit."),
)
@dataclass(frozen=True)
class GatesProbe(Probe):
    """``layer`` is the name of the layer (none: no answer); ``samples`` as in the probe of the Layers panel."""

    layer: str = ""
    samples: int = 0

    @np.errstate(all="ignore")
    def measure(self, view: SessionView, memory: dict[str, Any]) -> GatesAnswer | None:
        """The gates of the layer at this step; None when it has none."""
        for index, info in enumerate(view.layers):
            if info.name != self.layer:
                continue
            tape = view.probe_tape(self.samples or None)
            found = view.network.layers[index].gate_values(tape.memos[index])
            gates = tuple(_mapped(name, values) for name, values in found.items())
            return GatesAnswer(view.step, tape.batch, info.name, gates) if gates else None
        return None


def _mapped(name: str, values: FloatArray) -> GateMap:
    """``values`` ``(t, units, n)`` of one gate, summed up."""
    low, high = _range(name, values)
    tenth = _TENTH * (high - low)
    return GateMap(
        name,
        frozen(values[:, :MOST_UNITS].mean(axis=2).T),
        low,
        high,
        values.shape[1],
        float(values.mean()),
        float((values < low + tenth).mean()),
        float((values > high - tenth).mean()),
    )


def _range(name: str, values: Array) -> tuple[float, float]:
    """What the gate can be; of a ReLU, what it is."""
    if name.rpartition(".")[2] in _SIGMOIDS:
        return 0.0, 1.0
    largest = float(np.abs(values).max())
    return (-1.0, 1.0) if largest <= 1.0 or not math.isfinite(largest) else (0.0, largest)
