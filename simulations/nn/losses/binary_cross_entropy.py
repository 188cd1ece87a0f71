"""Binary cross-entropy: every output is a yes-or-no question of its own, asked of a logit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import Array, FloatArray, Shape
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.nn.losses.base import LOSSES, PlainLoss


@LOSSES.register(
    "binary_cross_entropy",
    label=N_("Binary cross-entropy"),
    summary=N_("Each output answers “is it this class?” by itself; two classes can do with a single output."),
    source="torch.nn.BCEWithLogitsLoss on one-hot targets",
)
@final
@dataclass(frozen=True)
class BinaryCrossEntropy(PlainLoss):
    """L = mean over all m·k outputs of log(1 + exp(−z)) where the answer is yes, log(1 + exp(z)) where it is no.

    One output per class, against one-hot targets, or a single output for two classes, yes being the second. The gradient is
    (σ(z) − y)/(m·k). Nothing overflows and a tiny loss keeps its digits, because the sign of the true logit is turned
    first. Equals ``torch.nn.BCEWithLogitsLoss()``.
    """

    def check(self, output_shape: Shape, targets: Targets) -> None:
        if len(targets.names) == 2 and output_shape == (*targets.steps, 1):
            self.check_targets(targets)
            return
        super().check(output_shape, targets)

    def compare(self, outputs: FloatArray, targets: Array, out: FloatArray) -> float:
        signs = _signs(targets, out)
        np.multiply(outputs, signs, out=out)  # how strongly each answer is wrong
        value = float(np.logaddexp(0, out).sum()) / out.size
        np.negative(out, out=out)
        np.logaddexp(0, out, out=out)
        np.negative(out, out=out)
        np.exp(out, out=out)  # σ of it
        signs /= out.size
        out *= signs
        return value

    def probabilities(self, outputs: FloatArray) -> FloatArray:
        """The sigmoids, ``(…, k)``, scaled to sum to 1; a single output is the probability of the second class."""
        if outputs.shape[-1] == 1:
            return super().probabilities(np.concatenate((np.zeros_like(outputs), outputs), axis=-1))
        return super().probabilities(-np.logaddexp(0, -outputs))

    def decisions(self, outputs: FloatArray) -> Array:
        if outputs.shape[-1] == 1:
            return (outputs[..., 0] > 0).astype(np.intp)
        return super().decisions(outputs)


def _signs(targets: Array, like: FloatArray) -> FloatArray:
    """−1 where the answer is yes, 1 where it is no, ``(m, k)``."""
    signs = np.ones_like(like)
    if like.shape[1] == 1:
        signs[targets == 1] = -1
    else:
        signs[np.arange(len(signs)), targets] = -1
    return signs
