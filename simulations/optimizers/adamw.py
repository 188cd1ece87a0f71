"""Adam whose weight decay acts on θ itself, so that it is not divided by the gradient's size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray, aligned
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, operand
from simulations.optimizers.declarations import decoupled_decay, denominator_epsilon, first_beta, rate, second_beta
from simulations.optimizers.moment_lines import write_corrections, write_divided_step, write_means
from simulations.optimizers.moments import follow, follow_square, shrink
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "adamw",
    label=N_("AdamW"),
    summary=N_("Adam with decoupled weight decay: every step first shrinks the parameters by the same share."),
    source="Loshchilov & Hutter 2019, algorithm 2; torch.optim.AdamW",
)
@dataclass(frozen=True)
class AdamW(FirstOrder):
    """θ ← θ − η·λ·θ, then Adam   (equals ``torch.optim.AdamW``). It decays every parameter, biases too, as PyTorch does."""

    rate_family: ClassVar[RateFamily] = "length"

    learning_rate: float = rate(1e-3)
    beta1: float = first_beta(0.9)
    beta2: float = second_beta(0.999)
    epsilon: float = denominator_epsilon(1e-8)
    weight_decay: float = decoupled_decay(1e-2)

    def start(self, theta: FloatArray) -> State:
        return {name: aligned(theta.shape, theta.dtype) for name in ("first_moment", "second_moment", "_step")}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        shrink(theta, self.learning_rate, self.weight_decay)
        correction1, correction2 = 1 - self.beta1**t, (1 - self.beta2**t) ** 0.5
        m, v, step = state["first_moment"], state["second_moment"], state["_step"]
        follow(m, gradient, self.beta1, step)
        follow_square(v, gradient, self.beta2, step)
        np.sqrt(v, out=step)
        step += operand(self.epsilon * correction2, theta)
        np.divide(m, step, out=step)
        step *= operand(self.learning_rate * correction2 / correction1, theta)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("λ weight_decay", "β₁ beta1", "β₂ beta2", "ε epsilon", "m first_moment", "v second_moment")
        if self.weight_decay:
            sheet.line("θ ← θ − η·λ·θ", say.DECAY, "decay")
        write_means(sheet)
        write_corrections(sheet)
        write_divided_step(sheet)
