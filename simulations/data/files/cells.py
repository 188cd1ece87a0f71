"""A table in text form as columns of numbers or of words: how its cells are told apart, and what a cell says.

The reader is Python's own ``csv`` with quotes taken strictly; what cannot be read is named by its line and column.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from simulations.core.arrays import FloatArray, IntArray
from simulations.core.errors import DataError
from simulations.core.text import N_
from simulations.data.files.content import MOST_SAMPLES, shortened

DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "space": " "}
MOST_COLUMNS: Final = 4096
MOST_CELLS: Final = 40_000_000
_ROWS: Final = 4096  # turned into numbers at once
_SAMPLE_LINES: Final = 100
_MISSING: Final = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-", "--"})
_COMMA_NUMBER = re.compile(r"\s*[+-]?\d{1,3}(\.\d{3})*,\d+\s*|\s*[+-]?\d*,\d+\s*")
_GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?")  # 1.234.567,8
_POINT_NUMBER = re.compile(r"\s*[+-]?\d*\.\d+([eE][+-]?\d+)?\s*")
_MOST_WORDS: Final = 100_000  # different ones of a column that are remembered


@dataclass(frozen=True)
class Layout:
    """How the text is cut into cells: ``delimiter`` and ``decimal`` are keys as in the choices of a source."""

    delimiter: str
    decimal: str
    has_header: bool


@dataclass(frozen=True)
class Column:
    """One column: ``numbers`` ``(n,)`` with NaN where nothing stands, or ``codes`` ``(n,)`` into ``words``, −1 for nothing.

    ``first_word`` is the line and text of the first cell that is not a number. ``has_too_many_words`` says that the words
    were not all kept, so the column can only be left out.
    """

    name: str
    numbers: FloatArray | None
    codes: IntArray
    words: tuple[str, ...]
    first_word: tuple[int, str] | None
    has_too_many_words: bool = False

    @property
    def missing(self) -> int:
        """Rows where nothing stands."""
        lacks = np.isnan(self.numbers) if self.numbers is not None else self.codes < 0
        return int(np.count_nonzero(lacks))


class _Lines:
    """Lines without leading comments, counted, as ``csv`` wants them; a space-separated line loses its ends."""

    def __init__(self, lines: Iterable[str], *, strips: bool) -> None:
        self._lines = iter(lines)
        self._strips = strips
        self._has_begun = False
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.count += 1
        while not self._has_begun and (line.startswith("#") or not line.strip()):
            line = next(self._lines)
            self.count += 1
        self._has_begun = True
        return line.strip() + "\n" if self._strips else line


def rows_of(lines: Iterable[str], delimiter: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row that is not blank. Raises :class:`DataError` naming the line of a fault."""
    counted = _Lines(lines, strips=delimiter == "space")
    reader = csv.reader(counted, delimiter=DELIMITERS[delimiter], skipinitialspace=True, strict=True)
    while True:
        begins = counted.count + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(
                N_("{file}, line {line}: the quotes do not fit. A cell that opens with a quote must close with one."),
                file=source,
                line=begins,
            ) from error
        if any(cell.strip() for cell in row):
            yield counted.count, row


def recognise(lines: Iterable[str], source: str, known: dict[str, str]) -> Layout:
    """What the first lines tell; ``known`` holds what a person chose already (``delimiter``, ``decimal``, ``header``)."""
    sample = list(islice(lines, _SAMPLE_LINES))
    delimiter = known.get("delimiter") or max(DELIMITERS, key=lambda one: _regularity(sample, one, source))
    rows = [cells for _line, cells in _readable(sample, delimiter, source)]
    decimal = known.get("decimal") or _decimal(rows, delimiter)
    header = known.get("header") or ("yes" if _has_header(rows, decimal) else "no")
    return Layout(delimiter, decimal, header == "yes")


def _readable(sample: list[str], delimiter: str, source: str) -> list[tuple[int, list[str]]]:
    """The rows of ``sample`` up to the first fault; it ends anywhere, so its last row may be half of one."""
    rows: list[tuple[int, list[str]]] = []
    with suppress(DataError):
        rows.extend(rows_of(sample, delimiter, source))
    return rows


def _regularity(sample: list[str], delimiter: str, source: str) -> tuple[float, int]:
    """The share of rows that have the commonest width, if that is over one, and that width."""
    widths = [len(cells) for _line, cells in _readable(sample, delimiter, source)]
    if not widths:
        return 0.0, 0
    commonest = max(set(widths), key=widths.count)
    if commonest == 1:
        return 0.0, 1
    share = widths.count(commonest) / len(widths)
    return (share * 0.5 if delimiter == "space" else share), commonest


def _decimal(rows: list[list[str]], delimiter: str) -> str:
    cells = [cell for row in rows for cell in row]
    commas = sum(_COMMA_NUMBER.fullmatch(cell) is not None for cell in cells)
    points = sum(_POINT_NUMBER.fullmatch(cell) is not None for cell in cells)
    return "comma" if commas > points else "point"


def _has_header(rows: list[list[str]], decimal: str) -> bool:
    """The first row names columns when none of its cells is a number and they differ, and something follows."""
    if len(rows) < 2:
        return False
    first = [cell.strip() for cell in rows[0]]
    if len(set(first)) < len(first) or any(number(cell, decimal) is not None for cell in first if cell):
        return False
    below = [number(cell, decimal) is not None for row in rows[1:] for cell in row]
    return any(below) or all(set(first).isdisjoint(cell.strip() for cell in row) for row in rows[1:])


def number(cell: str, decimal: str) -> float | None:
    """The number a cell says with a decimal ``point`` or ``comma``, None where it says none.

    Beside a decimal comma, points may part thousands and nothing else: 3.14 is none, nor is 12.05.2020. Python would also
    take 2020_1 for a number, which in a table is a name.
    """
    plain = cell.strip()
    if "_" in plain or (decimal == "comma" and "." in plain and not _GROUPED.fullmatch(plain)):
        return None
    try:
        return float(plain.replace(".", "").replace(",", ".") if decimal == "comma" else plain)
    except ValueError:
        return None


def columns_of(lines: Iterable[str], layout: Layout, source: str, progress: Callable[[], None]) -> list[Column]:
    """Every column of the table. ``progress`` is called now and then, and may leave by raising.

    Raises :class:`DataError` naming the line of a row with more or fewer cells than the first, or what is too much.
    """
    rows = rows_of(lines, layout.delimiter, source)
    first = next(rows, None)
    if first is None:
        raise DataError(N_("{file} holds no table: there is not a single row."), file=source)
    width = len(first[1])
    if width > MOST_COLUMNS:
        raise DataError(
            N_("{file} has {count} columns; at most {most} are read. Perhaps another delimiter is meant."),
            file=source,
            count=width,
            most=MOST_COLUMNS,
        )
    names = _names(first[1]) if layout.has_header else [f"x{i + 1}" for i in range(width)]
    growing = [_Growing(name, layout.decimal) for name in names]
    pending = [] if layout.has_header else [first]
    count = 0
    for line, cells in rows:
        if len(cells) != width:
            raise _ragged(source, line, len(cells), width)
        pending.append((line, cells))
        if len(pending) == _ROWS:
            count += _grow(growing, pending, source, count)
            progress()
    count += _grow(growing, pending, source, count)
    if not count:
        raise DataError(N_("{file} has column names but not a single row below them."), file=source)
    return [one.done() for one in growing]


def _ragged(source: str, line: int, received: int, expected: int) -> DataError:
    return DataError(
        N_(
            "{file}, line {line}: it has {received} cells, the first row has {expected}. Mend it or choose the delimiter."
        ),
        file=source,
        line=line,
        received=received,
        expected=expected,
    )


def _grow(growing: list[_Growing], pending: list[tuple[int, list[str]]], source: str, before: int) -> int:
    """Hand the cells of ``pending`` to their columns, and empty it."""
    count = len(pending)
    if before + count > MOST_SAMPLES or (before + count) * len(growing) > MOST_CELLS:
        raise DataError(
            N_("{file} has more than {rows} rows, too many for its {columns} columns. Use a smaller part of it."),
            file=source,
            rows=before,
            columns=len(growing),
        )
    if count:
        lines = [line for line, _cells in pending]
        for column, cells in zip(growing, zip(*(cells for _line, cells in pending), strict=True), strict=True):
            column.add(lines, cells)
        pending.clear()
    return count


def _names(cells: list[str]) -> list[str]:
    """Column names, each used once: an empty one is called after its place, a repeated one numbered."""
    names: list[str] = []
    for i, cell in enumerate(cells):
        name = wanted = shortened(cell) or f"x{i + 1}"
        again = 2
        while name in names:
            name, again = f"{wanted} {again}", again + 1
        names.append(name)
    return names


class _Growing:
    """A column while it is read: numbers as long as all cells are, from its first word on codes into its words."""

    def __init__(self, name: str, decimal: str) -> None:
        self._name, self._decimal = name, decimal
        self._numbers: list[FloatArray] = []
        self._codes: list[IntArray] = []
        self._words: dict[str, int] = {}
        self._first_word: tuple[int, str] | None = None
        self._has_too_many = False

    def add(self, lines: list[int], cells: tuple[str, ...]) -> None:
        if self._first_word is None and (numbers := self._as_numbers(lines, cells)) is not None:
            self._numbers.append(numbers)
            return
        for numbers in self._numbers:  # what came before were numbers: now they are words, too
            self._codes.append(self._coded(["" if np.isnan(one) else f"{one:.12g}" for one in numbers.tolist()]))
        self._numbers = []
        self._codes.append(self._coded(cells))

    def _as_numbers(self, lines: list[int], cells: tuple[str, ...]) -> FloatArray | None:
        try:
            if self._decimal == "point" and not any("_" in cell for cell in cells):
                return np.array(cells, dtype=np.float64)
        except ValueError:
            pass
        values = np.empty(len(cells))
        for i, cell in enumerate(cells):
            found = number(cell, self._decimal)
            if found is None and cell.strip().lower() not in _MISSING:
                self._first_word = lines[i], shortened(cell)
                return None
            values[i] = np.nan if found is None else found
        return values

    def _coded(self, cells: Iterable[str]) -> IntArray:
        codes = []
        for cell in cells:
            plain = cell.strip()
            if plain.lower() in _MISSING:
                codes.append(-1)
            elif len(self._words) < _MOST_WORDS:
                codes.append(self._words.setdefault(plain, len(self._words)))
            else:
                code = self._words.get(plain)
                self._has_too_many |= code is None
                codes.append(0 if code is None else code)
        return np.array(codes, dtype=np.intp)

    def done(self) -> Column:
        if self._first_word is None:
            numbers = np.concatenate(self._numbers)
            return Column(self._name, numbers, np.empty(0, np.intp), (), None)
        codes = np.concatenate(self._codes)
        return Column(self._name, None, codes, tuple(self._words), self._first_word, self._has_too_many)
