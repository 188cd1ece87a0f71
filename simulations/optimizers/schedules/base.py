"""What a schedule is: a factor on the learning rate as a pure function of the step and of the losses measured so far.

Because nothing is remembered between steps, going back to a checkpoint or scrubbing through a race finds the same rate
again, and a schedule can be turned while training runs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from simulations.core.params import param
from simulations.core.registry import Registry
from simulations.core.text import N_


@dataclass(frozen=True)
class Schedule(ABC):
    """A rule for the learning rate. Instances are configuration only; all their lengths are in steps."""

    kind: ClassVar[str]

    @abstractmethod
    def factor(self, step: int, losses: Sequence[float] = ()) -> float:
        """What the learning rate is multiplied by after ``step`` updates (0 for the first).

        ``losses`` are the validation losses measured up to then, oldest first.
        """


def length(default: int, label: str, help: str, *, low: int = 1) -> Any:
    """A number of steps."""
    return param(default, low=low, high=100_000, scale="log", live=True, unit=N_("steps"), label=label, help=help)


def floor(default: float = 0.0) -> Any:
    """The factor that is reached in the end."""
    return param(
        default,
        low=0.0,
        high=1.0,
        scale="log",
        live=True,
        label=N_("Final share"),
        help=N_("The share of the learning rate that is left at the end."),
    )


SCHEDULES: Registry[Schedule] = Registry(N_("schedule"))
