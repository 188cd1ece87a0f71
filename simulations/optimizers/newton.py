"""The step to the bottom of the local parabola, wherever that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.text import N_
from simulations.optimizers.base import OPTIMIZERS, Need, Objective, Optimizer, RateFamily, State, operand
from simulations.optimizers.curvature import spectrum
from simulations.optimizers.declarations import step_rate


@final
@OPTIMIZERS.register(
    "newton",
    label=N_("Newton"),
    summary=N_("Jumps to where the local parabola has slope zero: few steps, but to saddles and maxima as well."),
    source="Nocedal & Wright 2006, eq. 2.15",
)
@dataclass(frozen=True)
class Newton(Optimizer):
    """θ ← θ − η·H⁻¹·g. Along axes without curvature (below rounding) it does not move."""

    needs: ClassVar[tuple[Need, ...]] = ("gradient", "hessian")
    rate_family: ClassVar[RateFamily] = "whole"

    learning_rate: float = step_rate(1.0)

    def start(self, theta: FloatArray) -> State:
        return {}

    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        found = spectrum(objective.hessian(theta), objective.gradient(theta))
        size = np.abs(found.values)
        flat = size <= np.finfo(theta.dtype).eps * theta.shape[-1] * size.max(axis=-1, keepdims=True)
        along = np.where(flat, 0, found.gradient) / np.where(flat, 1, found.values)
        theta -= operand(self.learning_rate, theta) * found.back(along)
