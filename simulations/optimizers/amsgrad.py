"""Adam that divides by the largest mean square so far, so that a rare large gradient is not forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, operand
from simulations.optimizers.declarations import denominator_epsilon, first_beta, rate, second_beta
from simulations.optimizers.moment_lines import write_corrections, write_divided_step, write_means
from simulations.optimizers.moments import follow, follow_square
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "amsgrad",
    label=N_("AMSGrad"),
    summary=N_("Adam with a denominator that never shrinks, which mends a case where Adam does not converge."),
    source="Reddi, Kale & Kumar 2018, algorithm 2; torch.optim.Adam(amsgrad=True)",
)
@dataclass(frozen=True)
class AMSGrad(FirstOrder):
    """x ← max(x, v), θ ← θ − η·m̂ / (√(x / (1−β₂ᵗ)) + ε)   (equals ``torch.optim.Adam(amsgrad=True)``).

    The maximum is taken before the bias is corrected; optax takes it after, which is another method.
    """

    rate_family: ClassVar[RateFamily] = "length"

    learning_rate: float = rate(1e-3)
    beta1: float = first_beta(0.9)
    beta2: float = second_beta(0.999)
    epsilon: float = denominator_epsilon(1e-8)

    def start(self, theta: FloatArray) -> State:
        names = ("first_moment", "second_moment", "largest_second_moment", "_step")
        return {name: np.zeros_like(theta) for name in names}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        m, v, largest, step = (state[name] for name in state)
        correction1, correction2 = 1 - self.beta1**t, (1 - self.beta2**t) ** 0.5
        follow(m, gradient, self.beta1, step)
        follow_square(v, gradient, self.beta2, step)
        np.maximum(largest, v, out=largest)
        np.sqrt(largest, out=step)
        step += operand(self.epsilon * correction2, theta)
        np.divide(m, step, out=step)
        step *= operand(self.learning_rate * correction2 / correction1, theta)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("β₁ beta1", "β₂ beta2", "ε epsilon")
        sheet.read("m first_moment", "v second_moment", "x largest_second_moment")
        write_means(sheet)
        sheet.line("x ← max(x, v)", say.LARGEST)
        write_corrections(sheet, "x")
        write_divided_step(sheet, "√x̂ + ε")
