"""The ground of a race's plane: heights as colours, level lines, where there are none, the ways downhill, what is revealed."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPen, qRgb

from simulations.core.arrays import Array, FloatArray, IntArray
from simulations.racing.maps import BasinMap
from simulations.racing.probes.flow import FlowAnswer
from simulations.racing.probes.ground import DARKEST, HOLE, GroundAnswer
from simulations.surfaces.base import Box
from widgets.plots.basin_image import regions_image
from widgets.plots.batch import Lines, chain
from widgets.plots.colormap import polygon, rgb, viridis
from widgets.plots.plane_frame import Frame
from widgets.plots.race_lines import clipped, pixels
from widgets.plots.race_shows import Shows
from widgets.plots.revealed import Revealed, draw_left_out, revealed
from widgets.theme import Theme

_STRENGTH: Final = {False: 0.62, True: 0.5}  # of the colours beside the panel's, so that paths stand out; dark or not
_SEEN_THROUGH: Final = 0.6  # of the basins' colours over those of heights
_FEW: Final = 200  # lines; fewer are painted whole, more piece by piece, which is quicker and makes larger files
_HEAD: Final = 3.2  # px: half the width of an arrow's head


@lru_cache(maxsize=8)
def shade_colors(theme: Theme) -> FloatArray:
    """The colours ``(DARKEST + 1, 3)`` of the shades."""
    share = _STRENGTH[theme.is_dark]
    return share * viridis(np.linspace(0, 1, DARKEST + 1)) + (1 - share) * rgb(theme.color("panel"))


@lru_cache(maxsize=8)
def _color_table(theme: Theme) -> list[int]:
    whole = [qRgb(*(round(one) for one in color)) for color in shade_colors(theme).tolist()]
    return [*whole, *([0] * (HOLE - DARKEST))]


def image_of_shades(shades: Array, theme: Theme) -> QImage:
    """``shades`` ``(rows, columns)``, row 0 at the bottom, as an image whose row 0 is at the top; holes are transparent."""
    flipped = np.ascontiguousarray(shades[::-1])
    rows, columns = flipped.shape
    image = QImage(flipped.data, columns, rows, columns, QImage.Format.Format_Indexed8)
    image.setColorTable(_color_table(theme))
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def draw_ground(
    painter: QPainter,
    frame: Frame,
    theme: Theme,
    shows: Shows,
    ground: GroundAnswer,
    flow: FlowAnswer | None,
    basins: BasinMap | None = None,
) -> None:
    """All that lies under the paths, cut off at the plane's edge. Basins are seen through where there are heights, too."""
    painter.save()
    painter.setClipRect(frame.plane)
    painter.fillRect(frame.plane, theme.color("panel"))
    place = place_of(frame, ground.box)
    if ground.has_holes:
        painter.fillRect(place, QBrush(theme.color("text.secondary", 0.55), Qt.BrushStyle.BDiagPattern))
    if shows.heat:
        _draw_heat(painter, place, theme, ground)
    if shows.basins and basins is not None:
        image = regions_image(basins, theme)
        painter.setOpacity(_SEEN_THROUGH if shows.heat else 1.0)
        _draw_cells(painter, place_of(frame, basins.box), image, basins.reached.shape)
        painter.setOpacity(1.0)
    if shows.contours:
        _draw_contours(painter, frame, theme, ground, shows.heat)
    _draw_domain(painter, frame, theme, ground)
    if flow is not None and shows.flow == flow.style and flow.surface == ground.surface:
        draw_flow(painter, frame, theme, flow)
    if shows.revealed:
        draw_revealed(painter, frame, theme, ground)
    painter.restore()


def place_of(frame: Frame, box: Box) -> QRectF:
    """Where ``box`` is in pixels."""
    (left, bottom), (right, top) = pixels(frame, np.array([[box.x_low, box.y_low], [box.x_high, box.y_high]])).tolist()
    return QRectF(left, top, right - left, bottom - top)


def _draw_heat(painter: QPainter, place: QRectF, theme: Theme, ground: GroundAnswer) -> None:
    _draw_cells(painter, place, image_of_shades(ground.shades, theme), ground.shades.shape)


def _draw_cells(painter: QPainter, place: QRectF, image: QImage, shape: tuple[int, ...]) -> None:
    """The outer of ``shape`` (rows, columns) cells are centred on the edges of ``place``."""
    rows, columns = shape
    half_x, half_y = place.width() / (columns - 1) / 2, place.height() / (rows - 1) / 2
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place.adjusted(-half_x, -half_y, half_x, half_y), image)


def _draw_contours(painter: QPainter, frame: Frame, theme: Theme, ground: GroundAnswer, on_colors: bool) -> None:
    places = pixels(frame, ground.lines)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if on_colors:
        painter.setPen(contour_pen(theme))
        _draw_lines(painter, places, ground.offsets)
        return
    colors = viridis((ground.levels - ground.low) / (ground.high - ground.low)).round().astype(int)
    for level, color in enumerate(colors.tolist()):
        pen = QPen(theme.pen("text"))
        pen.setColor(qRgb(*color))
        painter.setPen(pen)
        some = slice(ground.ends[level], ground.ends[level + 1] + 1)
        _draw_lines(painter, places, ground.offsets[some])


@lru_cache(maxsize=8)
def contour_pen(theme: Theme) -> QPen:
    pen = QPen(theme.pen("text", 1.0, 0.28))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _draw_lines(painter: QPainter, places: FloatArray, offsets: IntArray) -> None:
    if len(offsets) < 2:
        return
    if len(offsets) <= _FEW:
        for start, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
            painter.drawPolyline(polygon(places[start:end]))
        return
    whole = places[offsets[0] : offsets[-1]]
    Lines().draw(painter, np.delete(chain(whole[:, 0], whole[:, 1]), offsets[1:-1] - offsets[0] - 1, axis=0))


def _draw_domain(painter: QPainter, frame: Frame, theme: Theme, ground: GroundAnswer) -> None:
    """The edge of where the surface keeps what is said of it, if it is in view."""
    place = place_of(frame, ground.surface.domain)
    if place.contains(frame.plane.adjusted(2, 2, -2, -2)):
        return
    left, top, right, bottom = place.left(), place.top(), place.right(), place.bottom()
    rows = [
        [left, top, right, top],
        [right, top, right, bottom],
        [right, bottom, left, bottom],
        [left, bottom, left, top],
    ]
    pen = QPen(theme.pen("text.secondary", 1.0, 0.7))
    pen.setDashPattern([2.0, 4.0])
    painter.setPen(pen)
    for x, y, u, v in clipped(np.array(rows), frame.plane)[0].tolist():
        painter.drawLine(QPointF(x, y), QPointF(u, v))


def draw_flow(painter: QPainter, frame: Frame, theme: Theme, flow: FlowAnswer) -> None:
    """Every way as a line with a head at its lower end."""
    places = pixels(frame, flow.lines)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.pen("text", 1.0, 0.62))
    rows = np.concatenate([places[:, :-1], places[:, 1:]], axis=2).reshape(-1, 4)
    rows = rows[(rows[:, :2] != rows[:, 2:]).any(axis=1)]
    Lines().draw(painter, clipped(rows, frame.plane)[0])
    along = places[:, -1] - places[:, 0]
    if flow.style == "lines":
        last = np.argmax((places == places[:, -1:]).all(axis=2), axis=1)  # where it ended
        along = places[:, -1] - places[np.arange(len(places)), np.maximum(last - 1, 0)]
    with np.errstate(all="ignore"):
        along = along / np.hypot(along[:, 0], along[:, 1])[:, np.newaxis]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    head = _HEAD * theme.scale
    wings = [places[:, -1] - 1.6 * head * along + side * head * across for side in (-1, 1)]
    heads = np.concatenate([np.concatenate([places[:, -1], wing], axis=1) for wing in wings])
    Lines().draw(painter, clipped(heads[np.isfinite(heads).all(axis=1)], frame.plane)[0])


def draw_revealed(painter: QPainter, frame: Frame, theme: Theme, ground: GroundAnswer) -> None:
    """What may lie under the racers: saddles as crosses, curves of minima as lines."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    edge, ink = theme.pen("panel", 3.6), theme.pen("text", 1.6)
    for pen in (edge, ink):
        painter.setPen(pen)
        for floor in ground.floors:
            places = pixels(frame, floor)
            Lines().draw(painter, clipped(chain(places[:, 0], places[:, 1]), frame.plane)[0])
    arm = 3.4 * theme.scale
    shown, _lows, passes = _revealed(frame, theme, ground)
    for x, y in passes[shown.saddles].tolist():
        for pen in (edge, ink):
            painter.setPen(pen)
            painter.drawLine(QPointF(x - arm, y - arm), QPointF(x + arm, y + arm))
            painter.drawLine(QPointF(x - arm, y + arm), QPointF(x + arm, y - arm))


def draw_minima(painter: QPainter, frame: Frame, theme: Theme, ground: GroundAnswer) -> None:
    """Over the racers, who may well stand there: rings around the minima in view, and how many are left out."""
    painter.save()
    painter.setClipRect(frame.plane)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shown, lows, _passes = _revealed(frame, theme, ground)
    for i in shown.minima[::-1].tolist():
        draw_minimum(painter, QPointF(*lows[i].tolist()), theme, is_global=ground.minima[i].is_global)
    draw_left_out(painter, frame.plane, theme, shown.words())
    painter.restore()


def _revealed(frame: Frame, theme: Theme, ground: GroundAnswer) -> tuple[Revealed, FloatArray, FloatArray]:
    """Which minima and saddles are marked, and where all of them are in pixels ``(n, 2)``."""
    lows, passes = (
        pixels(frame, np.array([(one.x, one.y) for one in some]).reshape(-1, 2))
        for some in (ground.minima, ground.saddles)
    )
    area = frame.plane.adjusted(-20, -20, 20, 20)
    x, y = np.concatenate([lows, passes]).T
    is_seen = (x >= area.left()) & (x <= area.right()) & (y >= area.top()) & (y <= area.bottom())
    return revealed(ground, lows, passes, is_seen, theme.scale), lows, passes


def draw_minimum(painter: QPainter, at: QPointF, theme: Theme, *, is_global: bool) -> None:
    """A ring with room for a racer inside; a global one has a dot, too."""
    radius, dot = 10.5 * theme.scale, 2.2 * theme.scale
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (theme.pen("panel", 4.0), theme.pen("text", 2.0)):
        painter.setPen(pen)
        painter.drawEllipse(at, radius, radius)
    if is_global:
        painter.setPen(theme.pen("panel", 1.2))
        painter.setBrush(theme.brush("text"))
        painter.drawEllipse(at, dot, dot)
        painter.setBrush(Qt.BrushStyle.NoBrush)
