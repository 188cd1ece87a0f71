"""The bar of a timeline: how far the race has run, where one stands in it, and a handle to stand elsewhere."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from widgets.theme import Look

_PAGE: Final = 10
_GROOVE_PX: Final = 4
_HANDLE_PX: Final = 6  # radius


class ScrubBar(QAbstractSlider):
    """Shows what it is told; ``stepChosen`` carries the step a person wants to stand at, ``spaceTyped`` that Space was for
    somebody else."""

    stepChosen = Signal(int)
    spaceTyped = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._done = 0
        look.changed.connect(self.update)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setPageStep(_PAGE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_state(self, moment: int, done: int, steps: int) -> None:
        """Stand at ``moment`` of ``steps``, of which ``done`` have been run."""
        if steps != self.maximum():
            self.setRange(0, steps)
        if done != self._done:
            self._done = done
            self.update()
        if moment != self.value():
            self.setValue(moment)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(240), self._look.theme.px(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(80), self._look.theme.px(30))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go a step, page keys ten, Home and End to the ends."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Up: 1,
              Qt.Key.Key_PageDown: -_PAGE, Qt.Key.Key_PageUp: _PAGE}.get(Qt.Key(event.key()))  # fmt: skip
        if event.key() == Qt.Key.Key_Space:
            self.spaceTyped.emit()
        elif event.key() == Qt.Key.Key_Home:
            self.stepChosen.emit(0)
        elif event.key() == Qt.Key.Key_End:
            self.stepChosen.emit(self.maximum())
        elif by is not None:
            is_far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._choose(self.value() + by * (_PAGE if is_far and abs(by) == 1 else 1))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.stepChosen.emit(self._step_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.stepChosen.emit(self._step_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned:
            self._choose(self.value() + (1 if turned > 0 else -1))
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        groove, middle = self._groove(), self.height() / 2
        half = theme.px(_GROOVE_PX) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        for role, until in (
            ("border", self.maximum()), ("text.secondary", min(self._done, self.maximum())), ("accent", self.value()),
        ):  # fmt: skip
            if self.maximum():
                width = groove.width() * until / self.maximum()
                painter.setBrush(theme.brush(role))
                painter.drawRoundedRect(QRectF(groove.left(), middle - half, width, 2 * half), half, half)
        radius = theme.px(_HANDLE_PX)
        x = groove.left() + groove.width() * self.value() / max(1, self.maximum())
        painter.setBrush(theme.brush("panel"))
        painter.setPen(theme.pen("accent", 2))
        painter.drawEllipse(QRectF(x - radius, middle - radius, 2 * radius, 2 * radius))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.pen("accent", 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _choose(self, step: int) -> None:
        self.stepChosen.emit(min(max(step, 0), self.maximum()))

    def _step_at(self, x: float) -> int:
        groove = self._groove()
        share = min(max((x - groove.left()) / max(1.0, groove.width()), 0.0), 1.0)
        return round(share * self.maximum())

    def _groove(self) -> QRectF:
        margin = self._look.theme.px(_HANDLE_PX) + 3
        return QRectF(self.rect()).adjusted(margin, 0, -margin, 0)
