"""A grid of validation images with the true class, the predicted one and how sure the network is of it.

A wrong prediction shows by a cross, by its colour and by its words ("3 → 5"); never by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array
from simulations.probes.answers import SamplesAnswer
from widgets.plot import Table
from widgets.plots.colormap import image_of
from widgets.plots.picture import Picture, draw_empty, metrics
from widgets.text import _
from widgets.theme import Look, Theme

_SMALLEST_PX, _LARGEST_PX = 44, 96  # the side of an image, before the text scale
_FONT_PT = 8.5


@dataclass(frozen=True)
class Grid:
    """The tiling of a rectangle: ``columns`` × ``rows`` tiles of ``width`` × ``height`` from ``origin``, images of ``side``."""

    columns: int
    rows: int
    width: float
    height: float
    side: float
    origin: QPointF

    def tile(self, index: int) -> QRectF:
        row, column = divmod(index, self.columns)
        return QRectF(
            self.origin.x() + column * self.width, self.origin.y() + row * self.height, self.width, self.height
        )


def grid_in(rect: QRectF, count: int, theme: Theme, caption_px: float) -> Grid:
    """The largest tiles with which all ``count`` fit; when they cannot, as many as are readable, filling the room."""
    gap = theme.px(6)
    widest = theme.px(52)  # "10 → 10"
    for side in range(theme.px(_LARGEST_PX), theme.px(_SMALLEST_PX) - 1, -2):
        columns = max(1, int(rect.width() // (max(side, widest) + gap)))
        rows = max(1, int(rect.height() // (side + caption_px + gap)))
        if columns * rows >= count:
            break
    columns = min(columns, max(count, 1))
    rows = min(rows, -(-max(count, 1) // columns))
    side = int(min(rect.width() / columns - gap, rect.height() / rows - caption_px - gap, theme.px(_LARGEST_PX)))
    width, height = max(side, widest) + gap, side + caption_px + gap
    left = rect.left() + (rect.width() - columns * width) / 2
    top = rect.top() + max(0.0, (rect.height() - rows * height) / 2)
    return Grid(columns, rows, width, height, side, QPointF(left, top))


class ImageGrid(Picture):
    """Draws a :class:`SamplesAnswer`."""

    plot_id = "samples"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: SamplesAnswer | None = None
        self._images: list[QImage] = []
        self.retranslate()

    def show_answer(self, answer: SamplesAnswer | None) -> None:
        """Draw ``answer`` from now on."""
        if answer is self._answer:
            return
        same = answer is not None and self._answer is not None and np.array_equal(answer.images, self._answer.images)
        if not same:
            self._images = [] if answer is None else [image_of(image * 255) for image in _drawable(answer.images)]
        self._answer = answer
        self.refresh()

    def has_answer(self) -> bool:
        """Whether there is something to draw or export."""
        return self._answer is not None

    def plot_title(self) -> str:
        return _("Validation samples")

    def shown(self) -> int:
        """How many samples the size at hand shows."""
        if self._answer is None:
            return 0
        grid = self._grid(QRectF(self.rect()), self.look.theme)
        return min(len(self._answer.targets), grid.columns * grid.rows)

    def table(self) -> Table:
        """A row per drawn sample: true class, predicted class, and the probability of the prediction."""
        if self._answer is None:
            return Table({})
        n = self.shown()
        names = np.array([_(name) for name in self._answer.class_names])
        return Table({
            "true class": names[self._answer.targets[:n]],
            "predicted class": names[self._answer.predictions[:n]],
            "probability of the prediction": self._answer.confidences[:n],
        })  # fmt: skip

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        answer = self._answer
        if answer is None or not len(answer.targets):
            draw_empty(painter, rect, theme, _("Predictions appear as soon as the network has been asked."))
            return
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        painter.setFont(theme.font(_FONT_PT))
        grid = self._grid(rect, theme)
        shown = min(len(answer.targets), grid.columns * grid.rows)
        for i in range(shown):
            self._draw_tile(painter, grid, i, theme)
        wrong = int(np.sum(answer.targets[:shown] != answer.predictions[:shown]))
        painter.setPen(theme.color("text.secondary"))
        painter.setFont(theme.font(_FONT_PT))
        footer = _line_px(theme) + theme.px(4)
        under = QRectF(rect.left(), rect.bottom() - footer, rect.width(), footer)
        words = _("{count} samples shown, {wrong} wrong").format(count=shown, wrong=wrong)
        painter.drawText(under, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()

    def text_at(self, position: QPointF) -> str:
        answer = self._answer
        if answer is None:
            return ""
        grid = self._grid(QRectF(self.rect()), self.look.theme)
        for i in range(self.shown()):
            if grid.tile(i).contains(position):
                return _("true class {truth}, predicted {prediction} with probability {probability}").format(
                    truth=_(answer.class_names[answer.targets[i]]),
                    prediction=_(answer.class_names[answer.predictions[i]]),
                    probability=f"{answer.confidences[i]:.3f}",
                )
        return ""

    def _draw_tile(self, painter: QPainter, grid: Grid, index: int, theme: Theme) -> None:
        answer, tile = self._answer, grid.tile(index)
        assert answer is not None
        is_right = answer.targets[index] == answer.predictions[index]
        left = tile.left() + (tile.width() - grid.side) / 2
        picture = QRectF(left, tile.top() + theme.px(3), grid.side, grid.side)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(picture, self._images[index])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not is_right:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("state.bad"), 2))
            painter.drawRect(picture.adjusted(-1, -1, 1, 1))
            _draw_cross(painter, picture, theme)
        bar = QRectF(picture.left(), picture.bottom() + theme.px(3), picture.width(), theme.px(3))
        painter.fillRect(bar, theme.color("grid"))
        sure = QRectF(bar.left(), bar.top(), bar.width() * _share(answer.confidences[index]), bar.height())
        painter.fillRect(sure, theme.color("state.good" if is_right else "state.bad"))
        truth, said = (_(answer.class_names[int(k)]) for k in (answer.targets[index], answer.predictions[index]))
        words = truth if is_right else f"{truth} → {said}"
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font(_FONT_PT, bold=not is_right))
        below = QRectF(tile.left(), bar.bottom(), tile.width(), tile.bottom() - bar.bottom())
        centred = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(below, centred, metrics(painter).elidedText(words, Qt.TextElideMode.ElideRight, tile.width()))

    def _grid(self, rect: QRectF, theme: Theme) -> Grid:
        """The tiles of the answer in ``rect``, above a line of summary."""
        assert self._answer is not None
        gap, line = theme.px(6), _line_px(theme)
        inside = rect.adjusted(gap, gap, -gap, -line - theme.px(4))
        return grid_in(inside, len(self._answer.targets), theme, line + theme.px(9))


def _line_px(theme: Theme) -> float:
    return QFontMetricsF(theme.font(_FONT_PT)).height()


def _draw_cross(painter: QPainter, picture: QRectF, theme: Theme) -> None:
    """A small ✕ in the upper right corner, on its own ground so that it shows on any image."""
    arm = theme.px(3.4)
    box = QRectF(picture.right() - 3 * arm, picture.top(), 3 * arm, 3 * arm)
    painter.fillRect(box, theme.color("state.bad"))
    painter.setPen(QPen(theme.color("panel"), 1.6 * theme.scale))
    middle = box.center()
    for sign in (-1, 1):
        reach = arm * 0.8
        painter.drawLine(middle + QPointF(-reach, -sign * reach), middle + QPointF(reach, sign * reach))


def _share(value: float) -> float:
    return float(value) if np.isfinite(value) else 0.0


def _drawable(images: Array) -> Array:
    """Grey or RGB: other channel counts show their mean."""
    return images if images.shape[-1] in (1, 3) else images.mean(axis=-1, keepdims=True)
