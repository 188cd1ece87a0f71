"""The drawing surface for points of a few classes: painted with the mouse, or with the keyboard alone."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from simulations.data.drawn import MOST_CLASSES, REACH, PointSet
from widgets.forms.controls import claims_key
from widgets.plots.boundary_marks import draw_marks
from widgets.plots.plane_frame import Frame, draw_axes, frame_in
from widgets.text import _, ngettext
from widgets.theme import Look, Theme
from widgets.view import View

SPACING: Final = 0.07  # between the points of one stroke, in data units
RUBBER: Final = 0.1  # the radius that is erased at once
_STEP: Final = 0.05  # of an arrow key
_ARROWS: Final = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, _STEP),
    Qt.Key.Key_Down: (0.0, -_STEP),
}
_PAINTS: Final = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ERASES: Final = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_DIGITS: Final = tuple(Qt.Key(Qt.Key.Key_1 + i) for i in range(MOST_CLASSES))
_KEYS: Final = frozenset((*_ARROWS, *_PAINTS, *_ERASES, *_DIGITS))
_EXTENT: Final = (-1.06 * REACH, 1.06 * REACH, -1.06 * REACH, 1.06 * REACH)
_AXES: Final = ("x₁", "x₂")


class _NoKey:
    """The buttons above the surface explain the classes already."""

    def width(self, painter: QPainter, theme: Theme) -> float:
        return 0.0

    def height_below(self, painter: QPainter, theme: Theme, width: float) -> float:
        return 0.0

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        pass


class PointsCanvas(View):
    """``edited`` carries the new :class:`PointSet`; ``stroke`` counts the gestures, so that each is one step to undo.
    ``classChosen`` carries the class whose digit was pressed."""

    edited = Signal(object)
    classChosen = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.points = PointSet()
        self.chosen = 0
        self.classes = 2
        self.erases = False
        self.stroke = 0
        self._cursor = (0.0, 0.0)
        self._last: tuple[float, float] | None = None  # of the stroke under way
        self._erasing = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_points(self, points: PointSet, classes: int) -> None:
        """Draw ``points`` of the first ``classes`` classes; never emits."""
        if points != self.points or classes != self.classes:
            self.points, self.classes = points, classes
            self._describe()
            self.update()

    def is_touched(self) -> bool:
        return self._last is not None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(width, self.look.theme.px(340))

    def sizeHint(self) -> QSize:
        side = self.look.theme.px(240)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        side = self.look.theme.px(160)
        return QSize(side, side)

    def retranslate(self) -> None:
        self.setAccessibleName(_("Drawing surface"))
        self._describe()

    def clear(self) -> None:
        """Take all points away, as a gesture of its own."""
        self._begin()
        self._become(PointSet())

    # ---- mouse -------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._begin()
            self._erasing = self.erases or event.button() == Qt.MouseButton.RightButton
            self._touch(self._frame().data_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._last is None:
            return
        at = self._frame().data_at(event.position())
        if self._erasing or math.dist(at, self._last) >= SPACING:
            self._touch(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._last = None

    def _begin(self) -> None:
        self.stroke += 1

    def _touch(self, at: tuple[float, float]) -> None:
        self._last = self._cursor = at
        if self._erasing:
            self._become(self.points.without(*at, RUBBER))
        else:
            self._become(self.points.with_point(*at, self.chosen))

    def _become(self, points: PointSet) -> None:
        if points is not self.points:
            self.show_points(points, self.classes)
            self.edited.emit(points)

    # ---- keyboard ----------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        return claims_key(event, _KEYS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS:
            (x, y), (dx, dy) = self._cursor, _ARROWS[key]
            self._cursor = tuple(min(max(one, -REACH), REACH) for one in (x + dx, y + dy))  # type: ignore[assignment]  # two
            self._describe()
            self.update()
        elif key in _PAINTS or key in _ERASES:
            self._begin()
            self._erasing = key in _ERASES or self.erases
            self._touch(self._cursor)
            self._last = None
        elif key in _DIGITS and _DIGITS.index(key) < self.classes:
            self.classChosen.emit(_DIGITS.index(key))
        else:
            super().keyPressEvent(event)

    def _describe(self) -> None:
        count = len(self.points)
        points = ngettext("{count} point", "{count} points", count).format(count=count)
        x, y = (f"{one:.2f}" for one in self._cursor)
        self.setAccessibleDescription(_("{points}; cursor at {x}, {y}").format(points=points, x=x, y=y))

    # ---- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self.look.theme
        painter.fillRect(self.rect(), theme.color("panel"))
        frame = self._frame(painter)
        painter.setPen(theme.pen("grid"))
        middle = frame.places(np.zeros((1, 2)))[0]
        painter.drawLine(QPointF(middle[0], frame.plane.top()), QPointF(middle[0], frame.plane.bottom()))
        painter.drawLine(QPointF(frame.plane.left(), middle[1]), QPointF(frame.plane.right(), middle[1]))
        rows = np.array([one for one in self.points.points if one[2] < self.classes], float).reshape(-1, 3)
        plain = np.zeros(len(rows), bool)
        draw_marks(painter, frame.places(rows[:, :2]), rows[:, 2].astype(int), plain, theme, 3.2 * theme.scale)
        draw_axes(painter, frame, theme, _AXES)
        if self.hasFocus():
            self._draw_cursor(painter, frame, theme)

    def _draw_cursor(self, painter: QPainter, frame: Frame, theme: Theme) -> None:
        x, y = frame.places(np.array([self._cursor]))[0].tolist()
        arm = theme.px(7)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.pen("accent", 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawLine(QPointF(x - arm, y), QPointF(x + arm, y))
        painter.drawLine(QPointF(x, y - arm), QPointF(x, y + arm))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _frame(self, painter: QPainter | None = None) -> Frame:
        """The plane in this widget's pixels."""
        if painter is not None:
            return frame_in(painter, QRectF(self.rect()), self.look.theme, _EXTENT, _NoKey(), _AXES)
        ground = QPixmap(1, 1)  # must outlive its painter
        measuring = QPainter(ground)
        frame = frame_in(measuring, QRectF(self.rect()), self.look.theme, _EXTENT, _NoKey(), _AXES)
        measuring.end()
        return frame
