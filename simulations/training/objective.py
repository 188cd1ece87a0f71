"""One batch as an objective, for optimizers that ask for a gradient: the loss of this batch as a function of θ."""

from __future__ import annotations

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.errors import GradLabError
from simulations.core.text import N_
from simulations.documents.experiment import ExperimentSpec
from simulations.nn.network import Network
from simulations.nn.tape import Tape


class BatchObjective:
    """The mean loss of the batch in :meth:`use`. Its gradient at the present θ is already in ``network.gradient``.

    The first request of a step is answered from there; a method that asks again after moving θ gets a fresh pass.
    """

    def __init__(self, network: Network, spec: ExperimentSpec) -> None:
        self._network = network
        self._spec = spec
        self._is_fresh = False
        self._x: FloatArray
        self._y: Array
        self._tape: Tape

    def use(self, x: FloatArray, y: Array, tape: Tape) -> None:
        self._x, self._y, self._tape, self._is_fresh = x, y, tape, True

    def value(self, theta: FloatArray) -> FloatArray:
        self._is_fresh = False
        outputs = self._network.forward(self._x, self._tape)
        return np.asarray(self._spec.loss.value(outputs, self._y))

    def gradient(self, theta: FloatArray) -> FloatArray:
        network, tape = self._network, self._tape
        if self._is_fresh:
            self._is_fresh = False
            return network.gradient
        outputs = network.forward(self._x, tape)
        self._spec.loss.value_and_gradient(outputs, self._y, tape.d_outputs)
        network.backward(tape.d_outputs, tape)
        for place in network.decay:
            network.gradient[place] += self._spec.l2 * theta[place]
        return network.gradient

    def hessian(self, theta: FloatArray) -> FloatArray:
        raise GradLabError(N_("A network does not offer its Hessian; choose an optimizer that needs gradients only."))
