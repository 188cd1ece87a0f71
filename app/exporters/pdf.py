"""PDF: the sheet as one vector page of its own size, for papers and printing."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

from app.exporters.base import EXPORTERS, Exporter, ExportOptions
from app.exporters.page import Page, screen_dpi
from simulations.core.text import N_
from widgets.plot import Plot

_POINTS_PER_INCH = 72


@EXPORTERS.register(
    "pdf",
    label=N_("PDF page"),
    summary=N_("Lines and text on a page of the picture's size; for papers and printing."),
)
class Pdf(Exporter):
    """Portable Document Format, vector, fonts embedded."""

    def encode(self, plot: Plot, options: ExportOptions) -> bytes:
        page = Page(plot, options)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        dpi = screen_dpi()
        writer.setResolution(dpi)
        size = QSizeF(page.size) * _POINTS_PER_INCH / dpi
        writer.setPageSize(QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        writer.setTitle(f"{page.title} · {page.caption}" if page.caption else page.title)
        writer.setCreator("GradLab")
        painter = QPainter(writer)
        page.draw(painter)
        painter.end()
        return bytes(buffer.data().data())
