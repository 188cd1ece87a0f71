"""Adam that looks ahead along its momentum, in PyTorch's form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, operand
from simulations.optimizers.declarations import denominator_epsilon, first_beta, rate, second_beta
from simulations.optimizers.moment_lines import write_means
from simulations.optimizers.moments import follow, follow_square, per_point
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "nadam",
    label=N_("NAdam (PyTorch)"),
    summary=N_("Adam with Nesterov's look-ahead: the newest gradient counts at once, and momentum warms up."),
    source="Dozat 2016; torch.optim.NAdam (other libraries leave out the warm-up ψ)",
)
@dataclass(frozen=True)
class NAdam(FirstOrder):
    """θ ← θ − η·[μₜ₊₁·m/(1−∏μ₁…ₜ₊₁) + (1−μₜ)·g/(1−∏μ₁…ₜ)] / (√v̂ + ε), μₜ = β₁·(1 − ½·0.96^(t·ψ)).

    Equals ``torch.optim.NAdam``. The product of the μ is one number for each point, kept as ``momentum_product``.
    """

    rate_family: ClassVar[RateFamily] = "length"

    learning_rate: float = rate(2e-3)
    beta1: float = first_beta(0.9)
    beta2: float = second_beta(0.999)
    epsilon: float = denominator_epsilon(1e-8)
    momentum_decay: float = param(
        4e-3,
        low=0.0,
        high=1.0,
        scale="log",
        live=True,
        label=N_("Warm-up ψ"),
        help=N_("How fast the momentum grows from half of β₁ to β₁."),
    )

    def start(self, theta: FloatArray) -> State:
        state = {name: np.zeros_like(theta) for name in ("first_moment", "second_moment", "_step", "_root")}
        return {**state, "momentum_product": per_point(theta, 1.0)}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        m, v, step, root = (state[name] for name in ("first_moment", "second_moment", "_step", "_root"))
        product = state["momentum_product"]
        mu, mu_next = (self.beta1 * (1 - 0.5 * 0.96 ** (k * self.momentum_decay)) for k in (t, t + 1))
        product *= operand(mu, theta)
        follow(m, gradient, self.beta1, step)
        follow_square(v, gradient, self.beta2, step)
        np.sqrt(v, out=root)
        root *= operand((1 - self.beta2**t) ** -0.5, theta)
        root += operand(self.epsilon, theta)
        np.multiply(gradient, operand(self.learning_rate * (1 - mu) / (1 - product), theta), out=step)
        step /= root
        theta -= step
        np.multiply(m, operand(self.learning_rate * mu_next / (1 - product * mu_next), theta), out=step)
        step /= root
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("β₁ beta1", "β₂ beta2", "ε epsilon", "ψ momentum_decay")
        sheet.read("m first_moment", "v second_moment", "p momentum_product")
        sheet.line("μ ← β₁·(1 − 0.5·0.96^(t·ψ))", say.MOMENTUM_NOW)
        sheet.line("n ← β₁·(1 − 0.5·0.96^((t + 1)·ψ))", say.MOMENTUM_NEXT)
        sheet.line("p ← p·μ", say.MOMENTUM_PRODUCT)
        write_means(sheet)
        sheet.line("v̂ ← v/(1 − β₂ᵗ)", say.DEBIASED_SQUARE)
        sheet.line("d ← n·m/(1 − p·n) + (1 − μ)·g/(1 − p)", say.LOOK_AHEAD)
        sheet.line("θ ← θ − η·d/(√v̂ + ε)", say.SCALED_STEP, "step")
        sheet.around("ellipse", "η·‖d‖/(√v̂ + ε)")
