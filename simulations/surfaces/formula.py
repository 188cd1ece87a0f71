"""A surface that a person types in: a formula of x and y, or the mean of one over the rows of a pasted table."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.errors import GradLabError
from simulations.core.params import param
from simulations.core.text import N_
from simulations.data.files.cells import DELIMITERS
from simulations.surfaces.base import SURFACES, Box, Point, Surface, Symbols
from simulations.surfaces.building import build, problem_at
from simulations.surfaces.expression import Expression, Graph, mean
from simulations.surfaces.syntax import CONSTANTS, FUNCTIONS, LONGEST, FormulaError, Part, read
from simulations.surfaces.tables import AUTO, LONGEST_TABLE, read_table

_OWN = ("x", "y")
RESERVED: Final = frozenset({*_OWN, *CONSTANTS, *FUNCTIONS})  # what no column may be called


def _edge(default: float, label: str) -> Any:
    return param(default, low=-1e6, high=1e6, live=True, label=label, help=N_("Where the picture ends."))


def _begin(default: float, label: str) -> Any:
    return param(default, low=-1e6, high=1e6, live=True, label=label, help=N_("Where racers start."))


@final
@SURFACES.register(
    "formula",
    label=N_("Your own formula"),
    summary=N_("Type any function of x and y, or one averaged over a table of samples; its slopes are exact."),
    source="Griewank & Walther 2008, “Evaluating derivatives”, chapter 3",
)
@dataclass(frozen=True)
class Formula(Surface):
    """``text`` as a function of x, y and the columns of ``table``, over whose rows the mean is taken.

    Where the formula is undefined its value is NaN or ±∞, and :meth:`problem` says why. Faults in the text and the table are
    raised by :meth:`check`, and by every question about a surface that was not checked.
    """

    fineness: ClassVar[int] = 65
    may_have_kinks: ClassVar[bool] = True

    text: str = param(
        "(1 - x)^2 + 5 (y - x^2)^2",
        high=LONGEST,
        live=True,
        label=N_("Formula"),
        help=N_("For example x^2 + 3 sin(2 pi y): + − * / ^, parentheses, |…|, functions and the names of the table."),
    )
    table: str = param(
        "",
        high=LONGEST_TABLE,
        live=True,
        label=N_("Table"),
        help=N_("Names in the first row, one sample in each other; the formula is averaged over the rows."),
    )
    x_low: float = _edge(-2.0, N_("Left edge"))
    x_high: float = _edge(2.0, N_("Right edge"))
    y_low: float = _edge(-1.0, N_("Lower edge"))
    y_high: float = _edge(3.0, N_("Upper edge"))
    start_x: float = _begin(-1.5, N_("Start x"))
    start_y: float = _begin(2.0, N_("Start y"))
    delimiter: str = param(
        AUTO,
        choices=(AUTO, *DELIMITERS),
        labels=(N_("automatic"), N_("comma ,"), N_("semicolon ;"), N_("tab"), N_("bar |"), N_("space")),
        live=True,
        hidden=True,
        label=N_("Delimiter"),
        help=N_("What stands between two cells."),
    )

    def check(self) -> None:
        symbols = Symbols(Graph())
        self.formula(symbols.x, symbols.y, symbols)
        if not (self.x_low < self.x_high and self.y_low < self.y_high):
            raise GradLabError(N_("The left edge must lie left of the right one, the lower below the upper."))

    def over(self, table: str) -> Formula:
        """The mean over another ``table``: of this formula, or of a line through its columns where this one needs others."""
        found = dataclasses.replace(self, table=table)
        try:
            found.check()
        except FormulaError:
            names = tuple(found.columns())
            found = dataclasses.replace(found, text=f"(x*{names[0]} + y - {names[-1]})^2")
        return found

    def columns(self) -> Mapping[str, tuple[float, ...]]:
        """The columns of the table by name. Raises :class:`GradLabError`."""
        return _columns(self.table, self.delimiter)

    def problem(self, point: Point) -> FormulaError | None:
        """Why there is no value at ``point``, and which characters of the text are to blame; None where there is one."""
        columns = self.columns()
        tree = _tree(self.text, tuple(columns))
        for row in zip(*columns.values(), strict=True) if columns else ((),):
            found = problem_at(tree, {"x": point[0], "y": point[1], **dict(zip(columns, row, strict=True))})
            if found is not None:
                return found
        return None

    def formula(self, x: Expression, y: Expression, p: Symbols) -> Expression:
        columns = self.columns()
        variables = {"x": x, "y": y, **{name: p.sample(name) for name in columns}}
        return mean(build(_tree(self.text, tuple(columns)), variables))

    def data(self) -> Mapping[str, FloatArray]:
        return {name: np.array(values) for name, values in self.columns().items()}

    @property
    def domain(self) -> Box:
        return Box(self.x_low, self.x_high, self.y_low, self.y_high)

    @property
    def start(self) -> Point:
        return self.start_x, self.start_y


@lru_cache(maxsize=64)
def _tree(text: str, columns: tuple[str, ...]) -> Part:
    return read(text, (*_OWN, *columns))


@lru_cache(maxsize=16)
def _columns(table: str, delimiter: str) -> Mapping[str, tuple[float, ...]]:
    return read_table(table, RESERVED, delimiter)
