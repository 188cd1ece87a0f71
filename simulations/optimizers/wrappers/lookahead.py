"""Slow weights follow fast ones: k steps forward, then one step back to the middle."""

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
    "lookahead",
    label=N_("Lookahead"),
    summary=N_(
        "Lets the method run k steps ahead, then goes a share of the way there and starts again from that place."
    ),
    source="Zhang et al. 2019, algorithm 1",
)
@dataclass(frozen=True)
class Lookahead(Wrapper):
    """φ ← φ + α·(θ − φ), θ ← φ after every k steps   (Zhang et al. 2019, algorithm 1, which answers with φ).

    The method inside keeps its memory over the jump, as in the authors' code.
    """

    steps: int = param(
        5,
        low=1,
        high=1000,
        scale="log",
        live=True,
        unit=N_("steps"),
        label=N_("Steps k"),
        help=N_("How many steps the fast weights take before the slow ones follow."),
    )
    share: float = param(
        0.5,
        low=0.0,
        high=1.0,
        live=True,
        label=N_("Share α"),
        help=N_("How much of the way to the fast weights the slow ones go."),
    )

    def start(self, theta: FloatArray) -> State:
        return {"slow": theta.copy(), "ahead": per_point(theta, 0.0), "_way": np.zeros_like(theta)}

    def after(self, theta: FloatArray, state: State, t: int) -> None:
        slow, ahead, way = state["slow"], state["ahead"], state["_way"]
        ahead += 1
        is_time = ahead >= self.steps
        if not is_time.any():
            return
        np.subtract(theta, slow, out=way)
        way *= operand(self.share, theta)
        np.add(slow, way, out=slow, where=is_time)
        np.copyto(theta, slow, where=is_time)
        np.copyto(ahead, 0, where=is_time)

    def explain_after(self, sheet: Worksheet) -> None:
        sheet.read("φ slow", "n ahead", "α share", "k steps")
        sheet.line("n ← n + 1", say.COUNTED)
        if sheet["n"] >= self.steps:
            sheet.line("φ ← φ + α·(θ − φ)", say.SLOW)
            sheet.line("θ ← φ", say.BACK_TO_SLOW, "follow")
            sheet.line("n ← 0", say.COUNTED_AGAIN)
        sheet.spot("slow", "φ")

    def answer(self, theta: FloatArray, state: State) -> FloatArray:
        return state["slow"]
