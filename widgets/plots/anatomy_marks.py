"""The anatomy of a step, drawn on a plane: arrows, outlines, places, the local parabola and the cross of curvatures.

It serves the large plane and the close-up alike. What would be too short to see or too long for the plane is drawn a power
of ten longer or shorter and says so, once for all arrows of one factor; everything else is to scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from simulations.core.arrays import Array, FloatArray
from simulations.core.text import N_
from simulations.optimizers.figures import figure
from simulations.optimizers.worksheet import Arrow, Part, Shape, Spot
from simulations.racing.anatomy import Anatomy
from widgets.plots.colormap import polygon
from widgets.plots.math_text import lay_out
from widgets.plots.picture import metrics
from widgets.plots.plane_frame import FONT_PT, Frame
from widgets.text import _
from widgets.theme import Theme

# what can be drawn: a colour by role, and what it is
MARKS: Final[dict[str, tuple[str, str]]] = {
    "step": ("text", N_("step")),
    "gradient": ("quantity.gradients", N_("gradient, as −η·g")),
    "momentum": ("class.0", N_("momentum")),
    "decay": ("class.4", N_("weight decay")),
    "look_ahead": ("class.2", N_("look-ahead")),
    "noise": ("class.7", N_("noise")),
    "ascent": ("class.1", N_("way uphill")),
    "follow": ("class.5", N_("way of θ")),
    "ellipse": ("class.6", N_("reach of a step")),
    "circle": ("class.4", N_("limit")),
    "box": ("class.6", N_("farthest step")),
    "simplex": ("class.2", N_("simplex")),
    "average": ("class.2", N_("average")),
    "fast": ("class.5", N_("fast point")),
    "slow": ("class.2", N_("slow point")),
    "trial": ("class.7", N_("places tried")),
    "model": ("accent", N_("local parabola")),
    "curvature": ("text.secondary", N_("curvatures")),
}
ON_PLANE: Final = frozenset(MARKS) - {"model", "curvature"}
_SHORTEST, _LONGEST = 9.0, 0.46  # of an arrow: pixels, and share of the plane's shorter side
_HEAD, _ARM = 7.0, 30.0  # pixels at scale 1
_WIDTHS: Final = {"gradient": 4.0, "step": 1.8}  # pixels; the step may lie on the gradient, which must still be seen
_FAINT = 0.38
_SHIFTS: Final = [
    (i, j) for i in range(-2, 3) for j in range(-3, 4)
]  # widths and heights of a note from where it should be
_FAR_PX: Final = 1e5  # from here on a painter is not to be trusted


def draw_anatomy(
    painter: QPainter,
    frame: Frame,
    answer: Anatomy | None,
    theme: Theme,
    part: int | None = None,
    shows: frozenset[str] = ON_PLANE,
) -> tuple[Chip, ...]:
    """Draw ``answer`` into ``frame``: all of it, or what the rule's lines up to ``part`` say, that one strongest.

    ``shows`` are the keys of :data:`MARKS` that are wanted. Returned are the notes on arrows that are not to scale.
    """
    if answer is None or not np.isfinite(answer.point).all():
        return ()
    painter.save()
    painter.setClipRect(frame.plane, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font(FONT_PT))
    notes = Notes(painter, frame.plane, theme)
    if "model" in shows:
        _draw_center(painter, frame, answer, theme)
    part = None if part is None else min(part, len(answer.parts) - 1)
    seen = answer.parts if part is None else answer.parts[: part + 1]
    for i, one in enumerate(seen):
        _draw_part(painter, frame, one, theme, shows, notes, is_strong=part is None or i == part, is_named=i == part)
    if part is None or part == len(answer.parts) - 1:
        _draw_next(painter, frame, answer, theme)
    if "curvature" in shows:
        _draw_cross(painter, frame, answer, theme, notes)
    _draw_point(painter, frame, answer.point, theme)
    chips = notes.write_factors()
    painter.restore()
    return chips


def kinds_in(answer: Anatomy) -> list[str]:
    """The keys of :data:`MARKS` there is something of, in their order."""
    found: set[str] = {"model", "curvature"}
    for part in answer.parts:
        found.update(one.kind for one in part.arrows)
        found.update(one.kind for one in part.shapes)
        found.update(one.kind for one in part.spots)
        found |= {"trial"} if len(tried(part, answer.point)) else set()
    return [key for key in MARKS if key in found]


def tried(part: Part, point: FloatArray) -> FloatArray:
    """The places ``(k, 2)`` that were looked at for a line, other than the point itself."""
    return np.array([one.place for one in part.trials if not np.array_equal(one.place, point, equal_nan=True)]).reshape(
        -1, 2
    )


def _draw_part(
    painter: QPainter,
    frame: Frame,
    part: Part,
    theme: Theme,
    shows: frozenset[str],
    notes: Notes,
    *,
    is_strong: bool,
    is_named: bool,
) -> None:
    alpha = 1.0 if is_strong else _FAINT
    for shape in part.shapes:
        if shape.kind in shows:
            _draw_shape(painter, frame, shape, theme, alpha)
    if "trial" in shows and len(part.trials):
        _draw_dots(painter, frame, np.array([one.place for one in part.trials]), theme, alpha)
    for spot in part.spots:
        if MARKS.get(spot.kind) and spot.kind in shows:
            _draw_spot(painter, frame, spot, theme, alpha)
    for arrow in part.arrows:
        if arrow.kind in shows:
            _draw_arrow(painter, frame, arrow, theme, alpha, notes, is_named=is_named)


def scale_of(length: float, room: float, shortest: float) -> float:
    """The power of ten that brings an arrow of ``length`` pixels between ``shortest`` and ``room``; 0 for no arrow."""
    if not math.isfinite(length) or length < 1e-12:
        return 0.0
    if length < shortest:
        return float(10.0 ** math.ceil(math.log10(shortest / length)))
    return float(10.0 ** math.floor(math.log10(max(room, shortest) / length))) if length > room else 1.0


def factor_text(factor: float) -> str:
    """``×100``, ``÷1000``, nothing for 1."""
    if factor == 1:
        return ""
    exponent = round(math.log10(factor))
    number = f"{10 ** abs(exponent):d}" if abs(exponent) < 5 else f"1e{abs(exponent)}"
    return f"×{number}" if exponent > 0 else f"÷{number}"


def factor_words(factor: float) -> str:
    """What :func:`factor_text` means."""
    number = factor_text(factor)
    if factor > 1:
        return _("{number}: arrows drawn so many times longer, to be seen").format(number=number)
    return _("{number}: arrows drawn so many times shorter, to fit").format(number=number)


def _draw_arrow(
    painter: QPainter, frame: Frame, arrow: Arrow, theme: Theme, alpha: float, notes: Notes, *, is_named: bool
) -> None:
    with np.errstate(all="ignore"):
        ends = frame.places(np.stack([arrow.tail, arrow.tail + arrow.vector]))
    if not np.isfinite(ends).all() or not (np.abs(ends[0]) < _FAR_PX).all():
        return
    along = ends[1] - ends[0]
    length = float(np.hypot(*along))
    plane = frame.plane
    fits = plane.contains(QPointF(*ends[1].tolist()))
    room = math.inf if fits else _LONGEST * min(plane.width(), plane.height())
    factor = scale_of(length, room, _SHORTEST * theme.scale)
    if not factor:
        return
    tip = ends[0] + factor * along
    color = theme.color(MARKS[arrow.kind][0], alpha)
    pen = QPen(color, theme.stroke_width(_WIDTHS.get(arrow.kind, 2.0)) * theme.scale)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    unit = along / length
    head = min((_HEAD + _WIDTHS.get(arrow.kind, 2.0)) * theme.scale, 0.6 * factor * length)
    base = tip - head * unit
    across = np.array([-unit[1], unit[0]]) * 0.45 * head
    painter.setPen(pen)
    painter.drawLine(QPointF(*ends[0].tolist()), QPointF(*base.tolist()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([QPointF(*one.tolist()) for one in (tip, base + across, base - across)]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if is_named:
        notes.write(tip, unit, arrow.text, color)
    if factor != 1 and any(plane.contains(*end.tolist()) for end in (ends[0], tip)):
        notes.add_factor(factor, factor * length, tip, unit, color)


class Chip(NamedTuple):
    """Where a picture says that arrows are drawn ``factor`` times as long as they are."""

    place: QRectF
    factor: float


class _Scaled(NamedTuple):
    """An arrow that is not to scale: how long it is on the screen, its tip and direction in pixels, its colour."""

    length: float
    tip: FloatArray
    towards: FloatArray
    color: QColor


@dataclass
class Notes:
    """Words beside what is drawn: each takes the nearest place that none before it has."""

    painter: QPainter
    plane: QRectF
    theme: Theme
    taken: list[QRectF] = field(default_factory=list)
    scaled: dict[float, list[_Scaled]] = field(default_factory=dict)

    def add_factor(self, factor: float, length: float, tip: FloatArray, towards: FloatArray, color: QColor) -> None:
        """Remember to say that an arrow is drawn ``factor`` times as long as it is."""
        self.scaled.setdefault(factor, []).append(_Scaled(length, tip, towards, color))

    def write_factors(self) -> tuple[Chip, ...]:
        """Each factor once, beside the longest of its arrows; in that one's colour where it is the only one."""
        chips = []
        for factor, arrows in self.scaled.items():
            longest = max(arrows, key=lambda one: one.length)
            color = longest.color if len(arrows) == 1 else self.theme.color("text")
            place = self.write(longest.tip, longest.towards, factor_text(factor), color)
            chips.append(Chip(place, factor))
        return tuple(chips)

    def write(self, at: FloatArray, towards: FloatArray, written: str, color: QColor) -> QRectF:
        """``written`` beyond the pixel ``at``, on a patch of ground, kept inside the plane; the place it took."""
        if not written:
            return QRectF()
        gap, laid = self.theme.px(4), lay_out(written, math.inf, metrics(self.painter))
        wide, high = laid.width(metrics(self.painter)) + gap, laid.height
        x = at[0] + towards[0] * (wide / 2 + gap) - wide / 2
        y = at[1] + towards[1] * (high / 2 + gap) - high / 2
        shifts = sorted(_SHIFTS, key=lambda one: (wide * one[0]) ** 2 + (high * one[1]) ** 2)
        places = [self._inside(x + i * wide, y + j * high, wide, high) for i, j in shifts]
        free = (one for one in places if not any(one.intersects(other) for other in self.taken))
        place = next(free, places[0])
        self.taken.append(place)
        self.painter.fillRect(place, self.theme.color("panel", 0.8))
        self.painter.setPen(color)
        laid.draw(self.painter, place.left() + gap / 2, place.top())
        return place

    def _inside(self, x: float, y: float, wide: float, high: float) -> QRectF:
        left = min(max(x, self.plane.left() + 1), max(self.plane.right() - wide - 1, self.plane.left()))
        top = min(max(y, self.plane.top() + 1), max(self.plane.bottom() - high - 1, self.plane.top()))
        return QRectF(left, top, wide, high)


def _draw_shape(painter: QPainter, frame: Frame, shape: Shape, theme: Theme, alpha: float) -> None:
    with np.errstate(all="ignore"):
        places = frame.places(shape.outline())
    if not (np.abs(places) < _FAR_PX).all():
        return
    pen = QPen(theme.pen(MARKS[shape.kind][0], 1.3 * theme.scale, alpha))
    if shape.kind != "simplex":
        pen.setDashPattern([5.0, 3.0])
    painter.setPen(pen)
    painter.drawPolyline(polygon(np.concatenate([places, places[:1]])))


def _draw_dots(painter: QPainter, frame: Frame, points: FloatArray, theme: Theme, alpha: float) -> None:
    painter.setPen(theme.pen("panel", 1.0))
    painter.setBrush(theme.brush(MARKS["trial"][0], alpha))
    for x, y in _in_reach(frame.places(points)):
        painter.drawEllipse(QPointF(x, y), 3 * theme.scale, 3 * theme.scale)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _draw_spot(painter: QPainter, frame: Frame, spot: Spot, theme: Theme, alpha: float) -> None:
    for x, y in _in_reach(frame.places(spot.place[np.newaxis])):
        half = 3.6 * theme.scale
        painter.setPen(theme.pen("panel", 1.0))
        painter.setBrush(theme.brush(MARKS[spot.kind][0], alpha))
        painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _in_reach(places: Array) -> list[list[float]]:
    with np.errstate(all="ignore"):
        found: list[list[float]] = places[(np.abs(places) < _FAR_PX).all(axis=1)].tolist()
    return found


def _draw_cross(painter: QPainter, frame: Frame, answer: Anatomy, theme: Theme, notes: Notes) -> None:
    """The axes of the parabola, as long as their curvature compares to the larger; dashed where it is downward."""
    curved, x0, x1, y0, y1 = answer.curvature, *frame.extent
    largest = float(np.abs(curved.values).max())
    if not math.isfinite(largest) or largest == 0:
        return
    across = np.array([frame.plane.width() / (x1 - x0), -frame.plane.height() / (y1 - y0)])
    if not (here := _in_reach(frame.places(answer.point[np.newaxis]))):
        return
    x, y = here[0]
    is_named = False
    for value, axis in zip(curved.values.tolist(), curved.axes.T, strict=True):
        along = axis * across
        along = along / np.hypot(*along) * max(_ARM * theme.scale * abs(value) / largest, 3.0)
        pen = QPen(theme.pen(MARKS["curvature"][0], 1.6 * theme.scale))
        if value < 0:
            pen.setDashPattern([2.0, 2.0])
        painter.setPen(pen)
        painter.drawLine(QPointF(x - along[0], y - along[1]), QPointF(x + along[0], y + along[1]))
        if value == curved.sharpness and not is_named:
            is_named = True
            name = "λ₁ = λ₂ =" if (curved.values == value).all() else "λmax"
            tip, unit = np.array([x - along[0], y - along[1]]), -along / np.hypot(*along)
            notes.write(tip, unit, f"{name} {figure(value)}", theme.color("text.secondary"))


def _draw_center(painter: QPainter, frame: Frame, answer: Anatomy, theme: Theme) -> None:
    """Where the parabola has no slope: a plus for its bottom, a cross for a saddle or a top."""
    center = answer.curvature.center
    if center is None:
        return
    for x, y in _in_reach(frame.places(center[np.newaxis])):
        arm = 5.0 * theme.scale
        turns = (0.0, 0.5) if answer.curvature.nature == "bowl" else (0.25, 0.75)
        for width, role in ((3.6, "panel"), (1.8, MARKS["model"][0])):
            painter.setPen(theme.pen(role, width * theme.scale))
            for turn in turns:
                dx, dy = arm * math.cos(math.pi * turn), arm * math.sin(math.pi * turn)
                painter.drawLine(QPointF(x - dx, y - dy), QPointF(x + dx, y + dy))


def _draw_next(painter: QPainter, frame: Frame, answer: Anatomy, theme: Theme) -> None:
    """A ring where the race went, dashed where it would go."""
    place = answer.landing if answer.next_point is None else answer.next_point
    for x, y in _in_reach(frame.places(place[np.newaxis])):
        pen = QPen(theme.pen("text", 1.4 * theme.scale))
        if answer.next_point is None:
            pen.setDashPattern([2.0, 2.0])
        painter.setPen(pen)
        painter.drawEllipse(QPointF(x, y), 4.5 * theme.scale, 4.5 * theme.scale)


def _draw_point(painter: QPainter, frame: Frame, point: FloatArray, theme: Theme) -> None:
    for x, y in _in_reach(frame.places(point[np.newaxis])):
        painter.setPen(theme.pen("panel", 1.5))
        painter.setBrush(theme.brush("text"))
        painter.drawEllipse(QPointF(x, y), 4 * theme.scale, 4 * theme.scale)
        painter.setBrush(Qt.BrushStyle.NoBrush)
