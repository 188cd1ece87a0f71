"""The learning rate falls by a fixed factor every so many steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers.schedules.base import SCHEDULES, Schedule, length


@final
@SCHEDULES.register(
    "step",
    label=N_("Step decay"),
    summary=N_("Multiplies the learning rate by a factor every so many steps, which shows as stairs in the loss."),
    source="torch.optim.lr_scheduler.StepLR",
)
@dataclass(frozen=True)
class Step(Schedule):
    """f = γ^⌊step / every⌋   (equals ``StepLR``)."""

    every: int = length(500, N_("Every"), N_("Steps between two falls."))
    gamma: float = param(
        0.1, low=0.0, high=1.0, live=True, label=N_("Factor γ"), help=N_("What each fall leaves of the learning rate.")
    )

    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        return float(self.gamma ** (step // self.every))
