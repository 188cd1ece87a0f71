"""Holds the race being edited: every edit is another race, which whoever runs races begins at once."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.editing import EditController
from simulations.documents.race import RaceSpec
from simulations.documents.race_presets import load_race_preset
from simulations.racing.probes.fair import FairAnswer
from simulations.racing.saved import SavedRace, fits, question_of
from simulations.runtime.race_messages import Preview, RunRace, Stand
from simulations.surfaces.base import Box
from widgets.panel import ImportTable, KeepResult, LookAt, RaceDocument, Reveal, SelectRacer, ShowPart

_MOST_KEPT: Final = 12  # results, whatever race they are of


class RaceController(EditController):
    """The race's, which of its racers panels and keys speak of, and whether its minima are to be seen, how much of a
    step, and the part of the plane in view, and what
    fair races came to in this sitting or are in the file: they are saved with the race, and no edits."""

    tableRequested = Signal(str)  # with the delimiter of its cells

    def __init__(self, bridge: Bridge, content: RaceSpec | SavedRace, parent: QObject | None = None) -> None:
        race = _saved(content)
        super().__init__(race.spec, parent)
        self._bridge = bridge
        self._selected = 0
        self._revealed = False
        self._part: int | None = None
        self._box: Box | None = None
        self._is_new = False  # the next race is another document's
        self._results: dict[Hashable, FairAnswer] = {}  # the oldest first
        self._on_disk: frozenset[Hashable] = frozenset()
        self._know(race)

    @property
    def spec(self) -> RaceSpec:
        spec: RaceSpec = self.history.spec
        return spec

    @property
    def document(self) -> RaceDocument:
        selected = min(self._selected, len(self.spec.racers) - 1)
        return RaceDocument(self.spec, selected, self._revealed, self._part, self._box, dict(self._results))

    @property
    def content(self) -> SavedRace:
        """The race with the results that fit it as it is now."""
        return SavedRace(self.spec, tuple(self._fitting().values()))

    @property
    def is_modified(self) -> bool:
        """A result that is not in the race's file counts, too; a race that has no file can do without."""
        return super().is_modified or (self.file is not None and not self._on_disk.issuperset(self._fitting()))

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
        elif isinstance(wish, KeepResult):
            self._keep(wish.answer)
            self.announce()
        elif isinstance(wish, ImportTable):
            self.tableRequested.emit(wish.delimiter)
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

    def open(self, content: RaceSpec | SavedRace, file: Path | None = None) -> None:
        """Make ``content`` the document and look at the whole of it."""
        race = _saved(content)
        self._selected, self._revealed, self._part, self._is_new = 0, False, None, True
        self._know(race)
        super().open(race.spec, file)
        self._bridge.send(Preview(None))
        self._bridge.send(Stand(race.spec.steps))

    def restore(self, content: SavedRace) -> None:
        self._know(content)
        self._on_disk = frozenset()
        super().restore(content.spec)

    def mark_saved(self, file: Path) -> None:
        self._on_disk = frozenset(self._fitting())
        super().mark_saved(file)

    def _know(self, race: SavedRace) -> None:
        """Keep what is in a file, too."""
        for answer in race.results:
            self._keep(answer)
        self._on_disk = frozenset(map(_question, race.results))

    def _keep(self, answer: FairAnswer) -> None:
        question = _question(answer)
        self._results.pop(question, None)
        self._results[question] = answer
        if len(self._results) > _MOST_KEPT:
            del self._results[next(iter(self._results))]

    def _fitting(self) -> dict[Hashable, FairAnswer]:
        return {question: one for question, one in self._results.items() if fits(one, self.spec)}


def _question(answer: FairAnswer) -> Hashable:
    return question_of(answer.surface, answer.racers, answer.settings)


def _saved(content: RaceSpec | SavedRace) -> SavedRace:
    return SavedRace(content) if isinstance(content, RaceSpec) else content
