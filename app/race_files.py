"""A race as files for other programs, from the File menu: all paths, all states, and a script that repeats it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from app.actions import Action
from app.file_dialog import ask_for_file
from app.files import write_atomically
from app.jobs import Job, Tell
from app.notices import exported_notice
from simulations.core.errors import GradLabError
from simulations.core.text import N_
from simulations.racing.record import Race
from widgets.racer_names import racer_labels
from widgets.text import _

if TYPE_CHECKING:
    from app.desk import Desk

Content = Callable[[Race, tuple[str, ...]], str]

_SCRIPT: Final = N_("Python script (*.py)")
_TABLE: Final = N_("Table (*.csv)")


class RaceFiles(QObject):
    """Asks where to, and writes off the window's thread: a long race has millions of numbers."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._jobs: set[Job] = set()

    def actions(self) -> tuple[Action, ...]:
        """What stands in the File menu."""
        wanted: tuple[tuple[str, str, str, str, Content], ...] = (
            ("race-script", N_("Python script…"), "race.py", _SCRIPT, _torch_script),
            ("race-script-numpy", N_("Python script without PyTorch…"), "race.py", _SCRIPT, _numpy_script),
            ("race-paths", N_("All paths as a table…"), "paths.csv", _TABLE, _paths),
            ("race-states", N_("All states as a table…"), "states.csv", _TABLE, _states),
        )
        return tuple(
            Action(
                one, text, partial(self.save, ending, filter_, content), "file", 3,
                enabled_when=self._has_race, desk="race",
            )
            for one, text, ending, filter_, content in wanted
        )  # fmt: skip

    def save(self, ending: str, filter_: str, content: Content) -> None:
        """Ask for a file and begin to write it."""
        race = self._race()
        if race is None:
            return
        suggestion = self._desk.files.folder / f"{race.spec.name or 'race'}-{ending}"
        file = ask_for_file(self._desk.workspace, _("Save"), suggestion, _(filter_), saves=True)
        if file is not None:
            self.write(file if file.suffix else file.with_suffix(suggestion.suffix), content)

    def write(self, file: Path, content: Content) -> None:
        """Write what ``content`` says of the race as it stands."""
        race = self._race()
        if race is None:
            return
        names = racer_labels(race.spec)

        def work(_tell: Tell) -> None:
            write_atomically(file, content(race, names).encode())

        job = Job(work, self)
        job.succeeded.connect(partial(self._on_written, job, file))
        job.failed.connect(partial(self._on_failed, job))
        job.broke.connect(self._desk.failed)
        self._jobs.add(job)
        job.start()

    def _race(self) -> Race | None:
        snapshot = self._desk.latest()
        return None if snapshot is None else snapshot.race

    def _has_race(self) -> bool:
        return self._race() is not None

    def _on_written(self, job: Job, file: Path, _result: object) -> None:
        self._jobs.discard(job)
        self._desk.announced.emit(exported_notice(file))

    def _on_failed(self, job: Job, error: GradLabError) -> None:
        self._jobs.discard(job)
        self._desk.complain(error)


def _torch_script(race: Race, names: tuple[str, ...]) -> str:
    from simulations.codegen.race import race_script

    return race_script(race.spec, names)


def _numpy_script(race: Race, names: tuple[str, ...]) -> str:
    from simulations.codegen.race import race_script

    return race_script(race.spec, names, uses_torch=False)


def _paths(race: Race, names: tuple[str, ...]) -> str:
    from simulations.racing import tables

    return tables.csv_text(tables.paths(race, names))


def _states(race: Race, names: tuple[str, ...]) -> str:
    from simulations.racing import tables

    return tables.csv_text(tables.states(race, names))
