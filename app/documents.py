"""Saving documents, and never losing one: autosave beside the user's settings, offered again after a crash."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QLockFile

from app.__main__ import version
from app.files import write_atomically
from simulations.core.errors import GradLabError
from simulations.core.params import Json
from simulations.core.text import N_
from simulations.data.files.source import FileSource
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.presets import load_spec
from simulations.documents.reading import RACE_FORMAT, format_of, read_json

if TYPE_CHECKING:
    from simulations.racing.saved import SavedRace


@dataclass(frozen=True)
class DocumentKind:
    """What differs between kinds of documents on their way to the disk and back. Texts are marked with ``N_``."""

    autosaved: str  # the beginning of the name of its autosave files
    fallback: str  # the file's name where the document has none
    load: Callable[[Path], Any]
    save: Callable[[Any, Path], None]
    unsaved: str
    ask_to_save: str
    kept: str


def save_spec(spec: ExperimentSpec, file: Path) -> None:
    """Write ``spec`` as JSON, whole or not at all; its own files are named from there. Raises :class:`FileError` in words."""
    source = spec.data.source
    if isinstance(source, FileSource):
        spec = replace(spec, data=replace(spec.data, source=source.beside(file.parent)))
    _write(spec.to_json(), file)


def save_race(race: SavedRace, file: Path) -> None:
    """Write ``race`` as JSON, whole or not at all. Raises :class:`FileError` in words."""
    from simulations.racing.saved import text_of

    write_atomically(file, text_of(race, version()).encode())


def load_race(file: Path) -> SavedRace:
    """The race stored in ``file``; what races are made of is imported now."""
    from simulations.racing.saved import load_saved

    return load_saved(file, version())


def read_document(file: Path) -> ExperimentSpec | SavedRace:
    """What the JSON ``file`` holds, by the format it names. Raises :class:`GradLabError` in words."""
    return load_race(file) if format_of(read_json(file)) == RACE_FORMAT else load_spec(file)


def _write(data: Json, file: Path) -> None:
    write_atomically(file, (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())


EXPERIMENT: Final = DocumentKind(
    "autosave",
    "experiment",
    load_spec,
    save_spec,
    N_("Unsaved experiment"),
    N_("The experiment “{name}” was changed. Save it?"),
    N_("GradLab ended unexpectedly. The experiment “{name}” was kept."),
)
RACE: Final = DocumentKind(
    "race-autosave",
    "race",
    load_race,
    save_race,
    N_("Unsaved race"),
    N_("The race “{name}” was changed. Save it?"),
    N_("GradLab ended unexpectedly. The race “{name}” was kept."),
)


class Autosave:
    """One file a running window, guarded by a lock; a file whose window is gone is what a crash left behind."""

    def __init__(self, folder: Path, kind: DocumentKind = EXPERIMENT) -> None:
        self._folder = folder
        self._kind = kind
        self._file = folder / f"{kind.autosaved}-{os.getpid()}.json"
        self._left = folder / f"{kind.autosaved}-{os.getpid()}-left.json"
        self._lock = _lock(self._file)
        self._lock.tryLock(0)

    def keep(self, content: Any) -> None:
        """Remember ``content`` should the program die."""
        self._kind.save(content, self._file)

    def forget(self) -> None:
        """There is nothing unsaved."""
        self._file.unlink(missing_ok=True)

    def close(self) -> None:
        """A clean end."""
        self.forget()
        self._lock.unlock()

    def left_behind(self) -> Any:
        """The newest document of a window that died; None when every window ended well, or answered what it was offered.

        It stays on the disk for the next window, until this one's :meth:`settle`.
        """
        found: Any = None
        for file in sorted(self._folder.glob(f"{self._kind.autosaved}-*.json"), key=_age):
            lock = _lock(file)
            if file in (self._file, self._left) or not lock.tryLock(0):
                continue
            with suppress(GradLabError):  # a damaged autosave is worth nothing; it goes with the others
                found = self._kind.load(file)
            file.unlink(missing_ok=True)
            lock.unlock()
        if found is not None:
            self._kind.save(found, self._left)
        return found

    def settle(self) -> None:
        """What was left behind has been taken or declined."""
        self._left.unlink(missing_ok=True)


def _age(file: Path) -> float:
    return file.stat().st_mtime


def _lock(file: Path) -> QLockFile:
    lock = QLockFile(str(file.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # only a dead process makes a lock stale
    return lock
