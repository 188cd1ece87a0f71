"""Steps with the unit of θ: the recent size of the updates over the recent size of the gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, RateFamily, State, operand
from simulations.optimizers.declarations import rate
from simulations.optimizers.moments import follow_square
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "adadelta",
    label=N_("Adadelta"),
    summary=N_(
        "Scales each step by the size of the recent steps over that of the recent gradients; starts very slowly."
    ),
    source="Zeiler 2012; torch.optim.Adadelta",
)
@dataclass(frozen=True)
class Adadelta(FirstOrder):
    """E ← ρE + (1−ρ)g², d = √(U+ε)/√(E+ε)·g, U ← ρU + (1−ρ)d², θ ← θ − η·d   (equals ``torch.optim.Adadelta``)."""

    rate_family: ClassVar[RateFamily] = "whole"

    learning_rate: float = rate(1.0)
    decay: float = param(
        0.9,
        low=0.0,
        high=0.9999,
        live=True,
        label=N_("Decay ρ"),
        help=N_("Share of the mean squares that is kept from one step to the next."),
    )
    epsilon: float = param(
        1e-6,
        low=1e-12,
        high=1.0,
        scale="log",
        live=True,
        label=N_("ε"),
        help=N_("Stands under both roots; its own root is the length of the very first step."),
    )

    def start(self, theta: FloatArray) -> State:
        return {name: np.zeros_like(theta) for name in ("square_average", "step_average", "_step", "_root")}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        squares, steps, step, root = state["square_average"], state["step_average"], state["_step"], state["_root"]
        epsilon = operand(self.epsilon, theta)
        follow_square(squares, gradient, self.decay, step)
        np.add(steps, epsilon, out=step)
        np.add(squares, epsilon, out=root)
        step /= root
        np.sqrt(step, out=step)
        step *= gradient
        follow_square(steps, step, self.decay, root)
        step *= operand(self.learning_rate, theta)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("ρ decay", "ε epsilon", "E square_average", "U step_average")
        sheet.line("E ← ρ·E + (1 − ρ)·g²", say.SQUARE)
        sheet.stable("2", "√(E + ε)/√(U + ε)")
        sheet.line("d ← √(U + ε)/√(E + ε)·g", say.SIZED_STEP)
        sheet.around("ellipse", "η·‖g‖·√(U + ε)/√(E + ε)")
        sheet.line("U ← ρ·U + (1 − ρ)·d²", say.STEP_SQUARE)
        sheet.line("θ ← θ − η·d", say.DIRECTION_STEP, "step")
