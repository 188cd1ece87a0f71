"""Softmax cross-entropy: how surprised the network is by the true class, from logits."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.params import param
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.nn.losses.base import LOSSES, PlainLoss
from simulations.nn.losses.class_weights import CLASS_WEIGHTS, ClassWeights, Equal
from simulations.nn.losses.criterion import Setting


@LOSSES.register(
    "softmax_cross_entropy",
    label=N_("Softmax cross-entropy"),
    summary=N_("The mean of −log p(true class), with p the softmax of the outputs."),
    source="Bridle 1990; torch.nn.CrossEntropyLoss",
)
@final
@dataclass(frozen=True)
class SoftmaxCrossEntropy(PlainLoss):
    """L = mean over samples of log Σⱼ exp(zⱼ) − z_target; gradient (softmax(z) − onehot)/n.

    The largest logit is subtracted first, so no exponential overflows and the loss of a certain mistake is the
    difference of logits, not infinity. With class weights w the mean is Σ w_target·L / Σ w_target; with label smoothing ε
    the loss is (1 − ε)·L plus ε times the weighted mean over all classes. Equals
    ``torch.nn.CrossEntropyLoss(weight, label_smoothing)``.
    """

    label_smoothing: float = param(
        0.0,
        low=0.0,
        high=0.9,
        live=True,
        label=N_("Label smoothing"),
        help=N_(
            "This share of the target is spread evenly over all classes, so that no logit has to grow without end."
        ),
    )
    class_weights: ClassWeights = param(
        Equal(), registry=CLASS_WEIGHTS, live=True, label=N_("Class weights"), help=N_("How much each class counts.")
    )

    def check_targets(self, targets: Targets) -> None:
        super().check_targets(targets)
        self.class_weights.check(targets)

    def resolved(self, setting: Setting) -> PlainLoss:
        return dataclasses.replace(self, class_weights=self.class_weights.resolved(setting.counts))

    def mass(self, targets: Array) -> float:
        if not len(targets) or isinstance(self.class_weights, Equal):
            return len(targets)
        weights = self.class_weights.of(int(targets.max()) + 1, np.float64)
        return len(targets) if weights is None else float(weights[targets].sum())

    def compare(self, outputs: FloatArray, targets: Array, out: FloatArray) -> float:
        n = len(outputs)
        true_class = targets * n  # where each sample's true class lies in the memory of out
        true_class += np.arange(n)
        p, flat = out.T, out.T.reshape(-1)
        np.subtract(outputs.T, np.maximum.reduce(outputs, 1), out=p)
        if self.label_smoothing or not isinstance(self.class_weights, Equal):
            return self._weighted(targets, p, flat, true_class)
        true = flat[true_class]
        np.exp(p, out=p)
        sums = np.add.reduce(p, 0)
        losses = np.log(sums)
        losses -= true
        sums *= n
        p /= sums
        flat[true_class] -= 1 / n
        return float(np.add.reduce(losses)) / n

    def _weighted(self, targets: Array, p: FloatArray, flat: FloatArray, true_class: Array) -> float:
        """Go on from ``p`` ``(k, n)``, the shifted logits, with class weights and label smoothing."""
        k, share = len(p), self.label_smoothing
        found = self.class_weights.of(k, p.dtype)
        weights = np.ones(k, p.dtype) if found is None else found
        own, all_weights = weights[targets], float(weights.sum())
        total = float(own.sum())
        true, everywhere = flat[true_class], weights @ p
        np.exp(p, out=p)
        sums = np.add.reduce(p, 0)
        log_sums = np.log(sums)
        value = (1 - share) * float(own @ (log_sums - true))
        value += share / k * float((all_weights * log_sums - everywhere).sum())
        own *= (1 - share) / total
        p *= (own + share * all_weights / (k * total)) / sums
        flat[true_class] -= own
        p -= (share / (k * total) * weights)[:, None]
        return value / total
