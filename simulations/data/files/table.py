"""Tables in text form: a CSV or TSV file, and cells pasted from a spreadsheet into the document itself."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from simulations.core.errors import DataError
from simulations.core.params import param
from simulations.core.text import N_
from simulations.data.base import DATA_SOURCES
from simulations.data.files import cells, encodings
from simulations.data.files.columns import samples_of
from simulations.data.files.content import LARGEST_TEXT_FILE, Content
from simulations.data.files.opening import Progress, digest_of, opened, part, unwatched
from simulations.data.files.source import FileSource, ReadSource

LARGEST_PASTE: Final = 200_000  # characters; a document stays one that can be read by people
_AUTO: Final = N_("automatic")


@dataclass(frozen=True)
class Table(ReadSource):
    """The choices every table has. What is ``auto`` is recognised from the first lines."""

    delimiter: str = param(
        "auto",
        choices=("auto", *cells.DELIMITERS),
        labels=(_AUTO, N_("comma ,"), N_("semicolon ;"), N_("tab"), N_("bar |"), N_("space")),
        hidden=True,
        label=N_("Delimiter"),
        help=N_("What stands between two cells."),
    )
    decimal: str = param(
        "auto",
        choices=("auto", "point", "comma"),
        labels=(_AUTO, N_("point 0.5"), N_("comma 0,5")),
        hidden=True,
        label=N_("Decimal sign"),
        help=N_("What stands before the tenths of a number."),
    )
    header: str = param(
        "auto",
        choices=("auto", "yes", "no"),
        labels=(_AUTO, N_("names"), N_("samples")),
        hidden=True,
        label=N_("First row"),
        help=N_("Whether the first row names the columns or is a sample already."),
    )
    target: str = param(
        "",
        hidden=True,
        label=N_("Target column"),
        help=N_("The column the network learns to predict; without one, the likeliest is taken."),
    )
    goal: str = param(
        "auto",
        choices=("auto", "classes", "values"),
        labels=(_AUTO, N_("a class"), N_("a value")),
        hidden=True,
        label=N_("Predict"),
        help=N_("Whether the target is one of several classes or a number."),
    )
    missing: str = param(
        "drop",
        choices=("drop", "mean"),
        labels=(N_("leave the row out"), N_("fill in the mean")),
        hidden=True,
        label=N_("Missing cells"),
        help=N_("What happens to a row with an empty input cell. Means are those of the training part."),
    )
    left_out: tuple[str, ...] = param(
        (), hidden=True, label=N_("Columns used"), help=N_("The network sees the columns that have a mark.")
    )

    def _content(self, lines: Callable[[], Iterable[str]], digest: str, leave: Callable[[], None]) -> Content:
        """Parse ``lines()``, which gives all lines anew at each call."""
        chosen = {"delimiter": self.delimiter, "decimal": self.decimal, "header": self.header}
        layout = cells.recognise(lines(), self.title, {k: v for k, v in chosen.items() if v != "auto"})
        columns = cells.columns_of(lines(), layout, self.title, leave)
        made = samples_of(
            columns,
            self.title,
            target=self.target,
            goal=self.goal,
            left_out=self.left_out,
            drops_missing=self.missing == "drop",
        )
        recognised = {
            "delimiter": layout.delimiter,
            "decimal": layout.decimal,
            "header": "yes" if layout.has_header else "no",
            **made.recognised,
        }
        names = tuple(one.name for one in columns)
        has_gaps = bool(np.isnan(made.inputs).any())
        return Content(
            made.inputs, made.targets, made.wanted, digest, made.features, recognised, made.remarks, names, has_gaps
        )


@final
@DATA_SOURCES.register(
    "table_file",
    label=N_("Table from a file"),
    summary=N_("A CSV or TSV file: a row a sample, a column an input, one of them the target."),
    source="RFC 4180, “Common format and MIME type for comma-separated values files”",
)
@dataclass(frozen=True)
class TableFile(FileSource, Table):
    """A text file in UTF-8, UTF-16, GBK or Latin 1. Numbers are inputs, words become one input each or the classes."""

    encoding: str = param(
        "auto",
        choices=("auto", *encodings.CODECS),
        labels=(_AUTO, "UTF-8", "UTF-16", "GBK", "Latin 1"),
        hidden=True,
        label=N_("Encoding"),
        help=N_("How the file writes letters beyond the English ones."),
    )

    def read(self, progress: Progress = unwatched) -> Content:
        file = self.file
        name = self.encoding
        if name == "auto":
            name = encodings.recognise(file, part(progress, 0.0, 0.1))
        else:
            encodings.check(file, name, part(progress, 0.0, 0.1))
        digest = digest_of(file, part(progress, 0.1, 0.2))
        with opened(file, LARGEST_TEXT_FILE) as stream:
            size = os.fstat(stream.fileno()).st_size
            text = io.TextIOWrapper(stream, encodings.CODECS[name], newline="")

            def lines() -> Iterable[str]:
                text.seek(0)
                return text

            def leave() -> None:
                progress(0.2 + 0.8 * min(1.0, stream.tell() / size))

            try:
                content = self._content(lines, digest, leave)
            finally:
                text.detach()
        recognised = {**content.recognised, "encoding": name}
        return Content(**{**vars(content), "recognised": recognised})


@final
@DATA_SOURCES.register(
    "pasted_table",
    label=N_("Pasted table"),
    summary=N_("Cells copied from a spreadsheet; they are kept in the experiment itself."),
    source="IANA, text/tab-separated-values",
)
@dataclass(frozen=True)
class PastedTable(Table):
    """The same table as text in the document: nothing can get lost, and up to 200 000 characters fit."""

    text: str = param(
        "",
        high=LARGEST_PASTE,
        hidden=True,
        label=N_("Cells"),
        help=N_("The pasted rows, as the spreadsheet gave them."),
    )

    @property
    def title(self) -> str:
        return N_("clipboard")  # stands in sentences

    @property
    def stamp(self) -> tuple[object, ...]:
        return ()

    def read(self, progress: Progress = unwatched) -> Content:
        if not self.text.strip():
            raise DataError(N_("The clipboard holds no table. Copy some cells of a spreadsheet first."))
        digest = hashlib.blake2b(self.text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

        def lines() -> Iterable[str]:
            return io.StringIO(self.text, newline="")

        return self._content(lines, digest, lambda: None)
