"""What the penalties of an experiment add to the loss of a batch and to its gradient, before any method sees them."""

from __future__ import annotations

import numpy as np

from simulations.documents.experiment import ExperimentSpec
from simulations.nn.network import Network


class Shaping:
    """The penalties of one experiment on the weights of one network (biases are left alone)."""

    def __init__(self, network: Network, spec: ExperimentSpec) -> None:
        self._spec = spec
        self._weights = [
            (network.gradient[place], network.theta[place], np.empty_like(network.theta[place]))
            for place in (network.decay if spec.l2 or spec.l1 else ())
        ]

    def shape_gradient(self) -> None:
        """Add l2·θ and l1·sign(θ) to the gradient of every weight."""
        l2, l1 = self._spec.l2, self._spec.l1
        for gradient, weights, scratch in self._weights:
            if l2:
                np.multiply(weights, l2, out=scratch)
                np.add(gradient, scratch, out=gradient)
            if l1:
                np.sign(weights, out=scratch)
                np.multiply(scratch, l1, out=scratch)
                np.add(gradient, scratch, out=gradient)

    def penalty(self) -> float:
        """What the penalties add to the loss: ½·l2·‖θ‖² + l1·‖θ‖₁ over the weights."""
        total = 0.0
        for _, weights, _scratch in self._weights:
            total += 0.5 * self._spec.l2 * float(weights.dot(weights))
            total += self._spec.l1 * float(np.abs(weights).sum()) if self._spec.l1 else 0.0
        return total
