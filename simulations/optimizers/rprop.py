"""Each parameter has a step of its own that grows while its gradient keeps its sign and halves when it turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, operand
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "rprop",
    label=N_("Rprop"),
    summary=N_("Grows or halves a step for each parameter by the signs of its gradients; needs whole-set gradients."),
    source="Riedmiller & Braun 1993; torch.optim.Rprop",
)
@dataclass(frozen=True)
class Rprop(FirstOrder):
    """s = sign(g·g′): Δ ← 1.2·Δ if s > 0, 0.5·Δ if s < 0, within bounds; where s < 0 g ← 0. θ ← θ − Δ·sign(g).

    Equals ``torch.optim.Rprop``. The kept size is Δ / η, so that the learning rate can be turned while it runs.
    """

    rate_family: ClassVar[RateFamily] = "length"

    shrink: float = param(
        0.5, low=0.01, high=1.0, live=True, label=N_("Shrink"), help=N_("Factor of the step where the gradient turned.")
    )
    grow: float = param(
        1.2, low=1.0, high=3.0, live=True, label=N_("Grow"), help=N_("Factor of the step where the sign stayed.")
    )
    shortest: float = param(
        1e-6, low=1e-12, high=1.0, scale="log", live=True, label=N_("Shortest step"), help=N_("No step gets shorter.")
    )
    longest: float = param(
        50.0, low=1e-3, high=1e3, scale="log", live=True, label=N_("Longest step"), help=N_("No step gets longer.")
    )

    def start(self, theta: FloatArray) -> State:
        state = {name: np.zeros_like(theta) for name in ("previous_sign", "_agreement", "_step")}
        return {"relative_step": np.ones_like(theta), **state}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        size, previous, agreement, step = (state[name] for name in state)
        rate = operand(self.learning_rate, theta)
        np.sign(gradient, out=step)
        np.multiply(step, previous, out=agreement)
        np.copyto(previous, step)
        # 1 + s·a + s²·b is `grow` at s = 1, `shrink` at −1 and 1 at 0, without a mask
        np.multiply(agreement, operand((self.grow + self.shrink) / 2 - 1, theta), out=step)
        step += operand((self.grow - self.shrink) / 2, theta)
        step *= agreement
        step += operand(1.0, theta)
        size *= step
        np.maximum(size, operand(self.shortest, theta) / rate, out=size)
        np.minimum(size, operand(self.longest, theta) / rate, out=size)
        np.minimum(agreement, operand(0.0, theta), out=agreement)
        agreement += operand(1.0, theta)
        previous *= agreement
        np.multiply(previous, size, out=step)
        step *= rate
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("Δ₋ shortest", "Δ₊ longest", "p grow", "q shrink", "s previous_sign", "r relative_step")
        sheet.line("a ← sign(g)·s", say.AGREEMENT)
        sheet.line("Δ ← η·r·choose(a, p, q)", say.STEP_SIZES)
        sheet.line("Δ ← min(max(Δ, Δ₋), Δ₊)", say.STEP_BOUNDS)
        sheet.around("box", "Δ")
        sheet.line("s ← sign(g)·(1 + min(a, 0))", say.DIRECTION_SIGNS)
        sheet.line("θ ← θ − Δ·s", say.RPROP_STEP, "step")
