"""The learning rate falls by the same share in every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers.schedules.base import SCHEDULES, Schedule


@final
@SCHEDULES.register(
    "exponential",
    label=N_("Exponential"),
    summary=N_("Multiplies the learning rate by the same factor in every step: a straight line on a log axis."),
    source="torch.optim.lr_scheduler.ExponentialLR",
)
@dataclass(frozen=True)
class Exponential(Schedule):
    """f = γ^step   (equals ``ExponentialLR``)."""

    gamma: float = param(
        0.999,
        low=0.9,
        high=1.0,
        live=True,
        label=N_("Factor γ"),
        help=N_("What each step leaves of the learning rate."),
    )

    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        return float(self.gamma**step)
