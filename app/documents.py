"""Saving an experiment, and never losing one: autosave beside the user's settings, offered again after a crash."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QLockFile

from app.files import write_atomically
from simulations.core.errors import GradLabError
from simulations.data.files.source import FileSource
from simulations.documents.experiment import ExperimentSpec
from simulations.documents.presets import load_spec


def save_spec(spec: ExperimentSpec, file: Path) -> None:
    """Write ``spec`` as JSON, whole or not at all; its own files are named from there. Raises :class:`FileError` in words."""
    source = spec.data.source
    if isinstance(source, FileSource):
        spec = replace(spec, data=replace(spec.data, source=source.beside(file.parent)))
    text = json.dumps(spec.to_json(), ensure_ascii=False, indent=2) + "\n"
    write_atomically(file, text.encode())


class Autosave:
    """One file a running window, guarded by a lock; a file whose window is gone is what a crash left behind."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / f"autosave-{os.getpid()}.json"
        self._lock = _lock(self._file)
        self._lock.tryLock(0)

    def keep(self, spec: ExperimentSpec) -> None:
        """Remember ``spec`` should the program die."""
        save_spec(spec, self._file)

    def forget(self) -> None:
        """There is nothing unsaved."""
        self._file.unlink(missing_ok=True)

    def close(self) -> None:
        """A clean end."""
        self.forget()
        self._lock.unlock()

    def left_behind(self) -> ExperimentSpec | None:
        """The newest experiment of a window that died, taken off the disk; None when every window ended well."""
        found: ExperimentSpec | None = None
        for file in sorted(self._folder.glob("autosave-*.json"), key=_age):
            lock = _lock(file)
            if file == self._file or not lock.tryLock(0):
                continue
            with suppress(GradLabError):  # a damaged autosave is worth nothing; it goes with the others
                found = load_spec(file)
            file.unlink(missing_ok=True)
            lock.unlock()
        return found


def _age(file: Path) -> float:
    return file.stat().st_mtime


def _lock(file: Path) -> QLockFile:
    lock = QLockFile(str(file.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # only a dead process makes a lock stale
    return lock
