"""Gradient descent whose rate falls and whose path is averaged: the mean settles where the path still wanders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, State, operand
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "asgd",
    label=N_("ASGD"),
    summary=N_("Averages the path of gradient descent; the average settles while the path itself still wanders."),
    source="Polyak & Juditsky 1992; Bottou 2010; torch.optim.ASGD",
)
@dataclass(frozen=True)
class ASGD(FirstOrder):
    """Averaged SGD. θ ← (1 − λ·ηₜ)·θ − ηₜ·g, ηₜ = η / (1 + λ·η·(t−1))^α   (equals ``torch.optim.ASGD``).

    The average x̄ ← x̄ + (θ − x̄) / max(1, t − 1 − t₀) follows θ until t₀ and averages from there; it is the answer.
    """

    lambd: float = param(
        1e-4,
        low=0.0,
        high=1.0,
        scale="log",
        live=True,
        label=N_("Decay λ"),
        help=N_("How fast the rate falls, and a pull to the origin of the same size."),
    )
    alpha: float = param(
        0.75,
        low=0.0,
        high=1.0,
        live=True,
        label=N_("Power α"),
        help=N_("The power with which the rate falls."),
    )
    averaging_start: float = param(
        1e6,
        low=0.0,
        high=1e8,
        scale="log",
        live=True,
        unit=N_("steps"),
        label=N_("Average from"),
        help=N_("The step at which averaging begins. PyTorch's default is so late that nothing is averaged."),
    )

    def start(self, theta: FloatArray) -> State:
        return {"average": theta.copy(), "_step": np.zeros_like(theta)}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        average, step = state["average"], state["_step"]
        rate = self.learning_rate / (1 + self.lambd * self.learning_rate * (t - 1)) ** self.alpha
        theta *= operand(1 - self.lambd * rate, theta)
        np.multiply(gradient, operand(rate, theta), out=step)
        theta -= step
        np.subtract(theta, average, out=step)
        step *= operand(1 / np.maximum(1, t - 1 - self.averaging_start), theta)
        average += step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("λ lambd", "α alpha", "s averaging_start", "x̄ average")
        sheet.line("ηₜ ← η/(1 + λ·η·(t − 1))^α", say.RATE)
        sheet.stable("2", "(1 + λ·η·(t − 1))^α")
        if self.lambd:
            sheet.line("θ ← θ − λ·ηₜ·θ", say.DECAY, "decay")
        sheet.line("θ ← θ − ηₜ·g", say.STEP, "step")
        sheet.line("x̄ ← x̄ + (θ − x̄)/max(1, t − 1 − s)", say.AVERAGE)
        sheet.spot("average", "x̄")

    def answer(self, theta: FloatArray, state: State) -> FloatArray:
        return state["average"]
