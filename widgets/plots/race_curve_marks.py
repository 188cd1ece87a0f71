"""What is painted on and over the curves of a race: the lines, the crosses of who diverged, the moment, and readouts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from simulations.core.arrays import FloatArray
from simulations.documents.race import RacerSpec
from widgets.plots.batch import Lines, chain
from widgets.plots.chart_axes import FONT_PT, ChartAxes
from widgets.plots.colormap import mix, polygon
from widgets.plots.race_curve_data import RaceLine, height_reading
from widgets.plots.race_lines import dashed
from widgets.plots.thinning import runs, thinned
from widgets.racers import DASHES, racer_color, racer_pen
from widgets.theme import Theme

_GHOST = 0.35  # of a colour, the rest is ground
WIDTH = 1.6
SELECTED_WIDTH = 2.6
_LINES = Lines()


def ghost_color(theme: Theme, racer: RacerSpec) -> QColor:
    """Opaque, since transparent pens are slow."""
    return mix(theme.color("panel"), racer_color(theme, racer), _GHOST)


def pixels(line: RaceLine, axes: ChartAxes) -> FloatArray:
    """Where the line is drawn, ``(n, 2)``, as many points as can be told apart; up to where it diverged."""
    until = line.end + 1 if line.end >= 0 else len(line.x)
    x, y = axes.columns(line.x[:until]), axes.rows(line.y[:until])
    if not len(x):
        return np.empty((0, 2))
    return np.stack(thinned(x, y, axes.left, axes.left + axes.width, max(1, round(axes.width))), axis=1)


def draw_line(
    painter: QPainter, line: RaceLine, racer: RacerSpec, axes: ChartAxes, theme: Theme, width: float, *, is_vector: bool
) -> None:
    """One line in its racer's colour and dash, ``width`` pixels wide; as paths where the device keeps them."""
    points = pixels(line, axes)
    if is_vector:
        pen = QPen(racer_pen(theme, racer, 1.0 if line.is_ghost else width))
        pen.setColor(ghost_color(theme, racer) if line.is_ghost else racer_color(theme, racer))
        painter.setPen(pen)
        for run in runs(points):
            painter.drawPolyline(polygon(run))
        return
    width = 1.0 if line.is_ghost else width * theme.scale
    pen = QPen(ghost_color(theme, racer) if line.is_ghost else racer_color(theme, racer), theme.stroke_width(width))
    pen.setCosmetic(True)
    painter.setPen(pen)
    rows = chain(points[:, 0], points[:, 1])
    pattern = tuple(one * width * theme.weight for one in DASHES[racer.dash])
    _LINES.draw(painter, dashed(rows[np.isfinite(rows).all(axis=1)], pattern))


def draw_end(painter: QPainter, line: RaceLine, racer: RacerSpec, axes: ChartAxes, theme: Theme) -> None:
    """A cross where a line that diverges ends or leaves the chart."""
    if line.end < 0 or line.is_ghost:
        return
    x, y = axes.columns(line.x[: line.end + 1]), axes.rows(line.y[: line.end + 1])
    known = np.flatnonzero(np.isfinite(y))
    if not known.size:
        return
    outside = known[(y[known] < axes.top) | (y[known] > axes.top + axes.height)]
    at = int(outside[0]) if outside.size and outside[0] > 0 else int(known[-1])
    size = 4.0 * theme.scale
    column = float(np.clip(x[at], axes.left, axes.left + axes.width))
    row = float(np.clip(y[at], axes.top + size, axes.top + axes.height - size))
    painter.setPen(QPen(racer_color(theme, racer), 2 * theme.scale * theme.weight))
    painter.drawLine(QPointF(column - size, row - size), QPointF(column + size, row + size))
    painter.drawLine(QPointF(column - size, row + size), QPointF(column + size, row - size))


def draw_moment(
    painter: QPainter,
    drawn: Sequence[RaceLine],
    racers: Sequence[RacerSpec],
    axes: ChartAxes,
    theme: Theme,
    moment: int,
) -> None:
    """A dot on every racer's line at ``moment``."""
    painter.setPen(theme.pen("panel"))
    for line in drawn:
        if line.is_ghost or not len(line.x):
            continue
        step = min(moment, len(line.x) - 1)
        x, y = float(axes.columns(line.x[step : step + 1])[0]), float(axes.rows(line.y[step : step + 1])[0])
        if np.isfinite(y) and axes.contains(x, y) and (line.end < 0 or step <= line.end):
            painter.setBrush(racer_color(theme, racers[line.racer]))
            painter.drawEllipse(QPointF(x, y), 3.2 * theme.scale, 3.2 * theme.scale)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_cursor(painter: QPainter, axes: ChartAxes, theme: Theme, x: float) -> None:
    """The upright line at the moment."""
    column = float(axes.columns(np.array([x]))[0])
    if axes.left <= column <= axes.left + axes.width:
        painter.setPen(theme.pen("text.secondary"))
        painter.drawLine(QPointF(column, axes.top), QPointF(column, axes.top + axes.height))


def value_width(theme: Theme) -> int:
    """What the column of values beside a chart takes."""
    return round(QFontMetricsF(theme.font(FONT_PT)).horizontalAdvance("−0.00·10⁻⁰⁰")) + theme.px(12)


def draw_values(
    painter: QPainter,
    drawn: Sequence[RaceLine],
    racers: Sequence[RacerSpec],
    axes: ChartAxes,
    theme: Theme,
    moment: int,
) -> None:
    """Beside a chart, the numbers of as many racers as there is room for, in their order."""
    painter.setFont(theme.font(FONT_PT))
    text = QFontMetricsF(painter.font(), painter.device())
    mine = [line for line in drawn if not line.is_ghost]
    fits = max(1, int((axes.height + 4) / text.height()))
    is_cut = len(mine) > fits
    left, width = axes.left + axes.width + theme.px(6), value_width(theme)
    for i, line in enumerate(mine[: fits - is_cut]):
        top = axes.top - 2 + i * text.height()
        bar = QRectF(left, top + text.height() / 2 - theme.px(3), theme.px(3), theme.px(6))
        painter.fillRect(bar, racer_color(theme, racers[line.racer]))
        painter.setPen(theme.color("text"))
        place = QRectF(left + theme.px(7), top, width, text.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, height_reading(line, moment))
    if is_cut:
        painter.setPen(theme.color("text.secondary"))
        place = QRectF(left + theme.px(7), axes.top - 2 + (fits - 1) * text.height(), width, text.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, "…")


def nearest(drawn: Sequence[RaceLine], axes: ChartAxes, at: QPointF, within: float) -> tuple[RaceLine, int] | None:
    """The line and its step under the pointer; None when none is so many pixels ``within`` it."""
    found: tuple[RaceLine, int] | None = None
    best = within
    for line in drawn:
        if line.is_ghost or not len(line.x):
            continue
        until = line.end + 1 if line.end >= 0 else len(line.x)
        away = np.hypot(axes.columns(line.x[:until]) - at.x(), axes.rows(line.y[:until]) - at.y())
        step = int(np.nanargmin(np.where(np.isfinite(away), away, np.inf)))
        if away[step] < best:
            found, best = (line, step), float(away[step])
    return found


def draw_hovered(
    painter: QPainter, line: RaceLine, step: int, racer: RacerSpec, axes: ChartAxes, theme: Theme, words: Sequence[str]
) -> None:
    """A ring on a measurement and a box of words beside it."""
    at = QPointF(float(axes.columns(line.x[step : step + 1])[0]), float(axes.rows(line.y[step : step + 1])[0]))
    painter.setPen(QPen(racer_color(theme, racer), 2 * theme.scale * theme.weight))
    painter.drawEllipse(at, 4.2 * theme.scale, 4.2 * theme.scale)
    painter.setFont(theme.font(FONT_PT))
    text = QFontMetricsF(painter.font(), painter.device())
    width, height = max(map(text.horizontalAdvance, words)) + 12, text.height() * len(words) + 6
    left = at.x() + 10 if at.x() + 10 + width <= axes.left + axes.width else at.x() - 10 - width
    top = min(max(at.y() - height - 6, axes.top), axes.top + max(axes.height - height, 0))
    painter.setPen(theme.pen("border"))
    painter.setBrush(theme.brush("panel", 0.94))
    painter.drawRect(QRectF(left, top, width, height))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(theme.color("text"))
    for i, one in enumerate(words):
        place = QRectF(left + 6, top + 3 + i * text.height(), width, text.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, one)
