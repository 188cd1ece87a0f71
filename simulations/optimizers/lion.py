"""The sign of a mean of gradients: every parameter moves by η, whatever its gradient's size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, operand
from simulations.optimizers.declarations import decoupled_decay, first_beta, rate
from simulations.optimizers.moments import follow, shrink
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "lion",
    label=N_("Lion"),
    summary=N_("Moves every parameter by exactly η along the sign of a mean gradient; wants a smaller rate than Adam."),
    source="Chen et al. 2023, algorithm 2; optax.lion",
)
@dataclass(frozen=True)
class Lion(FirstOrder):
    """u = sign(β₁·m + (1−β₁)·g), θ ← θ − η·(u + λ·θ), m ← β₂·m + (1−β₂)·g   (equals ``optax.lion``)."""

    rate_family: ClassVar[RateFamily] = "length"

    learning_rate: float = rate(1e-4)
    beta1: float = first_beta(0.9)
    beta2: float = param(
        0.99,
        low=0.0,
        high=0.9999,
        live=True,
        label=N_("β₂"),
        help=N_("Share of the remembered gradient that is kept from one step to the next."),
    )
    weight_decay: float = decoupled_decay(1e-3)

    def start(self, theta: FloatArray) -> State:
        return {name: np.zeros_like(theta) for name in ("momentum", "_step", "_sum")}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        m, step, total = state["momentum"], state["_step"], state["_sum"]
        np.subtract(gradient, m, out=total)
        total *= operand(1 - self.beta1, theta)
        total += m
        np.sign(total, out=total)
        follow(m, gradient, self.beta2, step)
        shrink(theta, self.learning_rate, self.weight_decay)
        total *= operand(self.learning_rate, theta)
        theta -= total

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("β₁ beta1", "β₂ beta2", "λ weight_decay", "m momentum")
        sheet.line("c ← β₁·m + (1 − β₁)·g", say.MIXED)
        sheet.arrow("momentum", "−η·c")
        sheet.line("u ← sign(c)", say.SIGN)
        sheet.line("m ← β₂·m + (1 − β₂)·g", say.MEAN)
        if self.weight_decay:
            sheet.line("θ ← θ − η·λ·θ", say.DECAY, "decay")
        sheet.line("θ ← θ − η·u", say.SIGN_STEP, "step")
        sheet.around("box", "η")
