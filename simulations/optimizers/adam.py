"""Momentum and RMSProp together, each corrected for having started at zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray, aligned
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, operand
from simulations.optimizers.declarations import denominator_epsilon, first_beta, rate, second_beta
from simulations.optimizers.moment_lines import write_corrections, write_divided_step, write_means
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "adam",
    label=N_("Adam"),
    summary=N_("Averages the gradient and its square and divides one by the root of the other: steps of about η each."),
    source="Kingma & Ba 2015, algorithm 1; torch.optim.Adam",
)
@dataclass(frozen=True)
class Adam(FirstOrder):
    """Adaptive moments. θ ← θ − η·m̂ / (√v̂ + ε)   (Kingma & Ba 2015, algorithm 1; equals ``torch.optim.Adam``).

    m and v are running means of g and g²; m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ). Both corrections are folded into
    two scalars (end of the paper's section 2): θ ← θ − α·m / (√v + ε̂), α = η·√(1−β₂ᵗ)/(1−β₁ᵗ), ε̂ = ε·√(1−β₂ᵗ).
    Without bias correction both are 1.
    """

    rate_family: ClassVar[RateFamily] = "length"

    learning_rate: float = rate(1e-3)
    beta1: float = first_beta(0.9)
    beta2: float = second_beta(0.999)
    epsilon: float = denominator_epsilon(1e-8)
    bias_correction: bool = param(
        True,
        live=True,
        label=N_("Bias correction"),
        help=N_("Makes up for means that began at zero; without it the first steps are far too long or too short."),
    )

    def start(self, theta: FloatArray) -> State:
        return {name: aligned(theta.shape, theta.dtype) for name in ("first_moment", "second_moment", "_step")}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        m, v, step = state["first_moment"], state["second_moment"], state["_step"]
        correction1 = 1 - self.beta1**t if self.bias_correction else 1.0
        correction2 = (1 - self.beta2**t) ** 0.5 if self.bias_correction else 1.0
        np.subtract(gradient, m, out=step)
        step *= operand(1 - self.beta1, theta)
        m += step
        np.multiply(gradient, gradient, out=step)
        step -= v
        step *= operand(1 - self.beta2, theta)
        v += step
        np.sqrt(v, out=step)
        step += operand(self.epsilon * correction2, theta)
        np.divide(m, step, out=step)
        step *= operand(self.learning_rate * correction2 / correction1, theta)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("β₁ beta1", "β₂ beta2", "ε epsilon", "m first_moment", "v second_moment")
        write_means(sheet)
        if self.bias_correction:
            write_corrections(sheet)
            write_divided_step(sheet)
        else:
            sheet.line("m̂ ← m", say.AS_IT_IS)
            write_divided_step(sheet, "√v + ε", correction="")
