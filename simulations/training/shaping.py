"""What happens to a batch's gradient before the optimizer sees it: penalties are added, then it is clipped.

Decoupled decay stands beside it: it acts on the weights themselves and leaves the gradient alone.
"""

from __future__ import annotations

import numpy as np

from simulations.documents.experiment import ExperimentSpec
from simulations.nn.network import Network
from simulations.optimizers.clipping import NoClipping


class Shaping:
    """The penalties, the clipping and the decay of one experiment, on the weights of one network (biases are left alone)."""

    def __init__(self, network: Network, spec: ExperimentSpec) -> None:
        self._spec, self._gradient = spec, network.gradient
        self._clip = None if isinstance(spec.clipping, NoClipping) else spec.clipping.clip
        used = spec.l2 or spec.l1 or spec.decoupled_decay
        self._weights = [
            (network.gradient[place], network.theta[place], np.empty_like(network.theta[place]))
            for place in (network.decay if used else ())
        ]

    def shape_gradient(self) -> None:
        """Add l2·θ and l1·sign(θ) to the gradient of every weight, then clip the whole gradient."""
        l2, l1 = self._spec.l2, self._spec.l1
        for gradient, weights, scratch in self._weights:
            if l2:
                np.multiply(weights, l2, out=scratch)
                np.add(gradient, scratch, out=gradient)
            if l1:
                np.sign(weights, out=scratch)
                np.multiply(scratch, l1, out=scratch)
                np.add(gradient, scratch, out=gradient)
        if self._clip is not None:
            self._clip(self._gradient)

    def penalty(self) -> float:
        """What the penalties add to the loss: ½·l2·‖θ‖² + l1·‖θ‖₁ over the weights."""
        total = 0.0
        for _, weights, _scratch in self._weights:
            total += 0.5 * self._spec.l2 * float(weights.dot(weights))
            total += self._spec.l1 * float(np.abs(weights).sum()) if self._spec.l1 else 0.0
        return total

    def decay(self, rate: float) -> None:
        """θ ← θ − rate·λ·θ on every weight."""
        share = rate * self._spec.decoupled_decay
        for _, weights, _scratch in self._weights if share else ():
            np.multiply(weights, 1 - share, out=weights)
