"""What a probe may see of a session: read-only, with a tape of its own, so that looking never changes training."""

from __future__ import annotations

from typing import Protocol

from simulations.core.arrays import Array, FloatArray, IntArray
from simulations.data.pipeline import Prepared
from simulations.documents.experiment import ExperimentSpec
from simulations.nn.description import LayerInfo
from simulations.nn.losses.criterion import Criterion
from simulations.nn.network import Network
from simulations.nn.tape import Tape
from simulations.training.history import History
from simulations.training.update import Update


class NetworkView(Protocol):
    """What may be asked of the network at one moment. No more is needed to answer it than the spec and the moment's numbers."""

    @property
    def spec(self) -> ExperimentSpec: ...
    @property
    def run(self) -> int: ...
    @property
    def step(self) -> int: ...
    @property
    def network(self) -> Network: ...
    @property
    def layers(self) -> tuple[LayerInfo, ...]: ...
    @property
    def data(self) -> Prepared: ...
    @property
    def criterion(self) -> Criterion: ...

    def probe_batch(self) -> tuple[FloatArray, Array]:
        """The fixed probe batch, prepared as training sees it: inputs and targets of up to 256 training samples."""

    def probe_tape(self, samples: int | None = None) -> Tape:
        """The tape of a forward and backward pass at this step over the first ``samples`` of the probe batch (None: all
        of it), in evaluation mode.

        Computed at most once per step and size, however many probes ask. Valid until the next step.
        """

    def last_update(self) -> Update | None:
        """The most recent update that was measured; None before one was.

        The session measures one after each time a probe asked, and the one that leads to where it is known to pause.
        """


class SessionView(NetworkView, Protocol):
    """The questions a probe may ask of a whole session."""

    @property
    def history(self) -> History: ...
    @property
    def previous_history(self) -> History | None: ...

    def predict(self, inputs: FloatArray) -> FloatArray:
        """What the network says about *raw* inputs (in data units): class probabilities, or values in data units; in
        chunks, on the probes' own tape."""

    def next_batch(self) -> tuple[IntArray, FloatArray, Array]:
        """The batch that the next step trains on: which training samples are in it, and its inputs and targets as the
        network sees them. Valid until the next step."""
