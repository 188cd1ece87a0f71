"""Gradient descent that finds its own step length every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, Need, Objective, Optimizer, RateFamily, State, operand
from simulations.optimizers.declarations import step_rate
from simulations.optimizers.line_search import backtrack, dot, strong_wolfe
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "line_search_descent",
    label=N_("GD with line search"),
    summary=N_("Steepest descent that tries steps until one lowers the value enough; it zigzags, but never diverges."),
    source="Armijo 1966; Wolfe 1969; Nocedal & Wright 2006, section 3.1",
)
@dataclass(frozen=True)
class LineSearchDescent(Optimizer):
    """θ ← θ − α·g, the first trial being α = η. Armijo halves it until f falls by c₁·α·‖g‖²; Wolfe bounds it below too."""

    needs: ClassVar[tuple[Need, ...]] = ("value", "gradient")
    rate_family: ClassVar[RateFamily] = "whole"

    learning_rate: float = step_rate(1.0)
    line_search: str = param(
        "armijo",
        choices=("armijo", "wolfe"),
        labels=(N_("Armijo (back-tracking)"), N_("Strong Wolfe")),
        live=True,
        label=N_("Line search"),
        help=N_("Armijo only asks for enough descent; Wolfe also refuses steps that are too short."),
    )
    sufficient: float = param(
        1e-4,
        low=1e-6,
        high=0.5,
        scale="log",
        live=True,
        label=N_("c₁"),
        help=N_("Share of the promised descent to reach."),
    )
    shrink: float = param(
        0.5,
        low=0.05,
        high=0.95,
        live=True,
        label=N_("Shrink"),
        help=N_("Factor of a trial step that went too far."),
        only_if=("line_search", ("armijo",)),
    )

    def start(self, theta: FloatArray) -> State:
        return {}

    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        direction = -objective.gradient(theta)
        slope = -dot(direction, direction)
        first = np.broadcast_to(operand(self.learning_rate, theta), slope.shape)
        if self.line_search == "wolfe":
            alpha = strong_wolfe(objective, theta, direction, slope, first, sufficient=self.sufficient)
        else:
            alpha = backtrack(objective, theta, direction, slope, first, sufficient=self.sufficient, shrink=self.shrink)
        theta += alpha * direction

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("c sufficient", "r shrink")
        sheet.functions["armijo"] = lambda d, first: backtrack(
            sheet.objective, sheet["θ"], d, -dot(d, d), np.ravel(first), sufficient=self.sufficient, shrink=self.shrink
        )
        sheet.functions["wolfe"] = lambda d, first: strong_wolfe(
            sheet.objective, sheet["θ"], d, -dot(d, d), np.ravel(first), sufficient=self.sufficient
        )
        sheet.line("d ← −g", say.DOWNHILL)
        sheet.line("α ← wolfe(d, η)" if self.line_search == "wolfe" else "α ← armijo(d, η)", say.SEARCH)
        sheet.line("θ ← θ + α·d", say.DIRECTION_STEP, "step")
