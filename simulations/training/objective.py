"""One batch as an objective: its loss and gradient as functions of θ, for optimizers that ask more than once a step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.errors import GradLabError
from simulations.core.interrupt import Interrupt
from simulations.core.text import N_
from simulations.nn.losses.criterion import Criterion
from simulations.nn.network import Network
from simulations.nn.tape import Tape
from simulations.optimizers.base import NETWORK, Matrix, Need
from simulations.training.evaluation import standing_at
from simulations.training.shaping import Shaping


class BatchObjective:
    """The mean loss of the batch in :meth:`use`, with its penalties. Its gradient at θ is already in ``network.gradient``.

    The first question about that gradient is answered from there. Every other one is a pass of its own at the θ asked
    about, with the same dropout masks; it leaves θ and the running statistics as they were, and is not interrupted.
    """

    offers: ClassVar[tuple[Need, ...]] = NETWORK

    def __init__(
        self, network: Network, criterion: Criterion, shaping: Shaping, interrupt: Interrupt, seed: int
    ) -> None:
        self._network, self._criterion, self._shaping, self._interrupt = network, criterion, shaping, interrupt
        self.seed = seed
        self.matrices = tuple(_matrices(network))
        self._is_fresh = False
        self._x: FloatArray
        self._y: Array
        self._tape: Tape

    def use(self, x: FloatArray, y: Array, tape: Tape) -> None:
        self._x, self._y, self._tape, self._is_fresh = x, y, tape, True

    def value(self, theta: FloatArray) -> FloatArray:
        with self._at(theta):
            outputs = self._network.forward(self._x, self._tape)
            return np.asarray(self._criterion.value(outputs, self._y, self._tape) + self._shaping.penalty())

    def gradient(self, theta: FloatArray) -> FloatArray:
        network, tape = self._network, self._tape
        if self._is_fresh and theta is network.theta:
            self._is_fresh = False
            return network.gradient
        self._is_fresh = False
        with self._at(theta):
            outputs = network.forward(self._x, tape)
            self._criterion.value_and_gradient(outputs, self._y, tape)
            network.backward(tape.d_outputs, tape)
            self._shaping.shape_gradient()
        return network.gradient

    def hessian(self, theta: FloatArray) -> FloatArray:
        raise GradLabError(N_("A network does not offer its Hessian; choose an optimizer that needs gradients only."))

    @contextmanager
    def _at(self, theta: FloatArray) -> Iterator[None]:
        """The network at ``theta`` for a moment."""
        statistics = self._network.state.copy()
        with self._interrupt.held(), standing_at(self._network, theta):
            try:
                yield
            finally:
                self._network.state[...] = statistics


def _matrices(network: Network) -> Iterator[Matrix]:
    """Every weight that has inputs and outputs; a kernel's window and channels are its inputs."""
    at = 0
    for weights in network.views:
        for one in weights.values():
            if one.ndim > 1:
                yield Matrix(at, one.size // one.shape[-1], one.shape[-1])
            at += one.size
