"""A power of the share of steps that are left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers.schedules.base import SCHEDULES, Schedule, length


@final
@SCHEDULES.register(
    "polynomial",
    label=N_("Polynomial"),
    summary=N_("Falls to zero like a power of the steps that are left."),
    source="torch.optim.lr_scheduler.PolynomialLR",
)
@dataclass(frozen=True)
class Polynomial(Schedule):
    """f = (1 − min(step/T, 1))^p   (equals ``PolynomialLR``)."""

    steps: int = length(1000, N_("Length"), N_("Steps until the end is reached."))
    power: float = param(
        2.0,
        low=0.1,
        high=5.0,
        live=True,
        label=N_("Power"),
        help=N_("1 is a straight line; more falls faster at first."),
    )

    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        return float((1 - min(step / self.steps, 1.0)) ** self.power)
