"""Momentum and RMSProp together, each corrected for having started at zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, State, operand


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

    learning_rate: float = param(
        1e-3,
        low=1e-6,
        high=10.0,
        scale="log",
        live=True,
        label=N_("Learning rate"),
        help=N_("About how far each parameter moves in one step."),
    )
    beta1: float = param(
        0.9,
        low=0.0,
        high=0.9999,
        live=True,
        label=N_("β₁"),
        help=N_("Share of the mean gradient that is kept from one step to the next."),
    )
    beta2: float = param(
        0.999,
        low=0.0,
        high=0.99999,
        live=True,
        label=N_("β₂"),
        help=N_("Share of the mean squared gradient that is kept from one step to the next."),
    )
    epsilon: float = param(
        1e-8,
        low=1e-12,
        high=1.0,
        scale="log",
        live=True,
        label=N_("ε"),
        help=N_("Added to the denominator, so that tiny gradients do not become huge steps."),
    )
    bias_correction: bool = param(
        True,
        live=True,
        label=N_("Bias correction"),
        help=N_("Makes up for means that began at zero; without it the first steps are far too long or too short."),
    )

    def start(self, theta: FloatArray) -> State:
        return {name: np.zeros_like(theta) for name in ("first_moment", "second_moment", "_step")}

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
