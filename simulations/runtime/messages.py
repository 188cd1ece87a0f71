"""What crosses between the window and the simulation thread: commands in, snapshots and events out.

Every message is a frozen value; arrays in them are copies marked read-only. Nothing else ever crosses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:  # a window needs the messages before it needs what they carry
    from simulations.core.errors import GradLabError
    from simulations.documents.experiment import ExperimentSpec
    from simulations.documents.race import RaceSpec
    from simulations.nn.description import LayerInfo
    from simulations.nn.teacher import Teacher
    from simulations.probes.answers import Marker

# ---- commands: window → simulation -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Play:
    """Train until told otherwise."""


@dataclass(frozen=True)
class Pause:
    """Stop after the current step."""


@dataclass(frozen=True)
class TakeSteps:
    """Take ``count`` steps, then pause."""

    count: int = 1


@dataclass(frozen=True)
class TakeEpoch:
    """Train to the end of the current epoch, then pause."""


@dataclass(frozen=True)
class Reset:
    """Back to step 0 with the same first weights and the same batches; the old run stays as a ghost."""


@dataclass(frozen=True)
class Recover:
    """After a divergence: return to the last checkpoint whose numbers were all finite, paused."""


@dataclass(frozen=True)
class KeepTeacher:
    """Keep the network as it stands as a teacher; answered with :class:`TeacherKept`, or :class:`Refused` in words."""


@dataclass(frozen=True)
class Apply:
    """Make ``spec`` the running experiment.

    Live differences take effect at the next step and leave a marker; new data keep the network; anything else builds a
    new run aside and swaps it in. What cannot be built is answered with :class:`Rejected`, and the old run goes on.
    ``anew`` starts a new run whatever differs: another document is not an edit of the one before.
    """

    spec: ExperimentSpec
    anew: bool = False


@dataclass(frozen=True)
class Watch:
    """The probes whose answers the visible panels want, each with its options (an instance of the probe's class)."""

    probes: tuple[Any, ...]


@dataclass(frozen=True)
class Observe:
    """Begin the process that looks at the network from outside, if there is to be one; panels are there to be looked at."""


@dataclass(frozen=True)
class Quit:
    """Leave the thread."""


Command: TypeAlias = (
    Play | Pause | TakeSteps | TakeEpoch | Reset | Recover | KeepTeacher | Apply | Watch | Observe | Quit
)


# ---- events: rare news, simulation → window --------------------------------------------------------------------------


@dataclass(frozen=True)
class Diverged:
    """Training met its first non-finite number, or a loss a thousand times the untrained network's, and paused.

    ``where`` is the layer's name (as in :class:`LayerInfo`) or ``"loss"``; ``quantity`` is what was not finite, or
    ``explosion`` where everything was and ``where`` is the layer that moved most; ``safe_step`` is the step
    :class:`Recover` returns to.
    """

    step: int
    where: str
    quantity: Literal["activation", "gradient", "weight", "loss", "explosion"]
    safe_step: int


@dataclass(frozen=True)
class Rejected:
    """A spec that could not be built; the old run goes on. ``spec`` is the one refused."""

    spec: ExperimentSpec | RaceSpec
    error: GradLabError


@dataclass(frozen=True)
class TeacherKept:
    """A network that can teach another from now on, once it stands in an experiment."""

    teacher: Teacher


@dataclass(frozen=True)
class Refused:
    """A wish that cannot be granted, and why."""

    error: GradLabError


@dataclass(frozen=True)
class Milestone:
    """Something reached: an epoch finished, a new best validation loss."""

    what: Literal["epoch", "best"]
    step: int


@dataclass(frozen=True)
class Failed:
    """The simulation thread met an error that is a defect of the program; training is paused. ``report`` is the traceback."""

    report: str


Event: TypeAlias = Diverged | Rejected | TeacherKept | Refused | Milestone | Failed


# ---- snapshot: the state a window draws ------------------------------------------------------------------------------


Status: TypeAlias = Literal["running", "paused", "diverged"]


@dataclass(frozen=True)
class Snapshot:
    """Everything the window may draw of one moment.

    ``run`` counts rebuilds, so a panel knows when to forget ranges. ``epoch`` counts finished epochs as a real number.
    ``probes`` maps a probe's kind to its latest answer; an answer carries its own step when it is older than ``step``.
    """

    sequence: int
    run: int
    status: Status
    spec: ExperimentSpec
    step: int
    epoch: float
    steps_per_epoch: int
    seconds: float
    steps_per_second: float
    samples_per_second: float
    layers: tuple[LayerInfo, ...]
    weights_hash: str
    batches_hash: str
    diverged: Diverged | None = None
    markers: tuple[Marker, ...] = ()  # what was changed while this run trained
    probes: Mapping[str, Any] = field(default_factory=dict)
