"""Squared error: how far the outputs are from the values, or from 1 for the true class and 0 for the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.targets import TargetKind
from simulations.core.text import N_
from simulations.nn.losses.base import LOSSES, PlainLoss, difference, shares


@LOSSES.register(
    "squared_error",
    label=N_("Squared error"),
    summary=N_(
        "The mean squared distance of the outputs from the values; for classes, from 1 for the true one and 0 for the others."
    ),
    source="torch.nn.MSELoss; one-hot targets for classes",
)
@final
@dataclass(frozen=True)
class SquaredError(PlainLoss):
    """L = mean over all m·k outputs of (z − y)²; gradient 2(z − y)/(m·k), with y one-hot for classes.

    The mean is over positions *and* outputs. Equals ``torch.nn.MSELoss()``.
    """

    kinds: ClassVar[tuple[TargetKind, ...]] = ("classes", "values")

    def compare(self, outputs: FloatArray, targets: Array, out: FloatArray) -> float:
        difference(outputs, targets, out)
        value = float(np.vdot(out.T, out.T)) / out.size
        out *= 2 / out.size
        return value

    def probabilities(self, outputs: FloatArray) -> FloatArray:
        return shares(outputs)
