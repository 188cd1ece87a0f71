"""A close-up of one step: the surface around it, the parabola that touches it, and everything the rule has to draw."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array, FloatArray
from simulations.optimizers.figures import figure
from simulations.racing.anatomy import Anatomy
from widgets.plot import Table
from widgets.plots.anatomy_gauge import draw_gauge, gauge_height, gauge_words
from widgets.plots.anatomy_marks import MARKS, draw_anatomy, kinds_in
from widgets.plots.colormap import polygon, rgb
from widgets.plots.picture import Picture, draw_empty, metrics
from widgets.plots.plane import level_lines
from widgets.plots.plane_frame import FONT_PT, Extent, Frame, draw_axes, frame_in
from widgets.text import _
from widgets.theme import Look, Theme

LEVELS: Final = 11
_HEIGHT_PX: Final = 260  # at least: legend and gauge grow with the text, and the plane must be left some room
_AXES: Final = ("x", "y")
_NOTE: Final = Qt.AlignmentFlag.AlignHCenter.value | Qt.TextFlag.TextWordWrap.value
_ROUNDING: Final = (
    4096 * np.finfo(float).eps
)  # of a height: level lines of what differs by less would be those of rounding


@dataclass(frozen=True)
class Legend:
    """Below the plane: what the marks are, hidden ones pale, and under them the gauge."""

    answer: Anatomy
    kinds: tuple[str, ...]
    hidden: frozenset[str]

    def width(self, painter: QPainter, theme: Theme) -> float:
        return math.inf

    def height_below(self, painter: QPainter, theme: Theme, width: float) -> float:
        gauge = gauge_height(painter, theme, self.answer, width)
        rows = 1 + max(row for _kind, row, _x, _wide in self._places(painter, theme, width))
        return rows * self._line(painter, theme) + gauge

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        painter.save()
        for kind, place in self.areas(painter, rect, theme):
            painter.setOpacity(0.4 if kind in self.hidden else 1.0)
            pen = QPen(theme.pen(MARKS[kind][0], 2.4 * theme.scale))
            if kind in ("ellipse", "circle", "box", "model"):
                pen.setDashPattern([2.0, 1.5])
            painter.setPen(pen)
            y = place.center().y()
            painter.drawLine(QPointF(place.left(), y), QPointF(place.left() + theme.px(12), y))
            painter.setPen(theme.color("text"))
            where = place.adjusted(theme.px(16), 0, theme.px(8), 0)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, _(MARKS[kind][1]))
        painter.setOpacity(1.0)
        high = gauge_height(painter, theme, self.answer, rect.width())
        draw_gauge(painter, QRectF(rect.left(), rect.bottom() - high, rect.width(), high), self.answer, theme)
        painter.restore()

    def areas(self, painter: QPainter, rect: QRectF, theme: Theme) -> list[tuple[str, QRectF]]:
        """Where each mark's name stands in ``rect``."""
        line = self._line(painter, theme)
        return [
            (kind, QRectF(rect.left() + x, rect.top() + row * line, wide, line))
            for kind, row, x, wide in self._places(painter, theme, rect.width())
        ]

    def _line(self, painter: QPainter, theme: Theme) -> float:
        painter.setFont(theme.font(FONT_PT))
        return metrics(painter).height() + theme.px(2)

    def _places(self, painter: QPainter, theme: Theme, width: float) -> list[tuple[str, int, float, float]]:
        painter.setFont(theme.font(FONT_PT))
        text, row, x = metrics(painter), 0, 0.0
        found = []
        for kind in self.kinds:
            wide = theme.px(16) + text.horizontalAdvance(_(MARKS[kind][1]))
            if x and x + wide > width:
                row, x = row + 1, 0.0
            found.append((kind, row, x, wide))
            x += wide + theme.px(12)
        return found


class AnatomyPicture(Picture):
    """Draws an :class:`Anatomy`; ``toggled`` carries the mark a person clicked on in the legend."""

    plot_id = "anatomy"
    toggled = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: Anatomy | None = None
        self._part: int | None = None
        self._hidden: frozenset[str] = frozenset()
        self._lines: list[Array] = []
        self._model: list[Array] = []
        self._empty = ""
        self.whose = ""  # the racer's name
        self.retheme()
        self.retranslate()

    def retheme(self) -> None:
        self.setMinimumSize(200, self.look.theme.px(_HEIGHT_PX))
        super().retheme()

    def plot_title(self) -> str:
        return _("Anatomy of a step: {racer}").format(racer=self.whose) if self.whose else _("Anatomy of a step")

    def sizeHint(self) -> QSize:
        return QSize(360, 400)

    def show_answer(self, answer: Anatomy | None, part: int | None, hidden: frozenset[str], empty: str = "") -> None:
        """Draw ``answer`` up to the line ``part`` of its rule (None: all of it); ``empty`` says why there is none."""
        if (answer, part, hidden, empty) == (self._answer, self._part, self._hidden, self._empty):
            return
        if answer is not self._answer and answer is not None:
            self._lines, self._model = contours(answer)
        self._answer, self._part, self._hidden, self._empty = answer, part, hidden, empty
        self.setAccessibleDescription("" if answer is None else gauge_words(answer))
        self.refresh()

    def has_answer(self) -> bool:
        return self._answer is not None

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        answer = self._answer
        if answer is None:
            draw_empty(painter, rect, theme, self._empty or _("The anatomy appears as soon as the race has begun."))
            return
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        legend = self._legend(answer)
        inside = rect.adjusted(theme.px(8), 0, -theme.px(8), -theme.px(4))
        frame = frame_in(painter, inside, theme, _extent(answer), legend, _AXES)
        self._draw_ground(painter, frame, answer, theme)
        draw_anatomy(painter, frame, answer, theme, self._part, frozenset(MARKS) - self._hidden)
        draw_axes(painter, frame, theme, _AXES)
        legend.draw(painter, frame.key, theme)
        painter.restore()

    def table(self) -> Table:
        assert self._answer is not None
        return anatomy_table(self._answer)

    def text_at(self, position: QPointF) -> str:
        answer = self._answer
        if answer is None:
            return ""
        values = {
            "x": figure(float(answer.point[0])),
            "y": figure(float(answer.point[1])),
            "value": figure(answer.value),
            "slope": figure(float(np.hypot(*answer.slope))),
            "low": figure(float(answer.curvature.values[0])),
            "high": figure(answer.curvature.sharpness),
        }
        return _("f({x}, {y}) = {value} · ‖∇f‖ = {slope} · λ = {low} and {high}").format(**values)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._answer is None or event.button() != Qt.MouseButton.LeftButton:
            return
        image = QImage(1, 1, QImage.Format.Format_ARGB32)
        painter, theme, legend = QPainter(image), self.look.theme, self._legend(self._answer)
        inside = QRectF(self.rect()).adjusted(theme.px(8), 0, -theme.px(8), -theme.px(4))
        frame = frame_in(painter, inside, theme, _extent(self._answer), legend, _AXES)
        hit = [kind for kind, place in legend.areas(painter, frame.key, theme) if place.contains(event.position())]
        painter.end()
        if hit:
            self.toggled.emit(hit[0])

    def _legend(self, answer: Anatomy) -> Legend:
        return Legend(answer, tuple(kinds_in(answer)), self._hidden)

    def _draw_ground(self, painter: QPainter, frame: Frame, answer: Anatomy, theme: Theme) -> None:
        painter.save()
        painter.setClipRect(frame.plane)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not is_rounded(answer):
            painter.drawImage(frame.plane, _shades(answer.surroundings.heights, theme))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.pen("text.secondary", 1.0, 0.55))
        for line in self._lines:
            painter.drawPolyline(polygon(frame.places(line)))
        if "model" not in self._hidden:
            pen = QPen(theme.pen(MARKS["model"][0], 1.0, 0.8))
            pen.setDashPattern([4.0, 3.0])
            painter.setPen(pen)
            for line in self._model:
                painter.drawPolyline(polygon(frame.places(line)))
        if is_rounded(answer):
            painter.setFont(theme.font(FONT_PT))
            painter.setPen(theme.color("text.secondary"))
            room = frame.plane.adjusted(theme.px(6), theme.px(4), -theme.px(6), -theme.px(4))
            goes_up = answer.landing[1] > answer.point[1]  # the note keeps out of its way
            side = Qt.AlignmentFlag.AlignBottom if goes_up else Qt.AlignmentFlag.AlignTop
            painter.drawText(room, _NOTE | side.value, _("Here all heights are equal but for rounding."))
        painter.restore()


def contours(answer: Anatomy) -> tuple[list[Array], list[Array]]:
    """The level lines of the surface around the point, and those of its parabola at the same heights."""
    heights = answer.surroundings.heights
    finite = heights[np.isfinite(heights)]
    if not finite.size or is_rounded(answer):
        return [], []
    with np.errstate(all="ignore"):  # far out a parabola overflows: then it has no lines
        levels = np.linspace(finite.min(), finite.max(), LEVELS + 2)[1:-1].tolist()
        model = parabola(answer)
    extent = _extent(answer)
    return level_lines(heights, extent, levels), level_lines(model, extent, levels)


def is_rounded(answer: Anatomy) -> bool:
    """Whether the surface around the point differs by little more than the last digits of its height."""
    heights = answer.surroundings.heights
    finite = heights[np.isfinite(heights)]
    return bool(finite.size and np.ptp(finite) <= _ROUNDING * np.abs(finite).max())


def parabola(answer: Anatomy) -> FloatArray:
    """The local model f + ∇f·d + d·H·d/2 on the lattice of the surroundings."""
    away = answer.surroundings.box.lattice(*answer.surroundings.heights.shape[::-1]) - answer.point
    curved = np.einsum("...i,ij,...j->...", away, answer.curvature.hessian, away)
    found: FloatArray = answer.value + away @ answer.slope + curved / 2
    return found


def anatomy_table(answer: Anatomy) -> Table:
    """Every arrow, outline centre and place of the step, a row each; and the point, where it goes, and the parabola's bottom."""
    rows: list[tuple[str, FloatArray, FloatArray]] = [("point", answer.point, np.zeros(2))]
    for part in answer.parts:
        rows += [(f"{one.kind}: {one.text}", one.tail, one.vector) for one in part.arrows]
        rows += [(f"{one.kind}: {one.text}", one.center, one.matrix.max(axis=0)) for one in part.shapes]
        rows += [(f"{one.kind}: {one.text}", one.place, np.zeros(2)) for one in part.spots]
        rows += [("trial", one.place, np.zeros(2)) for one in part.trials if len(part.trials) > 1]
    if answer.curvature.center is not None:
        rows.append((f"model: {answer.curvature.nature}", answer.curvature.center, np.zeros(2)))
    rows += [
        (f"curvature {value:.17g}", answer.point, axis)
        for value, axis in zip(answer.curvature.values.tolist(), answer.curvature.axes.T, strict=True)
    ]
    rows.append(("next", answer.landing, np.zeros(2)))
    names, places, vectors = zip(*rows, strict=True)
    place, vector = np.stack(places), np.stack(vectors)
    columns = {"mark": np.array(names), "x": place[:, 0], "y": place[:, 1], "dx": vector[:, 0], "dy": vector[:, 1]}
    return Table(columns)


def _extent(answer: Anatomy) -> Extent:
    box = answer.surroundings.box
    return box.x_low, box.x_high, box.y_low, box.y_high


def _shades(heights: FloatArray, theme: Theme) -> QImage:
    """A faint relief, low ground darker, row 0 at the bottom."""
    finite = np.isfinite(heights)
    low, high = (float(heights[finite].min()), float(heights[finite].max())) if finite.any() else (0.0, 1.0)
    with np.errstate(all="ignore"):
        share = np.nan_to_num(np.where(finite, (heights - low) / ((high - low) or 1.0), 1.0))[::-1, :, np.newaxis]
    ground, deep = rgb(theme.color("panel")), rgb(theme.color("selection"))
    colors = np.ascontiguousarray((deep + (ground - deep) * share).round().astype(np.uint8))
    rows, columns = colors.shape[:2]
    return QImage(colors.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
