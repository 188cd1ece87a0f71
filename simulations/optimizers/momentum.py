"""Gradient descent with a velocity: consistent directions add up, alternating ones cancel."""

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
    "momentum",
    label=N_("Momentum"),
    summary=N_("A heavy ball: past gradients keep pushing, which speeds up long valleys and overshoots in short ones."),
    source="Polyak 1964; torch.optim.SGD(momentum=…)",
)
@dataclass(frozen=True)
class Momentum(FirstOrder):
    """Heavy ball. b ← μ·b + g, θ ← θ − η·b   (Polyak 1964; PyTorch's form, where η is outside the velocity).

    Sutskever et al. 2013 put η inside (b ← μ·b + η·g): the same path until the learning rate changes.
    """

    momentum: float = momentum_share(0.9)

    def start(self, theta: FloatArray) -> State:
        return {"velocity": aligned(theta.shape, theta.dtype), "_step": aligned(theta.shape, theta.dtype)}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        b, step = state["velocity"], state["_step"]
        b *= operand(self.momentum, theta)
        b += gradient
        np.multiply(b, operand(self.learning_rate, theta), out=step)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("μ momentum", "b velocity")
        sheet.line("b ← μ·b + g", say.VELOCITY)
        sheet.arrow("momentum", "−η·(b − g)", "θ − η·g")
        sheet.line("θ ← θ − η·b", say.VELOCITY_STEP, "step")
        sheet.stable("2·(1 + μ)")
