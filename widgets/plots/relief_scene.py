"""A race over its surface in space, seen by one camera: what is painted once for a view, and what moves with the timeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from simulations.core.arrays import FloatArray
from simulations.documents.race import RacerSpec
from simulations.racing.probes.relief import ReliefAnswer
from simulations.racing.record import Race
from simulations.surfaces.base import Box
from widgets.plots.batch import Lines
from widgets.plots.race_ground import contour_pen, draw_minimum
from widgets.plots.race_lines import dashed
from widgets.plots.race_paths import ANSWER_DASH, diamond, ghost_pen, path_pen
from widgets.plots.relief_box import Ticks, draw_ticks, draw_walls, plane_ticks
from widgets.plots.relief_camera import HALF_HEIGHT, Camera, Projection, Room, Sides
from widgets.plots.relief_paths import Averages, Draped, SeenPaths, boxed, draped
from widgets.plots.relief_scale import HeightScale
from widgets.plots.relief_sheet import Raster, Sheet, rasterize
from widgets.plots.relief_vector import draw_quads
from widgets.plots.revealed import Revealed, revealed
from widgets.racers import DASHES, racer_color
from widgets.theme import Theme

Marker: TypeAlias = Callable[[QPainter, QPointF, RacerSpec, bool], None]

_HIDDEN_DASH: Final = (1.5, 3.5)
_GHOST_DASH: Final = (4.0, 4.0)
_WIDTH: Final = 1.8
_SELECTED: Final = 2.8
_FAINT: Final = 0.55  # of the panel's colour in the part of a path that is still to come
_HIDDEN: Final = 0.5  # and in a part behind the sheet
_HEAD: Final = 4.6
_LINES: Final = Lines()  # the room of one serves all
_MANY: Final = 200  # lattice points a side
_CONTOUR_STEP: Final = 0.012  # of the box, between two points of a level line


@dataclass(frozen=True)
class ReliefOptions:
    """What a person chose to see. ``is_plain``: heights in proportion to f, whatever the colours do."""

    is_plain: bool = False
    contours: bool = True
    floor: bool = False
    revealed: bool = False
    whole: bool = True
    ghost: bool = True


@dataclass(frozen=True, eq=False)
class Stage:
    """The sheet of a surface, and how its box is labelled. Made once for a relief, whoever looks at it."""

    relief: ReliefAnswer
    is_plain: bool

    @cached_property
    def box(self) -> Box:
        return self.relief.ground.box

    @cached_property
    def scale(self) -> HeightScale:
        return HeightScale.of(self.relief.ground, is_plain=self.is_plain)

    @cached_property
    def sheet(self) -> Sheet:
        ratio = self.box.width / self.box.height
        sides = Sides(min(1.0, ratio), min(1.0, 1 / ratio)) if 0.5 <= ratio <= 2 else Sides(1.0, 1.0)
        heights = self.relief.heights
        return Sheet(self.scale.shares(heights), self.scale.colors(heights), sides)

    @cached_property
    def quick_sheet(self) -> Sheet:
        """Every other lattice point, where that hits the edges: for a picture on the move."""
        sheet = self.sheet
        if min(sheet.heights.shape) < _MANY or any(n % 2 == 0 for n in sheet.heights.shape):
            return sheet
        return Sheet(sheet.heights[::2, ::2], sheet.colors[::2, ::2], sheet.sides)

    @cached_property
    def contours(self) -> tuple[FloatArray, FloatArray]:
        """The level lines on the sheet and on the floor, ``(m, 3)``, NaN between two."""
        ground = self.relief.ground
        if not len(ground.lines):
            return np.empty((0, 3)), np.empty((0, 3))
        flat = boxed(ground.lines, self.box, self.sheet.sides)
        lines = np.repeat(np.arange(len(ground.offsets) - 1), np.diff(ground.offsets))
        levels = np.repeat(ground.levels, np.diff(ground.ends))
        ups = (2 * self.scale.shares(levels[lines]) - 1) * HALF_HEIGHT
        is_edge = np.ones(len(flat), bool)
        is_edge[1:-1] = (lines[1:-1] != lines[:-2]) | (lines[1:-1] != lines[2:])
        is_new = np.ones(len(flat), bool)
        is_new[1:] = (np.floor(flat[1:] / _CONTOUR_STEP) != np.floor(flat[:-1] / _CONTOUR_STEP)).any(axis=1)
        kept = np.flatnonzero(is_edge | is_new)
        points = np.column_stack([flat, ups])[kept]
        breaks = np.flatnonzero(np.diff(lines[kept])) + 1
        points = np.insert(points, breaks, np.nan, axis=0)
        return points, np.column_stack([points[:, :2], np.full(len(points), -HALF_HEIGHT)])

    def drape(self, points: FloatArray) -> Draped:
        """Paths ``(steps + 1, r, 2)`` on the sheet."""
        return draped(points, self.box, self.sheet)

    def on_sheet(self, points: FloatArray) -> FloatArray:
        """Places ``(n, 2)`` of the plane as points ``(n, 3)`` of the box on the sheet; NaN beside it."""
        flat = boxed(points, self.box, self.sheet.sides)
        return np.column_stack([flat, self.sheet.up_at(flat[:, 0], flat[:, 1])])

    def ticks(self, projection: Projection, line_px: float) -> tuple[Ticks, Ticks, Ticks]:
        """As many along every axis as there is room for lines of text."""
        along = max(3, min(6, int(projection.scale / (3.4 * line_px))))
        up = 2 * HALF_HEIGHT * projection.scale * float(np.cos(projection.elevation))
        heights = self.scale.ticks(max(3, int(up / (1.5 * line_px))))
        return *plane_ticks(self.box, along), Ticks([one for one, _text in heights], [text for _one, text in heights])


class ReliefScene:
    """``stage`` as ``camera`` sees it in ``room``, with a ``margin`` for numbers; ``ratio`` picture points a pixel."""

    def __init__(self, stage: Stage, camera: Camera, room: Room, margin: float, ratio: float, theme: Theme) -> None:
        self.stage, self.theme, self.ratio, self.room = stage, theme, ratio, room
        inner = Room(
            room.left + 1.6 * margin,
            room.top + 0.6 * margin,
            max(room.width - 2.8 * margin, 20.0),
            max(room.height - 1.7 * margin, 20.0),
        )
        self.projection = camera.placed(inner, stage.sheet.sides)
        self._seen: dict[int, tuple[Draped, SeenPaths]] = {}

    @property
    def is_quick(self) -> bool:
        """Whether the picture is on the move: nobody sees how what is hidden is dotted."""
        return self.ratio <= self.theme.stroke

    @cached_property
    def raster(self) -> Raster:
        """The sheet in pixels of the room, from its corner on."""
        inner = Projection(
            self.projection.azimuth,
            self.projection.elevation,
            self.projection.scale * self.ratio,
            (self.projection.x - self.room.left) * self.ratio,
            (self.projection.y - self.room.top) * self.ratio,
        )
        size = max(1, round(self.room.width * self.ratio)), max(1, round(self.room.height * self.ratio))
        if self.is_quick:
            return rasterize(self.stage.quick_sheet, inner, size, int(np.clip(0.7 * inner.scale, 100, 320)), self.theme)
        return rasterize(self.stage.sheet, inner, size, int(np.clip(1.2 * inner.scale, 160, 640)), self.theme)

    def draw_ground(self, painter: QPainter, options: ReliefOptions, name: str, *, is_vector: bool) -> None:
        """Box, sheet, level lines, ticks."""
        ticks, sides = self.stage.ticks(self.projection, self.theme.px(15)), self.stage.sheet.sides
        draw_walls(painter, self.projection, sides, self.theme, *ticks)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if options.floor:
            self._draw_lines(painter, self.stage.contours[1], is_hidden_shown=True)
        if is_vector:
            draw_quads(painter, self.stage.sheet, self.projection, self.theme)
        else:
            self._draw_raster(painter)
        if options.contours:
            self._draw_lines(painter, self.stage.contours[0], is_hidden_shown=False)
        draw_ticks(painter, self.projection, sides, self.theme, ticks, name)

    def _draw_raster(self, painter: QPainter) -> None:
        pixels = self.raster.pixels
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not self.is_quick)
        painter.drawImage(QRectF(self.room.left, self.room.top, width / self.ratio, height / self.ratio), image)

    def _draw_lines(self, painter: QPainter, points: FloatArray, *, is_hidden_shown: bool) -> None:
        if len(points) < 2:
            return
        places = self.projection.project(points)[:, :2]
        rows = np.concatenate([places[:-1], places[1:]], axis=1)
        is_drawn = np.isfinite(rows).all(axis=1)
        if not is_hidden_shown:
            is_shown = self.raster.shows(points)
            is_drawn &= is_shown[:-1] & is_shown[1:]
        painter.setPen(contour_pen(self.theme))
        _LINES.draw(painter, rows[is_drawn])

    def seen(self, paths: Draped) -> SeenPaths:
        """``paths`` on the screen, worked out once."""
        found = self._seen.get(id(paths))
        if found is None or found[0] is not paths:
            if len(self._seen) > 4:
                self._seen.clear()
            found = self._seen[id(paths)] = (paths, paths.seen(self.projection, self.raster))
        return found[1]

    def draw_ghost(self, painter: QPainter, ghost: Race, paths: Draped) -> None:
        """The race before the change, thin and dashed."""
        seen = self.seen(paths)
        painter.setPen(ghost_pen(self.theme))
        for racer, one in enumerate(ghost.spec.racers):
            if one.is_visible:
                _LINES.draw(painter, dashed(seen.of(racer, -1, ghost.done)[0], _GHOST_DASH))

    def draw_paths(self, painter: QPainter, race: Race, paths: Draped, selected: int, after: int, until: int) -> None:
        """Every racer's path from step ``after`` to ``until``; what is behind the sheet is dotted."""
        is_coming = after >= 0
        seen = self.seen(paths)
        for racer in _order(race, selected):
            one = race.spec.racers[racer]
            width = 1.0 if is_coming else _SELECTED if racer == selected else _WIDTH
            shown, hidden = seen.of(racer, after, until)
            painter.setPen(path_pen(self.theme, one.color, 1.0, _FAINT if is_coming else _HIDDEN))
            _LINES.draw(painter, hidden if self.is_quick else dashed(hidden, _HIDDEN_DASH))
            painter.setPen(path_pen(self.theme, one.color, width, _FAINT if is_coming else 0.0))
            pattern = () if self.is_quick and is_coming else tuple(max(width, 1.4) * part for part in DASHES[one.dash])
            _LINES.draw(painter, dashed(shown, pattern))

    def draw_averages(self, painter: QPainter, race: Race, averages: Averages, moment: int) -> None:
        """The points to judge of methods that average, up to ``moment``: dotted."""
        seen = self.seen(averages.paths)
        for racer in sorted(averages.racers):
            one = race.spec.racers[racer]
            if one.is_visible:
                shown, hidden = seen.of(racer, -1, moment)
                painter.setPen(path_pen(self.theme, one.color, 1.0, _HIDDEN))
                _LINES.draw(painter, dashed(hidden, _HIDDEN_DASH))
                painter.setPen(path_pen(self.theme, one.color, 1.6))
                _LINES.draw(painter, dashed(shown, ANSWER_DASH))

    def draw_preview(self, painter: QPainter, preview: Race, paths: Draped) -> None:
        """What would be run if what the pointer is at were taken."""
        shown, hidden = self.seen(paths).of(0, -1, preview.done)
        painter.setPen(self.theme.pen("accent", 1.2, 0.6))
        _LINES.draw(painter, dashed(hidden, _HIDDEN_DASH))
        for pen in (self.theme.pen("panel", 5.0), self.theme.pen("accent", 2.6)):
            painter.setPen(pen)
            _LINES.draw(painter, shown)

    def draw_marks(
        self,
        painter: QPainter,
        race: Race,
        selected: int,
        moment: int,
        options: ReliefOptions,
        averages: Averages | None = None,
    ) -> None:
        """Starts and heads, diamonds at the points to judge, and minima and saddles where they are revealed."""
        if options.revealed:
            self._draw_saddles(painter)
        starts = np.array([race.spec.start_of(one) for one in race.spec.racers]).reshape(-1, 2)
        heads, answers = race.points[min(moment, race.done)], race.answers[min(moment, race.done)]
        order = _order(race, selected)
        self._draw_at(painter, race, starts, order, self._draw_start)
        if averages is not None:
            self._draw_at(painter, race, answers, [i for i in order if i in averages.racers], self._draw_diamond)
        self._draw_at(painter, race, heads, [one for one in order if one != selected], self._draw_head)
        self._draw_at(painter, race, heads, [one for one in order if one == selected], self._draw_selected)
        if options.revealed:
            self._draw_minima(painter)

    def _draw_at(self, painter: QPainter, race: Race, places: FloatArray, racers: list[int], draw: Marker) -> None:
        """The mark of each of ``racers`` at its row of ``places`` ``(r, 2)``; who is beside the sheet has none."""
        points = self.stage.on_sheet(places)
        is_on = np.isfinite(points[:, 2])
        is_shown = self.raster.shows(np.nan_to_num(points))
        seen = self.projection.project(points)[:, :2]
        for racer in racers:
            if is_on[racer]:
                draw(painter, QPointF(*seen[racer].tolist()), race.spec.racers[racer], bool(is_shown[racer]))

    def _draw_start(self, painter: QPainter, at: QPointF, racer: RacerSpec, is_shown: bool) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = 3.4 * self.theme.scale
        for pen in (self.theme.pen("panel", 3.6), self.theme.pen("text", 1.6, 1.0 if is_shown else 0.5)):
            painter.setPen(pen)
            painter.drawEllipse(at, radius, radius)

    def _draw_selected(self, painter: QPainter, at: QPointF, racer: RacerSpec, is_shown: bool) -> None:
        radius = _HEAD * self.theme.scale + 3
        if is_shown:
            painter.setPen(self.theme.pen("text", 1.4))
            painter.setBrush(self.theme.brush("panel"))
            painter.drawEllipse(at, radius, radius)
        self._draw_head(painter, at, racer, is_shown)

    def _draw_head(self, painter: QPainter, at: QPointF, racer: RacerSpec, is_shown: bool) -> None:
        """A disc; behind the sheet a ring."""
        self._take(painter, racer, is_shown)
        painter.drawEllipse(at, _HEAD * self.theme.scale, _HEAD * self.theme.scale)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_diamond(self, painter: QPainter, at: QPointF, racer: RacerSpec, is_shown: bool) -> None:
        self._take(painter, racer, is_shown)
        painter.drawPolygon(diamond(at, self.theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _take(self, painter: QPainter, racer: RacerSpec, is_shown: bool) -> None:
        """Pen and brush of a mark in the racer's colour; behind the sheet it is hollow."""
        painter.setPen(self.theme.pen("panel", 1.5) if is_shown else path_pen(self.theme, racer.color, 1.4, _HIDDEN))
        painter.setBrush(racer_color(self.theme, racer) if is_shown else Qt.BrushStyle.NoBrush)

    def _draw_saddles(self, painter: QPainter) -> None:
        arm = 3.4 * self.theme.scale
        shown, _lows, passes = self._revealed()
        for u, v in passes[shown.saddles].tolist():
            for pen in (self.theme.pen("panel", 3.6), self.theme.pen("text", 1.6)):
                painter.setPen(pen)
                painter.drawLine(QPointF(u - arm, v - arm), QPointF(u + arm, v + arm))
                painter.drawLine(QPointF(u - arm, v + arm), QPointF(u + arm, v - arm))

    def _draw_minima(self, painter: QPainter) -> None:
        """Over the racers, who may well stand there."""
        shown, lows, _passes = self._revealed()
        for i in shown.minima.tolist():
            is_global = self.stage.relief.ground.minima[i].is_global
            draw_minimum(painter, QPointF(*lows[i].tolist()), self.theme, is_global=is_global)

    def _revealed(self) -> tuple[Revealed, FloatArray, FloatArray]:
        """Which minima and saddles are marked, and where all of them are in pixels ``(n, 2)``."""
        ground = self.stage.relief.ground
        lows, passes = (
            self.projection.project(self.stage.on_sheet(np.array([(one.x, one.y) for one in some]).reshape(-1, 2)))
            for some in (ground.minima, ground.saddles)
        )
        lows, passes = lows[:, :2], passes[:, :2]
        is_seen = np.isfinite(np.concatenate([lows, passes])).all(axis=1)
        return revealed(ground, lows, passes, is_seen, self.theme.scale), lows, passes

    def under(self, at: QPointF) -> tuple[float, float, float] | None:
        """x, y and f under a pixel; None beside the sheet."""
        raster = self.raster
        column, row = int((at.x() - self.room.left) * self.ratio), int((at.y() - self.room.top) * self.ratio)
        height, width = raster.distances.shape
        if not (0 <= column < width and 0 <= row < height) or not np.isfinite(raster.distances[row, column]):
            return None
        across, away = (at.x() - self.projection.x) / self.projection.scale, float(raster.distances[row, column])
        sine, cosine = np.sin(self.projection.azimuth), np.cos(self.projection.azimuth)
        x, y = across * cosine - away * sine, across * sine + away * cosine
        sides, box = self.stage.sheet.sides, self.stage.box
        up = float(self.stage.sheet.up_at(np.array(x), np.array(y)))
        value = float(self.stage.scale.values(np.array((up / HALF_HEIGHT + 1) / 2)))
        right, back = (x / sides.x + 1) / 2, (y / sides.y + 1) / 2
        return float(box.x_low + right * box.width), float(box.y_low + back * box.height), value


def _order(race: Race, selected: int) -> list[int]:
    """The racers that are drawn, the selected one last."""
    seen = [i for i, one in enumerate(race.spec.racers) if one.is_visible]
    return sorted(seen, key=selected.__eq__)
