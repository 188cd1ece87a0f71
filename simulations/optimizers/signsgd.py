"""Only the sign of each gradient counts, or the sign of its mean."""

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
from simulations.optimizers.moments import follow
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "signsgd",
    label=N_("signSGD"),
    summary=N_("Moves every parameter by exactly η against the sign of its gradient; it ends in a box of side η."),
    source="Bernstein et al. 2018, algorithms 1 and 2 (with momentum: Signum)",
)
@dataclass(frozen=True)
class SignSGD(FirstOrder):
    """m ← μ·m + (1−μ)·g, θ ← θ − η·sign(m). With μ = 0 signSGD, above it Signum."""

    rate_family: ClassVar[RateFamily] = "length"

    learning_rate: float = rate(1e-3)
    momentum: float = param(
        0.0,
        low=0.0,
        high=0.9999,
        live=True,
        label=N_("Momentum"),
        help=N_("Share of the mean gradient that is kept; 0 takes the sign of each gradient alone."),
    )

    def start(self, theta: FloatArray) -> State:
        return {"mean": np.zeros_like(theta), "_step": np.zeros_like(theta)}

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        mean, step = state["mean"], state["_step"]
        follow(mean, gradient, self.momentum, step)
        np.sign(mean, out=step)
        step *= operand(self.learning_rate, theta)
        theta -= step

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("μ momentum", "m mean")
        sheet.line("m ← μ·m + (1 − μ)·g", say.MEAN)
        sheet.arrow("momentum", "−η·m")
        sheet.line("θ ← θ − η·sign(m)", say.SIGN_STEP, "step")
        sheet.around("box", "η")
