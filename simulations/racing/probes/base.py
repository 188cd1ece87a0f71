"""What a race probe is: a named question to a race at one moment, answered better and better.

A probe instance is its own options, so a panel asks by handing one over. The worker answers quick ones before it shows
anything, the others while nothing else is to be done; whatever they are asked about may be overtaken by the next drag.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from simulations.core.interrupt import Interrupt
from simulations.core.registry import Registry
from simulations.core.text import N_
from simulations.racing.record import Race

GIVES_WAY: Final = object()  # yielded in place of an answer by who has none yet and is interrupted, to go on later


@dataclass(frozen=True, eq=False)
class RaceLook:
    """What a probe looks at: the race as far as it has run, and the step the timeline stands at (0…``race.done``)."""

    race: Race
    moment: int


@dataclass(frozen=True)
class RaceProbe(ABC):
    """A question with its options. ``is_quick``: answered before every picture, so it may take 2 ms at most."""

    kind: ClassVar[str]
    is_quick: ClassVar[bool] = False

    @abstractmethod
    def key(self, look: RaceLook) -> Hashable:
        """What the answer depends on; while it is equal, the answer holds and is not asked for again."""

    @abstractmethod
    def answers(self, look: RaceLook, interrupt: Interrupt) -> Iterator[Any]:
        """Frozen answers, each better than the one before; at most 15 ms of work between two of them or two looks at
        ``interrupt``. Then it may raise :class:`Interrupted`, to begin anew, or give way with an answer, or with
        :data:`GIVES_WAY`, to go on later: an edit that leaves :meth:`key` as it was does not set it back."""


RACE_PROBES: Registry[RaceProbe] = Registry(N_("race probe"))
