"""CSV: the drawn numbers, exactly.

Every number is written with as many digits as it takes to read the same number back. The caption, when wanted, stands
in a first line that begins with ``#`` (``pandas.read_csv(file, comment="#")``, ``numpy.genfromtxt``). Text beyond ASCII
gets a byte-order mark, without which Excel takes UTF-8 for something else; pandas skips it.
"""

from __future__ import annotations

import csv
import io

from app.exporters.base import EXPORTERS, Exporter, ExportOptions
from simulations.core.text import N_
from widgets.plot import Plot


@EXPORTERS.register(
    "csv",
    label=N_("CSV numbers"),
    summary=N_("The drawn numbers as a table, exactly; for spreadsheets, pandas and R."),
)
class Csv(Exporter):
    """Comma-separated values (RFC 4180 with ``\\n`` line ends), UTF-8."""

    draws = False

    def encode(self, plot: Plot, options: ExportOptions) -> bytes:
        stream = io.StringIO()
        if options.caption:
            stream.write(f"# {' '.join(options.caption.split())}\n")
        stream.write(text(plot, ","))
        content = stream.getvalue()
        return content.encode("ascii" if content.isascii() else "utf-8-sig")


def text(plot: Plot, delimiter: str) -> str:
    """The plot's table with a header row, separated by ``delimiter`` (a tab pastes into a spreadsheet)."""
    columns = plot.table().columns
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    # tolist() makes Python numbers, whose repr reads back as the same number, float32 included.
    writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
    return stream.getvalue()
