"""PNG: the sheet in pixels, at one to four times the screen's, with the caption also in the file's text fields."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter, QPainter

from app.exporters.base import EXPORTERS, Exporter, ExportOptions
from app.exporters.page import Page, screen_dpi
from simulations.core.text import N_
from widgets.plot import Plot

_METRES_PER_INCH = 0.0254


def picture(plot: Plot, options: ExportOptions) -> QImage:
    """The sheet as an image of ``options.scale`` device pixels per pixel."""
    page = Page(plot, options)
    image = QImage(page.size * options.scale, QImage.Format.Format_RGB32)
    # The ratio enlarges the painting; dots per metre set before painting would shrink the axes instead.
    image.setDevicePixelRatio(options.scale)
    painter = QPainter(image)
    page.draw(painter, stroke=options.scale)
    painter.end()
    dots_per_metre = round(screen_dpi() * options.scale / _METRES_PER_INCH)
    image.setDotsPerMeterX(dots_per_metre)
    image.setDotsPerMeterY(dots_per_metre)
    image.setText("Title", page.title)
    image.setText("Description", page.caption)
    image.setText("Software", "GradLab")
    return image


@EXPORTERS.register(
    "png",
    label=N_("PNG picture"),
    summary=N_("Pixels, for slides and chats; choose how many per screen pixel."),
)
class Png(Exporter):
    """Portable Network Graphics, lossless."""

    has_pixels = True

    def encode(self, plot: Plot, options: ExportOptions) -> bytes:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(picture(plot, options))
        return bytes(buffer.data().data())
