"""A rise in front of another schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers.schedules.base import SCHEDULES, Schedule, length
from simulations.optimizers.schedules.constant import Constant


@final
@SCHEDULES.register(
    "warm_up",
    label=N_("Warm-up"),
    summary=N_("Rises along a line to the full learning rate, then hands over to another schedule."),
    source="Goyal et al. 2017; torch.optim.lr_scheduler.SequentialLR([LinearLR, …])",
)
@dataclass(frozen=True)
class WarmUp(Schedule):
    """f = a + (1 − a)·step/W until W, then the next schedule from its own step 0."""

    steps: int = length(100, N_("Warm-up"), N_("Steps until the full learning rate is reached."))
    begin: float = param(
        0.01,
        low=0.0,
        high=1.0,
        scale="log",
        live=True,
        label=N_("First share"),
        help=N_("The share of the learning rate at the start."),
    )
    then: Schedule = param(
        Constant(),
        registry=SCHEDULES,
        live=True,
        label=N_("Then"),
        help=N_("The schedule that takes over when the rise is done."),
    )

    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        if step < self.steps:
            return self.begin + (1 - self.begin) * step / self.steps
        return self.then.factor(step - self.steps, losses)
