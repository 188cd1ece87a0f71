"""The learning rate of the first Transformers: a warm-up, then one over the root of the steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from simulations.core.text import N_
from simulations.optimizers.schedules.base import SCHEDULES, Schedule, length


@final
@SCHEDULES.register(
    "inverse_square_root",
    label=N_("Inverse square root"),
    summary=N_("Rises along a line to the full rate, then falls like one over the root of the steps, without an end."),
    source="Vaswani et al. 2017, eq. 3, with its peak scaled to 1",
)
@dataclass(frozen=True)
class InverseSquareRoot(Schedule):
    """f = min((step+1)/W, √(W/(step+1)))."""

    warm_up: int = length(100, N_("Warm-up"), N_("Steps until the full learning rate is reached."))

    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        share = (step + 1) / self.warm_up
        return float(min(share, share**-0.5))
