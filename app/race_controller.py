"""Holds the race being edited: every edit is another race, which whoever runs races begins at once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.editing import EditController
from simulations.documents.race import RaceSpec
from simulations.documents.race_presets import load_race_preset
from simulations.runtime.race_messages import Preview, RunRace, Stand
from simulations.surfaces.base import Box
from widgets.panel import ImportTable, LookAt, RaceDocument, Reveal, SelectRacer, ShowPart


class RaceController(EditController):
    """The race's, which of its racers panels and keys speak of, and whether its minima are to be seen, how much of a
    step, and the part of the plane in view."""

    tableRequested = Signal()

    def __init__(self, bridge: Bridge, spec: RaceSpec, parent: QObject | None = None) -> None:
        super().__init__(spec, parent)
        self._bridge = bridge
        self._selected = 0
        self._revealed = False
        self._part: int | None = None
        self._box: Box | None = None
        self._is_new = False  # the next race is another document's

    @property
    def spec(self) -> RaceSpec:
        spec: RaceSpec = self.history.spec
        return spec

    @property
    def document(self) -> RaceDocument:
        selected = min(self._selected, len(self.spec.racers) - 1)
        return RaceDocument(self.spec, selected, self._revealed, self._part, self._box)

    def obey(self, wish: object) -> None:
        if isinstance(wish, SelectRacer):
            self.select(wish.index)
        elif isinstance(wish, Reveal):
            self._revealed = wish.revealed
            self.announce()
        elif isinstance(wish, LookAt):
            self._box = wish.box
            self.announce()
        elif isinstance(wish, ShowPart):
            self._part = wish.part
            self.announce()
        elif isinstance(wish, ImportTable):
            self.tableRequested.emit()
        else:
            self._bridge.send(wish)

    def select(self, index: int) -> None:
        """Speak of the racer ``index`` from now on."""
        before = self.document
        self._selected = max(0, index)
        if self.document != before:
            self._part = None  # every rule has lines of its own
            self.announce()

    def preset(self, name: str) -> RaceSpec:
        return load_race_preset(name).spec

    def take(self, *, continues: bool) -> None:
        is_new = self._is_new
        self._is_new = False
        self._bridge.send(RunRace(self.spec, continues, is_new))

    def open(self, spec: RaceSpec, file: Path | None = None) -> None:
        """Make ``spec`` the document and look at the whole of it."""
        self._selected, self._revealed, self._part, self._is_new = 0, False, None, True
        super().open(spec, file)
        self._bridge.send(Preview(None))
        self._bridge.send(Stand(spec.steps))
