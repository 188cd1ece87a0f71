"""Steps divided by the size of all gradients so far: often-seen directions slow down for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, operand
from simulations.optimizers.declarations import denominator_epsilon
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "adagrad",
    label=N_("Adagrad"),
    summary=N_("Divides by the root of the sum of all squared gradients, so its steps only ever get shorter."),
    source="Duchi, Hazan & Singer 2011; torch.optim.Adagrad",
)
@dataclass(frozen=True)
class Adagrad(FirstOrder):
    """G ← G + g², θ ← θ − ηₜ·g / (√G + ε), ηₜ = η / (1 + (t−1)·δ)   (equals ``torch.optim.Adagrad``)."""

    rate_family: ClassVar[RateFamily] = "length"

    rate_decay: float = param(
        0.0,
        low=0.0,
        high=1.0,
        scale="log",
        live=True,
        label=N_("Rate decay δ"),
        help=N_("Lets the learning rate fall like 1 / (1 + δ·steps); 0 switches it off."),
    )
    epsilon: float = denominator_epsilon(1e-10)

    def start(self, theta: FloatArray) -> State:
        return {"square_sum": np.zeros_like(theta), "_step": np.zeros_like(theta)}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        total, step = state["square_sum"], state["_step"]
        np.multiply(gradient, gradient, out=step)
        total += step
        np.sqrt(total, out=step)
        step += operand(self.epsilon, theta)
        np.divide(gradient, step, out=step)
        step *= operand(self.learning_rate / (1 + (t - 1) * self.rate_decay), theta)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("δ rate_decay", "ε epsilon", "G square_sum")
        sheet.line("G ← G + g²", say.SQUARE_SUM)
        sheet.line("ηₜ ← η/(1 + (t − 1)·δ)", say.RATE)
        sheet.stable("2", "(√G + ε)·(1 + (t − 1)·δ)")
        sheet.line("θ ← θ − ηₜ·g/(√G + ε)", say.SCALED_STEP, "step")
        sheet.around("ellipse", "ηₜ·‖g‖/(√G + ε)")
