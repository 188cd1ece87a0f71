"""What crosses between the window and whoever runs races, a thread or a process: commands in, snapshots out.

Every message is a frozen value. Play, Pause, Watch and Quit, and the events Rejected and Failed, are those of training.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from simulations.documents.race import RaceSpec
from simulations.racing.record import Race
from simulations.runtime.messages import Failed, Pause, Play, Quit, Rejected, Watch

# ---- commands: window → simulation -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class RunRace:
    """Make ``spec`` the race. A newer one supersedes it, however far it has run.

    ``continues``: part of one drag, so the ghost stays what was there before the drag began. ``is_new``: another document,
    which has no ghost yet.
    """

    spec: RaceSpec
    continues: bool = False
    is_new: bool = False


@dataclass(frozen=True)
class Stand:
    """Put the timeline at ``step``."""

    step: int


@dataclass(frozen=True)
class Move:
    """Put the timeline ``by`` steps further, or back."""

    by: int


@dataclass(frozen=True)
class SetSpeed:
    """While playing, pass so many steps a second; None: so many that the whole race takes ten seconds."""

    steps_per_second: float | None


@dataclass(frozen=True)
class Preview:
    """Run the race of ``spec`` beside, which has one racer, and show it as the snapshot's ``preview``; None ends that."""

    spec: RaceSpec | None


RaceCommand: TypeAlias = Play | Pause | RunRace | Stand | Move | SetSpeed | Preview | Watch | Quit
RaceEvent: TypeAlias = Rejected | Failed


# ---- snapshot: the state a window draws ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class RaceSnapshot:
    """Everything the window may draw of one moment.

    ``race`` is another object exactly when there is more or other to draw than ``moment``, the step the timeline stands at.
    ``status`` and ``speed`` (steps per second, or None: a race in ten seconds) are those of the timeline. ``probes`` maps a
    probe's kind to its latest answer, which says itself what it was worked out for.
    """

    sequence: int
    status: Literal["running", "paused"]
    race: Race
    moment: int
    speed: float | None
    ghost: Race | None = None
    preview: Race | None = None
    probes: Mapping[str, Any] = field(default_factory=dict)
