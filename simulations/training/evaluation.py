"""Asking a network without disturbing its training: evaluation in chunks, predictions, and the probe batch's pass.

Every pass here runs on a tape of its own in evaluation mode, so it draws no random numbers, moves no running statistics
and leaves the training gradient alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.rng import stream
from simulations.data.pipeline import Prepared
from simulations.nn.losses.base import Loss
from simulations.nn.losses.criterion import Criterion
from simulations.nn.network import Network
from simulations.nn.tape import Tape
from simulations.training.scores import scorer_of
from simulations.training.statistics import Statistics

PROBE_SAMPLES = 256
_CHUNK = 256
_TAPES_KEPT = 4


@contextmanager
def standing_at(network: Network, theta: FloatArray) -> Iterator[None]:
    """The network with the parameters ``theta`` for a moment; nothing is copied when they are its own."""
    if theta is network.theta:
        yield
        return
    kept = network.theta.copy()
    try:
        network.theta[...] = theta
        yield
    finally:
        network.theta[...] = kept


class Evaluator:
    """Passes of one network over any number of samples, and over the fixed probe batch of one run."""

    def __init__(self, network: Network, data: Prepared, seed: int) -> None:
        self._network = network
        self._data = data
        self._tapes: dict[int, Tape] = {}
        count = len(data.train_targets)
        chosen = np.sort(stream(seed, "probe batch").permutation(count)[:PROBE_SAMPLES])
        self.probe_inputs: FloatArray = np.ascontiguousarray(data.train_inputs[chosen])
        self.probe_targets: Array = data.train_targets[chosen]
        self._probes: dict[int, tuple[Tape, object]] = {}
        self.statistics = Statistics(network, data, seed)

    @contextmanager
    def judged(self, answer: FloatArray, moment: object) -> Iterator[bool]:
        """The network at ``answer`` for a while, at ``moment``; gives whether that is another θ than its own.

        The running statistics are then those of ``answer``.
        """
        if answer is self._network.theta:
            yield False
            return
        with standing_at(self._network, answer), self.statistics.taken_anew(moment):
            yield True

    def measure_part(self, criterion: Criterion, part: Literal["train", "validation"]) -> tuple[float, float]:
        """Mean loss and score over all samples of one part."""
        data = self._data
        if part == "train":
            return self.measure(criterion, data.train_inputs, data.train_targets)
        return self.measure(criterion, data.validation_inputs, data.validation_targets)

    def measure(self, criterion: Criterion, inputs: FloatArray, targets: Array) -> tuple[float, float]:
        """Mean loss and score over prepared samples."""
        scorer = scorer_of(self._data, criterion.loss)
        total, mass, raw = 0.0, 0.0, 0.0
        for start in range(0, len(targets), _CHUNK):
            wanted = targets[start : start + _CHUNK]
            tape = self._pass(inputs[start : start + _CHUNK])
            outputs, counts = tape.outputs[-1], criterion.mass(wanted)
            total += criterion.value(outputs, wanted, tape) * counts
            mass += counts
            raw += scorer.raw(outputs, wanted) * len(wanted)
        return total / mass, scorer.read(raw / len(targets))

    def predict(self, loss: Loss, inputs: FloatArray) -> FloatArray:
        """What the network says about raw inputs, in data units: class probabilities ``(n, k)`` or ``(n, t, k)``, or the
        values themselves, in data units too."""
        prepared = np.ascontiguousarray(self._data.scaler.apply(inputs, self._network.dtype))
        scaler = self._data.target_scaler
        say = loss.probabilities if scaler is None else scaler.undo
        parts = [
            np.array(say(self._pass(prepared[start : start + _CHUNK]).outputs[-1]), self._network.dtype)
            for start in range(0, len(prepared), _CHUNK)
        ]
        return np.concatenate(parts) if parts else np.empty((0, *self._data.wanted.output_shape), self._network.dtype)

    def probe_tape(self, criterion: Criterion, moment: object, samples: int | None) -> Tape:
        """The tape after a forward and backward pass over the first ``samples`` of the probe batch (None: all of it).

        Passes again only when ``moment`` differs from the last time this size was asked for.
        """
        size = len(self.probe_targets) if samples is None else min(samples, len(self.probe_targets))
        tape, passed_at = self._probes.get(size) or (self._network.tape(size, training=False), None)
        if passed_at != moment:
            if size not in self._probes and len(self._probes) >= _TAPES_KEPT:
                self._probes.pop(next(iter(self._probes)))
            outputs = self._network.forward(self.probe_inputs[:size], tape)
            criterion.value_and_gradient(outputs, self.probe_targets[:size], tape)
            self._network.backward(tape.d_outputs, tape)
            self._probes[size] = tape, moment
        return tape

    def _pass(self, inputs: FloatArray) -> Tape:
        tape = self._tapes.get(len(inputs))
        if tape is None:
            if len(self._tapes) >= _TAPES_KEPT:
                self._tapes.pop(next(iter(self._tapes)))
            tape = self._tapes[len(inputs)] = self._network.tape(len(inputs), training=False)
        self._network.forward(inputs, tape)
        return tape
