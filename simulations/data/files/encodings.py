"""Which letters the bytes of a text file stand for: UTF-8, UTF-16, or the GBK that Chinese spreadsheets still write."""

from __future__ import annotations

import codecs
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

from simulations.core.errors import DataError
from simulations.core.text import N_
from simulations.data.files.content import LARGEST_TEXT_FILE
from simulations.data.files.opening import PIECE, Progress, opened, unwatched

CODECS: Final = {"utf8": "utf-8-sig", "utf16": "utf-16", "gbk": "gb18030", "latin1": "cp1252"}
_MARKS: Final = {codecs.BOM_UTF8: "utf8", codecs.BOM_UTF16_LE: "utf16", codecs.BOM_UTF16_BE: "utf16"}
_SAMPLE: Final = 1 << 14  # bytes that tell which letters a file is written in
_LABELS: Final = {"utf8": "UTF-8", "utf16": "UTF-16", "gbk": "GBK", "latin1": "Latin 1"}


def recognise(path: Path, progress: Progress = unwatched) -> str:
    """The key in :data:`CODECS` of the encoding that ``path`` is written in. Raises :class:`DataError` for none.

    Nearly any bytes are some text in Latin 1. So where most letters are those of another encoding, a line that is not
    written in it is named, instead of all letters being read wrongly.
    """
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
        at = _fault(file, CODECS["utf8"], progress)
        if at is None:
            return "utf8"
        if _looks_chinese(_letters_at(file, at)):
            _refuse_fault(file, path.name, "gbk", progress)
            return "gbk"
        if _is_mostly_utf8(file, at):
            raise _no_text(file, path.name, "utf8", at)
        for name in ("latin1", "gbk"):
            if _fault(file, CODECS[name], progress) is None:
                return name
    raise DataError(
        N_("{file} is not a text file in UTF-8, UTF-16, GBK or Latin 1. Save it as “CSV UTF-8”."), file=path.name
    )


def _letters_at(file: BinaryIO, at: int) -> bytes:
    """Some text around the byte ``at``, from the start of its line."""
    start = max(0, at - _SAMPLE)
    file.seek(start)
    before = file.read(at - start)
    file.seek(start + before.rfind(b"\n") + 1)
    return file.read(_SAMPLE)


def _looks_chinese(sample: bytes) -> bool:
    """Whether, read as GBK, most letters beyond ASCII are common ones.

    Nearly any bytes can be read as GBK, but “Größe” gives letters that hardly anybody has ever written.
    """
    letters = [one for one in sample.decode(CODECS["gbk"], "ignore") if not one.isascii()]
    return 2 * sum(one in _common() for one in letters) > len(letters)


def _is_mostly_utf8(file: BinaryIO, at: int) -> bool:
    """Whether around the byte ``at``, which is not, more of what lies beyond ASCII is UTF-8 than anything else."""
    file.seek(max(0, at - PIECE))
    sample = file.read(2 * PIECE)
    beyond = len(sample) - len(sample.decode("ascii", "ignore"))
    text = sample.decode("utf-8", "ignore")
    fits = len(text.encode("utf-8")) - len(text.encode("ascii", "ignore"))
    return 2 * fits > beyond


@cache
def _common() -> frozenset[str]:
    """Punctuation and the 3755 common hanzi, level 1 of GB 2312: in rows 16 to 55 by their pronunciation."""
    rows = (0xA1, 0xA3, *range(0xB0, 0xD8))
    return frozenset(bytes((row, cell)).decode("gb2312", "ignore") for row in rows for cell in range(0xA1, 0xFF)) - {""}


def check(path: Path, name: str, progress: Progress = unwatched) -> None:
    """Raise :class:`DataError` naming the first byte of ``path`` that the encoding ``name`` cannot read."""
    with opened(path, LARGEST_TEXT_FILE) as file:
        _refuse_fault(file, path.name, name, progress)


def _refuse_fault(file: BinaryIO, title: str, name: str, progress: Progress) -> None:
    at = _fault(file, CODECS[name], progress)
    if at is not None:
        raise _no_text(file, title, name, at)


def _no_text(file: BinaryIO, title: str, name: str, at: int) -> DataError:
    file.seek(0)
    return DataError(
        N_("{file}, line {line}: byte {byte} is no {encoding} text. Mend that line, or choose another encoding."),
        file=title,
        line=file.read(at).count(b"\n") + 1,
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
