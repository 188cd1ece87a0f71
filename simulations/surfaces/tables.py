"""Numbers pasted as text: rows of samples, the first row naming the columns a formula may use."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from typing import Final

from simulations.core.errors import GradLabError
from simulations.core.text import N_

LONGEST_TABLE: Final = 20_000  # characters
_MOST_ROWS: Final = 1000
_MOST_COLUMNS: Final = 16
_NAME: Final = re.compile(r"[^\W\d]\w*")


def read_table(text: str, reserved: Collection[str]) -> dict[str, tuple[float, ...]]:
    """The columns of ``text`` by name: separated by tabs, semicolons, commas or spaces. Raises :class:`GradLabError`.

    A name must be a word, and none of ``reserved``. An empty text has no columns.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        return {}
    separator = next((one for one in ("\t", ";", ",") if one in lines[0][1]), None)
    names = [one.strip().strip('"') for one in lines[0][1].split(separator)]
    _check_names(names, reserved)
    if len(lines) == 1 or len(lines) > _MOST_ROWS + 1:
        raise GradLabError(
            N_("The table has {count} rows below its names; 1 to {most} are read."),
            count=len(lines) - 1,
            most=_MOST_ROWS,
        )
    rows = [_row(number, line.split(separator), names) for number, line in lines[1:]]
    return dict(zip(names, zip(*rows, strict=True), strict=True))


def _check_names(names: list[str], reserved: Collection[str]) -> None:
    if len(names) > _MOST_COLUMNS:
        raise GradLabError(
            N_("The table has {count} columns; at most {most} are read."), count=len(names), most=_MOST_COLUMNS
        )
    for name in names:
        if not _NAME.fullmatch(name):
            raise GradLabError(
                N_("The table's first row names the columns; “{name}” is no name: letters, digits and _."),
                name=name[:40],
            )
        if name in reserved or names.count(name) > 1:
            raise GradLabError(N_("“{name}” means something already: give the column another name."), name=name)


def _row(number: int, cells: list[str], names: list[str]) -> list[float]:
    if len(cells) != len(names):
        raise GradLabError(
            N_("Line {line} of the table does not match the first row: values {count}, names {expected}."),
            line=number,
            count=len(cells),
            expected=len(names),
        )
    return [_number(number, cell.strip()) for cell in cells]


def _number(line: int, cell: str) -> float:
    try:
        value = float(cell.replace("−", "-"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise GradLabError(N_("Line {line} of the table: “{cell}” is no number."), line=line, cell=cell[:40])
    return value
