"""A grid of validation images with the true class, the predicted one and how sure the network is of it.

A wrong prediction shows by a cross, by its colour and by its words ("3 → 5"); never by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array
from simulations.probes.answers import SamplesAnswer
from widgets.plot import Table
from widgets.plots.batch import Lines, Rects
from widgets.plots.colormap import image_of
from widgets.plots.picture import Picture, draw_empty, metrics
from widgets.text import _
from widgets.theme import Look, Theme

_SMALLEST_PX, _LARGEST_PX = 44, 96  # the side of an image, before the text scale
_FONT_PT = 8.5
_TOP = (Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop).value


@dataclass(frozen=True)
class Grid:
    """The tiling of a rectangle: ``columns`` × ``rows`` tiles of ``width`` × ``height`` from ``origin``,
    images of ``side`` that begin ``top`` below the edge of their tile."""

    columns: int
    rows: int
    width: float
    height: float
    side: float
    top: float
    origin: QPointF

    def tile(self, index: int) -> QRectF:
        row, column = divmod(index, self.columns)
        return QRectF(
            self.origin.x() + column * self.width, self.origin.y() + row * self.height, self.width, self.height
        )

    def tiles(self, count: int) -> Array:
        """The upper left corners ``(count, 2)`` of the images in the first tiles."""
        row, column = np.divmod(np.arange(count), self.columns)
        left = self.origin.x() + column * self.width + (self.width - self.side) / 2
        return np.column_stack([left, self.origin.y() + row * self.height + self.top])


def grid_in(rect: QRectF, count: int, theme: Theme, caption_px: float, widest: float = 0.0) -> Grid:
    """The largest tiles with which all ``count`` fit; when they cannot, as many as are readable, filling the room.

    ``widest`` is the width of the longest caption; longer ones than a large image are cut off.
    """
    gap = theme.px(6)
    widest = min(max(widest, theme.px(52)), theme.px(_LARGEST_PX))
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
    return Grid(columns, rows, width, height, side, theme.px(3), QPointF(left, top))


class ImageGrid(Picture):
    """Draws a :class:`SamplesAnswer`."""

    plot_id = "samples"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: SamplesAnswer | None = None
        self._images: list[QImage] = []
        self._rects, self._lines = Rects(), Lines()
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
        grid = self._grid(rect, theme)
        shown = min(len(answer.targets), grid.columns * grid.rows)
        is_right = answer.targets[:shown] == answer.predictions[:shown]
        tiles = grid.tiles(shown)
        self._draw_images(painter, tiles, grid.side, theme)
        self._draw_verdicts(painter, tiles, is_right, grid.side, theme)
        self._draw_captions(painter, tiles, is_right, grid, theme)
        painter.setPen(theme.color("text.secondary"))
        painter.setFont(theme.font(_FONT_PT))
        footer = _line_px(theme) + theme.px(4)
        under = QRectF(rect.left(), rect.bottom() - footer, rect.width(), footer)
        wrong = shown - int(np.count_nonzero(is_right))
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

    def _draw_images(self, painter: QPainter, tiles: Array, side: float, theme: Theme) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        place = QRectF(0, 0, side, side)
        for (left, top), image in zip(tiles.tolist(), self._images, strict=False):
            place.moveTo(left, top)
            painter.drawImage(place, image)

    def _draw_verdicts(self, painter: QPainter, tiles: Array, is_right: Array, side: float, theme: Theme) -> None:
        """Under each image a bar as long as the network is sure; around a wrong one a frame, and a cross in its corner."""
        assert self._answer is not None
        bars = np.column_stack([tiles, np.full_like(tiles, side)])
        bars[:, 1] += side + theme.px(3)
        bars[:, 3] = theme.px(3)
        sure = bars.copy()
        sure[:, 2] *= np.nan_to_num(self._answer.confidences[: len(tiles)], posinf=0.0, neginf=0.0)
        painter.setPen(Qt.PenStyle.NoPen)
        for rects, role in ((bars, "grid"), (sure[is_right], "state.good"), (sure[~is_right], "state.bad")):
            painter.setBrush(theme.brush(role))
            self._rects.draw(painter, rects)
        wrong = tiles[~is_right]
        arm = theme.px(3.4)
        corner = wrong + np.array([side - 3 * arm, 0.0])
        self._rects.draw(painter, np.column_stack([corner, np.full_like(corner, 3 * arm)]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.pen("state.bad", 2))
        self._rects.draw(painter, np.column_stack([wrong - 1, np.full_like(wrong, side + 2)]))
        painter.setPen(theme.pen("panel", 1.6 * theme.scale))
        middle, reach = corner + 1.5 * arm, 0.8 * arm
        for sign in (-1, 1):
            stroke = np.array([reach, sign * reach])
            self._lines.draw(painter, np.column_stack([middle - stroke, middle + stroke]))

    def _draw_captions(self, painter: QPainter, tiles: Array, is_right: Array, grid: Grid, theme: Theme) -> None:
        """The true class, and after an arrow the one a wrong prediction says; wrong ones in bold."""
        answer = self._answer
        assert answer is not None
        names = [_(name) for name in answer.class_names]
        below = grid.side + theme.px(6)
        inset, width, height = (grid.width - grid.side) / 2, round(grid.width), round(grid.height - below)
        painter.setPen(theme.color("text"))
        for group, bold in ((is_right, False), (~is_right, True)):
            painter.setFont(theme.font(_FONT_PT, bold=bold))
            text = metrics(painter)
            for i in np.flatnonzero(group).tolist():
                words = names[int(answer.targets[i])]
                if bold:
                    words = f"{words} → {names[int(answer.predictions[i])]}"
                x, y = tiles[i].tolist()
                words = text.elidedText(words, Qt.TextElideMode.ElideRight, width)
                painter.drawText(round(x - inset), round(y + below), width, height, _TOP, words)

    def _grid(self, rect: QRectF, theme: Theme) -> Grid:
        """The tiles of the answer in ``rect``, above a line of summary."""
        assert self._answer is not None
        gap, line = theme.px(6), _line_px(theme)
        inside = rect.adjusted(gap, gap, -gap, -line - theme.px(4))
        return grid_in(inside, len(self._answer.targets), theme, line + theme.px(9), self._widest(theme))

    def _widest(self, theme: Theme) -> float:
        """The longest caption a mistake can have, in bold."""
        assert self._answer is not None
        text = QFontMetricsF(theme.font(_FONT_PT, bold=True))
        longest = max(map(text.horizontalAdvance, map(_, self._answer.class_names)))
        return float(2 * longest + text.horizontalAdvance(" → "))


def _line_px(theme: Theme) -> float:
    return QFontMetricsF(theme.font(_FONT_PT)).height()


def _drawable(images: Array) -> Array:
    """Grey or RGB: other channel counts show their mean."""
    return images if images.shape[-1] in (1, 3) else images.mean(axis=-1, keepdims=True)
