"""A rate that rises from tiny to far too large, to find the largest one that still learns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers.schedules.base import SCHEDULES, Schedule, length


@final
@SCHEDULES.register(
    "range_test",
    label=N_("Learning-rate range test"),
    summary=N_("Raises the rate by the same share each step; a good rate lies a little below where the loss explodes."),
    source="Smith 2017, section 3.3, on a log axis",
)
@dataclass(frozen=True)
class RangeTest(Schedule):
    """f = a^(1 − step/T) until T: from a·η to η along a straight line on a log axis. Then it stays at η."""

    steps: int = length(500, N_("Length"), N_("Steps until the end is reached."))
    begin: float = param(
        1e-5,
        low=1e-8,
        high=1.0,
        scale="log",
        live=True,
        label=N_("First share"),
        help=N_("The share of the learning rate at the start."),
    )

    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        return float(self.begin ** (1 - min(step / self.steps, 1.0)))
