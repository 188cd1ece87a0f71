"""What the exported file will look like, small: the sheet itself for pictures, the first rows for numbers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontDatabase, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.exporters.base import EXPORTERS, ExportOptions
from app.exporters.page import Page
from widgets.plot import Plot
from widgets.text import _
from widgets.theme import Look
from widgets.view import View

_ROWS = 14
_GAP = 8


class ExportPreview(View):
    """Draws one plot as one format would write it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._shown: tuple[Plot, str, ExportOptions] | None = None
        self.setMinimumSize(320, 240)
        self.setAccessibleName(_("Preview"))

    def show_plot(self, plot: Plot, kind: str, options: ExportOptions) -> None:
        """Preview ``plot`` in the format ``kind``."""
        self._shown = (plot, kind, options)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(440, 320)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self.look.theme
        painter.fillRect(self.rect(), theme.color("window"))
        if self._shown is not None:
            plot, kind, options = self._shown
            if EXPORTERS[kind].draws:
                self._draw_sheet(painter, Page(plot, options))
            else:
                self._draw_rows(painter, EXPORTERS[kind]().encode(plot, options).decode("utf-8-sig"))
        painter.setPen(theme.pen("border"))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _draw_sheet(self, painter: QPainter, page: Page) -> None:
        room = QSizeF(self.width() - 2 * _GAP, self.height() - 2 * _GAP)
        size = QSizeF(page.size).scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        factor = min(1.0, size.width() / page.size.width())
        width, height = page.size.width() * factor, page.size.height() * factor
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate((self.width() - width) / 2, (self.height() - height) / 2)
        painter.scale(factor, factor)
        painter.setClipRect(QRectF(0, 0, page.size.width(), page.size.height()))
        page.draw(painter)
        painter.restore()

    def _draw_rows(self, painter: QPainter, content: str) -> None:
        theme = self.look.theme
        inside = QRectF(self.rect()).adjusted(_GAP, _GAP, -_GAP, -_GAP)
        painter.fillRect(inside, theme.color("panel"))
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(theme.font(8.5).pointSizeF())
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        rows = content.split("\n", _ROWS)[:_ROWS]
        painter.drawText(inside.adjusted(_GAP, _GAP, -_GAP, -_GAP), int(Qt.AlignmentFlag.AlignTop), "\n".join(rows))
