"""Huber loss: squared near the target, absolute far from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.params import param
from simulations.core.targets import TargetKind
from simulations.core.text import N_
from simulations.nn.losses.base import LOSSES, PlainLoss, difference, shares


@LOSSES.register(
    "huber",
    label=N_("Huber"),
    summary=N_(
        "Squared error within a distance δ of the target and absolute error beyond it: smooth, yet calm about outliers."
    ),
    source="Huber 1964; torch.nn.HuberLoss",
)
@final
@dataclass(frozen=True)
class Huber(PlainLoss):
    """L = mean over all m·k outputs of ½d² where |d| ≤ δ, else δ(|d| − ½δ), with d = z − y; gradient clip(d, ±δ)/(m·k).

    Equals ``torch.nn.HuberLoss(delta=δ)``.
    """

    kinds: ClassVar[tuple[TargetKind, ...]] = ("classes", "values")

    delta: float = param(
        1.0,
        low=1e-3,
        high=1e3,
        scale="log",
        live=True,
        label=N_("Threshold δ"),
        help=N_("The distance at which squared turns into absolute; standardised values have a spread of 1."),
    )

    def compare(self, outputs: FloatArray, targets: Array, out: FloatArray) -> float:
        difference(outputs, targets, out)
        far = np.abs(out)
        np.clip(out, -self.delta, self.delta, out=out)
        near = np.abs(out)  # c = min(|d|, δ): both branches are c·(|d| − ½c)
        far -= 0.5 * near
        value = float(np.vdot(near.T, far.T)) / out.size
        out /= out.size
        return value

    def probabilities(self, outputs: FloatArray) -> FloatArray:
        return shares(outputs)
