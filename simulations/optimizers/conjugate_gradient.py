"""Directions that do not spoil what the last ones gained: n steps on a quadratic in n dimensions."""

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
from simulations.optimizers.line_search import dot, strong_wolfe, write_search
from simulations.optimizers.moments import per_point
from simulations.optimizers.worksheet import Worksheet

_CURVATURE = 0.1  # c₂; Nocedal & Wright, section 5.2
_ABOVE = {  # what stands above the line of β
    "polak_ribiere": "max(⟨g, g − g′⟩, 0)",
    "fletcher_reeves": "⟨g, g⟩",
    "hestenes_stiefel": "⟨g, g − g′⟩",
}


@final
@OPTIMIZERS.register(
    "conjugate_gradient",
    label=N_("Conjugate gradient"),
    summary=N_("Bends each gradient so that it keeps what the last step gained: two steps on a quadratic bowl."),
    source="Fletcher & Reeves 1964; Polak & Ribière 1969; Hestenes & Stiefel 1952; Nocedal & Wright 2006, ch. 5",
)
@dataclass(frozen=True)
class ConjugateGradient(Optimizer):
    """d ← −g + β·d with a strong Wolfe step. PR⁺: β = max(g·(g−g′)/g′·g′, 0); FR: g·g/g′·g′; HS: g·(g−g′)/d·(g−g′).

    It starts again with −g every ``restart`` steps, and whenever d would not descend. g′ is the gradient before.
    """

    needs: ClassVar[tuple[Need, ...]] = ("value", "gradient")
    rate_family: ClassVar[RateFamily] = "whole"

    learning_rate: float = step_rate(1.0)
    formula: str = param(
        "polak_ribiere",
        choices=("polak_ribiere", "fletcher_reeves", "hestenes_stiefel"),
        labels=(N_("Polak–Ribière+"), N_("Fletcher–Reeves"), N_("Hestenes–Stiefel")),
        live=True,
        label=N_("Formula of β"),
        help=N_("How much of the last direction is kept. The three are equal on a quadratic."),
    )
    restart: int = param(
        0, low=0, high=1000, live=True, unit=N_("steps"), label=N_("Restart every"), help=N_("0 stands for never.")
    )

    def start(self, theta: FloatArray) -> State:
        state = {name: np.zeros_like(theta) for name in ("direction", "previous_gradient")}
        return {**state, "first_trial": per_point(theta, 0.0)}

    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        d, previous, trial = state["direction"], state["previous_gradient"], state["first_trial"]
        g = objective.gradient(theta).copy()
        old_slope = dot(previous, d)
        if t > 1 and not (self.restart and (t - 1) % self.restart == 0):
            d *= self._beta(g, previous, d)
            d -= g
        else:
            np.negative(g, out=d)
        slope = dot(g, d)
        np.copyto(d, -g, where=~(slope < 0))
        slope = dot(g, d)
        usual = operand(self.learning_rate, theta) / np.maximum(np.sqrt(dot(g, g)), 1)
        # the first trial promises the last step's descent (Nocedal & Wright, eq. 3.60)
        promised = np.where(slope < 0, trial * old_slope / np.where(slope < 0, slope, -1), 0)
        first = np.where(promised > 0, promised, usual).astype(theta.dtype)
        alpha = strong_wolfe(objective, theta, d, slope, first, curvature=_CURVATURE)
        trial[...] = alpha
        np.copyto(previous, g)
        theta += alpha * d

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("d direction", "g′ previous_gradient", "α first_trial")
        sheet.let("d′", sheet["d"])
        sheet.let("α′", sheet["α"])
        if sheet.t > 1 and not (self.restart and (sheet.t - 1) % self.restart == 0):
            below = "⟨d, g − g′⟩" if self.formula == "hestenes_stiefel" else "⟨g′, g′⟩"
            sheet.line(f"β ← {_ABOVE[self.formula]}/{below}" if sheet.work_out(below) else "β ← 0", say.CONJUGATE)
            sheet.line("d ← β·d − g", say.CONJUGATE_DIRECTION)
            sheet.arrow("momentum", "β·d′", "θ − g")
            if not sheet.work_out("⟨g, d⟩") < 0:
                sheet.line("d ← −g", say.RESTART)
        else:
            sheet.line("d ← −g", say.DOWNHILL)
        promised = "α′·⟨g′, d′⟩/⟨g, d⟩"
        is_promised = sheet.work_out("⟨g, d⟩") < 0 and sheet.work_out(promised) > 0
        write_search(sheet, promised if is_promised else "η/max(‖g‖, 1)", curvature=_CURVATURE)

    def _beta(self, g: FloatArray, previous: FloatArray, d: FloatArray) -> FloatArray:
        change = g - previous
        if self.formula == "hestenes_stiefel":
            above, below = dot(g, change), dot(d, change)
        else:
            above = dot(g, g) if self.formula == "fletcher_reeves" else np.maximum(dot(g, change), 0)
            below = dot(previous, previous)
        return np.asarray(np.where(below != 0, above / np.where(below != 0, below, 1), 0))
