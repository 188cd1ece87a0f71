"""Newton's step kept short by a damping that learns from its successes and failures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, Need, Objective, Optimizer, RateFamily, State, operand
from simulations.optimizers.curvature import spectrum, write_axes
from simulations.optimizers.declarations import step_rate
from simulations.optimizers.line_search import value_at
from simulations.optimizers.moments import per_point
from simulations.optimizers.worksheet import Worksheet

_RANGE = 1e12  # the damping stays within this many times its first value, up and down


@final
@OPTIMIZERS.register(
    "damped_newton",
    label=N_("Levenberg–Marquardt"),
    summary=N_("Newton with damping: a step that does not lower the value is taken back and the next one is shorter."),
    source="Levenberg 1944; Marquardt 1963; Nocedal & Wright 2006, section 4.3",
)
@dataclass(frozen=True)
class DampedNewton(Optimizer):
    """d = −(H + μI)⁻¹·g. If H + μI is positive and f(θ + η·d) < f(θ): θ ← θ + η·d, μ ← μ·down, else μ ← μ·up.

    The kept ``damping`` is μ over its first value, so that the first value can be turned while it runs.
    """

    needs: ClassVar[tuple[Need, ...]] = ("value", "gradient", "hessian")
    rate_family: ClassVar[RateFamily] = "whole"

    learning_rate: float = step_rate(1.0)
    damping: float = param(
        1e-3, low=1e-8, high=1e3, scale="log", live=True, label=N_("Damping μ"), help=N_("The first damping.")
    )
    down: float = param(
        0.1,
        low=0.01,
        high=1.0,
        live=True,
        label=N_("After success"),
        help=N_("Factor of the damping when a step helped."),
    )
    up: float = param(
        10.0,
        low=1.0,
        high=100.0,
        live=True,
        label=N_("After failure"),
        help=N_("Factor of the damping when it did not."),
    )

    def start(self, theta: FloatArray) -> State:
        return {"damping": per_point(theta, 1.0)}

    def step(self, theta: FloatArray, objective: Objective, state: State, t: int) -> None:
        damping = state["damping"]
        found = spectrum(objective.hessian(theta), objective.gradient(theta))
        curvature = found.values + damping * operand(self.damping, theta)
        positive = curvature > 0
        along = -found.gradient / np.where(positive, curvature, 1)
        trial = theta + operand(self.learning_rate, theta) * found.back(along)
        before = value_at(objective, theta)
        helped = (value_at(objective, trial) < before) & positive.all(axis=-1, keepdims=True)
        np.copyto(theta, trial, where=helped)
        damping *= np.where(helped, self.down, self.up)
        np.minimum(np.maximum(damping, 1 / _RANGE, out=damping), _RANGE, out=damping)

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("κ damping", "p up", "q down")
        sheet.let("μ", sheet["κ"] * self.damping)
        write_axes(sheet)
        sheet.line("s ← −a/(λ + μ)", say.DAMPED)
        sheet.line("d ← V·s", say.TURNED_BACK)
        sheet.arrow("step", "η·d")
        sheet.around("circle", "η·‖d‖")
        sheet.line("x ← θ + η·d", say.PLACE_TRIED)
        sheet.spot("trial", "x")
        sheet.line("F ← f(θ)", say.VALUE_HERE)
        sheet.line("X ← f(x)", say.VALUE_THERE)
        if sheet["X"] < sheet["F"] and (sheet["λ"] + sheet["μ"] > 0).all():
            sheet.line("θ ← x", say.ACCEPTED, "step")
            sheet.line("κ ← max(κ·q, 1e-12)", say.LESS_DAMPING)
        else:
            sheet.line("θ ← θ", say.REFUSED)
            sheet.line("κ ← min(κ·p, 1e12)", say.MORE_DAMPING)
