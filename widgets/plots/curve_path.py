"""Painting a line of measurements straight onto a chart: transformed, thinned to what the screen can tell apart, and stroked.

While a curve is drawn nobody else has the interpreter, so a run of two thousand measurements in a chart four hundred pixels
wide may not be two thousand strokes. Each pixel column keeps the extremes that the full line would show there.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QPainter, QPen

from widgets.plots.batch import Lines, chain
from widgets.plots.curve_data import Line
from widgets.plots.defaults import ANTIALIASED_POINTS, ZoomPlot
from widgets.plots.thinning import thinned

_JOINED_POINTS = 64  # beyond, a path of two pixels' width takes eight times as long as its strokes one by one
_FAR_PX = 1e6  # farther out Qt's own arithmetic overflows


class CurvePainter:
    """Strokes :class:`Line`s; ``is_exact`` paints each as one path of every measurement, as an export wants it."""

    def __init__(self, *, is_exact: bool) -> None:
        self._is_exact = is_exact
        self._strokes = Lines()

    def paint(self, painter: QPainter, plot: ZoomPlot, line: Line, pen: QPen) -> None:
        """``line`` where ``plot`` shows it; the caller clips."""
        is_smooth = len(line.x) <= ANTIALIASED_POINTS
        painter.setPen(pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_smooth)
        x, y = plot.places(line.x, line.y)
        y = np.clip(y, -_FAR_PX, _FAR_PX)
        if self._is_exact or len(line.x) <= _JOINED_POINTS:
            painter.drawPath(pg.arrayToQPath(x, y, connect="finite"))  # type: ignore[no-untyped-call]
            return
        area, ratio = plot.area(), plot.devicePixelRatioF()
        strokes = chain(*thinned(x, y, area.left(), area.right(), max(1, round(area.width() * ratio))))
        self._strokes.draw(painter, strokes[np.isfinite(strokes).all(axis=1)])
