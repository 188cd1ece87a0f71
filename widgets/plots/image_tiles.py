"""A grid of samples that are images, each with what it is underneath; validation samples have a dashed frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from simulations.core.arrays import Array
from widgets.plots.colormap import image_of
from widgets.plots.picture import metrics
from widgets.text import _
from widgets.theme import Theme

_FONT_PT: Final = 8.5
_SMALLEST_PX, _LARGEST_PX = 26, 64  # the side of an image, before the text scale


@dataclass(frozen=True, eq=False)
class ImageTiles:
    """``images`` with a translated caption each."""

    images: Sequence[QImage]
    captions: Sequence[str]
    is_validation: Array

    def shown(self, rect: QRectF, theme: Theme) -> int:
        """How many fit into ``rect``."""
        columns, side = self._grid(rect, theme)
        rows = int((rect.height() - _legend_px(theme) - theme.px(4)) // (side + _caption_px(theme)))
        return min(len(self.images), columns * max(1, rows))

    def index_at(self, position: QPointF, rect: QRectF, theme: Theme) -> int | None:
        """The tile under a pixel."""
        return next((i for i in range(self.shown(rect, theme)) if self._tile(rect, i, theme).contains(position)), None)

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        _columns, side = self._grid(rect, theme)
        painter.setFont(theme.font(_FONT_PT))
        for i in range(self.shown(rect, theme)):
            tile = self._tile(rect, i, theme)
            frame = QRectF(tile.left() + (tile.width() - side) / 2, tile.top(), side, side).adjusted(2, 2, -2, -2)
            painter.drawImage(frame, self.images[i])
            color = theme.color("series.validation") if self.is_validation[i] else theme.color("border")
            style = Qt.PenStyle.DashLine if self.is_validation[i] else Qt.PenStyle.SolidLine
            painter.setPen(QPen(color, 1.5 * theme.weight, style))
            painter.drawRect(frame.adjusted(-1, -1, 1, 1))
            painter.setPen(theme.color("text"))
            under = QRectF(tile.left(), tile.top() + side, tile.width(), _caption_px(theme))
            caption = metrics(painter).elidedText(self.captions[i], Qt.TextElideMode.ElideRight, tile.width())
            painter.drawText(under, Qt.AlignmentFlag.AlignCenter, caption)
        self._draw_legend(painter, rect, theme)

    @staticmethod
    def _draw_legend(painter: QPainter, rect: QRectF, theme: Theme) -> None:
        height = _legend_px(theme)
        line = QRectF(rect.left(), rect.bottom() - height, rect.width(), height)
        text = _("dashed: validation")
        size = height * 0.5
        left = line.center().x() - (metrics(painter).horizontalAdvance(text) + size + theme.px(6)) / 2
        painter.setPen(QPen(theme.color("series.validation"), 1.5 * theme.weight, Qt.PenStyle.DashLine))
        painter.drawRect(QRectF(left, line.center().y() - size / 2, size, size))
        painter.setPen(theme.color("text.secondary"))
        right = line.adjusted(left - line.left() + size + theme.px(6), 0, 0, 0)
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _grid(self, rect: QRectF, theme: Theme) -> tuple[int, float]:
        """Columns and image side: the largest images with which all fit, or the smallest readable ones."""
        count = len(self.images)
        width, height = rect.width() - theme.px(8), rect.height() - _legend_px(theme) - theme.px(4)
        widest = min(self._widest(theme), theme.px(_LARGEST_PX))
        for side in range(theme.px(_LARGEST_PX), theme.px(_SMALLEST_PX), -1):
            columns = int(width // (max(side, widest) + theme.px(4)))
            if columns and columns * int(height // (side + _caption_px(theme))) >= count:
                return min(columns, count), float(side)
        side = theme.px(_SMALLEST_PX)
        columns = max(1, int(width // (max(side, widest) + theme.px(4))))
        if widest > side:  # the words decide how many stand in a row: then the images may as well fill it
            side = min(int(width / columns - theme.px(4)), theme.px(_LARGEST_PX))
        return columns, float(side)

    def _widest(self, theme: Theme) -> float:
        """The longest caption."""
        text = QFontMetricsF(theme.font(_FONT_PT))
        return max(map(text.horizontalAdvance, set(self.captions)), default=0.0)

    def _tile(self, rect: QRectF, index: int, theme: Theme) -> QRectF:
        columns, side = self._grid(rect, theme)
        row, column = divmod(index, columns)
        width, height = (rect.width() - theme.px(8)) / columns, side + _caption_px(theme)
        return QRectF(
            rect.left() + theme.px(4) + column * width, rect.top() + theme.px(4) + row * height, width, height
        )


def grey_or_rgb(images: Array) -> list[QImage]:
    """Images ``(n, h, w, c)`` over their common range; other channel counts than 1 and 3 show their mean."""
    drawable = images if images.shape[-1] in (1, 3) else images.mean(axis=-1, keepdims=True)
    low, high = float(drawable.min()), float(drawable.max())
    return [image_of((image - low) / max(high - low, 1e-12) * 255) for image in drawable]


def _caption_px(theme: Theme) -> float:
    return theme.px(16)


def _legend_px(theme: Theme) -> float:
    return theme.px(20)
