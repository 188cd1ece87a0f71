"""What a probe is: a named question to a running session, answered with a frozen value of read-only arrays.

A probe instance is its own options (which layer, which range), so a panel asks by handing one over. Only the probes
of visible panels are computed, within a fixed share of the training time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from simulations.core.registry import Registry
from simulations.core.text import N_

if TYPE_CHECKING:
    from simulations.training.view import NetworkView, SessionView


@dataclass(frozen=True)
class Probe(ABC):
    """A question with its options.

    ``memory`` is what the session keeps for this *kind* of probe between two answers, whatever its options become
    (ranges with hysteresis, the ghost of step 0); it starts as an empty dict with each run. ``weight`` is the probe's
    part of the time that watching may take, beside the other probes' weights; ``period_s`` is how much time there is at
    least between two answers while training runs, for every answer is painted too, and that takes its time as well.
    """

    kind: ClassVar[str]
    weight: ClassVar[float] = 1.0
    period_s: ClassVar[float] = 0.2  # five times a second numbers can be read

    @abstractmethod
    def measure(self, view: SessionView, memory: dict[str, Any]) -> Any:
        """The answer for this moment; its arrays are copies made read-only with :func:`simulations.core.arrays.frozen`."""


@dataclass(frozen=True)
class PortableProbe(Probe):
    """A probe that asks no more than one moment of the network, so that another process may answer it."""

    def period_afar_s(self, last: Any) -> float:
        """The least time between two answers from there after ``last`` (None at first): they cost training little."""
        return self.period_s

    @abstractmethod
    def measure(self, view: NetworkView, memory: dict[str, Any]) -> Any: ...

    def measure_afar(self, view: NetworkView, memory: dict[str, Any]) -> Any:
        """What the other process answers; there is time there to do more than measure."""
        return self.measure(view, memory)

    def joined(self, answer: Any, before: Any) -> Any:
        """``answer``, holding on to those parts of the answer ``before`` it that are equal, after a way between processes.

        None where nothing can be shown of it.
        """
        return answer


PROBES: Registry[Probe] = Registry(N_("probe"))
