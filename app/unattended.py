"""What long work without a window needs: a folder that is sure to take its files, and a Ctrl-C that tears nothing apart."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from app.files import write_atomically
from simulations.core.errors import FileError
from simulations.core.text import N_


@contextmanager
def output_folder(folder: Path | None) -> Iterator[Path | None]:
    """Make ``folder`` and find out that it can be written before an hour of training; leave no empty one behind."""
    if folder is None:
        yield None
        return
    if folder.exists() and not folder.is_dir():
        raise FileError(N_("{file} is a file, and a folder is needed here. Choose another name."), file=str(folder))
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            N_("{file} cannot be used as a folder: {reason}"), file=str(folder), reason=error.strerror or str(error)
        ) from error
    try:
        probe = folder / ".gradlab-writable"
        write_atomically(probe, b"")
        probe.unlink()
        yield folder
    finally:
        for one in made:
            if one.is_dir() and not any(one.iterdir()):
                one.rmdir()


@contextmanager
def interruptible() -> Iterator[list[int]]:
    """Ctrl-C fills the list instead of tearing a step apart; a second Ctrl-C ends the program as usual."""
    stopped: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)
