"""The shapes that tell classes apart without colour, filled for training points and hollow for validation points."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF

from simulations.core.arrays import Array
from widgets.plots.colormap import mix
from widgets.theme import Theme


def _polygon(corners: int, turn: float, radius: float) -> QPainterPath:
    path = QPainterPath()
    points = [turn + 2 * math.pi * i / corners for i in range(corners)]
    path.addPolygon(QPolygonF([QPointF(radius * math.sin(a), -radius * math.cos(a)) for a in points]))
    path.closeSubpath()
    return path


def _circle() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(-1, -1, 2, 2))
    return path


# circle, square, triangle, diamond, pentagon, triangle down, hexagon
_SHAPES = (
    _circle(),
    _polygon(4, math.pi / 4, 1.25),
    _polygon(3, 0, 1.4),
    _polygon(4, 0, 1.4),
    _polygon(5, 0, 1.25),
    _polygon(3, math.pi, 1.4),
    _polygon(6, 0, 1.2),
)


def mark(class_index: int, radius: float) -> QPainterPath:
    """The shape of a class around the origin."""
    path = QPainterPath(_SHAPES[class_index % len(_SHAPES)])
    return _scaled(path, radius)


def _scaled(path: QPainterPath, radius: float) -> QPainterPath:
    scaled = QPainterPath()
    for i in range(path.elementCount()):
        element = path.elementAt(i)
        if element.isMoveTo():
            scaled.moveTo(element.x * radius, element.y * radius)
        elif element.isLineTo():
            scaled.lineTo(element.x * radius, element.y * radius)
        elif element.isCurveTo():
            one, two = path.elementAt(i + 1), path.elementAt(i + 2)
            scaled.cubicTo(
                element.x * radius, element.y * radius, one.x * radius, one.y * radius, two.x * radius, two.y * radius
            )
    scaled.closeSubpath()
    return scaled


def ink(theme: Theme, class_index: int) -> QColor:
    """The class colour, moved towards the text colour so that a point stands out from its own region."""
    return mix(theme.class_color(class_index), theme.color("text"), 0.25)


def draw_mark(painter: QPainter, at: QPointF, theme: Theme, class_index: int, radius: float, hollow: bool) -> None:
    """One point. Hollow ones are filled with the panel's colour."""
    color = ink(theme, class_index)
    painter.setPen(QPen(color if hollow else theme.color("panel"), theme.weight * (1.3 if hollow else 0.8)))
    painter.setBrush(theme.brush("panel") if hollow else QBrush(color))
    painter.drawPath(mark(class_index, radius).translated(at))


def draw_marks(
    painter: QPainter, places: Array, targets: Array, is_validation: Array, theme: Theme, radius: float
) -> None:
    """All points at pixel ``places`` ``(n, 2)``, validation on top. A class at a time, so that pens change rarely."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for hollow in (False, True):
        for class_index in np.unique(targets).tolist():
            chosen = places[(targets == class_index) & (is_validation == hollow)]
            color = ink(theme, class_index)
            painter.setPen(QPen(color if hollow else theme.color("panel"), theme.weight * (1.3 if hollow else 0.8)))
            painter.setBrush(theme.brush("panel") if hollow else QBrush(color))
            shape = mark(class_index, radius)
            for x, y in chosen.tolist():
                painter.drawPath(shape.translated(x, y))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_valued(
    painter: QPainter, places: Array, colors: Array, is_validation: Array, theme: Theme, radius: float
) -> None:
    """Points coloured by ``colors`` ``(n, 3)``: discs for training samples, rings for validation samples on top."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = QPen(theme.color("text", 0.7), 0.8 * theme.weight)
    for hollow in (False, True):
        chosen = np.flatnonzero(is_validation == hollow)
        for (x, y), color in zip(places[chosen].tolist(), np.rint(colors[chosen]).astype(int).tolist(), strict=True):
            painter.setPen(QPen(QColor(*color), 2.0 * theme.weight) if hollow else edge)
            painter.setBrush(theme.brush("panel") if hollow else QBrush(QColor(*color)))
            painter.drawEllipse(QPointF(x, y), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
