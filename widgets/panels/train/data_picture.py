"""The picture of the samples in the Data panel: points with a shape per class, or a grid of images with their class."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array
from simulations.probes.answers import DataAnswer
from widgets.plot import Table
from widgets.plots.boundary_frame import draw_axes, draw_legend, frame_in
from widgets.plots.boundary_marks import draw_marks
from widgets.plots.colormap import image_of
from widgets.plots.picture import Picture, draw_empty, metrics
from widgets.text import _
from widgets.theme import Look, Theme

_FONT_PT: Final = 8.5
_SMALLEST_PX: Final = 26  # the side of an image, before the text scale


class DataPicture(Picture):
    """Draws a :class:`DataAnswer`. Validation samples are hollow points, or images in a dashed frame."""

    plot_id = "data"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: DataAnswer | None = None
        self._images: list[QImage] = []
        self.retranslate()

    def show_answer(self, answer: DataAnswer | None) -> None:
        """Draw ``answer`` from now on; the same answer again costs nothing."""
        if answer is self._answer:
            return
        self._answer = answer
        self._images = []
        if answer is not None and answer.picture == "images":
            self._images = [image_of(image) for image in _as_bytes(answer.inputs)]
        self.retranslate()

    def has_answer(self) -> bool:
        return self._answer is not None and len(self._answer.targets) > 0

    def plot_title(self) -> str:
        return _("Samples of the data set")

    def sizeHint(self) -> QSize:
        return QSize(self.look.theme.px(240), self.look.theme.px(240))

    def table(self) -> Table:
        """A row per drawn sample: its features (or pixels), its class and whether it validates."""
        if self._answer is None:
            return Table({})
        answer, n = self._answer, self._shown(QRectF(self.rect()), self.look.theme)
        flat = answer.inputs[:n].reshape(n, -1)
        if answer.picture == "points":
            columns = {f"x{i + 1}": flat[:, i] for i in range(flat.shape[1])}
        else:
            _n, height, width, channels = answer.inputs.shape
            places = [(y, x, c) for y in range(height) for x in range(width) for c in range(channels)]
            columns = {
                f"pixel {y},{x}" + (f",{c}" if channels > 1 else ""): flat[:, i] for i, (y, x, c) in enumerate(places)
            }
        names = np.array([_(name) for name in answer.class_names])
        return Table(
            {"class": names[answer.targets[:n]], "validation": answer.is_validation[:n].astype(int), **columns}
        )

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        answer = self._answer
        if answer is None or not len(answer.targets):
            draw_empty(painter, rect, theme, _("The samples appear as soon as they are loaded."))
            return
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        if answer.picture == "points":
            _draw_points(painter, rect, theme, answer)
        else:
            self._draw_images(painter, rect, theme, answer)
        painter.restore()

    def text_at(self, position: QPointF) -> str:
        answer = self._answer
        if answer is None or answer.picture != "images":
            return ""
        columns, side = _grid(QRectF(self.rect()), len(answer.targets), self.look.theme)
        for i in range(self._shown(QRectF(self.rect()), self.look.theme)):
            if _tile(QRectF(self.rect()), i, columns, side, self.look.theme).contains(position):
                name = _(answer.class_names[answer.targets[i]])
                if answer.is_validation[i]:
                    return _("class {name}, validation sample").format(name=name)
                return _("class {name}, training sample").format(name=name)
        return ""

    def _shown(self, rect: QRectF, theme: Theme) -> int:
        assert self._answer is not None
        count = len(self._answer.targets)
        if self._answer.picture == "points":
            return count
        columns, side = _grid(rect, count, theme)
        rows = int((rect.height() - _legend_px(theme) - theme.px(4)) // (side + _caption_px(theme)))
        return min(count, columns * max(1, rows))

    def _draw_images(self, painter: QPainter, rect: QRectF, theme: Theme, answer: DataAnswer) -> None:
        columns, side = _grid(rect, len(answer.targets), theme)
        painter.setFont(theme.font(_FONT_PT))
        for i in range(self._shown(rect, theme)):
            tile = _tile(rect, i, columns, side, theme)
            frame = QRectF(tile.left() + (tile.width() - side) / 2, tile.top(), side, side).adjusted(2, 2, -2, -2)
            painter.drawImage(frame, self._images[i])
            color = theme.color("series.validation") if answer.is_validation[i] else theme.color("border")
            painter.setPen(QPen(color, 1.5, Qt.PenStyle.DashLine if answer.is_validation[i] else Qt.PenStyle.SolidLine))
            painter.drawRect(frame.adjusted(-1, -1, 1, 1))
            painter.setPen(theme.color("text"))
            under = QRectF(tile.left(), tile.top() + side, tile.width(), _caption_px(theme))
            painter.drawText(under, Qt.AlignmentFlag.AlignCenter, _(answer.class_names[answer.targets[i]]))
        self._draw_image_legend(painter, rect, theme)

    @staticmethod
    def _draw_image_legend(painter: QPainter, rect: QRectF, theme: Theme) -> None:
        height = _legend_px(theme)
        line = QRectF(rect.left(), rect.bottom() - height, rect.width(), height)
        text = _("dashed: validation")
        size = height * 0.5
        left = line.center().x() - (metrics(painter).horizontalAdvance(text) + size + theme.px(6)) / 2
        painter.setPen(QPen(theme.color("series.validation"), 1.5, Qt.PenStyle.DashLine))
        painter.drawRect(QRectF(left, line.center().y() - size / 2, size, size))
        painter.setPen(theme.color("text.secondary"))
        right = line.adjusted(left - line.left() + size + theme.px(6), 0, 0, 0)
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def _draw_points(painter: QPainter, rect: QRectF, theme: Theme, answer: DataAnswer) -> None:
    points = answer.inputs[:, :2]
    frame = frame_in(painter, rect, theme, _extent(points), [_(name) for name in answer.class_names])
    draw_axes(painter, frame, theme)
    radius = (2.4 if len(points) > 600 else 3.2) * theme.scale
    painter.setClipRect(frame.plane)
    draw_marks(painter, frame.places(points), answer.targets, answer.is_validation, theme, radius)
    painter.setClipping(False)
    draw_legend(painter, frame, theme, [_(name) for name in answer.class_names])


def _extent(points: Array) -> tuple[float, float, float, float]:
    """The points' box with 6 % of air around it."""
    low, high = points.min(axis=0), points.max(axis=0)
    air = np.maximum((high - low) * 0.06, 1e-6)
    return float(low[0] - air[0]), float(high[0] + air[0]), float(low[1] - air[1]), float(high[1] + air[1])


def _as_bytes(images: Array) -> Array:
    low, high = float(images.min()), float(images.max())
    scaled: Array = (images - low) / max(high - low, 1e-12) * 255
    return scaled


def _caption_px(theme: Theme) -> float:
    return theme.px(16)


def _legend_px(theme: Theme) -> float:
    return theme.px(20)


def _grid(rect: QRectF, count: int, theme: Theme) -> tuple[int, float]:
    """Columns and image side: the largest images with which all fit, or the smallest readable ones."""
    width, height = rect.width() - theme.px(8), rect.height() - _legend_px(theme) - theme.px(4)
    for side in range(theme.px(64), theme.px(_SMALLEST_PX), -1):
        columns = int(width // (side + theme.px(4)))
        if columns and columns * int(height // (side + _caption_px(theme))) >= count:
            return min(columns, count), float(side)
    side = theme.px(_SMALLEST_PX)
    return max(1, int(width // (side + theme.px(4)))), float(side)


def _tile(rect: QRectF, index: int, columns: int, side: float, theme: Theme) -> QRectF:
    row, column = divmod(index, columns)
    width, height = (rect.width() - theme.px(8)) / columns, side + _caption_px(theme)
    return QRectF(rect.left() + theme.px(4) + column * width, rect.top() + theme.px(4) + row * height, width, height)
