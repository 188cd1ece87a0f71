"""Which source reads what a person chose or dropped: told by what it is and how it begins, not by its name alone."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from simulations.core.errors import DataError
from simulations.core.text import N_
from simulations.data.files.arrays import ArrayFile
from simulations.data.files.idx import IdxFile, looks_like_idx
from simulations.data.files.image_folder import ENDINGS, ImageFolder
from simulations.data.files.opening import opened
from simulations.data.files.source import FileSource
from simulations.data.files.table import TableFile

_SPREADSHEETS: Final = (".xlsx", ".xls", ".ods", ".numbers")


def source_for(path: Path) -> FileSource:
    """A source with default choices for the file or folder ``path``. Raises :class:`DataError` when none reads it."""
    if path.is_dir():
        return _in_folder(path)
    if path.suffix.lower() in _SPREADSHEETS:
        raise DataError(
            N_("{file} is a spreadsheet. Save it as “CSV UTF-8”, or copy its cells and paste them."), file=path.name
        )
    if path.suffix.lower() in ENDINGS:
        raise DataError(
            N_("{file} is a single picture. Choose the folder that has a sub-folder of pictures for each class."),
            file=path.name,
        )
    with opened(path) as file:
        head = file.read(6)
    if head.startswith(b"\x93NUMPY") or path.suffix.lower() in (".npy", ".npz"):
        return ArrayFile(path=str(path))
    if looks_like_idx(path):
        return IdxFile(path=str(path))
    return TableFile(path=str(path))


def _in_folder(folder: Path) -> FileSource:
    """A folder of classes; or the one IDX pair in it, so that MNIST's folder can be dropped whole."""
    inside = sorted(folder.iterdir())
    pictures = [one for one in inside if one.is_file() and "images" in one.name.lower() and looks_like_idx(one)]
    if pictures and not any(one.is_dir() for one in inside):
        trained = [one for one in pictures if "train" in one.name.lower()]
        return IdxFile(path=str((trained or pictures)[0]))
    return ImageFolder(path=str(folder))
