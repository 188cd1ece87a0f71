"""Adam with Nesterov's idea written as the change of the gradient, so that one gradient a step is enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, acts, operand
from simulations.optimizers.declarations import decoupled_decay, denominator_epsilon, rate
from simulations.optimizers.moment_lines import write_mean
from simulations.optimizers.moments import follow, follow_square
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "adan",
    label=N_("Adan"),
    summary=N_("Adds the mean change of the gradient to the mean gradient, which brakes before a curve."),
    source="Xie et al. 2022, algorithm 1; sail-sg/Adan, and optax.contrib's other coefficient",
)
@dataclass(frozen=True)
class Adan(FirstOrder):
    """m ≈ mean g, d ≈ mean (g−g′), n ≈ mean (g + c·(g−g′))²; θ ← (θ − η·(m̂ + c·d̂)/(√n̂ + ε)) / (1 + η·λ).

    c = β₂ in the authors' code (their paper writes 1 − β₂ for the same number, with β₂ = 0.08); optax has c = 1 − β₂ with
    β₂ = 0.92, another method. g′ is the gradient before, and g itself at the first step.
    """

    rate_family: ClassVar[RateFamily] = "length"

    learning_rate: float = rate(1e-3)
    beta1: float = param(
        0.98, low=0.0, high=0.9999, live=True, label=N_("β₁"), help=N_("Share of the mean gradient kept.")
    )
    beta2: float = param(
        0.92, low=0.0, high=0.9999, live=True, label=N_("β₂"), help=N_("Share of the mean change kept.")
    )
    beta3: float = param(
        0.99, low=0.0, high=0.99999, live=True, label=N_("β₃"), help=N_("Share of the mean square kept.")
    )
    epsilon: float = denominator_epsilon(1e-8)
    weight_decay: float = decoupled_decay(0.0)
    form: str = param(
        "authors",
        choices=("authors", "optax"),
        labels=(N_("Authors' code: β₂"), N_("optax: 1 − β₂")),
        live=True,
        label=N_("Weight of the change"),
        help=N_("Implementations disagree about the factor of the mean change."),
    )

    def start(self, theta: FloatArray) -> State:
        names = ("first_moment", "change", "second_moment", "previous_gradient", "_step", "_change")
        return {name: np.zeros_like(theta) for name in names}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        m, d, n, previous, step, change = (state[name] for name in state)
        weight = self.beta2 if self.form == "authors" else 1 - self.beta2
        correction1, correction2 = 1 - self.beta1**t, 1 - self.beta2**t
        correction3 = (1 - self.beta3**t) ** 0.5
        np.subtract(gradient, gradient if t == 1 else previous, out=change)
        np.copyto(previous, gradient)
        follow(m, gradient, self.beta1, step)
        follow(d, change, self.beta2, step)
        change *= operand(weight, theta)
        change += gradient
        follow_square(n, change, self.beta3, step)
        np.multiply(d, operand(weight * correction1 / correction2, theta), out=step)
        step += m
        np.sqrt(n, out=change)
        change += operand(self.epsilon * correction3, theta)
        step /= change
        step *= operand(self.learning_rate * correction3 / correction1, theta)
        theta -= step
        if acts(self.weight_decay):
            theta /= operand(1 + self.learning_rate * self.weight_decay, theta)

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("β₁ beta1", "β₂ beta2", "β₃ beta3", "ε epsilon", "λ weight_decay")
        sheet.read("m first_moment", "d change", "n second_moment", "g′ previous_gradient")
        sheet.let("c", self.beta2 if self.form == "authors" else 1 - self.beta2)
        if sheet.t == 1:
            sheet.let("g′", sheet["g"])
        sheet.line("a ← g − g′", say.CHANGE)
        write_mean(sheet)
        sheet.line("d ← β₂·d + (1 − β₂)·a", say.MEAN_CHANGE)
        sheet.line("u ← g + c·a", say.CORRECTED)
        sheet.line("n ← β₃·n + (1 − β₃)·u²", say.SQUARE)
        sheet.line("m̂ ← m/(1 − β₁ᵗ)", say.DEBIASED_MEAN)
        sheet.line("d̂ ← d/(1 − β₂ᵗ)", say.DEBIASED_MEAN)
        sheet.line("n̂ ← n/(1 − β₃ᵗ)", say.DEBIASED_SQUARE)
        sheet.line("θ ← θ − η·(m̂ + c·d̂)/(√n̂ + ε)", say.SCALED_STEP, "step")
        sheet.around("ellipse", "η·‖m̂ + c·d̂‖/(√n̂ + ε)")
        if self.weight_decay:
            sheet.line("θ ← θ/(1 + η·λ)", say.DECAY, "decay")
