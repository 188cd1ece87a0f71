"""Exporting: any plot to any format, one format a file. A new format is a class registered in ``EXPORTERS``."""

from __future__ import annotations

from pathlib import Path

from app.exporters import png, svg, pdf, csv  # noqa: F401  # isort: skip  # each registers its format, in this order
from app.exporters.base import EXPORTERS, Exporter, ExportOptions
from app.files import write_atomically
from simulations.core.errors import FileError
from simulations.core.text import N_
from widgets.plot import Plot

__all__ = ["EXPORTERS", "ExportOptions", "Exporter", "export_plot"]


def export_plot(plot: Plot, file: Path, options: ExportOptions | None = None) -> None:
    """Write ``plot`` to ``file`` in the format its ending names. Raises :class:`FileError`; nothing half-written stays."""
    kind = file.suffix.lower().removeprefix(".")
    if kind not in EXPORTERS:
        raise FileError(
            N_("{file}: the ending must be one of {known}"),
            file=file.name,
            known=", ".join(f".{one}" for one in EXPORTERS.kinds()),
        )
    exporter = EXPORTERS[kind]()
    write_atomically(file, exporter.encode(plot, options or ExportOptions()))
