"""Descent whose running average replaces the schedule: no horizon has to be known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import OPTIMIZERS, FirstOrder, State, operand
from simulations.optimizers.declarations import momentum_share, rate
from simulations.optimizers.moments import per_point
from simulations.optimizers.worksheet import Worksheet


@final
@OPTIMIZERS.register(
    "schedule_free_sgd",
    label=N_("Schedule-free SGD"),
    summary=N_(
        "Takes gradients between a fast point and its average; the average is the answer and needs no schedule."
    ),
    source="Defazio et al. 2024, eq. 3–5; facebookresearch/schedule_free SGDScheduleFree",
)
@dataclass(frozen=True)
class ScheduleFreeSGD(FirstOrder):
    """z ← z − η·g(y), x ← (1−c)·x + c·z, y = μ·x + (1−μ)·z   (Defazio et al. 2024). θ is y; the answer is x.

    c = η²/Σ η² over the steps so far with the largest η yet, as in the authors' code: 1/t while η is constant.
    """

    learning_rate: float = rate(1.0)
    momentum: float = momentum_share(0.9)

    def start(self, theta: FloatArray) -> State:
        return start_average(theta)

    def update(self, theta: FloatArray, gradient: FloatArray, state: State, t: int) -> None:
        step = state["_step"]
        np.multiply(gradient, operand(self.learning_rate, theta), out=step)
        advance_average(theta, state, self.learning_rate, self.momentum)

    def explain(self, sheet: Worksheet) -> None:
        sheet.read("μ momentum")
        write_averaged_step(sheet, "g")
        sheet.stable("2/(1 − μ)")

    def answer(self, theta: FloatArray, state: State) -> FloatArray:
        return state["average"]


def start_average(theta: FloatArray) -> State:
    """State of :func:`advance_average` with x = y = z = ``theta``."""
    return {
        "average": theta.copy(),
        "fast": theta.copy(),
        "weight_sum": per_point(theta, 0.0),
        "largest_rate": per_point(theta, 0.0),
        "_step": np.zeros_like(theta),
    }


def advance_average(theta: FloatArray, state: State, rate: float, momentum: float) -> None:
    """Move z by −``state["_step"]``, x towards z, and put θ between them."""
    x, z, step, largest, total = (state[n] for n in ("average", "fast", "_step", "largest_rate", "weight_sum"))
    np.maximum(largest, operand(rate, theta), out=largest)
    weight = largest * largest
    total += weight
    z -= step
    np.subtract(z, x, out=step)
    step *= weight / total
    x += step
    np.subtract(z, x, out=theta)
    theta *= operand(1 - momentum, theta)
    theta += x


def write_averaged_step(sheet: Worksheet, direction: str) -> None:
    """What :func:`advance_average` does, with z moving against ``direction``."""
    sheet.read("x average", "z fast", "w largest_rate", "S weight_sum")
    sheet.line("w ← max(w, η)", say.LARGEST_RATE)
    sheet.line("S ← S + w²", say.WEIGHT_SUM)
    sheet.line(f"z ← z − η·{direction}", say.FAST)
    sheet.arrow("step", f"−η·{direction}", f"z + η·{direction}")
    sheet.spot("fast", "z")
    sheet.line("c ← w²/S", say.AVERAGE_SHARE)
    sheet.line("x ← x + c·(z − x)", say.AVERAGE)
    sheet.spot("average", "x")
    sheet.line("θ ← x + (1 − μ)·(z − x)", say.BETWEEN, "follow")
