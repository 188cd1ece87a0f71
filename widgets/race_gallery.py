"""The gallery of races: the surface as a heat map with the first steps of every racer on it."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from simulations.documents.race_presets import RacePreset, load_race_preset, race_preset_names
from simulations.racing.glimpse import glimpse
from simulations.surfaces.base import Surface
from widgets.gallery import Gallery, Stock
from widgets.plots.colormap import image_of, polygon, rgb
from widgets.racers import racer_pen
from widgets.theme import Look, Theme

_STEPS: Final = 100
_FAR: Final = 50.0  # picture widths away a line may end: farther is drawn no farther


def RaceGallery(look: Look, parent: QWidget | None = None) -> Gallery:
    """A gallery of the bundled races."""
    return Gallery(look, parent, Stock([load_race_preset(name) for name in race_preset_names()], draw_race))


def draw_race(painter: QPainter, rect: QRectF, theme: Theme, preset: RacePreset) -> None:
    """The thumbnail."""
    view = preset.spec.surface.view
    painter.save()
    painter.setClipRect(rect)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(rect, heat_map(preset.spec.surface, 96, 48, theme))
    paths = glimpse(preset.spec, _STEPS).points
    scale = np.array([rect.width() / view.width, -rect.height() / view.height])
    corner = np.array([rect.left(), rect.bottom()])
    origin = np.array([view.x_low, view.y_low])
    for index, racer in enumerate(preset.spec.racers):
        path = paths[:, index]
        path = path[np.isfinite(path).all(axis=-1)]
        if racer.is_visible and len(path):
            places = np.clip(corner + (path - origin) * scale, -_FAR * rect.width(), _FAR * rect.width())
            painter.setPen(racer_pen(theme, racer, 1.4))
            painter.drawPolyline(polygon(places))
    painter.setPen(theme.pen("border"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.restore()


def heat_map(surface: Surface, columns: int, rows: int, theme: Theme) -> QImage:
    """The surface's view, ``rows`` high: the lower, the darker (brighter on dark ground)."""
    heights = surface.color_transform.apply(surface.value(surface.view.lattice(columns, rows)))
    known = heights[np.isfinite(heights)]
    low, high = np.quantile(known, (0.0, 0.98)) if known.size else (0.0, 1.0)
    shares = np.clip((np.nan_to_num(heights, nan=high) - low) / max(float(high - low), 1e-12), 0, 1)[..., np.newaxis]
    ground, deep = rgb(theme.color("panel")), rgb(theme.color("quantity.activations"))
    return image_of(ground + (1 - shares[::-1]) * 0.55 * (deep - ground))
