"""What a panel is: a view of one thing. It draws values it is given and emits wishes; it computes and remembers nothing."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from simulations.core.registry import Registry
from simulations.core.text import N_
from widgets.plot import Plot
from widgets.text import _
from widgets.theme import Look
from widgets.view import View

if TYPE_CHECKING:  # what documents are made of is loaded after the first picture, or when the first race is shown
    from simulations.documents.experiment import ExperimentSpec
    from simulations.documents.race import RaceSpec
    from simulations.nn.description import Description
    from simulations.racing.probes.fair import FairAnswer
    from simulations.runtime.messages import Snapshot
    from simulations.runtime.race_messages import RaceSnapshot
    from simulations.surfaces.base import Box

Spec: TypeAlias = "ExperimentSpec | RaceSpec"


@dataclass(frozen=True)
class Document:
    """The experiment as it is being edited. It may not be buildable: then ``description.problem`` says why, and the
    snapshot's spec is still the one that runs. ``wanted_batch`` is the batch size that was chosen, where a small data set
    made it smaller."""

    spec: ExperimentSpec
    description: Description
    wanted_batch: int | None = None


@dataclass(frozen=True)
class RaceDocument:
    """The race as it is being edited. ``selected`` is the racer that anatomy, maps and keys speak of; -1 without racers.
    ``revealed`` says whether a person wants to see where the minima are, ``part`` which line of the selected racer's rule; None
    for the whole step. ``box`` is the part of the plane that was zoomed in on, None where it shows the surface's view.
    ``results`` are whole ones of fair races, of this race or another, by the question they answer, the oldest first."""

    spec: RaceSpec
    selected: int
    revealed: bool = False
    part: int | None = None
    box: Box | None = None
    results: Mapping[Hashable, FairAnswer] = field(default_factory=dict)


@dataclass(frozen=True)
class SelectRacer:
    """A wish to speak of the racer ``index`` from now on; not an edit."""

    index: int


@dataclass(frozen=True)
class Reveal:
    """A wish to see where the minima of the surface are, or not to; not an edit."""

    revealed: bool


@dataclass(frozen=True)
class LookAt:
    """What the plane shows since a moment ago: a part of it, or None, the surface's view; not an edit."""

    box: Box | None


@dataclass(frozen=True)
class ShowPart:
    """A wish to see the selected racer's step up to the line ``part`` of its rule, or whole; not an edit."""

    part: int | None


@dataclass(frozen=True)
class KeepResult:
    """A wish to keep what a fair race came to, and to save it with the race it fits; not an edit."""

    answer: FairAnswer


@dataclass(frozen=True)
class Edit:
    """A wish to change the experiment or the race. ``text`` (marked with ``N_``) names it in the undo menu.

    Edits with the same ``merge`` key that follow each other (a slider drag) become one undo step.
    """

    spec: Spec
    text: str
    merge: str = ""


@dataclass(frozen=True)
class OpenPreset:
    """A wish to open a preset by name as a new document."""

    name: str


@dataclass(frozen=True)
class ImportData:
    """A wish to import a person's own data. ``what`` is the kind of source that is meant, or ``again`` for the present one."""

    what: str = ""


@dataclass(frozen=True)
class ImportTable:
    """A wish to average the typed-in formula over the table of a file that a person chooses, whose cells ``delimiter``
    separates, or what is recognised."""

    delimiter: str = "auto"


class Panel(View):
    """Base of all panels. Registered in :data:`PANELS`; the window wraps it in a dock with the header the design asks for.

    ``commandRequested`` carries a runtime command, an :class:`Edit` or another wish. ``probesChanged`` says that
    ``probes()`` would answer differently now. ``exportRequested`` carries a plot from a menu of the panel's own.
    """

    kind: ClassVar[str]
    workspace: ClassVar[str] = "train"
    area: ClassVar[Literal["left", "center", "right", "top"]] = "center"
    icon: ClassVar[str] = ""
    follows: ClassVar[bool] = False  # may miss pictures that come in quick succession, but never the last

    commandRequested = Signal(object)
    probesChanged = Signal()
    exportRequested = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)

    def probes(self) -> tuple[Any, ...]:
        """The probes (instances, with options) this panel needs while it is visible."""
        return ()

    def render(self, snapshot: Snapshot | RaceSnapshot) -> None:  # type: ignore[override]  # QWidget.render is not used on panels
        """Draw this moment. Called at most 60 times a second, only while visible; must not take over 2 ms."""

    def show_document(self, document: Any) -> None:
        """Show what is being edited, the workspace's kind of document. Called after every edit, undo and open."""

    def plots(self) -> tuple[Plot, ...]:
        """What the panel's ⋯ menu and the File menu can export now; empty when there is nothing yet."""
        return ()

    def header_widgets(self) -> tuple[QWidget, ...]:
        """The panel's few controls that stand in the dock's 28-px header, right-aligned before the ⋯ menu."""
        return ()

    def help_text(self) -> str:
        """What the panel shows and what its values mean now, for F1 and the header's question mark."""
        return _(PANELS.entry(self.kind).summary)


PANELS: Registry[Panel] = Registry(N_("panel"))
