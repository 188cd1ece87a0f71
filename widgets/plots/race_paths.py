"""The racers on a race's plane: their paths up to the moment and beyond, heads, starts, who left, the ghost, the preview."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from simulations.core.arrays import FloatArray
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.racing.anatomy import Anatomy
from simulations.racing.record import Race
from widgets.plots.batch import Lines
from widgets.plots.colormap import mix
from widgets.plots.plane_frame import Frame
from widgets.plots.race_lines import Dashes, Paths, paths_in, pixels
from widgets.racers import DASHES, racer_color
from widgets.theme import Theme

STRONG: Final = 2.0  # px
SELECTED: Final = 3.0
_FAINT: Final = 0.55  # of the panel's colour in the part of a path that is still to come
_GHOST_DASH: Final = (4.0, 4.0)
ANSWER_DASH: Final = (1.5, 3.0)
_GONE: Final = 1e3  # sizes of the view: a racer farther away has diverged
_LINES: Final = Lines()  # the room of one serves all
HEAD: Final = 4.6  # px, the radius


@dataclass
class PathStore:
    """Paths in pixels, kept as long as neither their points nor their dashes nor the frame change; and the corner in which the
    names stood last, so that they do not wander."""

    corner: int | None = None
    _kept: dict[str, tuple[FloatArray, object, Paths]] = field(default_factory=dict)
    _averaging: tuple[FloatArray | None, FloatArray | None, frozenset[int]] = (None, None, frozenset())

    def paths(self, frame: Frame, race: Race) -> Paths:
        """The paths of a race as they are drawn."""
        dashes = [tuple(STRONG * one for one in DASHES[racer.dash]) for racer in race.spec.racers]
        return self.get("race", frame, race.points, dashes)

    def get(self, name: str, frame: Frame, points: FloatArray, dashes: Sequence[Dashes] = ()) -> Paths:
        """The paths along ``points``, compared by identity with those kept under ``name``."""
        before = self._kept.get(name)
        made_of = (frame.plane.getRect(), frame.extent, tuple(dashes))
        if before is not None and before[0] is points and before[1] == made_of:
            return before[2]
        found = paths_in(frame, points, dashes)
        self._kept[name] = points, made_of, found
        return found

    def averaging(self, race: Race) -> frozenset[int]:
        """What :func:`averaging` finds, looked for once."""
        if self._averaging[0] is not race.points or self._averaging[1] is not race.answers:
            self._averaging = race.points, race.answers, averaging(race)
        return self._averaging[2]


def averaging(race: Race) -> frozenset[int]:
    """The racers whose points to judge are not where their methods stand."""
    if race.answers is race.points:
        return frozenset()
    others = (i for i in range(race.points.shape[1]) if _differ(race.points[:, i], race.answers[:, i]))
    return frozenset(others)


def _differ(one: FloatArray, other: FloatArray) -> bool:
    return not np.array_equal(one, other, equal_nan=True)


@dataclass(frozen=True, eq=False)
class Runners:
    """What is painted over the ground: ``race`` at ``moment``, what was ``before`` it, and what is looked at ``beside`` it.

    ``spec`` is the race as it is being edited, which says where the starts are. ``anatomy`` is the probe's answer about a step of
    the selected racer, ``part`` the line of its rule that is spoken of.
    """

    spec: RaceSpec
    selected: int
    race: Race | None
    moment: int
    before: Race | None = None
    beside: Race | None = None
    anatomy: Anatomy | None = None
    part: int | None = None

    def seen(self) -> list[int]:
        """The racers whose paths are drawn, the selected one last."""
        if self.race is None:
            return []
        found = [i for i, one in enumerate(self.race.spec.racers) if one.is_visible]
        return sorted(found, key=self.selected.__eq__)


def draw_paths(painter: QPainter, frame: Frame, theme: Theme, runners: Runners, store: PathStore, whole: bool) -> None:
    """Every path, from the faintest to the strongest."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if runners.before is not None:
        _draw_ghost(painter, frame, theme, runners.before, store)
    race = runners.race
    if race is not None and race.points.shape[1]:
        paths, moment = store.paths(frame, race), runners.moment
        if whole:
            for racer in runners.seen():
                painter.setPen(path_pen(theme, race.spec.racers[racer].color, 1.0, _FAINT))
                _LINES.draw(painter, paths.of(racer, moment, race.done))
        _draw_answers(painter, frame, theme, runners, store)
        for racer in runners.seen():
            width = SELECTED if racer == runners.selected else STRONG
            painter.setPen(path_pen(theme, race.spec.racers[racer].color, width))
            _LINES.draw(painter, paths.of(racer, -1, moment))
    if runners.beside is not None:
        _draw_preview(painter, frame, theme, runners.beside, store)
    painter.restore()


def _draw_ghost(painter: QPainter, frame: Frame, theme: Theme, ghost: Race, store: PathStore) -> None:
    racers = ghost.spec.racers
    paths = store.get("ghost", frame, ghost.points, [_GHOST_DASH] * len(racers))
    painter.setPen(ghost_pen(theme))
    if all(one.is_visible for one in racers):
        _LINES.draw(painter, paths.rows)
        return
    for racer, one in enumerate(racers):
        if one.is_visible:
            _LINES.draw(painter, paths.of(racer, -1, ghost.done))


def _draw_answers(painter: QPainter, frame: Frame, theme: Theme, runners: Runners, store: PathStore) -> None:
    """The points to judge of methods that average: dotted."""
    race = runners.race
    if race is None or not store.averaging(race):
        return
    paths = store.get("answers", frame, race.answers, [ANSWER_DASH] * len(race.spec.racers))
    for racer in runners.seen():
        if racer in store.averaging(race):
            painter.setPen(path_pen(theme, race.spec.racers[racer].color, 1.6))
            _LINES.draw(painter, paths.of(racer, -1, runners.moment))


def _draw_preview(painter: QPainter, frame: Frame, theme: Theme, preview: Race, store: PathStore) -> None:
    rows = store.get("preview", frame, preview.points).rows
    for pen in (theme.pen("panel", 5.0), theme.pen("accent", 2.6)):
        painter.setPen(pen)
        _LINES.draw(painter, rows)


def draw_marks(painter: QPainter, frame: Frame, theme: Theme, runners: Runners, store: PathStore) -> None:
    """Starts and heads; at the edge, who is not in view."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    race = runners.race
    if race is not None and race.points.shape[1]:
        moment = min(runners.moment, race.done)
        heads = pixels(frame, race.points[moment])
        answers = pixels(frame, race.answers[moment])
        for racer in runners.seen():
            one, (x, y) = race.spec.racers[racer], heads[racer].tolist()
            if racer in store.averaging(race) and _is_inside(frame, *answers[racer].tolist()):
                _draw_diamond(painter, answers[racer], theme, one)
            if _is_inside(frame, x, y):
                _draw_head(painter, QPointF(x, y), theme, one, racer == runners.selected)
            else:
                _draw_away(painter, frame, theme, one, away_of(frame, race, racer, moment))
    _draw_starts(painter, frame, theme, runners)
    painter.restore()


def _is_inside(frame: Frame, x: float, y: float) -> bool:
    plane = frame.plane
    return plane.left() <= x <= plane.right() and plane.top() <= y <= plane.bottom()  # False for NaN


@dataclass(frozen=True)
class Away:
    """Where at the edge of the plane stands who is not in view: pixels, the direction in radians, whether it has diverged."""

    x: float
    y: float
    direction: float
    is_gone: bool


def away_of(frame: Frame, race: Race, racer: int, moment: int) -> Away:
    """The place nearest to where ``racer`` was when it was last finite."""
    points = race.points[: moment + 1, racer]
    finite = np.flatnonzero(np.isfinite(points).all(axis=1))
    last = points[finite[-1]] if len(finite) else np.array(race.spec.start_of(race.spec.racers[racer]))
    view = race.spec.surface.view
    middle = np.array([view.x_low + view.x_high, view.y_low + view.y_high]) / 2
    is_far = bool(np.abs(last - middle).max() > _GONE * min(view.width, view.height))
    plane = frame.plane
    x, y = np.clip(pixels(frame, last), -1e9, 1e9).tolist()
    margin = 1.6 * HEAD
    edge_x = min(max(x, plane.left() + margin), plane.right() - margin)
    edge_y = min(max(y, plane.top() + margin), plane.bottom() - margin)
    is_gone = is_far or len(finite) < len(points)
    return Away(edge_x, edge_y, math.atan2(y - edge_y, x - edge_x), is_gone)


def _draw_away(painter: QPainter, frame: Frame, theme: Theme, racer: RacerSpec, away: Away) -> None:
    """An arrow that points at who left the view, or a cross for who diverged."""
    at, size = QPointF(away.x, away.y), 1.25 * HEAD * theme.scale
    if away.is_gone:
        for pen in (theme.pen("panel", 5.0), path_pen(theme, racer.color, 2.4)):
            painter.setPen(pen)
            painter.drawLine(at - QPointF(size, size), at + QPointF(size, size))
            painter.drawLine(at - QPointF(size, -size), at + QPointF(size, -size))
        return
    corners = [(1.3 * size, 0.0), (-0.8 * size, 0.95 * size), (-0.3 * size, 0.0), (-0.8 * size, -0.95 * size)]
    c, s = math.cos(away.direction), math.sin(away.direction)
    painter.setPen(theme.pen("panel", 1.5))
    painter.setBrush(racer_color(theme, racer))
    painter.drawPolygon(QPolygonF([at + QPointF(c * u - s * v, s * u + c * v) for u, v in corners]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _draw_head(painter: QPainter, at: QPointF, theme: Theme, racer: RacerSpec, is_selected: bool) -> None:
    radius = HEAD * theme.scale
    if is_selected:
        painter.setPen(theme.pen("text", 1.4))
        painter.setBrush(theme.brush("panel"))
        painter.drawEllipse(at, radius + 3, radius + 3)
    painter.setPen(theme.pen("panel", 1.5))
    painter.setBrush(racer_color(theme, racer))
    painter.drawEllipse(at, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _draw_diamond(painter: QPainter, at: FloatArray, theme: Theme, racer: RacerSpec) -> None:
    """The point to judge of a method that averages."""
    painter.setPen(theme.pen("panel", 1.5))
    painter.setBrush(racer_color(theme, racer))
    painter.drawPolygon(diamond(QPointF(*at.tolist()), theme))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def diamond(middle: QPointF, theme: Theme) -> QPolygonF:
    """The outline of the mark of a point to judge."""
    radius = 1.2 * HEAD * theme.scale
    corners = ((0, -radius), (radius, 0), (0, radius), (-radius, 0))
    return QPolygonF([middle + QPointF(x, y) for x, y in corners])


def starts_of(spec: RaceSpec) -> list[tuple[int, float, float]]:
    """The starts that are drawn and can be dragged: racer and place; −1 is the one in common, which is drawn first."""
    own = [(i, *spec.start_of(one)) for i, one in enumerate(spec.racers) if one.has_own_start and one.is_visible]
    return [(-1, spec.start_x, spec.start_y), *own]


def _draw_starts(painter: QPainter, frame: Frame, theme: Theme, runners: Runners) -> None:
    """The start in common as a ring with a cross; a racer's own as a square."""
    arm = 6.5 * theme.scale
    for racer, x, y in starts_of(runners.spec):
        u, v = pixels(frame, np.array([x, y])).tolist()
        if not _is_inside(frame, u, v):
            continue
        at = QPointF(u, v)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if racer >= 0:
            painter.setPen(theme.pen("panel", 1.5))
            painter.setBrush(racer_color(theme, runners.spec.racers[racer]))
            painter.drawRect(QRectF(u - 0.6 * arm, v - 0.6 * arm, 1.2 * arm, 1.2 * arm))
            continue
        for pen in (theme.pen("panel", 4.0), theme.pen("text", 1.8)):
            painter.setPen(pen)
            painter.drawEllipse(at, arm, arm)
            for c, s in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                painter.drawLine(
                    at + QPointF(0.55 * arm * c, 0.55 * arm * s), at + QPointF(1.5 * arm * c, 1.5 * arm * s)
                )


@lru_cache(maxsize=256)
def path_pen(theme: Theme, color: int, width: float, faint: float = 0.0) -> QPen:
    """Whole and opaque, which is quick; ``faint`` is the panel's share of its colour."""
    pen = QPen(mix(theme.racer_color(color), theme.color("panel"), faint), theme.stroke_width(width))
    pen.setCosmetic(True)
    return pen


@lru_cache(maxsize=8)
def ghost_pen(theme: Theme) -> QPen:
    pen = QPen(mix(theme.color("text.secondary"), theme.color("panel"), 0.15), theme.stroke_width(1.0))
    pen.setCosmetic(True)
    return pen
