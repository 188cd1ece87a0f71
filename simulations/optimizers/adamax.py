"""Adam with the largest recent gradient in place of the mean square."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, operand
from simulations.optimizers.declarations import denominator_epsilon, first_beta, rate, second_beta
from simulations.optimizers.moment_lines import write_divided_step, write_mean
from simulations.optimizers.moments import follow
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "adamax",
    label=N_("Adamax"),
    summary=N_("Divides the mean gradient by the largest recent gradient, which fades slowly."),
    source="Kingma & Ba 2015, algorithm 2; torch.optim.Adamax",
)
@dataclass(frozen=True)
class Adamax(FirstOrder):
    """u ← max(β₂·u, |g| + ε), θ ← θ − η/(1−β₁ᵗ)·m / u   (equals ``torch.optim.Adamax``)."""

    rate_family: ClassVar[RateFamily] = "length"

    learning_rate: float = rate(2e-3)
    beta1: float = first_beta(0.9)
    beta2: float = second_beta(0.999)
    epsilon: float = denominator_epsilon(1e-8)

    def start(self, theta: FloatArray) -> State:
        return {name: np.zeros_like(theta) for name in ("first_moment", "largest", "_step")}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        m, u, step = state["first_moment"], state["largest"], state["_step"]
        follow(m, gradient, self.beta1, step)
        u *= operand(self.beta2, theta)
        np.abs(gradient, out=step)
        step += operand(self.epsilon, theta)
        np.maximum(u, step, out=u)
        np.divide(m, u, out=step)
        step *= operand(self.learning_rate / (1 - self.beta1**t), theta)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("β₁ beta1", "β₂ beta2", "ε epsilon", "m first_moment", "u largest")
        write_mean(sheet)
        sheet.line("u ← max(β₂·u, |g| + ε)", say.LARGEST_GRADIENT)
        sheet.line("m̂ ← m/(1 − β₁ᵗ)", say.DEBIASED_MEAN)
        write_divided_step(sheet, "u")
