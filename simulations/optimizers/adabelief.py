"""Adam that divides by how far the gradient strays from its mean: sure gradients take long steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, operand
from simulations.optimizers.declarations import denominator_epsilon, first_beta, rate, second_beta
from simulations.optimizers.moment_lines import write_corrections, write_divided_step, write_mean
from simulations.optimizers.moments import follow, follow_square
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "adabelief",
    label=N_("AdaBelief"),
    summary=N_("Divides by the spread of the gradient about its own mean: long steps where gradients agree."),
    source="Zhuang et al. 2020, algorithm 2",
)
@dataclass(frozen=True)
class AdaBelief(FirstOrder):
    """s ← β₂·s + (1−β₂)·(g − m)² + ε, θ ← θ − η·m̂ / (√ŝ + ε), m already holding g   (the paper's algorithm 2)."""

    rate_family: ClassVar[RateFamily] = "length"

    learning_rate: float = rate(1e-3)
    beta1: float = first_beta(0.9)
    beta2: float = second_beta(0.999)
    epsilon: float = denominator_epsilon(1e-16)

    def start(self, theta: FloatArray) -> State:
        return {name: np.zeros_like(theta) for name in ("first_moment", "spread", "_step", "_error")}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        m, s, step, error = state["first_moment"], state["spread"], state["_step"], state["_error"]
        correction1, correction2 = 1 - self.beta1**t, (1 - self.beta2**t) ** 0.5
        follow(m, gradient, self.beta1, step)
        np.subtract(gradient, m, out=error)
        follow_square(s, error, self.beta2, step)
        s += operand(self.epsilon, theta)
        np.sqrt(s, out=step)
        step += operand(self.epsilon * correction2, theta)
        np.divide(m, step, out=step)
        step *= operand(self.learning_rate * correction2 / correction1, theta)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("β₁ beta1", "β₂ beta2", "ε epsilon", "m first_moment", "s spread")
        write_mean(sheet)
        sheet.line("s ← β₂·s + (1 − β₂)·(g − m)² + ε", say.SPREAD)
        write_corrections(sheet, "s")
        write_divided_step(sheet, "√ŝ + ε")
