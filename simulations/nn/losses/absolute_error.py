"""Absolute error: every unit of distance costs the same, so a single wild sample cannot rule the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.targets import TargetKind
from simulations.core.text import N_
from simulations.nn.losses.base import LOSSES, PlainLoss, difference, shares


@LOSSES.register(
    "absolute_error",
    label=N_("Absolute error"),
    summary=N_("The mean distance of the outputs from the targets: outliers pull no harder than anything else."),
    source="torch.nn.L1Loss; one-hot targets for classes",
)
@final
@dataclass(frozen=True)
class AbsoluteError(PlainLoss):
    """L = mean over all m·k outputs of |z − y|; gradient sign(z − y)/(m·k), 0 at a hit. Equals ``torch.nn.L1Loss()``."""

    kinds: ClassVar[tuple[TargetKind, ...]] = ("classes", "values")

    def compare(self, outputs: FloatArray, targets: Array, out: FloatArray) -> float:
        difference(outputs, targets, out)
        value = float(np.abs(out).sum()) / out.size
        np.sign(out, out=out)
        out /= out.size
        return value

    def probabilities(self, outputs: FloatArray) -> FloatArray:
        return shares(outputs)
