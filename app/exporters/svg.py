"""SVG: the sheet as lines and text, so that words can be searched, edited and restyled."""

from __future__ import annotations

import re

from PySide6.QtCore import QBuffer, QRect
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator

from app.exporters.base import EXPORTERS, Exporter, ExportOptions
from app.exporters.page import Page, screen_dpi
from simulations.core.text import N_
from widgets.plot import Plot
from widgets.theme import FONT_FAMILIES

_FAMILY = re.compile(rb'font-family="[^"]*"')
_FAMILIES = f'font-family="{", ".join([*FONT_FAMILIES, "sans-serif"])}"'.encode()


@EXPORTERS.register(
    "svg",
    label=N_("SVG drawing"),
    summary=N_("Lines and text, sharp at any size; for web pages and drawing programs."),
)
class Svg(Exporter):
    """Scalable Vector Graphics, SVG Tiny 1.2 as Qt writes it."""

    def encode(self, plot: Plot, options: ExportOptions) -> bytes:
        page = Page(plot, options)
        buffer = QBuffer()
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setResolution(screen_dpi())
        generator.setSize(page.size)
        generator.setViewBox(QRect(0, 0, page.size.width(), page.size.height()))
        generator.setTitle(page.title)
        generator.setDescription(page.caption)
        painter = QPainter(generator)
        page.draw(painter)
        painter.end()
        # Qt names only the first family of a font, which another computer may lack.
        return _FAMILY.sub(_FAMILIES, bytes(buffer.data().data()))
