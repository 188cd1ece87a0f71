"""One rise and one fall over the whole run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers.schedules.base import SCHEDULES, Schedule, length
from simulations.optimizers.schedules.cosine import half_cosine


@final
@SCHEDULES.register(
    "one_cycle",
    label=N_("One cycle"),
    summary=N_("Rises to the full learning rate and falls far below its start: one cycle for the whole run."),
    source="Smith & Topin 2018; torch.optim.lr_scheduler.OneCycleLR(cycle_momentum=False)",
)
@dataclass(frozen=True)
class OneCycle(Schedule):
    """Cosines from 1/d to 1 and on to 1/(d·D)   (equals ``OneCycleLR``; η is its ``max_lr``). Stays at the end."""

    steps: int = length(1000, N_("Length"), N_("Steps of the whole cycle."), low=4)
    rise: float = param(
        0.3, low=0.05, high=0.95, live=True, label=N_("Share of the rise"), help=N_("Part of the cycle that rises.")
    )
    divider: float = param(
        25.0,
        low=1.0,
        high=1000.0,
        scale="log",
        live=True,
        label=N_("Start divided by"),
        help=N_("The cycle begins at the learning rate divided by this."),
    )
    final_divider: float = param(
        1e4,
        low=1.0,
        high=1e6,
        scale="log",
        live=True,
        label=N_("End divided by"),
        help=N_("The cycle ends at its first value divided by this."),
    )

    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        start = 1 / self.divider
        peak = self.rise * self.steps - 1
        if step < peak:
            return half_cosine(start, 1.0, step / peak)
        return half_cosine(1.0, start / self.final_divider, (step - peak) / (self.steps - 1 - peak))
