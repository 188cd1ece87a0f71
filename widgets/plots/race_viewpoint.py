"""Which part of the plane is in view: what a person asked to see, and as much around it as the picture has room for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from simulations.surfaces.base import Box

_MOST_UNEQUAL: Final = 2.0  # of the sides of a surface's view, to be shown at one scale
_SMALLEST, _LARGEST = 1e-7, 1e6  # of the surface's view


@dataclass(frozen=True)
class Viewpoint:
    """``wanted`` has to be in view; None is the surface's own view. ``even``: one scale for both axes where that is sensible."""

    wanted: Box | None = None
    even: bool = True

    def box(self, view: Box, aspect: float) -> Box:
        """What a picture ``aspect`` times as wide as high shows of a surface with this ``view``."""
        wanted = self.wanted or view
        if not self.even or not 1 / _MOST_UNEQUAL <= view.width / view.height <= _MOST_UNEQUAL:
            return wanted
        width = max(wanted.width, wanted.height * aspect)
        return _around(wanted, width, width / aspect)

    def zoomed(self, view: Box, box: Box, factor: float, x: float, y: float) -> Viewpoint:
        """``factor`` times as near to ``box``, what is in view, so that (x, y) stays where it is."""
        smallest, largest = (one * view.width for one in (_SMALLEST, _LARGEST))
        width = min(max(box.width / factor, smallest), largest)
        share = width / box.width
        return replace(
            self,
            wanted=Box(
                x + (box.x_low - x) * share,
                x + (box.x_high - x) * share,
                y + (box.y_low - y) * share,
                y + (box.y_high - y) * share,
            ),
        )

    def moved(self, box: Box, dx: float, dy: float) -> Viewpoint:
        """``box``, what is in view, moved by (dx, dy)."""
        return replace(self, wanted=Box(box.x_low + dx, box.x_high + dx, box.y_low + dy, box.y_high + dy))

    def fitted(self) -> Viewpoint:
        """The surface's own view."""
        return replace(self, wanted=None)


def _around(box: Box, width: float, height: float) -> Box:
    x, y = (box.x_low + box.x_high) / 2, (box.y_low + box.y_high) / 2
    return Box(x - width / 2, x + width / 2, y - height / 2, y + height / 2)
