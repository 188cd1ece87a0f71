"""The gradient is taken where the loss nearby is highest, so that flat minima are preferred to sharp ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import Objective, State, operand
from simulations.optimizers.moments import length
from simulations.optimizers.worksheet import Worksheet
from simulations.optimizers.wrappers.base import WRAPPERS, Seen, Wrapper

_TINY: Final = 1e-12  # beside the norm, as in the code published with the paper


@final
@WRAPPERS.register(
    "sam",
    label=N_("SAM"),
    summary=N_("Takes the gradient a step uphill, where the loss nearby is highest: twice the work, flatter minima."),
    source="Foret et al. 2021, algorithm 1; Kwon et al. 2021 (adaptive); github.com/davda54/sam",
)
@dataclass(frozen=True)
class SharpnessAware(Wrapper):
    """L(θ) is asked at θ + e(θ), e = ρ·g/‖g‖ (Foret et al. 2021, eq. 2), which costs a second gradient.

    Adaptive (Kwon et al. 2021, without their constant beside |θ|): e = ρ·θ²⊙g / ‖|θ|⊙g‖, which does not depend on the
    scale of the weights; ρ is then about ten times as large.
    """

    changes_gradients: ClassVar[bool] = True

    radius: float = param(
        0.05,
        low=0.0,
        high=10.0,
        scale="log",
        live=True,
        label=N_("Radius ρ"),
        help=N_("How far uphill the gradient is taken; 0 is the method without SAM."),
    )
    adaptive: bool = param(
        False,
        live=True,
        label=N_("Adaptive"),
        help=N_(
            "Measure the radius relative to each weight, so that their scale does not matter; take ρ ten times as large."
        ),
    )

    def start(self, theta: FloatArray) -> State:
        return {"_uphill": np.zeros_like(theta)}

    def around(self, objective: Objective, state: State, t: int) -> Objective:
        uphill = state["_uphill"]

        def at(theta: FloatArray) -> FloatArray:
            gradient = objective.gradient(theta)
            if self.adaptive:
                np.abs(theta, out=uphill)
                np.multiply(uphill, gradient, out=uphill)
                share = operand(self.radius, theta) / (length(uphill) + operand(_TINY, theta))
                np.multiply(theta, theta, out=uphill)
                np.multiply(uphill, gradient, out=uphill)
            else:
                share = operand(self.radius, theta) / (length(gradient) + operand(_TINY, theta))
                np.copyto(uphill, gradient)
            np.multiply(uphill, share, out=uphill)
            return np.add(uphill, theta, out=uphill)

        return Seen(objective, at=at)

    def explain_around(self, sheet: Worksheet) -> None:
        sheet.read("ρ radius")
        if self.adaptive:
            sheet.line("e ← ρ·θ²·g/(‖|θ|·g‖ + 1e-12)", say.UPHILL)
        else:
            sheet.line("e ← ρ·g/(‖g‖ + 1e-12)", say.UPHILL)
            sheet.around("circle", "ρ")
        sheet.arrow("ascent", "e")
        sheet.spot("ascent", "θ + e")
        sheet.line("g ← ∇f(θ + e)", say.ASCENT_GRADIENT)
        sheet.arrow("gradient", "−η·g")
