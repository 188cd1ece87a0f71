"""Half a cosine from the full learning rate to its end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from simulations.core.text import N_
from simulations.optimizers.schedules.base import SCHEDULES, Schedule, floor, length


@final
@SCHEDULES.register(
    "cosine",
    label=N_("Cosine"),
    summary=N_("Falls along half a cosine: slowly at first, fast in the middle, gently at the end, and stays there."),
    source="Loshchilov & Hutter 2017; torch.optim.lr_scheduler.CosineAnnealingLR",
)
@dataclass(frozen=True)
class Cosine(Schedule):
    """f = e + (1−e)·(1 + cos(π·step/T)) / 2 until T, then e   (equals ``CosineAnnealingLR``, which would rise again)."""

    steps: int = length(1000, N_("Length"), N_("Steps until the end is reached."))
    end: float = floor()

    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        return half_cosine(1.0, self.end, step / self.steps)


def half_cosine(start: float, end: float, share: float) -> float:
    """From ``start`` at ``share`` 0 to ``end`` at 1 and beyond."""
    return end + (start - end) * (1 + math.cos(math.pi * min(share, 1.0))) / 2
