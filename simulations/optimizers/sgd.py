"""Gradient descent: the rule every other one is measured against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray, aligned
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, State, operand
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "sgd",
    label=N_("SGD"),
    summary=N_("Steps straight against the gradient of the batch; above 2 / curvature it diverges."),
    source="Robbins & Monro 1951; torch.optim.SGD",
)
@dataclass(frozen=True)
class SGD(FirstOrder):
    """Stochastic gradient descent. θ ← θ − η·g   (equals ``torch.optim.SGD`` without momentum)."""

    def start(self, theta: FloatArray) -> State:
        return {"_step": aligned(theta.shape, theta.dtype)}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        step = state["_step"]
        np.multiply(gradient, operand(self.learning_rate, theta), out=step)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.line("θ ← θ − η·g", say.STEP, "step")
        sheet.stable("2")
