"""The plain average of weights along the path: it lies in the middle of the flat region that the path walks around in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers import sentences as say
from simulations.optimizers.base import State, operand
from simulations.optimizers.moments import per_point
from simulations.optimizers.worksheet import Worksheet
from simulations.optimizers.wrappers.base import WRAPPERS, Wrapper


@final
@WRAPPERS.register(
    "swa",
    label=N_("SWA"),
    summary=N_("From a step on judges the plain average of the weights, taken every so many steps."),
    source="Izmailov et al. 2018, algorithm 1; torch.optim.swa_utils.AveragedModel",
)
@dataclass(frozen=True)
class WeightAverage(Wrapper):
    """x̄ ← x̄ + (θ − x̄)/(n + 1) at steps s, s + c, s + 2c …   (Izmailov et al. 2018; equals ``AveragedModel``).

    Until step s the answer is θ itself.
    """

    start_step: int = param(
        500,
        low=1,
        high=1_000_000,
        scale="log",
        live=True,
        unit=N_("steps"),
        label=N_("Average from"),
        help=N_("The step whose weights are the first in the average."),
    )
    every: int = param(
        10,
        low=1,
        high=100_000,
        scale="log",
        live=True,
        unit=N_("steps"),
        label=N_("Every"),
        help=N_("Steps between two weights that are averaged; the paper takes one a cycle of the learning rate."),
    )

    def start(self, theta: FloatArray) -> State:
        return {"average": theta.copy(), "averaged": per_point(theta, 0.0), "_way": np.zeros_like(theta)}

    def after(self, theta: FloatArray, state: State, t: int) -> None:
        average, averaged, way = state["average"], state["averaged"], state["_way"]
        since = t - np.asarray(self.start_step)
        is_time = (since >= 0) & (since % self.every == 0)
        if not is_time.any():
            return
        np.copyto(averaged, averaged + 1, where=is_time)
        np.subtract(theta, average, out=way)
        way *= np.where(is_time, 1 / np.maximum(averaged, 1), operand(0.0, theta))
        average += way

    def explain_after(self, sheet: Worksheet) -> None:
        sheet.read("x̄ average", "n averaged")
        since = sheet.t - self.start_step
        if since >= 0 and since % self.every == 0:
            sheet.line("n ← n + 1", say.COUNTED)
            sheet.line("x̄ ← x̄ + (θ − x̄)/n", say.AVERAGE)
            sheet.spot("average", "x̄")

    def answer(self, theta: FloatArray, state: State) -> FloatArray:
        has_begun = state["averaged"] > 0
        if has_begun.all():
            return state["average"]
        return np.where(has_begun, state["average"], theta) if has_begun.any() else theta
