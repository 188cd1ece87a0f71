"""Momentum that looks ahead: the gradient corrects the velocity before the step, not after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray, aligned
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, State, operand
from simulations.optimizers.declarations import momentum_share
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "nesterov",
    label=N_("Nesterov"),
    summary=N_("Momentum that looks one step ahead, so it brakes earlier and overshoots less."),
    source="Nesterov 1983; Sutskever et al. 2013; torch.optim.SGD(nesterov=True)",
)
@dataclass(frozen=True)
class Nesterov(FirstOrder):
    """Accelerated gradient. b ← μ·b + g, θ ← θ − η·(g + μ·b)   (PyTorch's re-parametrised form).

    θ is here the looked-ahead point φ = θ̃ − η·μ·b of the textbook form b ← μ·b + g(φ), θ̃ ← θ̃ − η·b.
    """

    momentum: float = momentum_share(0.9)

    def start(self, theta: FloatArray) -> State:
        return {"velocity": aligned(theta.shape, theta.dtype), "_step": aligned(theta.shape, theta.dtype)}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        b, step = state["velocity"], state["_step"]
        momentum = operand(self.momentum, theta)
        b *= momentum
        b += gradient
        np.multiply(b, momentum, out=step)
        step += gradient
        step *= operand(self.learning_rate, theta)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("μ momentum", "b velocity")
        sheet.let("a", sheet["b"])
        sheet.line("b ← μ·b + g", say.VELOCITY)
        sheet.arrow("look_ahead", "−η·μ·a", "θ + η·μ·a")
        sheet.line("d ← g + μ·b", say.LOOK_AHEAD)
        sheet.arrow("momentum", "−η·μ·b", "θ − η·g")
        sheet.line("θ ← θ − η·d", say.DIRECTION_STEP, "step")
        sheet.stable("2·(1 + μ)/(1 + 2·μ)")
