"""The base of maps that can be tried: a cell under the pointer is a race that could be run, and a click takes it.

A cell can be chosen with the arrow keys as well, and taken with Enter.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from functools import lru_cache
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array, FloatArray
from widgets.plots.colormap import rgb
from widgets.plots.map_axes import MapFrame, Note
from widgets.plots.picture import Picture, draw_empty
from widgets.theme import Look, Theme

RESOLUTION = 512  # pixels a side of the image of a square map, whatever the cells' number: patterns look the same
_LEAST_PLANE_PX: Final = 110
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class MapView(Picture):
    """``hovered`` carries what is under the pointer, None when it left; ``chosen`` what was clicked.

    A concrete view says with :meth:`target` what a place of its plane stands for.
    """

    hovered = Signal(object)
    chosen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: Any = None
        self._sentence = ""
        self._target: Any = None
        self._cursor: tuple[float, float] | None = None  # shares of both axes
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @abstractmethod
    def frame(self, painter: QPainter, rect: QRectF, theme: Theme) -> MapFrame:
        """Where everything stands; asked only while there is an answer."""

    @abstractmethod
    def draw_map(self, painter: QPainter, frame: MapFrame, theme: Theme) -> None:
        """Paint everything; asked only while there is an answer."""

    @abstractmethod
    def target(self, across: float, up: float, frame: MapFrame) -> Any:
        """What the place at these shares of the axes stands for; equal for places of one cell."""

    @abstractmethod
    def cells(self) -> tuple[int, int]:
        """Columns and rows, which the arrow keys walk over."""

    def show_answer(self, answer: Any, sentence: str = "") -> None:
        """Draw ``answer`` from now on; without one, ``sentence`` says why."""
        if answer is not self._answer or sentence != self._sentence:
            self._answer, self._sentence = answer, sentence
            self.refresh()

    def has_answer(self) -> bool:
        """Whether there is something to draw or export."""
        return self._answer is not None

    def refresh(self) -> None:
        super().refresh()
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._make_room()

    def _make_room(self) -> None:
        """Be high enough for the key below a plane one can point at; who shows this scrolls."""
        needed = 90.0
        if self._answer is not None:
            frame = self._frame_in(QRectF(0, 0, self.width(), 1))
            needed = frame.key.bottom() - frame.plane.height() + self.look.theme.px(_LEAST_PLANE_PX)
        self.setMinimumHeight(math.ceil(needed))

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if self._answer is None:
            draw_empty(painter, rect, theme, self._sentence)
            return
        painter.save()
        painter.fillRect(rect, theme.brush("panel"))
        self.draw_map(painter, self.frame(painter, rect, theme), theme)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._cursor is None or self._answer is None:
            return
        painter = QPainter(self)
        frame = self.frame(painter, QRectF(self.rect()), self.look.theme)
        plane = frame.plane
        at = QPointF(plane.left() + self._cursor[0] * plane.width(), plane.bottom() - self._cursor[1] * plane.height())
        draw_ring(painter, at, self.look.theme)

    def leave(self) -> None:
        """Nothing is under the pointer any more."""
        self._cursor = None
        self._hover(None)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._cursor = None
        self._hover(self._target_at(event.position()))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        target = self._target_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if target is None:
            super().mousePressEvent(event)
        else:
            self.chosen.emit(target)

    def leaveEvent(self, event: QEvent) -> None:
        self.leave()
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self._cursor is not None:
            self.leave()
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            wanted = {*_ARROWS, Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if event.key() in wanted and not event.modifiers():
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self._answer is None or (key not in _ARROWS and key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter)):
            super().keyPressEvent(event)
            return
        if key in _ARROWS:
            self._cursor = self._neighbour(*_ARROWS[key])
            self._hover(self.target(*self._cursor, self._frame_here()))
            self.update()
        elif self._target is not None:
            self.chosen.emit(self._target)

    def _neighbour(self, right: int, up: int) -> tuple[float, float]:
        """The cell beside the cursor's, or the middle one."""
        moved = []
        for share, step, count in zip(self._cursor or (0.5, 0.5), (right, up), self.cells(), strict=True):
            last = max(count - 1, 1)
            moved.append(min(max(int(share * last + 0.5) + step, 0), last) / last)
        return moved[0], moved[1]

    def _target_at(self, position: QPointF) -> Any:
        if self._answer is None:
            return None
        frame = self._frame_here()
        under = frame.at(position)
        return None if under is None else self.target(*under, frame)

    def _frame_here(self) -> MapFrame:
        return self._frame_in(QRectF(self.rect()))

    def _frame_in(self, rect: QRectF) -> MapFrame:
        ground = self._kept or QPixmap(1, 1)  # must outlive its painter
        painter = QPainter(ground)
        frame = self.frame(painter, rect, self.look.theme)
        painter.end()
        return frame

    def _hover(self, target: Any) -> None:
        if target != self._target:
            self._target = target
            self.hovered.emit(target)


def enlarged(cells: Array) -> Array:
    """``(rows, columns, …)`` with row 0 at the bottom as an image's rows and columns, about :data:`RESOLUTION` a side."""
    times = max(1, RESOLUTION // max(cells.shape[:2]))
    return np.repeat(np.repeat(cells[::-1], times, axis=0), times, axis=1)


def image_bytes(colors: FloatArray) -> Array:
    """``(…, 3)`` colours in 0…255 as whole numbers: few of them, before they are enlarged."""
    return np.clip(np.rint(colors), 0, 255).astype(np.uint8)


def hatched(pixels: Array, where: Array, theme: Theme, is_crossed: bool) -> None:
    """Paint ``where`` ``(h, w)`` of ``pixels`` ``(h, w, 3)`` of bytes in place with slanting lines, or crossed ones."""
    if where.any():
        pixels[where] = image_bytes(rgb(theme.color("panel")))
        pixels[where & _lines(where.shape, is_crossed)] = image_bytes(rgb(theme.color("text.secondary")))


@lru_cache(maxsize=8)
def _lines(shape: tuple[int, int], is_crossed: bool) -> Array:
    rows, columns = np.arange(shape[0])[:, np.newaxis], np.arange(shape[1])
    lines: Array = (rows + columns) % 12 < 2
    if is_crossed:
        lines |= (rows - columns) % 12 < 2
    return lines


def image_from(pixels: Array) -> QImage:
    """An image that owns its memory, from bytes ``(h, w, 3)``."""
    whole = np.ascontiguousarray(pixels)
    height, width, _channels = whole.shape
    return QImage(whole.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def draw_image(painter: QPainter, frame: MapFrame, image: QImage, cells: tuple[int, int]) -> None:
    """A map whose outer cells are centred on the edges of the plane."""
    painter.save()
    painter.setClipRect(frame.plane)
    half_x = frame.plane.width() / max(cells[0] - 1, 1) / 2
    half_y = frame.plane.height() / max(cells[1] - 1, 1) / 2
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(frame.plane.adjusted(-half_x, -half_y, half_x, half_y), image)
    painter.restore()


def draw_ring(painter: QPainter, at: QPointF, theme: Theme) -> None:
    """Where one is: a ring that stands out from every ground."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for role, width in (("panel", 4.0), ("text", 1.6)):
        painter.setPen(theme.pen(role, width))
        painter.drawEllipse(at, theme.px(5), theme.px(5))


def pattern_note(theme: Theme, is_crossed: bool, words: str) -> Note:
    """What a pattern stands for, for the key."""

    def draw(painter: QPainter, rect: QRectF) -> None:
        shape = round(rect.height() * 2), round(rect.width() * 2)
        pixels = np.zeros((*shape, 3), np.uint8)
        hatched(pixels, np.ones(shape, bool), theme, is_crossed)
        painter.drawImage(rect, image_from(pixels))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.pen("border"))
        painter.drawRect(rect)

    return Note(draw, words)
