"""The decision boundary over 2-D data: the plane coloured by what the network says, the lines where its mind changes,
and the points. Painted by hand: a mesh of rectangles costs fifty times as much as an image (`PColorMeshItem`)."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array
from simulations.probes.answers import BoundaryAnswer
from widgets.plot import Table
from widgets.plots.boundary_frame import Frame, draw_axes, draw_legend, frame_in
from widgets.plots.boundary_marks import draw_marks
from widgets.plots.colormap import blend_classes, polygon
from widgets.plots.picture import Picture, draw_empty
from widgets.plots.ticks import value_text
from widgets.text import _
from widgets.theme import Look, Theme

_STRENGTH = 0.42  # how much of the class colour covers the panel's: points and text stay readable on it


def boundary_lines(probabilities: Array, extent: tuple[float, float, float, float]) -> list[Array]:
    """The lines where the most probable class changes, as ``(m, 2)`` arrays in data units.

    For two classes that is p = 0.5; for more, where a class's lead over the best other one is zero. The last class
    needs no search: its borders are found from the other side.
    """
    import contourpy  # 12 ms that no start-up needs

    rows, columns, classes = probabilities.shape
    if not np.all(np.isfinite(probabilities)):
        return []
    x, y = np.linspace(*extent[:2], columns), np.linspace(*extent[2:], rows)
    lines: list[Array] = []
    for k in range(classes - 1):
        lead = probabilities[..., k] - np.max(np.delete(probabilities, k, axis=-1), axis=-1)
        if lead.min() < 0 < lead.max():
            found = contourpy.contour_generator(x, y, lead, line_type=contourpy.LineType.Separate).lines(0.0)
            lines += [np.asarray(line) for line in found]
    return lines


class BoundaryView(Picture):
    """Draws a :class:`BoundaryAnswer`. The points, axes and legend are kept as an overlay, since only the plane moves."""

    plot_id = "boundary"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: BoundaryAnswer | None = None
        self._plane: QImage | None = None
        self._lines: list[Array] = []
        self._overlay: QPixmap | None = None
        self._overlay_of: object = None
        self.retranslate()

    def show_answer(self, answer: BoundaryAnswer | None) -> None:
        """Draw ``answer`` from now on; cheap when it is the one already drawn."""
        if answer is self._answer:
            return
        self._answer = answer
        self._plane = None
        self._lines = [] if answer is None else boundary_lines(answer.probabilities, answer.extent)
        self.update()

    def has_answer(self) -> bool:
        """Whether there is something to draw or export."""
        return self._answer is not None

    def plot_title(self) -> str:
        return _("Decision boundary")

    def refresh(self) -> None:
        self._plane = self._overlay = None
        super().refresh()

    def table(self) -> Table:
        """A row per grid point (``what`` is "grid", with the probabilities) and per sample (with its class)."""
        if self._answer is None:
            return Table({})
        a = self._answer
        rows, columns, classes = a.probabilities.shape
        x, y = np.meshgrid(np.linspace(*a.extent[:2], columns), np.linspace(*a.extent[2:], rows))
        samples = np.where(a.is_validation, "validation", "training")
        blank = np.full(len(a.points), np.nan)
        named: dict[str, Array] = {
            "what": np.concatenate([np.full(rows * columns, "grid", samples.dtype), samples]),
            "x1": np.concatenate([x.ravel(), a.points[:, 0]]),
            "x2": np.concatenate([y.ravel(), a.points[:, 1]]),
            "class": np.concatenate([np.argmax(a.probabilities, axis=-1).ravel(), a.targets]),
        }
        for k in range(classes):
            named[f"probability of class {k}"] = np.concatenate([a.probabilities[..., k].ravel(), blank])
        return Table(named)

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if self._answer is None:
            draw_empty(painter, rect, theme, _("The boundary appears as soon as the network has been asked."))
            return
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        frame = frame_in(painter, rect, theme, self._answer.extent, self._answer.class_names)
        self._draw_plane(painter, frame, theme, blended(self._answer, theme))
        self._draw_chrome(painter, frame, theme)
        painter.restore()

    def text_at(self, position: QPointF) -> str:
        if self._answer is None:
            return ""
        painter = QPainter(self._overlay or QPixmap(1, 1))
        frame = frame_in(painter, QRectF(self.rect()), self.look.theme, self._answer.extent, self._answer.class_names)
        painter.end()
        if not frame.plane.contains(position):
            return ""
        x, y = frame.data_at(position)
        rows, columns, _classes = self._answer.probabilities.shape
        x0, x1, y0, y1 = self._answer.extent
        row, column = round((y - y0) / (y1 - y0) * (rows - 1)), round((x - x0) / (x1 - x0) * (columns - 1))
        at = self._answer.probabilities[row, column]
        best = int(np.argmax(at))
        return _("x₁ {x}, x₂ {y}: {name} with probability {probability}").format(
            x=value_text(x), y=value_text(y), name=_(self._answer.class_names[best]), probability=value_text(at[best])
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, rect = self.look.theme, QRectF(self.rect())
        if self._answer is None:
            self.draw(painter, rect, theme)
            return
        frame = frame_in(painter, rect, theme, self._answer.extent, self._answer.class_names)
        if self._plane is None:
            self._plane = blended(self._answer, theme)
        painter.fillRect(rect, theme.color("panel"))
        self._draw_plane(painter, frame, theme, self._plane)
        painter.drawPixmap(0, 0, self._kept_overlay(frame, theme))

    def _kept_overlay(self, frame: Frame, theme: Theme) -> QPixmap:
        assert self._answer is not None
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
        painter.setPen(QPen(theme.color("text"), 1))  # one opaque pixel: a wider pen costs twenty times as much
        for line in self._lines:
            painter.drawPolyline(polygon(frame.places(line)))
        painter.restore()

    def _draw_chrome(self, painter: QPainter, frame: Frame, theme: Theme) -> None:
        assert self._answer is not None
        radius = theme.scale * (2.6 if frame.plane.width() < 260 else 3.4)
        painter.save()
        painter.setClipRect(frame.plane)
        places = frame.places(self._answer.points)
        draw_marks(painter, places, self._answer.targets, self._answer.is_validation, theme, radius)
        painter.restore()
        draw_axes(painter, frame, theme)
        draw_legend(painter, frame, theme, self._answer.class_names)


def blended(answer: BoundaryAnswer, theme: Theme) -> QImage:
    """The plane as an image of grid points."""
    colors = [theme.class_color(k) for k in range(answer.probabilities.shape[-1])]
    return blend_classes(answer.probabilities, colors, theme.color("panel"), _STRENGTH)
