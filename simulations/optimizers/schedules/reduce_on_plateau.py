"""The learning rate falls when the validation loss has stopped falling."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import final

from simulations.core.params import param
from simulations.core.text import N_
from simulations.optimizers.schedules.base import SCHEDULES, Schedule, floor


@final
@SCHEDULES.register(
    "reduce_on_plateau",
    label=N_("Reduce on plateau"),
    summary=N_("Multiplies the learning rate by a factor whenever the validation loss has not improved for a while."),
    source="torch.optim.lr_scheduler.ReduceLROnPlateau(threshold_mode='rel')",
)
@dataclass(frozen=True)
class ReduceOnPlateau(Schedule):
    """A fall by γ after more than ``patience`` measurements without an improvement by 1 − ``threshold``.

    Equals ``ReduceLROnPlateau``. It is worked out from all measured losses anew, so it keeps nothing.
    """

    gamma: float = param(
        0.1, low=0.0, high=1.0, live=True, label=N_("Factor γ"), help=N_("What each fall leaves of the learning rate.")
    )
    patience: int = param(
        10,
        low=0,
        high=1000,
        scale="linear",
        live=True,
        label=N_("Patience"),
        help=N_("Validation measurements without an improvement that are waited for."),
    )
    threshold: float = param(
        1e-4,
        low=0.0,
        high=0.5,
        scale="log",
        live=True,
        label=N_("Threshold"),
        help=N_("Share by which the loss must fall to count as improved."),
    )
    end: float = floor()

    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        return _reduced(self, tuple(losses))


@lru_cache(maxsize=8)
def _reduced(schedule: ReduceOnPlateau, losses: tuple[float, ...]) -> float:
    best, waited, factor = math.inf, 0, 1.0
    for loss in losses:
        if loss < best * (1 - schedule.threshold):
            best, waited = loss, 0
        else:
            waited += 1
        if waited > schedule.patience:
            factor, waited = max(factor * schedule.gamma, schedule.end), 0
    return factor
