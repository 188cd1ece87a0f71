"""Adam that steps by momentum alone until its mean square has seen enough to be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import Array, FloatArray
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, operand
from simulations.optimizers.declarations import denominator_epsilon, first_beta, rate, second_beta
from simulations.optimizers.moment_lines import write_divided_step, write_means
from simulations.optimizers.moments import follow, follow_square
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "radam",
    label=N_("RAdam"),
    summary=N_("Rectified Adam: its first steps are plain momentum, which is a trap on steep surfaces."),
    source="Liu et al. 2020, algorithm 2; torch.optim.RAdam",
)
@dataclass(frozen=True)
class RAdam(FirstOrder):
    """ρₜ = ρ∞ − 2t·β₂ᵗ/(1−β₂ᵗ), ρ∞ = 2/(1−β₂) − 1. If ρₜ > 5: θ ← θ − η·rₜ·m̂·√(1−β₂ᵗ)/(√v + ε), else θ ← θ − η·m̂.

    rₜ = √((ρₜ−4)(ρₜ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρₜ))   (equals ``torch.optim.RAdam``).
    """

    rate_family: ClassVar[RateFamily] = "both"

    learning_rate: float = rate(1e-3)
    beta1: float = first_beta(0.9)
    beta2: float = second_beta(0.999)
    epsilon: float = denominator_epsilon(1e-8)

    def start(self, theta: FloatArray) -> State:
        return {name: np.zeros_like(theta) for name in ("first_moment", "second_moment", "_step")}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        m, v, step = state["first_moment"], state["second_moment"], state["_step"]
        correction1, correction2 = 1 - self.beta1**t, 1 - self.beta2**t
        follow(m, gradient, self.beta1, step)
        follow_square(v, gradient, self.beta2, step)
        rectified, trusted = _rectification(np.asarray(self.beta2), np.asarray(correction2), t)
        np.sqrt(v, out=step)
        step += operand(self.epsilon, theta)
        np.divide(operand(rectified * correction2**0.5, theta), step, out=step)
        if not trusted.all():
            np.copyto(step, 1, where=np.logical_not(trusted))
        step *= m
        step *= operand(self.learning_rate / correction1, theta)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("β₁ beta1", "β₂ beta2", "ε epsilon", "m first_moment", "v second_moment")
        write_means(sheet)
        sheet.line("m̂ ← m/(1 − β₁ᵗ)", say.DEBIASED_MEAN)
        sheet.line("R ← 2/(1 − β₂) − 1", say.LONGEST_MEMORY)
        sheet.line("ρ ← R − 2·t·β₂ᵗ/(1 − β₂ᵗ)", say.MEMORY)
        if sheet["ρ"] > 5:
            sheet.line("r ← √((ρ − 4)·(ρ − 2)·R/((R − 4)·(R − 2)·ρ))", say.RECTIFIED)
            write_divided_step(sheet, "(√v + ε)/(r·√(1 − β₂ᵗ))")
        else:
            sheet.line("θ ← θ − η·m̂", say.UNTRUSTED_STEP, "step")


def _rectification(beta2: FloatArray, correction2: FloatArray, t: int) -> tuple[FloatArray, Array]:
    """rₜ, and whether ρₜ > 5, so that it may be used."""
    longest = 2 / (1 - beta2) - 1
    length = longest - 2 * t * beta2**t / correction2
    trusted = np.asarray(length > 5)
    length = np.where(trusted, length, 6.0)
    above = (length - 4) * (length - 2) * longest
    below = np.where(trusted, (longest - 4) * (longest - 2) * length, 1.0)
    return np.sqrt(np.where(trusted, above / below, 1.0)), trusted
