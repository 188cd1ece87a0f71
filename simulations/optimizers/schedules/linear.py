"""A straight line from one share of the learning rate to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers.schedules.base import SCHEDULES, Schedule, floor, length


@final
@SCHEDULES.register(
    "linear",
    label=N_("Linear"),
    summary=N_("Changes the learning rate along a straight line and stays at its end."),
    source="torch.optim.lr_scheduler.LinearLR",
)
@dataclass(frozen=True)
class Linear(Schedule):
    """f = a + (e − a)·min(step/T, 1)   (equals ``LinearLR``)."""

    steps: int = length(1000, N_("Length"), N_("Steps until the end is reached."))
    begin: float = param(
        1.0,
        low=0.0,
        high=1.0,
        live=True,
        label=N_("First share"),
        help=N_("The share of the learning rate at the start."),
    )
    end: float = floor()

    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        return self.begin + (self.end - self.begin) * min(step / self.steps, 1.0)
