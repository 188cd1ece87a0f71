"""The step to the bottom of the local parabola, wherever that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, Need, Objective, Optimizer, RateFamily, State, operand
from simulations.optimizers.curvature import spectrum, write_axes
from simulations.optimizers.declarations import step_rate
from simulations.optimizers.worksheet import Worksheet


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

    def explain(self, sheet: Worksheet) -> None:
        write_axes(sheet)
        size = np.abs(sheet["λ"])
        flat = size <= np.finfo(np.float64).eps * size.size * size.max()
        if flat.any():
            sheet.let("z", flat.astype(np.float64))
            sheet.line("s ← (1 − z)·a/(λ + z)", say.NEWTON)
        else:
            sheet.line("s ← a/λ", say.NEWTON)
        if (sheet["λ"] > 0).all():
            sheet.stable("2", "H")
        sheet.line("θ ← θ − η·(V·s)", say.NEWTON_STEP, "step")
