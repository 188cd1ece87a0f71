"""The base of pictures that colour a plane by what the network says and put the samples on it.

The points, axes and key are kept as an overlay, since only the plane moves while a network trains. Painted by hand: a mesh
of rectangles costs fifty times as much as an image (`PColorMeshItem`).
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array
from widgets.plots.colormap import polygon
from widgets.plots.picture import Picture, draw_empty
from widgets.plots.plane_frame import Extent, Frame, draw_axes, frame_in
from widgets.plots.scatter import Scatter
from widgets.text import _
from widgets.theme import Look, Theme


class PlaneView(Picture):
    """Draws an answer that has an ``extent`` and ``points``; a concrete view colours the plane and explains it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: Any = None
        self._plane: QImage | None = None
        self._lines: list[Array] = []
        self._overlay: QPixmap | None = None
        self._overlay_of: object = None
        self.retranslate()

    @abstractmethod
    def scatter(self) -> Scatter:
        """The samples of the answer, with the names of the axes and the key."""

    @abstractmethod
    def plane(self, theme: Theme) -> QImage:
        """The answer's grid as an image of grid points."""

    @abstractmethod
    def lines(self) -> list[Array]:
        """The lines across the plane, each ``(m, 2)`` in data units."""

    def show_answer(self, answer: Any) -> None:
        """Draw ``answer`` from now on; cheap when it is the one already drawn."""
        if answer is self._answer:
            return
        self._answer = answer
        self._plane = None
        self._lines = [] if answer is None else self.lines()
        self.update()

    def has_answer(self) -> bool:
        """Whether there is something to draw or export."""
        return self._answer is not None

    def refresh(self) -> None:
        self._plane = self._overlay = None
        super().refresh()

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if self._answer is None:
            draw_empty(painter, rect, theme, _("The picture appears as soon as the network has been asked."))
            return
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        frame = self._frame(painter, rect, theme)
        self._draw_plane(painter, frame, theme, self.plane(theme))
        self._draw_chrome(painter, frame, theme)
        painter.restore()

    def grid_at(self, position: QPointF, shape: tuple[int, int]) -> tuple[float, float, int, int] | None:
        """x, y, row and column of a grid of ``shape`` under a pixel; None beside the plane."""
        ground = self._overlay or QPixmap(1, 1)  # must outlive its painter
        painter = QPainter(ground)
        frame = self._frame(painter, QRectF(self.rect()), self.look.theme)
        painter.end()
        if not frame.plane.contains(position):
            return None
        x, y = frame.data_at(position)
        x0, x1, y0, y1 = frame.extent
        return x, y, round((y - y0) / (y1 - y0) * (shape[0] - 1)), round((x - x0) / (x1 - x0) * (shape[1] - 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, rect = self.look.theme, QRectF(self.rect())
        if self._answer is None:
            self.draw(painter, rect, theme)
            return
        frame = self._frame(painter, rect, theme)
        if self._plane is None:
            self._plane = self.plane(theme)
        painter.fillRect(rect, theme.color("panel"))
        self._draw_plane(painter, frame, theme, self._plane)
        painter.drawPixmap(0, 0, self._kept_overlay(frame, theme))

    def _frame(self, painter: QPainter, rect: QRectF, theme: Theme) -> Frame:
        scatter = self.scatter()
        return frame_in(painter, rect, theme, self._answer.extent, scatter.key, scatter.axes)

    def _kept_overlay(self, frame: Frame, theme: Theme) -> QPixmap:
        ratio = self.devicePixelRatioF()
        made_of = (id(self._answer.points), self._answer.extent, self.size(), ratio)
        if self._overlay is None or self._overlay_of != made_of:
            self._overlay = QPixmap(self.size() * ratio)
            self._overlay.setDevicePixelRatio(ratio)
            self._overlay.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._overlay)
            self._draw_chrome(painter, frame, theme)
            painter.end()
            self._overlay_of = made_of
        return self._overlay

    def _draw_plane(self, painter: QPainter, frame: Frame, theme: Theme, plane: QImage) -> None:
        """The image with its outer pixels centred on the edges of the extent, and the lines over it."""
        painter.save()
        painter.setClipRect(frame.plane)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        half_x = frame.plane.width() / (plane.width() - 1) / 2
        half_y = frame.plane.height() / (plane.height() - 1) / 2
        painter.drawImage(frame.plane.adjusted(-half_x, -half_y, half_x, half_y), plane)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.hairline("text"))
        for line in self._lines:
            painter.drawPolyline(polygon(frame.places(line)))
        painter.restore()

    def _draw_chrome(self, painter: QPainter, frame: Frame, theme: Theme) -> None:
        scatter = self.scatter()
        scatter.draw_marks(painter, frame, theme)
        draw_axes(painter, frame, theme, scatter.axes)
        scatter.key.draw(painter, frame.key, theme)


def level_lines(heights: Array, extent: Extent, levels: list[float]) -> list[Array]:
    """Where ``heights`` ``(rows, columns)``, row 0 at the bottom, cross each of ``levels``: ``(m, 2)`` in data units."""
    import contourpy  # 12 ms that no start-up needs

    if not np.all(np.isfinite(heights)):
        return []
    rows, columns = heights.shape
    x, y = np.linspace(*extent[:2], columns), np.linspace(*extent[2:], rows)
    found = contourpy.contour_generator(x, y, heights, line_type=contourpy.LineType.Separate)
    inside = [level for level in levels if heights.min() < level < heights.max()]
    return [np.asarray(line) for level in inside for line in found.lines(level)]
