"""Samples as points in a plane: by class with a shape each, or by value with a colour scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from simulations.core.arrays import Array
from widgets.plots.boundary_marks import draw_marks, draw_valued
from widgets.plots.colormap import viridis
from widgets.plots.keys import ColorKey, class_key
from widgets.plots.plane_frame import Axes, Extent, Frame, Key, draw_axes, frame_in
from widgets.theme import Theme


@dataclass(frozen=True, eq=False)
class Scatter:
    """Points ``(n, 2)``, hollow where ``is_validation``, with the ``classes`` ``(n,)`` that give them shape and colour, or
    with ``values`` ``(n,)`` that give them colour alone."""

    points: Array
    is_validation: Array
    axes: Axes
    key: Key
    classes: Array
    values: Array | None = None

    @staticmethod
    def of_classes(points: Array, classes: Array, is_validation: Array, axes: Axes, names: Sequence[str]) -> Scatter:
        return Scatter(points, is_validation, axes, class_key(names), classes)

    @staticmethod
    def of_values(points: Array, values: Array, is_validation: Array, axes: Axes, name: str) -> Scatter:
        low, high = value_range(values)
        return Scatter(points, is_validation, axes, ColorKey(low, high, name), np.zeros(len(points), int), values)

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        frame = frame_in(painter, rect, theme, extent_of(self.points), self.key, self.axes)
        self.draw_marks(painter, frame, theme)
        draw_axes(painter, frame, theme, self.axes)
        self.key.draw(painter, frame.key, theme)

    def draw_marks(self, painter: QPainter, frame: Frame, theme: Theme) -> None:
        """The points alone, inside the plane of ``frame``."""
        small = len(self.points) > 600 or frame.plane.width() < 260
        radius = (2.4 if small else 3.2) * theme.scale
        painter.save()
        painter.setClipRect(frame.plane)
        places = frame.places(self.points)
        if self.values is None:
            draw_marks(painter, places, self.classes, self.is_validation, theme, radius)
        else:
            colors = value_colors(self.values, value_range(self.values))
            draw_valued(painter, places, colors, self.is_validation, theme, radius)
        painter.restore()


def value_range(values: Array) -> tuple[float, float]:
    """The smallest and largest of finite ``values``, apart even when they are equal."""
    low, high = float(np.min(values)), float(np.max(values))
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def value_colors(values: Array, span: tuple[float, float]) -> Array:
    """``(…, 3)`` in 0…255: viridis from ``span[0]`` to ``span[1]``."""
    return viridis((values - span[0]) / (span[1] - span[0]))


def extent_of(points: Array, air: float = 0.06) -> Extent:
    """The points' box with some air around it."""
    low, high = points.min(axis=0), points.max(axis=0)
    margin = np.where(high > low, (high - low) * air, 0.5)
    return float(low[0] - margin[0]), float(high[0] + margin[0]), float(low[1] - margin[1]), float(high[1] + margin[1])


def with_unit(name: str, unit: str) -> str:
    """The translated ``name`` of an axis, its unit in brackets."""
    return f"{name} [{unit}]" if unit else name
