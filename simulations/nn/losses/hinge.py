"""Hinge loss: the true class must lead by a margin; beyond that nothing more is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.losses.base import LOSSES, PlainLoss


@LOSSES.register(
    "hinge",
    label=N_("Hinge"),
    summary=N_(
        "What the true class lacks to lead the others by a margin: samples that are right by far teach nothing any more."
    ),
    source="Weston & Watkins 1999; Crammer & Singer 2001; torch.nn.MultiMarginLoss",
)
@final
@dataclass(frozen=True)
class Hinge(PlainLoss):
    """With vⱼ = max(0, margin − z_true + zⱼ) for j ≠ true: L = mean of Σⱼ vⱼᵖ / k, or of the largest vⱼᵖ alone.

    Counting all rivals is Weston & Watkins' rule and equals ``torch.nn.MultiMarginLoss(p, margin)``; counting the worst is
    Crammer & Singer's. The outputs are scores: their softmax is drawn for want of probabilities.
    """

    margin: float = param(
        1.0,
        low=1e-3,
        high=100.0,
        scale="log",
        live=True,
        label=N_("Margin"),
        help=N_("By how much the true class must lead."),
    )
    p: int = param(1, low=1, high=2, live=True, label=N_("Power"), help=N_("1: as far as it lacks; 2: that squared."))
    rivals: str = param(
        "all",
        choices=("all", "worst"),
        labels=(N_("all of them"), N_("the worst")),
        live=True,
        label=N_("Rivals"),
        help=N_(
            "Which wrong classes cost: all that come too close (as in PyTorch), or only the one that comes closest."
        ),
    )

    def compare(self, outputs: FloatArray, targets: Array, out: FloatArray) -> float:
        rows = np.arange(len(out))
        np.subtract(outputs, outputs[rows, targets][:, None] - self.margin, out=out)
        out[rows, targets] = 0
        np.maximum(out, 0, out=out)
        count = len(out) * out.shape[1]
        if self.rivals == "worst":
            worst = out.argmax(axis=1)
            kept = out[rows, worst]
            out[...] = 0
            out[rows, worst] = kept
            count = len(out)
        value: float = float(out.sum() if self.p == 1 else np.vdot(out.T, out.T)) / count
        if self.p == 1:
            np.sign(out, out=out)
        out *= self.p / count
        out[rows, targets] = -out.sum(axis=1)
        return value
