"""Cosines that start again, each longer than the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers.schedules.base import SCHEDULES, Schedule, floor, length
from simulations.optimizers.schedules.cosine import half_cosine


@final
@SCHEDULES.register(
    "warm_restarts",
    label=N_("Warm restarts"),
    summary=N_("Falls along a cosine and jumps back to the full rate, again and again, each round longer if wanted."),
    source="Loshchilov & Hutter 2017 (SGDR); torch.optim.lr_scheduler.CosineAnnealingWarmRestarts",
)
@dataclass(frozen=True)
class WarmRestarts(Schedule):
    """A cosine over each of the rounds T, T·k, T·k² …   (equals ``CosineAnnealingWarmRestarts``)."""

    steps: int = length(200, N_("First round"), N_("Steps of the first round."))
    growth: int = param(
        2, low=1, high=10, live=True, label=N_("Growth"), help=N_("How many times as long as the last each round is.")
    )
    end: float = floor()

    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        round_length = self.steps
        if self.growth == 1:
            step %= round_length
        while step >= round_length:
            step -= round_length
            round_length *= self.growth
        return half_cosine(1.0, self.end, step / round_length)
