"""Basins as a picture: a colour for each minimum, patterns where a racer ends at none, seams between them."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtGui import QColor, QImage

from simulations.racing.maps import DIVERGED, ELSEWHERE, BasinMap
from widgets.plots.colormap import rgb
from widgets.plots.map_view import enlarged, hatched, image_bytes, image_from
from widgets.theme import Theme

_STRENGTH: Final = 0.62  # of a class's colour over the panel


def region_color(index: int, theme: Theme) -> QColor:
    """What the starts have that end at minimum ``index``."""
    mixed = _STRENGTH * rgb(theme.class_color(index)) + (1 - _STRENGTH) * rgb(theme.color("panel"))
    return QColor(*image_bytes(mixed).tolist())


def regions_image(found: BasinMap, theme: Theme) -> QImage:
    """Row 0 of the map at the bottom."""
    cells = found.reached
    colors = image_bytes(np.stack([rgb(region_color(i, theme)) for i in range(10)]))
    pixels = enlarged(colors[np.maximum(cells, 0) % 10])
    reached = enlarged(cells)
    hatched(pixels, reached == ELSEWHERE, theme, is_crossed=False)
    hatched(pixels, reached == DIVERGED, theme, is_crossed=True)
    seams = np.zeros(reached.shape, bool)
    seams[1:] |= reached[1:] != reached[:-1]
    seams[:, 1:] |= reached[:, 1:] != reached[:, :-1]
    pixels[seams] = image_bytes(rgb(theme.color("text")))
    return image_from(pixels)
