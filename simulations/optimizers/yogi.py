"""Adam whose mean square moves by a bounded amount, so that it cannot suddenly collapse."""

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
from simulations.optimizers.moments import follow
from simulations.optimizers.worksheet import Worksheet

_START = 1e-6  # of both means; the paper's experiments and optax.yogi


@final
@OPTIMIZERS.register(
    "yogi",
    label=N_("Yogi"),
    summary=N_("Lets the mean square change by at most (1−β₂)·g² in a step, so that steps grow only slowly."),
    source="Zaheer et al. 2018, algorithm 2; optax.yogi",
)
@dataclass(frozen=True)
class Yogi(FirstOrder):
    """v ← v − (1−β₂)·sign(v − g²)·g², θ ← θ − η·m̂ / (√v̂ + ε), m₀ = v₀ = 1e-6   (equals ``optax.yogi``)."""

    rate_family: ClassVar[RateFamily] = "length"

    learning_rate: float = rate(1e-2)
    beta1: float = first_beta(0.9)
    beta2: float = second_beta(0.999)
    epsilon: float = denominator_epsilon(1e-3)

    def start(self, theta: FloatArray) -> State:
        state = {name: np.full_like(theta, _START) for name in ("first_moment", "second_moment")}
        return {**state, "_step": np.zeros_like(theta), "_square": np.zeros_like(theta)}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        m, v, step, square = state["first_moment"], state["second_moment"], state["_step"], state["_square"]
        correction1, correction2 = 1 - self.beta1**t, (1 - self.beta2**t) ** 0.5
        follow(m, gradient, self.beta1, step)
        np.multiply(gradient, gradient, out=square)
        np.subtract(v, square, out=step)
        np.sign(step, out=step)
        step *= square
        step *= operand(1 - self.beta2, theta)
        v -= step
        np.sqrt(v, out=step)
        step += operand(self.epsilon * correction2, theta)
        np.divide(m, step, out=step)
        step *= operand(self.learning_rate * correction2 / correction1, theta)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("β₁ beta1", "β₂ beta2", "ε epsilon", "m first_moment", "v second_moment")
        write_mean(sheet)
        sheet.line("v ← v − (1 − β₂)·sign(v − g²)·g²", say.YOGI_SQUARE)
        write_corrections(sheet)
        write_divided_step(sheet)
