"""The learning rate as it is set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from simulations.core.text import N_
from simulations.optimizers.schedules.base import SCHEDULES, Schedule


@final
@SCHEDULES.register(
    "constant",
    label=N_("Constant"),
    summary=N_("Keeps the learning rate as it is set."),
    source="torch.optim.lr_scheduler.ConstantLR(factor=1)",
)
@dataclass(frozen=True)
class Constant(Schedule):
    """f = 1."""

    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        return 1.0
