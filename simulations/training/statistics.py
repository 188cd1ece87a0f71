"""Running statistics for weights that never trained: those of an average of the path, which no batch has passed through.

The statistics that batch normalisation gathered belong to the weights that trained. Under others they are taken anew, as
``torch.optim.swa_utils.update_bn`` does it (Izmailov et al. 2018, section 3.2): the mean over batches of training samples
of each batch's own statistics. Here these are always the same batches, so that a picture does not flicker.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import hyperparameters
from simulations.core.rng import stream
from simulations.data.pipeline import Prepared
from simulations.nn.layers.base import Layer
from simulations.nn.layers.batch_norm import BatchNorm
from simulations.nn.network import Network
from simulations.nn.tape import Tape

BATCH = 256
BATCHES = 4  # a mean over 1024 samples is off by 3 % of a standard deviation; more would slow every validation down


@final
class Statistics:
    """The running statistics of one network under whatever θ it stands at, from up to 1024 training samples."""

    def __init__(self, network: Network, data: Prepared, seed: int) -> None:
        self._network, self._seed = network, seed
        self._found: tuple[object, FloatArray] | None = None
        self._tape: Tape | None = None
        if network.state.size:
            order = stream(seed, "statistics").permutation(len(data.train_inputs))
            size = min(BATCH, len(order))
            count = min(BATCHES, len(order) // size)
            self._batches = [
                np.ascontiguousarray(data.train_inputs[order[at * size : (at + 1) * size]]) for at in range(count)
            ]

    @contextmanager
    def taken_anew(self, moment: object) -> Iterator[None]:
        """The network with the statistics of its present θ for a while; equal ``moment`` means equal θ."""
        network = self._network
        if not network.state.size:
            yield
            return
        kept = network.state.copy()
        try:
            if self._found is None or self._found[0] != moment:
                self._found = moment, self._measured()
            network.state[...] = self._found[1]
            yield
        finally:
            network.state[...] = kept

    def _measured(self) -> FloatArray:
        network = self._network
        tape = self._tape = self._tape or network.tape(len(self._batches[0]), training=True)
        tape.draw_from(self._seed, 0)
        layers = network.layers
        total = np.zeros(network.state.shape)
        try:
            network.layers = _forgetful(layers)
            for inputs in self._batches:
                network.state[...] = 0
                network.forward(inputs, tape)
                total += network.state
        finally:
            network.layers = layers
        mean: FloatArray = (total / len(self._batches)).astype(network.dtype)
        return mean


def _forgetful(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """The same layers, but the newest batch's statistics replace the running ones."""
    return tuple(_forgetting(one) for one in layers)


def _forgetting(layer: Layer) -> Layer:
    if isinstance(layer, BatchNorm):
        return dataclasses.replace(layer, momentum=1.0)
    stacks: dict[str, Any] = {
        one.name: _forgetful(getattr(layer, one.name)) for one in hyperparameters(layer) if one.kind == "stack"
    }
    return dataclasses.replace(layer, **stacks) if stacks else layer
