"""What a probe is: a named question to a running session, answered with a frozen value of read-only arrays.

A probe instance is its own options (which layer, which range), so a panel asks by handing one over. Only the probes
of visible panels are computed, within a fixed share of the training time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from simulations.core.arrays import Array
from simulations.core.registry import Registry

if TYPE_CHECKING:
    from simulations.training.view import SessionView


@dataclass(frozen=True)
class Probe(ABC):
    """A question with its options.

    ``memory`` is what the session keeps for this *kind* of probe between two answers, whatever its options become
    (ranges with hysteresis, the ghost of step 0); it starts as an empty dict with each run. ``weight`` is the probe's
    part of the time that watching may take, beside the other probes' weights.
    """

    kind: ClassVar[str]
    weight: ClassVar[float] = 1.0

    @abstractmethod
    def measure(self, view: SessionView, memory: dict[str, Any]) -> Any:
        """The answer for this moment; its arrays are copies made read-only with :func:`frozen`."""


def frozen(array: Array) -> Array:
    """A read-only copy that may cross to the window."""
    result = array.copy()
    result.flags.writeable = False
    return result


PROBES: Registry[Probe] = Registry("probe")
