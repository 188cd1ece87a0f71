"""The box around a sheet: floor, the two walls behind, ticks with numbers on the edges in front, names of the axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from simulations.core.arrays import FloatArray
from simulations.surfaces.base import Box
from widgets.plots.batch import Lines
from widgets.plots.colormap import polygon
from widgets.plots.relief_camera import HALF_HEIGHT, Projection, Sides
from widgets.plots.ticks import linear_ticks, tick_texts
from widgets.theme import Theme

FONT_PT: Final = 8.5
_LINES: Final = Lines()
_TICK: Final = 0.045  # of the box
_FLAT: Final = math.radians(84)  # from this tilt on heights cannot be told


class Ticks(NamedTuple):
    """Where ticks stand, as shares 0…1 of an axis, and what they say."""

    shares: list[float]
    texts: list[str]


def plane_ticks(box: Box, most: int) -> tuple[Ticks, Ticks]:
    """The ticks of x and of y."""
    found = []
    for low, high in ((box.x_low, box.x_high), (box.y_low, box.y_high)):
        ticks = linear_ticks(low, high, most)
        found.append(Ticks([(one - low) / (high - low) for one in ticks], tick_texts(ticks)))
    return found[0], found[1]


def _behind(projection: Projection) -> tuple[float, float]:
    """The signs of x and y of the corner that lies behind."""
    return (-1.0 if math.sin(projection.azimuth) > 0 else 1.0), (1.0 if math.cos(projection.azimuth) > 0 else -1.0)


def draw_walls(
    painter: QPainter, projection: Projection, sides: Sides, theme: Theme, x: Ticks, y: Ticks, up: Ticks
) -> None:
    """Floor and the walls behind, with the lines of all ticks."""
    right, back = _behind(projection)
    behind = np.array([right * sides.x, back * sides.y])
    low, high = -HALF_HEIGHT, HALF_HEIGHT
    floor = _corners([(-sides.x, -sides.y), (sides.x, -sides.y), (sides.x, sides.y), (-sides.x, sides.y)], low)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.pen("border"))
    painter.setBrush(theme.brush("window"))
    painter.drawPolygon(polygon(projection.project(floor)[:, :2]))
    lines: list[list[float]] = []
    for share in x.shares:
        at = (2 * share - 1) * sides.x
        lines += [[at, -sides.y, low, at, sides.y, low], [at, behind[1], low, at, behind[1], high]]
    for share in y.shares:
        at = (2 * share - 1) * sides.y
        lines += [[-sides.x, at, low, sides.x, at, low], [behind[0], at, low, behind[0], at, high]]
    for share in up.shares:
        at = (2 * share - 1) * HALF_HEIGHT
        lines += [[-sides.x, behind[1], at, sides.x, behind[1], at], [behind[0], -sides.y, at, behind[0], sides.y, at]]
    _draw(painter, projection, theme, "grid", lines)
    edges: list[list[float]] = []
    for corner in ((behind[0], behind[1]), (behind[0], -behind[1]), (-behind[0], behind[1])):
        edges.append([*corner, low, *corner, high])
    edges += [
        [-sides.x, behind[1], high, sides.x, behind[1], high],
        [behind[0], -sides.y, high, behind[0], sides.y, high],
    ]
    _draw(painter, projection, theme, "border", edges)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _draw(painter: QPainter, projection: Projection, theme: Theme, role: str, lines: Sequence[Sequence[float]]) -> None:
    if not lines:
        return
    ends = projection.project(np.array(lines, float).reshape(-1, 3))[:, :2]
    painter.setPen(theme.pen(role))
    _LINES.draw(painter, ends.reshape(-1, 4))


def _corners(places: Sequence[tuple[float, float]], up: float) -> FloatArray:
    return np.array([(x, y, up) for x, y in places])


def draw_ticks(
    painter: QPainter, projection: Projection, sides: Sides, theme: Theme, ticks: tuple[Ticks, Ticks, Ticks], name: str
) -> None:
    """Numbers and names: x and y along the floor's edges in front, heights (``name``) at the upright edge on the left."""
    x, y, up = ticks
    right, back = _behind(projection)
    painter.setFont(theme.font(FONT_PT))
    low = -HALF_HEIGHT
    front_y, front_x = -back * sides.y, -right * sides.x
    along_x = np.array([((2 * share - 1) * sides.x, front_y, low) for share in x.shares]).reshape(-1, 3)
    along_y = np.array([(front_x, (2 * share - 1) * sides.y, low) for share in y.shares]).reshape(-1, 3)
    _draw_axis(painter, projection, theme, along_x, (0.0, -back, 0.0), x.texts, "x", (0.0, front_y, low))
    _draw_axis(painter, projection, theme, along_y, (-right, 0.0, 0.0), y.texts, "y", (front_x, 0.0, low))
    if projection.elevation > _FLAT:
        return
    corners = [(a * sides.x, b * sides.y) for a, b in ((right, -back), (-right, back))]
    corner = min(corners, key=lambda one: float(projection.turned(np.array(one[0]), np.array(one[1]))[0]))
    upright = np.array([(*corner, (2 * share - 1) * HALF_HEIGHT) for share in up.shares]).reshape(-1, 3)
    outwards = (corner[0], corner[1], 0.0)
    _draw_axis(painter, projection, theme, upright, outwards, up.texts, name, (*corner, HALF_HEIGHT), is_upright=True)


def _draw_axis(
    painter: QPainter,
    projection: Projection,
    theme: Theme,
    places: FloatArray,
    outwards: tuple[float, float, float],
    texts: Sequence[str],
    name: str,
    middle: tuple[float, float, float],
    *,
    is_upright: bool = False,
) -> None:
    """Short lines away from the box, the numbers behind them, and the axis's name: outside them, or over an upright one."""
    text = QFontMetricsF(painter.font(), painter.device())
    line = text.height()
    direction = projection.project(np.array(outwards))[:2] - projection.project(np.zeros(3))[:2]
    length = float(np.hypot(*direction))
    direction = np.array([-1.0, 0.0]) if is_upright or length < 1e-6 else direction / length
    painter.setPen(theme.pen("text.secondary"))
    seen = projection.project(places)[:, :2] if len(places) else np.empty((0, 2))
    tick = theme.px(5)
    _LINES.draw(painter, np.concatenate([seen, seen + tick * direction], axis=1))
    widest = 0.0
    lowest = float(projection.project(np.array((*middle[:2], -HALF_HEIGHT)))[1]) - line / 2
    for (u, v), written in zip(seen.tolist(), texts, strict=True):
        width = text.horizontalAdvance(written)
        widest = max(widest, width)
        beside = 0.4 * line if is_upright and v > lowest else 0.0  # where the floor's first number stands
        _write(painter, u + tick * direction[0], v + tick * direction[1] - beside, direction, width, line, written)
    painter.setPen(theme.color("text"))
    u, v = projection.project(np.array(middle))[:2].tolist()
    width = text.horizontalAdvance(name)
    if is_upright:
        painter.drawText(QRectF(u - width, v - 1.7 * line, width + line, line), Qt.AlignmentFlag.AlignCenter, name)
        return
    away = tick + abs(direction[0]) * (widest + 6) + abs(direction[1]) * (line + 2)
    _write(painter, u + away * direction[0], v + away * direction[1], direction, width, line, name)


def _write(
    painter: QPainter, u: float, v: float, direction: FloatArray, width: float, line: float, written: str
) -> None:
    """A text whose box touches (u, v) from the side of ``direction``."""
    x = u + float(direction[0]) * (width / 2 + 3)
    y = v + float(direction[1]) * (line / 2)
    painter.drawText(QRectF(x - width, y - line / 2, 2 * width, line), Qt.AlignmentFlag.AlignCenter, written)
