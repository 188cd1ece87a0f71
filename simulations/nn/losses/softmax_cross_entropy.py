"""Softmax cross-entropy: how surprised the network is by the true class, from logits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.text import N_
from simulations.nn.losses.base import LOSSES, Loss


@LOSSES.register(
    "softmax_cross_entropy",
    label=N_("Softmax cross-entropy"),
    summary=N_("The mean of −log p(true class), with p the softmax of the outputs."),
    source="Bridle 1990; torch.nn.CrossEntropyLoss",
)
@final
@dataclass(frozen=True)
class SoftmaxCrossEntropy(Loss):
    """L = mean over samples of log Σⱼ exp(zⱼ) − z_target; gradient (softmax(z) − onehot)/n.

    The largest logit is subtracted first, so no exponential overflows and the loss of a certain mistake is the
    difference of logits, not infinity. Equals ``torch.nn.CrossEntropyLoss()``.
    """

    def compare(self, outputs: FloatArray, targets: Array, out: FloatArray) -> float:
        n = len(outputs)
        true_class = targets * n  # where each sample's true class lies in the memory of out
        true_class += np.arange(n)
        p, flat = out.T, out.T.reshape(-1)
        np.subtract(outputs.T, np.maximum.reduce(outputs, 1), out=p)
        true = flat[true_class]
        np.exp(p, out=p)
        sums = np.add.reduce(p, 0)
        losses = np.log(sums)
        losses -= true
        sums *= n
        p /= sums
        flat[true_class] -= 1 / n
        return float(np.add.reduce(losses)) / n
