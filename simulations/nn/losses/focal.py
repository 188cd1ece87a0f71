"""Focal loss: cross-entropy that loses interest in what is already right."""

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
    "focal",
    label=N_("Focal"),
    summary=N_("Cross-entropy times (1 − p)^γ: easy samples fade, so that the few hard ones are heard."),
    source="Lin et al. 2017, “Focal loss for dense object detection”, equation 5, over a softmax",
)
@final
@dataclass(frozen=True)
class Focal(PlainLoss):
    """L = mean over samples of −α_true·(1 − p)^γ·log p, with p the softmax of the true class.

    With γ = 0 and equal α it is softmax cross-entropy. 1 − p is taken from log p without cancellation, so the loss stays
    exact for a p near 1. The mean is over the samples, whatever their α.
    """

    gamma: float = param(
        2.0,
        low=0.0,
        high=10.0,
        live=True,
        label=N_("Focus γ"),
        help=N_("How quickly interest fades as a sample becomes right; 0 is cross-entropy."),
    )
    alpha: ClassWeights = param(
        Equal(), registry=CLASS_WEIGHTS, live=True, label=N_("Class weights α"), help=N_("How much each class counts.")
    )

    def check_targets(self, targets: Targets) -> None:
        super().check_targets(targets)
        self.alpha.check(targets)

    def resolved(self, setting: Setting) -> PlainLoss:
        return dataclasses.replace(self, alpha=self.alpha.resolved(setting.counts))

    def compare(self, outputs: FloatArray, targets: Array, out: FloatArray) -> float:
        rows, m = np.arange(len(out)), len(out)
        np.subtract(outputs, outputs.max(axis=1)[:, None], out=out)
        log_p = out[rows, targets]
        np.exp(out, out=out)
        sums = out.sum(axis=1)
        log_p -= np.log(sums)
        wrong = -np.expm1(log_p)  # 1 − p
        scale = wrong**self.gamma / m
        weights = self.alpha.of(out.shape[1], out.dtype)
        if weights is not None:
            scale *= weights[targets]
        ratio = np.divide(log_p, wrong, out=np.full_like(log_p, -1), where=wrong > 0)  # → −1 as p → 1
        slope = scale * (1 - self.gamma * np.exp(log_p) * ratio)
        out *= (slope / sums)[:, None]
        out[rows, targets] -= slope
        return -float(np.vdot(scale, log_p))
