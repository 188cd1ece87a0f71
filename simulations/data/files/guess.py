"""Which source reads what a person chose or dropped: told by what it is and how it begins, not by its name alone."""

from __future__ import annotations

import re
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
_IDX_NAME: Final = re.compile(r"idx\d[-.]ubyte")  # train-images-idx3-ubyte
_HEAD: Final = 512  # bytes; more than a few of anything but text have control characters
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_NO_TABLES: Final = {
    b"PK\x03\x04": N_(
        "{file} is a packed document or archive, not a table. Save its table as “CSV UTF-8”, or unpack it."
    ),
    b"\xd0\xcf\x11\xe0": N_("{file} is an office document, not a table. Save its table as “CSV UTF-8”."),
    b"\x1f\x8b": N_("{file} is packed, and what is in it is no IDX file. Unpack it first."),
    b"%PDF": N_("{file} is a PDF, not a table. Copy the cells of the table and paste them, or save it as “CSV UTF-8”."),
    b"\x89PNG": N_("{file} is a single picture. Choose the folder that has a sub-folder of pictures for each class."),
    b"\xff\xd8\xff": N_(
        "{file} is a single picture. Choose the folder that has a sub-folder of pictures for each class."
    ),
}


def source_for(path: Path) -> FileSource:
    """A source with default choices for the file or folder ``path``. Raises :class:`DataError` when none reads it."""
    if path.is_dir():
        return _in_folder(path)
    if not path.exists():
        raise DataError(N_("There is no file or folder {path}. Is its name spelt right?"), path=str(path))
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
        head = file.read(_HEAD)
    if head.startswith(b"\x93NUMPY") or path.suffix.lower() in (".npy", ".npz"):
        return ArrayFile(path=str(path))
    if looks_like_idx(path):
        return IdxFile(path=str(path))
    for begins, template in _NO_TABLES.items():
        if head.startswith(begins):
            raise DataError(template, file=path.name)
    if path.suffix.lower() == ".gz" and not _is_text(head):
        raise DataError(
            N_("{file} is called .gz, but does not begin like a packed file: it is damaged. Save or copy it again."),
            file=path.name,
        )
    if _IDX_NAME.search(path.name.lower()) and not _is_text(head):
        raise DataError(
            N_("{file} is called like an IDX file, but does not begin like one: it is damaged. Save or copy it again."),
            file=path.name,
        )
    return TableFile(path=str(path))


def _is_text(head: bytes) -> bool:
    """Whether a file may be text, by how it begins: a name alone says nothing."""
    return head.startswith(_UTF16) or not any(byte < 9 or 13 < byte < 32 for byte in head)


def _in_folder(folder: Path) -> FileSource:
    """A folder of classes; or the one IDX pair in it, so that MNIST's folder can be dropped whole."""
    inside = sorted(folder.iterdir())
    pictures = [one for one in inside if one.is_file() and "images" in one.name.lower() and looks_like_idx(one)]
    if pictures and not any(one.is_dir() for one in inside):
        trained = [one for one in pictures if "train" in one.name.lower()]
        return IdxFile(path=str((trained or pictures)[0]))
    return ImageFolder(path=str(folder))
