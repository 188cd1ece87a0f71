"""What is painted over the curves: markers with their texts, the pinned best value, lone points, and the readout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from widgets.plots.chart_axes import FONT_PT
from widgets.plots.curve_data import Line, isolated, value_at
from widgets.plots.defaults import ZoomPlot
from widgets.plots.ticks import value_text
from widgets.theme import Theme

_LABEL_ROWS = 3
DOTTED_POINTS = 40  # a line of at most so many measurements shows each as a dot


@dataclass(frozen=True)
class Flag:
    """A marker ready to paint: its x in the view, its text, and where the change began if it took a while."""

    x: float
    text: str
    since: float | None = None


def line_color(line: Line, theme: Theme) -> QColor:
    """The role of a series; the learning rate has the accent."""
    if line.name == "learning_rate":
        return theme.color("accent")
    return theme.color("series.train" if line.name.startswith("train") else "series.validation")


def draw_flags(painter: QPainter, plot: ZoomPlot, flags: Sequence[Flag], *, with_text: bool) -> list[QRectF]:
    """A dashed vertical line for each, a band for how long it took, and where there is room its text, in up to three rows.

    Returns where the texts are.
    """
    theme, area = plot.theme, plot.area()
    for flag in flags:
        if flag.since is not None:
            band = QRectF(plot.place(flag.since, 0.0).x(), area.top(), 0, area.height())
            band.setRight(plot.place(flag.x, 0.0).x())
            painter.fillRect(band.intersected(area), theme.color("text.secondary", 0.15))
    painter.setFont(theme.font(FONT_PT))
    text = QFontMetricsF(painter.font(), painter.device())
    dashed = QPen(theme.pen("text.secondary"))
    dashed.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(dashed)
    placed = sorted(((plot.place(flag.x, 0.0).x(), flag.text) for flag in flags), key=itemgetter(0))
    placed = [(x, written) for x, written in placed if area.left() <= x <= area.right()]
    for x, _text in placed:
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    taken, written_in = [area.left()] * _LABEL_ROWS, []
    for x, written in placed if with_text else ():
        width = text.horizontalAdvance(written) + 6
        is_left = x + 2 + width > area.right() and x - area.left() > area.right() - x
        width = min(width, (x - area.left() if is_left else area.right() - x) - 2)
        left = x - 2 - width if is_left else x + 2
        row = next((i for i, end in enumerate(taken) if left >= end), None)
        if row is None or width < theme.px(40):
            continue
        taken[row] = left + width + 2
        place = QRectF(left, area.top() + row * text.height(), width, text.height())
        painter.fillRect(place, theme.color("panel", 0.9))
        painter.setPen(theme.color("text.secondary"))
        shown = text.elidedText(written, Qt.TextElideMode.ElideRight, width)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)
        written_in.append(place)
    return written_in


def draw_points(painter: QPainter, plot: ZoomPlot, line: Line) -> None:
    """Each measurement of a short line, and lone ones between two gaps."""
    few = len(line.x) <= DOTTED_POINTS
    chosen = np.flatnonzero(np.isfinite(line.y)) if few else isolated(line.y)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(line, plot.theme))
    radius = 2.0 * plot.theme.scale
    for i in chosen.tolist():
        painter.drawEllipse(plot.place(line.x[i], line.y[i]), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def faded(line: Line, theme: Theme) -> QColor:
    """The line's colour, mixed with the ground for the previous run (opaque, since transparent pens are slow)."""
    color = line_color(line, theme)
    if not line.is_previous:
        return color
    ground = theme.color("panel")
    share = 0.5 if theme.is_dark else 0.35
    parts = [round(share * a + (1 - share) * b) for a, b in zip(color.getRgb()[:3], ground.getRgb()[:3], strict=True)]  # type: ignore[index]
    return QColor(*parts)


def draw_spikes(painter: QPainter, plot: ZoomPlot, line: Line, taken: list[QRectF]) -> None:
    """A triangle at the top for each stretch of the line that leaves the view there, and how high the highest goes.

    The height is written clear of the texts in ``taken``, and joins them.
    """
    theme, area = plot.theme, plot.area()
    (left, right), top = plot.ranges()[0], plot.ranges()[1][1]
    outside = (line.y > top) & (line.x >= left) & (line.x <= right)
    if not outside.any():
        return
    edges = np.flatnonzero(np.diff(outside, prepend=False, append=False)).reshape(-1, 2).tolist()
    peaks = [start + int(np.argmax(line.y[start:end])) for start, end in edges]
    size = 4 * theme.scale
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(line, theme))
    for peak in peaks:
        at = QPointF(plot.place(line.x[peak], top).x(), area.top())
        painter.drawPolygon([at, at + QPointF(-size, 1.8 * size), at + QPointF(size, 1.8 * size)])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    highest = max(peaks, key=line.y.__getitem__)
    at = QPointF(plot.place(line.x[highest], top).x() + size + 1, area.top())
    _write_clear(painter, plot, at, value_text(float(line.value[highest])), faded(line, theme), taken)


def _write_clear(
    painter: QPainter, plot: ZoomPlot, at: QPointF, written: str, color: QColor, taken: list[QRectF]
) -> None:
    """Write after a spot of ``color`` at ``at``, or as far below as it takes to be clear of ``taken``."""
    theme, area = plot.theme, plot.area()
    painter.setFont(theme.font(FONT_PT))
    text = QFontMetricsF(painter.font(), painter.device())
    spot = theme.px(5)  # a dash would be a minus
    width = text.horizontalAdvance(written) + spot + 6
    place = QRectF(min(at.x(), area.right() - width), at.y(), width, text.height())
    while any(place.intersects(other) for other in taken):
        place.translate(0, text.height())
    taken.append(place)
    painter.fillRect(place, theme.color("panel", 0.8))
    painter.fillRect(QRectF(place.left() + 1, place.center().y() - spot / 2, spot, spot), color)
    painter.setPen(theme.color("text"))
    painter.drawText(place.adjusted(spot + 2, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, written)


def draw_best(painter: QPainter, plot: ZoomPlot, line: Line) -> None:
    """A ring on the best measurement, and its value beside it."""
    if line.best < 0 or not np.isfinite(line.y[line.best]):
        return
    theme, area = plot.theme, plot.area()
    at = plot.place(line.x[line.best], line.y[line.best])
    if not area.adjusted(-1, -1, 1, 1).contains(at):
        return
    painter.setPen(QPen(line_color(line, theme), 2 * theme.scale * theme.weight))
    painter.setBrush(theme.brush("panel"))
    painter.drawEllipse(at, 3.5 * theme.scale, 3.5 * theme.scale)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(theme.font(FONT_PT, bold=True))
    text = QFontMetricsF(painter.font(), painter.device())
    written = value_text(float(line.value[line.best]))
    width, height, gap = text.horizontalAdvance(written) + 4, text.height(), 7 * theme.scale
    is_low = line.chart == "loss"
    top = at.y() - gap - height if is_low else at.y() + gap
    top = at.y() + gap if top < area.top() else at.y() - gap - height if top + height > area.bottom() else top
    left = min(max(at.x() - width / 2, area.left() + 1), area.right() - width)
    place = QRectF(left, top, width, height)
    painter.fillRect(place, theme.color("panel", 0.8))
    painter.setPen(theme.color("text"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, written)


def draw_readout(painter: QPainter, plot: ZoomPlot, drawn: Sequence[tuple[Line, str]], x: float, head: str) -> None:
    """A vertical line at ``x``, a dot on the nearest measurement of every line, and their values in a box beside it."""
    theme, area = plot.theme, plot.area()
    at = plot.place(x, 0.0).x()
    if not area.left() <= at <= area.right():
        return
    painter.setPen(theme.pen("text.secondary"))
    painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
    rows: list[tuple[str, QColor]] = [(head, theme.color("text.secondary"))] if head else []
    for line, name in drawn:
        found = value_at(line, x)
        if found is None:
            continue
        index, value = found
        rows.append((f"{name} {value_text(value)}", line_color(line, theme)))
        if np.isfinite(line.y[index]):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(faded(line, theme))
            painter.drawEllipse(plot.place(line.x[index], line.y[index]), 3 * theme.scale, 3 * theme.scale)
            painter.setBrush(Qt.BrushStyle.NoBrush)
    _draw_box(painter, area, at, rows, theme)


def _draw_box(painter: QPainter, area: QRectF, at: float, rows: Sequence[tuple[str, QColor]], theme: Theme) -> None:
    if not rows:
        return
    painter.setFont(theme.font(FONT_PT))
    text = QFontMetricsF(painter.font(), painter.device())
    swatch = theme.px(8)
    width = max(text.horizontalAdvance(row) for row, _color in rows) + swatch + 12
    left = at + 8 if at + 8 + width <= area.right() else at - 8 - width
    box = QRectF(left, area.top() + 2, width, text.height() * len(rows) + 4)
    painter.setPen(theme.pen("border"))
    painter.setBrush(theme.brush("panel", 0.92))
    painter.drawRect(box)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for i, (row, color) in enumerate(rows):
        top = box.top() + 2 + i * text.height()
        painter.fillRect(QRectF(box.left() + 4, top + text.height() / 2 - 1, swatch - 2, 2), color)
        painter.setPen(theme.color("text"))
        place = QRectF(box.left() + 4 + swatch, top, width, text.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, row)
