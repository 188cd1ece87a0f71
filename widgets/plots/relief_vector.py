"""The sheet as quadrilaterals, for files that keep shapes: the farthest first, so that nearer ones cover it."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from simulations.core.arrays import Array, FloatArray
from widgets.plots.colormap import polygon
from widgets.plots.relief_camera import Projection
from widgets.plots.relief_sheet import Sheet, color_of, palette
from widgets.theme import Theme

_CELLS: Final = 60  # along a side, at most
_EDGE: Final = 0.6  # closes gaps, and is no stroke to be seen


def quads(sheet: Sheet, projection: Projection) -> tuple[FloatArray, FloatArray, FloatArray, Array]:
    """Corners ``(m, 4, 2)`` in pixels, colours and shades as shares ``(m,)``, and whether the underside is seen ``(m,)``.

    Far to near by the middle of each piece of the floor. The pieces are equal, so none that comes later is behind an earlier.
    """
    thin = _thinned(sheet)
    rows, columns = thin.heights.shape
    x, y = np.meshgrid(
        np.linspace(-thin.sides.x, thin.sides.x, columns), np.linspace(-thin.sides.y, thin.sides.y, rows)
    )
    places = projection.project(np.stack([x, y, thin.ups], axis=-1))[..., :2]
    _right, away = projection.turned(x, y)
    order = np.argsort(-_means(away).ravel(), kind="stable")
    corners = np.stack([places[:-1, :-1], places[:-1, 1:], places[1:, 1:], places[1:, :-1]], axis=2).reshape(-1, 4, 2)
    shares, shades = _means(thin.colors).ravel(), _means(thin.shades(projection)).ravel()
    order = order[np.isfinite(corners).all(axis=(1, 2))[order]]
    corners = corners[order]
    across = np.roll(corners, -1, axis=1)
    area = (corners[..., 0] * across[..., 1] - across[..., 0] * corners[..., 1]).sum(axis=1)
    return corners, shares[order], shades[order], area > 0  # rows grow downwards


def _thinned(sheet: Sheet) -> Sheet:
    """At most :data:`_CELLS` cells a side, corners kept where the numbers allow it."""
    rows, columns = (
        np.unique(np.linspace(0, n - 1, min(n, _CELLS + 1)).round().astype(int)) for n in sheet.heights.shape
    )
    return Sheet(sheet.heights[np.ix_(rows, columns)], sheet.colors[np.ix_(rows, columns)], sheet.sides)


def _means(lattice: FloatArray) -> FloatArray:
    """The mean of the four corners of every cell."""
    found: FloatArray = (lattice[:-1, :-1] + lattice[:-1, 1:] + lattice[1:, 1:] + lattice[1:, :-1]) / 4
    return found


def draw_quads(painter: QPainter, sheet: Sheet, projection: Projection, theme: Theme) -> None:
    """Paint them, each with an edge of its own colour, so that no gaps show between them."""
    corners, shares, shades, is_under = quads(sheet, projection)
    colors = palette(theme)[color_of(shares, shades, is_under)].tolist()
    pen = QPen(Qt.GlobalColor.black, _EDGE * theme.weight)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    for piece, packed in zip(corners, colors, strict=True):
        color = QColor.fromRgb(packed)
        pen.setColor(color)
        painter.setPen(pen)
        painter.setBrush(color)
        painter.drawPolygon(polygon(piece))
    painter.setBrush(Qt.BrushStyle.NoBrush)
