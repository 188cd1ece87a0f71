"""Momentum divided by the curvature of each axis and cut off at a fixed step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.rng import stream
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, Objective, Optimizer, RateFamily, State, offers_of, operand
from simulations.optimizers.declarations import decoupled_decay, denominator_epsilon, first_beta, rate
from simulations.optimizers.moment_lines import write_mean
from simulations.optimizers.moments import follow, shrink
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "sophia",
    label=N_("Sophia"),
    summary=N_("Divides momentum by each axis's curvature and cuts steps off at η; where curvature is negative: η."),
    source="Liu et al. 2023, algorithm 3",
)
@dataclass(frozen=True)
class Sophia(Optimizer):
    """θ ← θ − η·λ·θ, θ ← θ − η·clip(m / max(γ·h, ε), ±1), m ≈ mean g, h ≈ mean diagonal of H, looked at every k steps.

    The diagonal is exact where the objective offers its Hessian, else Hutchinson's estimate v ⊙ H·v with random signs v,
    H·v from two more gradients.
    """

    rate_family: ClassVar[RateFamily] = "length"
    is_separable: ClassVar[bool] = True

    learning_rate: float = rate(1e-3)
    beta1: float = first_beta(0.965)
    beta2: float = param(
        0.99, low=0.0, high=0.9999, live=True, label=N_("β₂"), help=N_("Share of the mean curvature that is kept.")
    )
    gamma: float = param(
        0.01, low=1e-4, high=1.0, scale="log", live=True, label=N_("γ"), help=N_("Smaller values cut off more steps.")
    )
    epsilon: float = denominator_epsilon(1e-12)
    weight_decay: float = decoupled_decay(1e-4)
    every: int = param(
        10, low=1, high=1000, scale="log", live=True, unit=N_("steps"), label=N_("Curvature every"),
        help=N_("Steps between two looks at the curvature."),
    )  # fmt: skip

    def start(self, theta: FloatArray) -> State:
        return {name: np.zeros_like(theta) for name in ("momentum", "curvature", "_step", "_sum")}

    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        m, h, step, below = state["momentum"], state["curvature"], state["_step"], state["_sum"]
        follow(m, objective.gradient(theta), self.beta1, step)
        if (t - 1) % self.every == 0:
            follow(h, _diagonal(objective, theta, t), self.beta2, step)
        shrink(theta, self.learning_rate, self.weight_decay)
        np.multiply(h, operand(self.gamma, theta), out=below)
        np.maximum(below, operand(self.epsilon, theta), out=below)
        np.divide(m, below, out=step)
        np.minimum(np.maximum(step, operand(-1.0, theta), out=step), operand(1.0, theta), out=step)
        step *= operand(self.learning_rate, theta)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("β₁ beta1", "β₂ beta2", "γ gamma", "ε epsilon", "λ weight_decay", "m momentum", "h curvature")
        write_mean(sheet)
        if (sheet.t - 1) % self.every == 0:
            sheet.line("H ← ∇²f(θ)", say.HESSIAN)
            sheet.line("h ← β₂·h + (1 − β₂)·diag(H)", say.CURVATURE_MEAN)
        if self.weight_decay:
            sheet.line("θ ← θ − η·λ·θ", say.DECAY, "decay")
        sheet.line("u ← clip(m/max(γ·h, ε), 1)", say.CLIPPED_RATIO)
        sheet.line("θ ← θ − η·u", say.DIRECTION_STEP, "step")
        sheet.around("box", "η")


def _diagonal(objective: Objective, theta: FloatArray, t: int) -> FloatArray:
    if "hessian" in offers_of(objective):
        return np.diagonal(objective.hessian(theta), axis1=-2, axis2=-1)
    signs = (stream(0, "sophia", t).integers(0, 2, theta.shape) * 2 - 1).astype(theta.dtype)
    reach = operand(float(np.finfo(theta.dtype).eps) ** (1 / 3), theta)
    ahead = objective.gradient(theta + reach * signs).copy()
    ahead -= objective.gradient(theta - reach * signs)
    ahead *= signs / (2 * reach)
    return ahead
