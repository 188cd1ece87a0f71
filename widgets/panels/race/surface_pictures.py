"""Surfaces to choose from: small pictures of their heights, and the headings they stand under."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from PySide6.QtGui import QPixmap

from simulations.core.text import N_
from simulations.racing.probes.ground import DARKEST, HOLE
from simulations.surfaces.base import SURFACES, ColorTransform, Surface
from widgets.plots.race_ground import image_of_shades
from widgets.theme import Theme

_COLUMNS, _ROWS = 56, 42
_GROUPS: Final = {  # by the module of the surface's class
    "formula": N_("Your own"),
    "convex": N_("Bowls"),
    "valleys": N_("Valleys"),
    "several_minima": N_("A few minima"),
    "rugged": N_("Many minima"),
    "pathologies": N_("One difficulty each"),
    "learning": N_("Losses of small models, with batches"),
    "over_time": N_("Where time matters"),
}
PICTURE_PX: Final = (_COLUMNS, _ROWS)


def surface_group(kind: str) -> str:
    """The heading (marked for translation) a surface stands under."""
    module = SURFACES[kind].__module__.rpartition(".")[2]
    return _GROUPS.get(module, module)


@lru_cache(maxsize=256)
def surface_picture(kind: str, theme: Theme) -> QPixmap:
    """The heights of a surface with its first parameters, over its view."""
    return QPixmap.fromImage(image_of_shades(_shades(SURFACES[kind]()), theme))


def _shades(surface: Surface) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    values = surface.value(surface.view.lattice(_COLUMNS, _ROWS)).copy()
    known = values[np.isfinite(values)]
    low, high = (known.min(), np.quantile(known, 0.99)) if known.size else (0.0, 1.0)
    transform = ColorTransform(surface.scale, float(low), surface.softening)
    heights, top = transform.apply(values), float(transform.apply(np.array([high]))[0])
    bottom = float(transform.apply(np.array([low]))[0])
    share = (heights - bottom) / max(top - bottom, 1e-12)
    shades = np.where(np.isfinite(share), np.clip(share, 0, 1) * DARKEST, HOLE)
    return shades.round().astype(np.uint8)
