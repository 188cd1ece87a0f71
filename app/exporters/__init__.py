"""Exporting: any plot to any format, one format a file. A new format is a class registered in ``EXPORTERS``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.exporters import png, svg, pdf, gif, csv  # noqa: F401  # isort: skip  # each registers its format, in this order
from app.exporters.base import EXPORTERS, Exporter, ExportOptions
from app.files import write_atomically
from simulations.core.errors import FileError
from simulations.core.text import N_
from widgets.plot import Plot

__all__ = ["EXPORTERS", "ExportOptions", "Exporter", "export_plot", "exporter_of"]


def export_plot(
    plot: Plot, file: Path, options: ExportOptions | None = None, tell: Callable[[float], None] | None = None
) -> None:
    """Write ``plot`` to ``file`` in the format its ending names; ``tell`` is told the share that is done.

    Raises :class:`FileError`; nothing half-written stays.
    """
    exporter = exporter_of(file, plot)
    content = []
    for share, part in exporter.parts(plot, options or ExportOptions()):
        content.append(part)
        if tell is not None:
            tell(share)
    write_atomically(file, b"".join(content))


def exporter_of(file: Path, plot: Plot) -> Exporter:
    """What writes ``plot`` to files with the ending of ``file``. Raises :class:`FileError` naming the endings there are."""
    kind = file.suffix.lower().removeprefix(".")
    suitable = [one for one in EXPORTERS.kinds() if EXPORTERS[one]().suits(plot)]
    if kind not in suitable:
        raise FileError(
            N_("{file}: the ending must be one of {known}"),
            file=file.name,
            known=", ".join(f".{one}" for one in suitable),
        )
    return EXPORTERS[kind]()
