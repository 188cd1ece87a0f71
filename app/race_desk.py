"""The desk of the Race workspace: the race, the simulation that runs it, and the timeline. Imported when it is first shown."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from app.actions import Action
from app.bridge import Bridge
from app.desk import Desk
from app.documents import RACE as RACE_DOCUMENT
from app.documents import Autosave
from app.frame import Frame, race_frame
from app.notices import rejected_notice
from app.race_controller import RaceController
from app.race_files import RaceFiles
from app.race_table import RaceTable
from simulations.core.text import N_
from simulations.documents.race import RaceSpec
from simulations.documents.race_presets import DEFAULT, load_race_preset, race_preset_of
from simulations.racing.saved import SavedRace
from simulations.runtime.elsewhere import Room
from simulations.runtime.messages import Failed, Pause, Play, Rejected
from simulations.runtime.race_elsewhere import race_simulation
from simulations.runtime.race_messages import Move, Preview, RaceSnapshot, SetSpeed, Stand
from widgets.banner import Notice
from widgets.panel import RaceDocument, ShowPart
from widgets.panels.race.timeline import TimelinePanel
from widgets.story import Story
from widgets.text import _
from widgets.theme import Look

if TYPE_CHECKING:
    from widgets.gallery import Gallery

_TICK_MS: Final = 100  # between two looks for news; a race that was just run is shown at once
_SPEED: Final = "race/speed"
_MOVES: Final = (
    ("forward", N_("One step forward"), 1, "Right", "step"),
    ("back", N_("One step back"), -1, "Left", ""),
    ("forward-10", N_("Ten steps forward"), 10, "Shift+Right", ""),
    ("back-10", N_("Ten steps back"), -10, "Shift+Left", ""),
)


class RaceDesk(Desk):
    """The timeline pauses while another desk is in front. Races run in ``room``, or on a thread."""

    controller: RaceController

    def __init__(
        self,
        look: Look,
        race: RaceSpec | SavedRace | None = None,
        autosave: Autosave | None = None,
        store: QSettings | None = None,
        room: Room | None = None,
        frame: Frame | None = None,
    ) -> None:
        bridge = Bridge(tick_ms=_TICK_MS, woken=True)
        controller = RaceController(bridge, race or load_race_preset(DEFAULT).spec)
        timeline = TimelinePanel(look)
        super().__init__(frame or race_frame(look), timeline, RACE_DOCUMENT, controller, bridge, look, autosave)
        for child in (bridge, controller):
            child.setParent(self)
        self._room = room
        self._store = store  # where the speed of the timeline is remembered
        self._was_running = False
        self._has_race = False
        self._refused: tuple[Rejected, Notice] | None = None
        self._told: RaceSpec | None = None  # whose story is told
        self._race_files = RaceFiles(self)
        timeline.commandRequested.connect(self._on_timeline_wish)
        self._race_table = RaceTable(self)
        controller.tableRequested.connect(self._race_table.ask)
        self.story = Story(look, self.workspace)
        self.workspace.setMenuWidget(self.story)
        controller.documentChanged.connect(self._on_spec_changed)
        controller.documentOpened.connect(self._tell_story)
        self.workspace.panelsShown.connect(self._on_others_shown)
        self._tell_story()

    def actions(self) -> tuple[Action, ...]:
        send = self.bridge.send
        moves = (
            Action(name, text, partial(send, Move(by)), "run", 1, (key,), icon, desk="race")
            for name, text, by, key, icon in _MOVES
        )
        return (
            *moves,
            Action("first", N_("To the first step"), partial(send, Stand(0)), "run", 1, ("Home",), desk="race"),
            Action("last", N_("To the last step"), self._stand_at_end, "run", 1, ("End",), desk="race"),
            *self._race_files.actions(),
        )

    def start(self) -> None:
        self.bridge.start(race_simulation(self.controller.spec, self._room))
        if (speed := _number(None if self._store is None else self._store.value(_SPEED))) is not None:
            self.bridge.send(SetSpeed(speed))

    def gallery(self, parent: QWidget) -> Gallery:
        from widgets.race_gallery import RaceGallery

        return RaceGallery(self.look, parent)

    def play_title(self) -> str:
        return _("Pause") if self.is_running() else _("Play")

    def toggle_running(self) -> None:
        self.controller.handle(Pause() if self.is_running() else Play())

    def leave(self) -> None:
        self.bridge.send(Pause())
        self.bridge.send(Preview(None))
        super().leave()

    def take_file(self, file: Path) -> bool:
        return self._race_table.take(file)

    def _stand_at_end(self) -> None:
        self.bridge.send(Stand(self.controller.spec.steps))

    # ---- news --------------------------------------------------------------------------------------------------------

    def on_snapshot(self, snapshot: RaceSnapshot) -> None:
        is_running = snapshot.status == "running"
        if is_running != self._was_running or not self._has_race:
            self._was_running, self._has_race = is_running, True
            self.changed.emit()

    def on_event(self, event: object) -> None:
        if isinstance(event, Rejected):
            notice = rejected_notice(event, N_("This cannot be run, so the race before it stays: {reason}"))
            self._refused = event, notice
            self.announced.emit(notice)
        elif isinstance(event, Failed):
            self.failed.emit(event.report)

    def _on_spec_changed(self, document: RaceDocument) -> None:
        if self._refused is not None and document.spec != self._refused[0].spec:
            self.withdrawn.emit(self._refused[1])
            self._refused = None
        if self._told is not None and not _is_still(document.spec, self._told):
            self.story.dismiss()

    def _on_others_shown(self) -> None:
        """The plane shows whole steps again where nobody can see which line of the rule it would show."""
        is_seen = any(panel.kind == "anatomy" for panel in self.workspace.shown_panels())
        if self.controller.document.part is not None and not is_seen:
            self.controller.handle(ShowPart(None))

    def _on_timeline_wish(self, wish: object) -> None:
        if isinstance(wish, SetSpeed) and self._store is not None:
            self._store.setValue(_SPEED, wish.steps_per_second or "")

    def _tell_story(self) -> None:
        """What a preset wants to show stands above it, whatever a person tries with it, until it is another race."""
        preset = race_preset_of(self.controller.spec)
        self._told = None if preset is None else preset.spec
        if preset is None:
            self.story.dismiss()
        else:
            self.story.tell(preset.title, preset.sentence)


def _number(stored: object) -> float | None:
    """A stored number above 0, or None."""
    try:
        found = float(str(stored))
    except ValueError:
        return None
    return found if found > 0 else None


def _is_still(spec: RaceSpec, told: RaceSpec) -> bool:
    return spec.name == told.name and spec.surface.kind == told.surface.kind
