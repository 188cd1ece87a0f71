"""The sheet that every drawn format shares: title, the picture as the plot draws it, and the caption line."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QPainter

from app.exporters.base import ExportOptions
from widgets.plot import Plot, TitledPlot
from widgets.theme import Theme

_MARGIN = 12.0
_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


def screen_dpi() -> int:
    """The logical resolution of the screen. Vector devices take the same one: recorded axis texts are laid out for it."""
    return round(QGuiApplication.primaryScreen().logicalDotsPerInch())


class Page:
    """A plot laid out for paper, in logical pixels."""

    def __init__(self, plot: Plot, options: ExportOptions) -> None:
        self.title = plot.plot_title()
        self.caption = options.caption
        self._plot = plot
        self._options = options
        theme = options.theme_for()
        self._title_font = theme.font(12, bold=True)
        self._caption_font = theme.font(8.5)
        picture = QSizeF(plot.plot_size())
        width = picture.width()
        self._heading = "" if isinstance(plot, TitledPlot) else self.title
        title = _text_height(self._heading, self._title_font, width)
        caption = _text_height(self.caption, self._caption_font, width)
        self._title_rect = QRectF(_MARGIN, _MARGIN, width, title)
        top = _MARGIN + title + (_MARGIN / 2 if title else 0)
        self._picture_rect = QRectF(_MARGIN, top, width, picture.height())
        below = self._picture_rect.bottom() + (_MARGIN / 2 if caption else 0)
        self._caption_rect = QRectF(_MARGIN, below, width, caption)
        self.size = QSize(ceil(width + 2 * _MARGIN), ceil(below + caption + _MARGIN))

    def draw(self, painter: QPainter, stroke: float = 1.0) -> None:
        """Paint the sheet from (0, 0); ``stroke`` as in :class:`widgets.theme.Theme`."""
        theme = self._options.theme_for(stroke)
        painter.fillRect(QRectF(0, 0, self.size.width(), self.size.height()), theme.color("panel"))
        self._write(painter, theme, self._heading, self._title_rect, self._title_font, "text")
        painter.save()
        self._plot.draw(painter, self._picture_rect, theme)
        painter.restore()
        self._write(painter, theme, self.caption, self._caption_rect, self._caption_font, "text.secondary")

    def _write(self, painter: QPainter, theme: Theme, text: str, rect: QRectF, font: QFont, role: str) -> None:
        if text:
            painter.setFont(font)
            painter.setPen(theme.color(role))
            painter.drawText(rect, _WRAPPED, text)


def _text_height(text: str, font: QFont, width: float) -> float:
    if not text:
        return 0.0
    return ceil(QFontMetricsF(font).boundingRect(QRectF(0, 0, width, 1e6), _WRAPPED, text).height()) + 2.0
