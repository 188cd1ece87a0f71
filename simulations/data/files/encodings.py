"""Which letters the bytes of a text file stand for: UTF-8, UTF-16, or the GBK that Chinese spreadsheets still write."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from simulations.core.errors import DataError
from simulations.core.text import N_
from simulations.data.files.content import LARGEST_TEXT_FILE
from simulations.data.files.opening import PIECE, Progress, opened, unwatched

CODECS: Final = {"utf8": "utf-8-sig", "utf16": "utf-16", "gbk": "gb18030", "latin1": "cp1252"}
_MARKS: Final = {codecs.BOM_UTF8: "utf8", codecs.BOM_UTF16_LE: "utf16", codecs.BOM_UTF16_BE: "utf16"}
_LABELS: Final = {"utf8": "UTF-8", "utf16": "UTF-16", "gbk": "GBK", "latin1": "Latin 1"}


def recognise(path: Path, progress: Progress = unwatched) -> str:
    """The key in :data:`CODECS` of the first encoding that reads all of ``path``. Raises :class:`DataError` for none."""
    with opened(path, LARGEST_TEXT_FILE) as file:
        head = file.read(4096)
        for mark, name in _MARKS.items():
            if head.startswith(mark):
                _refuse_fault(file, path.name, name, progress)
                return name
        if b"\0" in head:
            raise DataError(
                N_(
                    "{file} is not a text file: it has zero bytes. Expected are CSV, TSV or another table in text form."
                ),
                file=path.name,
            )
        for name in ("utf8", "latin1", "gbk") if _looks_western(head) else ("utf8", "gbk", "latin1"):
            if _fault(file, CODECS[name], progress) is None:
                return name
    raise DataError(
        N_("{file} is not a text file in UTF-8, UTF-16, GBK or Latin 1. Save it as “CSV UTF-8”."), file=path.name
    )


def _looks_western(head: bytes) -> bool:
    """Whether letters beyond ASCII stand alone between ASCII ones, as in “été”: GBK's letters are pairs, nearly all of two
    high bytes, while a pair of a high and a low byte is read as some rare Chinese letter."""
    high = np.frombuffer(head, np.uint8) >= 0x80
    alone = int(np.count_nonzero(high[1:-1] & ~high[:-2] & ~high[2:]))
    return 2 * alone > int(np.count_nonzero(high))


def check(path: Path, name: str, progress: Progress = unwatched) -> None:
    """Raise :class:`DataError` naming the first byte of ``path`` that the encoding ``name`` cannot read."""
    with opened(path, LARGEST_TEXT_FILE) as file:
        _refuse_fault(file, path.name, name, progress)


def _refuse_fault(file: BinaryIO, title: str, name: str, progress: Progress) -> None:
    at = _fault(file, CODECS[name], progress)
    if at is not None:
        file.seek(0)
        line = file.read(at).count(b"\n") + 1
        raise DataError(
            N_("{file}, line {line}: byte {byte} is no {encoding} text. Choose another encoding."),
            file=title,
            line=line,
            byte=at,
            encoding=_LABELS[name],
        )


def _fault(file: BinaryIO, codec: str, progress: Progress) -> int | None:
    """The place of the first byte that ``codec`` refuses; None when it takes all."""
    decoder = codecs.getincrementaldecoder(codec)()
    size = max(1, file.seek(0, 2))
    file.seek(0)
    done = 0
    while True:
        piece = file.read(PIECE)
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            return max(0, done - held + error.start)
        except UnicodeError:  # UTF-16 without a byte order mark
            return 0
        done += len(piece)
        progress(done / size)
        if not piece:
            return None
