"""Newton's step through |H|: away from saddles and maxima instead of into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, Need, Objective, Optimizer, RateFamily, State, operand
from simulations.optimizers.curvature import spectrum, write_axes
from simulations.optimizers.declarations import step_rate
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "saddle_free_newton",
    label=N_("Saddle-free Newton"),
    summary=N_("Divides by the size of each curvature, not its sign, so that saddles repel instead of attract."),
    source="Dauphin et al. 2014, algorithm 1",
)
@dataclass(frozen=True)
class SaddleFreeNewton(Optimizer):
    """θ ← θ − η·|H|⁻¹·g with |H| = V·max(|Λ|, floor)·Vᵀ."""

    needs: ClassVar[tuple[Need, ...]] = ("gradient", "hessian")
    rate_family: ClassVar[RateFamily] = "whole"

    learning_rate: float = step_rate(1.0)
    floor: float = param(
        1e-3,
        low=1e-8,
        high=10.0,
        scale="log",
        live=True,
        label=N_("Least curvature"),
        help=N_("Flatter axes are treated as curved this much, which bounds the step."),
    )

    def start(self, theta: FloatArray) -> State:
        return {}

    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        found = spectrum(objective.hessian(theta), objective.gradient(theta))
        along = found.gradient / np.maximum(np.abs(found.values), operand(self.floor, theta))
        theta -= operand(self.learning_rate, theta) * found.back(along)

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("l floor")
        write_axes(sheet)
        sheet.line("s ← a/max(|λ|, l)", say.FLOORED)
        sheet.line("θ ← θ − η·(V·s)", say.NEWTON_STEP, "step")
