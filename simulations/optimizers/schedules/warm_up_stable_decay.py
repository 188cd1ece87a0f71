"""Rise, stay, fall: the middle may be as long as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from simulations.core.text import N_
from simulations.optimizers.schedules.base import SCHEDULES, Schedule, floor, length


@final
@SCHEDULES.register(
    "warm_up_stable_decay",
    label=N_("Warm-up, stable, decay"),
    summary=N_(
        "Rises along a line, stays at the full learning rate, then falls along a line; the loss drops at the end."
    ),
    source="Hu et al. 2024 (MiniCPM), WSD with a linear decay",
)
@dataclass(frozen=True)
class WarmUpStableDecay(Schedule):
    """f = (step+1)/W, then 1 for S steps, then a line to e over D steps."""

    warm_up: int = length(100, N_("Warm-up"), N_("Steps until the full learning rate is reached."))
    stable: int = length(700, N_("Stable"), N_("Steps at the full learning rate."))
    decay: int = length(200, N_("Decay"), N_("Steps of the fall."))
    end: float = floor()

    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        if step < self.warm_up:
            return (step + 1) / self.warm_up
        fallen = min(max(step - self.warm_up - self.stable, 0) / self.decay, 1.0)
        return 1 + (self.end - 1) * fallen
