"""Numbers in a text: rows of samples, the first row naming the columns a formula may use."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from typing import Final

from simulations.core.errors import GradLabError
from simulations.core.text import N_
from simulations.data.files.cells import DELIMITERS, recognise
from simulations.data.files.cells import number as number_in

AUTO: Final = "auto"  # the delimiter is recognised
LONGEST_TABLE: Final = 20_000  # characters
MOST_ROWS: Final = 1000
MOST_COLUMNS: Final = 16
_NAME: Final = re.compile(r"[^\W\d]\w*")


def delimiter_of(text: str) -> str:
    """What separates the cells of ``text``, a key of :data:`DELIMITERS`, going by its first row."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return next((one for one in ("tab", "semicolon", "bar", "comma") if DELIMITERS[one] in first), "space")


def read_table(text: str, reserved: Collection[str], delimiter: str = AUTO) -> dict[str, tuple[float, ...]]:
    """The columns of ``text`` by name: separated by ``delimiter``, or what is recognised. Raises :class:`GradLabError`.

    Numbers have a point or, where commas do not separate, a comma, recognised as in files that are imported. A name must be a
    word, and none of ``reserved``. An empty text has no columns.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        return {}
    delimiter = delimiter_of(text) if delimiter == AUTO else delimiter
    separator = None if delimiter == "space" else DELIMITERS[delimiter]  # None: any white space
    names = [one.strip().strip('"') for one in lines[0][1].split(separator)]
    _check_names(names, reserved)
    if len(lines) == 1 or len(lines) > MOST_ROWS + 1:
        raise GradLabError(
            N_("The table has {count} rows below its names; 1 to {most} are read."),
            count=len(lines) - 1,
            most=MOST_ROWS,
        )
    decimal = _decimal([line for _number, line in lines], delimiter)
    rows = [_row(number, line.split(separator), names, decimal) for number, line in lines[1:]]
    return dict(zip(names, zip(*rows, strict=True), strict=True))


def _decimal(lines: list[str], delimiter: str) -> str:
    if delimiter == "comma":
        return "point"
    return recognise(lines, "", {"delimiter": delimiter, "header": "yes"}).decimal


def _check_names(names: list[str], reserved: Collection[str]) -> None:
    if len(names) > MOST_COLUMNS:
        raise GradLabError(
            N_("The table has {count} columns; at most {most} are read."), count=len(names), most=MOST_COLUMNS
        )
    for name in names:
        if not _NAME.fullmatch(name):
            raise GradLabError(
                N_("The table's first row names the columns; “{name}” is no name: letters, digits and _."),
                name=name[:40],
            )
        if name in reserved or names.count(name) > 1:
            raise GradLabError(N_("“{name}” means something already: give the column another name."), name=name)


def _row(number: int, cells: list[str], names: list[str], decimal: str) -> list[float]:
    if len(cells) != len(names):
        raise GradLabError(
            N_("Line {line} of the table does not match the first row: values {count}, names {expected}."),
            line=number,
            count=len(cells),
            expected=len(names),
        )
    return [_number(number, cell.strip(), decimal) for cell in cells]


def _number(line: int, cell: str, decimal: str) -> float:
    value = number_in(cell.replace("−", "-"), decimal)
    if value is None or not math.isfinite(value):
        raise GradLabError(N_("Line {line} of the table: “{cell}” is no number."), line=line, cell=cell[:40])
    return value
