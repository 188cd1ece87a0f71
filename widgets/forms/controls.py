"""The bare controls of a form: each has a signal that only a person's hand can cause, and none turns a page's wheel
into a changed value. Arrow keys and Space belong to the control that has the focus, not to the window's shortcuts; but what a
mouse did is done, and Space goes on with the training."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QCheckBox,
    QComboBox,
    QPushButton,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QWidget,
)

from widgets.cadence import Cadence

_MOVES = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)
_PRESSES = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter})


def claims_key(event: QEvent, keys: frozenset[Qt.Key]) -> bool:
    """Accept a shortcut override for one of ``keys`` without modifiers, so that the focused control gets the key."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if Qt.Key(event.key()) not in keys or plain != Qt.KeyboardModifier.NoModifier:
        return False
    event.accept()
    return True


def is_at_keys(control: QWidget) -> bool:
    """Whether the focus came to the window's present control by Tab or a shortcut, not by the mouse."""
    return control.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)


class Slider(QSlider):
    """A horizontal slider over ``count`` positions. A click on the groove takes the handle there and holds it. While it is held,
    ``moved`` comes once a frame, and when it is let go."""

    moved = Signal(int)
    released = Signal()

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.gesture = 0  # how often it was taken in hand: each time is one step to undo
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setRange(0, max(1, count - 1))
        self.setPageStep(max(1, count // 10))
        self._cadence = Cadence(self.moved.emit, self)
        self.actionTriggered.connect(self._on_action)
        self.sliderReleased.connect(self.released)

    def event(self, event: QEvent) -> bool:
        return claims_key(event, _MOVES) or super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # it scrolls the page

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.gesture += 1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.gesture += 1
            option = QStyleOptionSlider()
            self.initStyleOption(option)
            control, style = QStyle.ComplexControl.CC_Slider, self.style()
            handle = style.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
            if not handle.contains(event.position().toPoint()):
                x = round(event.position().x() - handle.width() / 2)
                room = self.width() - handle.width()
                self.setSliderPosition(
                    style.sliderValueFromPosition(self.minimum(), self.maximum(), x, room, option.upsideDown)
                )
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._cadence.flush()
        super().mouseReleaseEvent(event)

    def _on_action(self, action: int) -> None:
        if action == QAbstractSlider.SliderAction.SliderNoAction.value:
            return
        self._cadence.ask(self.sliderPosition())
        if not self.isSliderDown():
            self._cadence.flush()


class ComboBox(QComboBox):
    """A choice; ``activated`` is its user-only signal."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(7)

    def event(self, event: QEvent) -> bool:
        return (is_at_keys(self) and claims_key(event, _MOVES | _PRESSES)) or super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # it would choose anew when a page that is scrolled takes it under the pointer


class CheckBox(QCheckBox):
    """Yes or no; ``clicked`` is its user-only signal."""

    def event(self, event: QEvent) -> bool:
        return (is_at_keys(self) and claims_key(event, _PRESSES)) or super().event(event)


class Button(QPushButton):
    """A push button that keeps Space and Enter for itself while it has the focus."""

    def event(self, event: QEvent) -> bool:
        return (is_at_keys(self) and claims_key(event, _PRESSES)) or super().event(event)


class ToolButton(QToolButton):
    """A flat button of an icon or a few words, reached by Tab, that keeps Space and Enter for itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def event(self, event: QEvent) -> bool:
        return (is_at_keys(self) and claims_key(event, _PRESSES)) or super().event(event)
