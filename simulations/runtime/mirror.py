"""A network's likeness, brought to any moment of a session by its numbers alone, and asked what the session would be asked.

Equal specs build equal networks and prepare equal data, so parameters, running statistics and what the loss has learnt are
all that has to travel for another process to see exactly what the session sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.interrupt import Interrupt
from simulations.data.pipeline import Prepared, prepare
from simulations.documents.changes import changes, effect_of
from simulations.documents.experiment import ExperimentSpec
from simulations.nn.description import LayerInfo
from simulations.nn.losses.criterion import Criterion
from simulations.nn.network import Network
from simulations.nn.tape import Tape
from simulations.probes.base import PortableProbe
from simulations.training.evaluation import Evaluator
from simulations.training.judging import criterion_for
from simulations.training.update import Update

Moment: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True)
class Look:
    """One moment of a session (run, step, edits) and what is asked about it.

    ``spec`` and ``probes`` are None where they are the last ones. ``memories`` are what kinds of probes remember of this run
    from before they were answered here.
    """

    moment: Moment
    spec: ExperimentSpec | None
    theta: FloatArray
    statistics: FloatArray
    learnt: dict[str, Array]
    update: Update | None
    probes: tuple[PortableProbe, ...] | None
    memories: Mapping[str, dict[str, Any]] = field(default_factory=dict)


class Mirror:
    """Answers looks one after the other; implements :class:`~simulations.training.view.NetworkView`."""

    spec: ExperimentSpec
    network: Network
    data: Prepared
    criterion: Criterion

    def __init__(self) -> None:
        self._moment: Moment = (0, 0, 0)
        self._update: Update | None = None
        self._probes: tuple[PortableProbe, ...] = ()
        self._prepared: Prepared | None = None  # a file may be gone by the next run
        self._memories: dict[str, dict[str, Any]] = {}
        self._evaluator: Evaluator | None = None

    def answers(self, look: Look) -> dict[str, Any]:
        """The answer of every probe of ``look``, by kind."""
        if look.moment[0] != self._moment[0]:
            self._memories = {}
        for kind, memory in look.memories.items():
            self._memories.setdefault(kind, memory)
        if look.spec is not None:
            self._follow(look.spec)
        if look.probes is not None:
            self._probes = look.probes
        self._moment, self._update = look.moment, look.update
        np.copyto(self.network.theta, look.theta)
        np.copyto(self.network.state, look.statistics)
        self.criterion.restore(look.learnt)
        return {
            probe.kind: probe.measure_afar(self, self._memories.setdefault(probe.kind, {})) for probe in self._probes
        }

    def _follow(self, spec: ExperimentSpec) -> None:
        """Build as little of ``spec`` as it differs from the one before."""
        effect = "rebuild" if self._evaluator is None else effect_of(changes(self.spec, spec))
        if effect in ("rebuild", "data"):
            self.data = self._prepared = prepare(spec.data, spec.seed, known=self._prepared)
        if effect == "rebuild":
            self.network = Network(spec.layers, spec.data.source.input_shape, seed=spec.seed)
        else:
            self.network.layers = spec.layers
        if effect in ("rebuild", "data"):
            self._evaluator = Evaluator(self.network, self.data, spec.seed)
        self.spec = spec
        self.criterion = criterion_for(spec, self.network, self.data, Interrupt())

    # ---- what a probe may ask ----------------------------------------------------------------------------------------

    @property
    def run(self) -> int:
        return self._moment[0]

    @property
    def step(self) -> int:
        return self._moment[1]

    @property
    def layers(self) -> tuple[LayerInfo, ...]:
        return self.network.infos

    def probe_batch(self) -> tuple[FloatArray, Array]:
        assert self._evaluator is not None
        return self._evaluator.probe_inputs, self._evaluator.probe_targets

    @np.errstate(over="ignore", invalid="ignore")
    def probe_tape(self, samples: int | None = None) -> Tape:
        assert self._evaluator is not None
        return self._evaluator.probe_tape(self.criterion, self._moment, samples)

    def last_update(self) -> Update | None:
        return self._update
