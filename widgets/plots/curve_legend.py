"""The legend of the curves: one strip above all charts, which wraps into a second row where it is narrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from widgets.theme import Theme

_FONT_PT = 8.5


@dataclass(frozen=True)
class Entry:
    """A sample and its name: a ``line``, the ``ring`` of a best value, the ``dash`` of a marker, or no sample at all.

    ``pattern`` are the dashes of a line, in its widths; none is a whole line.
    """

    text: str
    color: QColor
    sample: Literal["line", "thin", "ring", "dash", "none"] = "line"
    pattern: tuple[float, ...] = ()


def legend_height(entries: tuple[Entry, ...], width: float, theme: Theme) -> float:
    """How high the strip is when it is ``width`` wide."""
    text = QFontMetricsF(theme.font(_FONT_PT))
    rows = 1 + max((row for row, _x in _places(entries, width, text, theme)), default=0)
    return rows * (text.height() + 2) + 4


def draw_legend(painter: QPainter, rect: QRectF, theme: Theme, entries: tuple[Entry, ...]) -> None:
    """Paint the strip into ``rect``."""
    painter.fillRect(rect, theme.color("panel"))
    painter.setFont(theme.font(_FONT_PT))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    text = QFontMetricsF(painter.font(), painter.device())
    line, swatch = text.height() + 2, _swatch(theme)
    for entry, (row, x) in zip(entries, _places(entries, rect.width(), text, theme), strict=True):
        left, top = rect.left() + x, rect.top() + 2 + row * line
        _draw_sample(painter, entry, QPointF(left, top + line / 2), swatch, theme)
        painter.setPen(theme.color("text"))
        place = QRectF(left + swatch + theme.px(4), top, text.horizontalAdvance(entry.text) + 4, line)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, entry.text)


def _places(entries: tuple[Entry, ...], width: float, text: QFontMetricsF, theme: Theme) -> list[tuple[int, float]]:
    """Row and left edge of every entry."""
    margin, places = theme.px(8), []
    row, x = 0, float(margin)
    for entry in entries:
        wide = _swatch(theme) + theme.px(4) + text.horizontalAdvance(entry.text)
        if x + wide + margin > width and x > margin:
            row, x = row + 1, float(margin)
        places.append((row, x))
        x += wide + theme.px(10)
    return places


def _swatch(theme: Theme) -> int:
    return theme.px(14)


def _draw_sample(painter: QPainter, entry: Entry, left: QPointF, width: float, theme: Theme) -> None:
    right = left + QPointF(width, 0)
    if entry.sample == "none":
        return
    if entry.sample == "ring":
        painter.setPen(QPen(entry.color, 2 * theme.scale * theme.weight))
        painter.drawEllipse(left + QPointF(width / 2, 0), 3.5 * theme.scale, 3.5 * theme.scale)
        return
    pen = QPen(entry.color, (1.2 if entry.sample in ("thin", "dash") else 2.0) * theme.scale * theme.weight)
    if entry.sample == "dash":
        pen.setStyle(Qt.PenStyle.DashLine)
    if entry.pattern:
        pen.setDashPattern(entry.pattern)
    painter.setPen(pen)
    painter.drawLine(left, right)
