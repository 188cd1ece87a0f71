"""Opening what a person gave: present, readable, not too large; read in pieces that can be watched and left.

Every fault of the file system becomes one sentence here, so that the readers only deal with bytes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from simulations.core.errors import DataError
from simulations.core.text import N_
from simulations.data.files.content import LARGEST_FILE

PIECE: Final = 1 << 20

Progress = Callable[[float], None]
"""Told the share that is done, 0…1; may raise :class:`~simulations.core.interrupt.Interrupted` to leave."""


def unwatched(_share: float) -> None:
    """Nobody wants to know."""


@contextmanager
def opened(path: Path, largest: int = LARGEST_FILE) -> Iterator[BinaryIO]:
    """``path`` to read bytes from. Raises :class:`DataError` when it is absent, no file, unreadable or over ``largest``."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > largest:
                raise DataError(
                    N_("{file} has {size} MB; at most {most} MB are read. Use a smaller part of it."),
                    file=path.name,
                    size=_megabytes(size),
                    most=_megabytes(largest),
                )
            if not size:
                raise DataError(N_("{file} is empty: it has no bytes at all. Save or copy it again."), file=path.name)
            yield file
    except OSError as error:
        raise in_words(path, error) from error


def in_words(path: Path, error: OSError) -> DataError:
    """Why ``path`` cannot be read."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return DataError(
            N_("{file} is not there any more, or was moved: {path}. Bring it back, or import it from its new place."),
            file=path.name,
            path=str(path),
        )
    if isinstance(error, IsADirectoryError):
        return DataError(N_("{file} is a folder; a file is expected here."), file=path.name)
    if isinstance(error, PermissionError):
        return DataError(N_("You may not read {file}: {path}. Change its permissions."), file=path.name, path=str(path))
    return DataError(
        N_("{file} cannot be read: {reason}."), file=path.name, reason=error.strerror or type(error).__name__
    )


def digest_of(path: Path, progress: Progress = unwatched) -> str:
    """16 hexadecimal digits of the bytes of ``path``."""
    digest = hashlib.blake2b(digest_size=8)
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        while piece := file.read(PIECE):
            digest.update(piece)
            progress(min(1.0, file.tell() / size))
    return digest.hexdigest()


def part(progress: Progress, start: float, end: float) -> Progress:
    """``progress`` for a stage that takes it from ``start`` to ``end``."""

    def tell(share: float) -> None:
        progress(start + share * (end - start))

    return tell


def _megabytes(size: int) -> int:
    return max(1, round(size / (1 << 20)))
