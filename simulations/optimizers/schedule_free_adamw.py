"""Adam's denominator in the schedule-free frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, acts, operand
from simulations.optimizers.declarations import (
    decoupled_decay,
    denominator_epsilon,
    momentum_share,
    rate,
    second_beta,
)
from simulations.optimizers.moments import follow_square
from simulations.optimizers.schedule_free_sgd import advance_average, start_average, write_averaged_step
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "schedule_free_adamw",
    label=N_("Schedule-free AdamW"),
    summary=N_("Schedule-free averaging with Adam's division by the recent gradient size; a warm-up helps."),
    source="Defazio et al. 2024, algorithm 1; facebookresearch/schedule_free AdamWScheduleFree",
)
@dataclass(frozen=True)
class ScheduleFreeAdamW(FirstOrder):
    """z ← z − η·(g(y)/(√v̂ + ε) + λ·y), x ← (1−c)·x + c·z, y = μ·x + (1−μ)·z. θ is y; the answer is x."""

    rate_family: ClassVar[RateFamily] = "length"

    learning_rate: float = rate(2.5e-3)
    momentum: float = momentum_share(0.9)
    beta2: float = second_beta(0.999)
    epsilon: float = denominator_epsilon(1e-8)
    weight_decay: float = decoupled_decay(0.0)

    def start(self, theta: FloatArray) -> State:
        return {**start_average(theta), "second_moment": np.zeros_like(theta), "_decay": np.zeros_like(theta)}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        v, step, decay = state["second_moment"], state["_step"], state["_decay"]
        correction2 = (1 - self.beta2**t) ** 0.5
        follow_square(v, gradient, self.beta2, step)
        np.sqrt(v, out=step)
        step += operand(self.epsilon * correction2, theta)
        np.divide(gradient, step, out=step)
        step *= operand(self.learning_rate * correction2, theta)
        if acts(self.weight_decay):
            np.multiply(theta, operand(self.learning_rate * self.weight_decay, theta), out=decay)
            step += decay
        advance_average(theta, state, self.learning_rate, self.momentum)

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("μ momentum", "β₂ beta2", "ε epsilon", "λ weight_decay", "v second_moment")
        sheet.line("v ← β₂·v + (1 − β₂)·g²", say.SQUARE)
        sheet.line("v̂ ← v/(1 − β₂ᵗ)", say.DEBIASED_SQUARE)
        sheet.line("d ← g/(√v̂ + ε)", say.SCALED_STEP)
        sheet.around("ellipse", "η·‖g‖/(√v̂ + ε)")
        if self.weight_decay:
            sheet.line("d ← d + λ·θ", say.DECAY)
            sheet.arrow("decay", "−η·λ·θ", "θ − η·(d − λ·θ)")
        write_averaged_step(sheet, "d")
        sheet.stable("2/(1 − μ)", "√v̂ + ε")

    def answer(self, theta: FloatArray, state: State) -> FloatArray:
        return state["average"]
