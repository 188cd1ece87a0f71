"""Writing a file so that it is either whole or not there, and saying in plain words why it could not be written."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from simulations.core.errors import FileError
from simulations.core.text import N_

_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NO_FOLDER = frozenset({errno.ENOENT, errno.ENOTDIR})
_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def write_atomically(file: Path, content: bytes) -> None:
    """Make ``file`` hold ``content``; on any failure an older file stays as it was and nothing is left beside it.

    Raises :class:`FileError` in words. The folder must exist.
    """
    try:
        _replace(file, content)
    except OSError as error:
        raise _in_words(file, error) from error


def _replace(file: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())  # mkstemp gives 0600, which others on a shared folder cannot read
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current


def _in_words(file: Path, error: OSError) -> FileError:
    if error.errno in _NOT_ALLOWED:
        return FileError(
            N_("{file} cannot be written: you may not write into this folder. Choose another one."), file=str(file)
        )
    if error.errno in _NO_FOLDER:
        return FileError(
            N_("{file} cannot be written: there is no folder {folder}."), file=str(file), folder=str(file.parent)
        )
    if error.errno in _DISK_FULL:
        return FileError(N_("{file} cannot be written: the disk is full."), file=str(file))
    return FileError(N_("{file} cannot be written: {reason}"), file=str(file), reason=error.strerror or str(error))
