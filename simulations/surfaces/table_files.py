"""A table in a file as the text a typed-in formula keeps: names its formula may use, numbers with points.

It is read as files that are imported are: encoding, separator, decimal sign and names are recognised. Columns of words and rows
with gaps are left out, since a formula has no use for them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

import numpy as np

from simulations.core.errors import DataError
from simulations.core.text import N_
from simulations.data.files import cells, encodings
from simulations.data.files.opening import opened
from simulations.surfaces.tables import AUTO, LONGEST_TABLE, MOST_COLUMNS, MOST_ROWS

_LARGEST: Final = 4 << 20  # bytes
_BETWEEN: Final = {"semicolon": "; ", "tab": "\t", "bar": " | ", "space": " "}
_NO_LETTER: Final = re.compile(r"\W+")


def table_text(path: Path, reserved: Collection[str], delimiter: str = AUTO) -> str:
    """The table in ``path``, its columns renamed that are called as one of ``reserved``; its cells are told apart by
    ``delimiter``, in the file and in the text, or by what is recognised. Raises :class:`DataError` in words."""
    columns = [one for one in _columns(path, delimiter) if one.numbers is not None][:MOST_COLUMNS]
    if not columns:
        raise DataError(N_("{file} has no column of numbers."), file=path.name)
    rows = np.stack([one.numbers for one in columns if one.numbers is not None], axis=1)
    rows = rows[np.isfinite(rows).all(axis=1)]
    names = _names([one.name for one in columns], reserved)
    between = _BETWEEN.get(delimiter, ", ")
    text = "\n".join([between.join(names), *(between.join(f"{one:.10g}" for one in row) for row in rows.tolist())])
    if not 1 <= len(rows) <= MOST_ROWS or len(text) > LONGEST_TABLE:
        raise DataError(
            N_("{file} has {count} whole rows; a race keeps 1 to {most}, in at most {characters} characters."),
            file=path.name,
            count=len(rows),
            most=MOST_ROWS,
            characters=LONGEST_TABLE,
        )
    return text


def _columns(path: Path, delimiter: str) -> list[cells.Column]:
    codec = encodings.CODECS[encodings.recognise(path)]
    with opened(path, _LARGEST) as stream, io.TextIOWrapper(stream, codec, newline="") as text:

        def lines() -> Iterable[str]:
            text.seek(0)
            return text

        known = {} if delimiter == AUTO else {"delimiter": delimiter}
        layout = cells.recognise(lines(), path.name, known)
        return cells.columns_of(lines(), layout, path.name, lambda: None)


def _names(wanted: list[str], reserved: Collection[str]) -> list[str]:
    """Words, each used once."""
    found: list[str] = []
    for i, one in enumerate(wanted):
        name = _NO_LETTER.sub("_", one).strip("_") or f"u{i + 1}"
        name = f"u{name}" if name[0].isdigit() else name
        while name in reserved or name in found:
            name += "_"
        found.append(name)
    return found
