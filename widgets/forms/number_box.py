"""A spin box for numbers of any size: comma or point, powers of ten, steps that follow a ladder of round values."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPalette, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QToolTip, QWidget

from widgets.forms.ladder import Ladder
from widgets.numbers import LETTERS, format_number, parse_number
from widgets.text import _
from widgets.theme import Look

_UNDOING = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class NumberBox(QAbstractSpinBox):
    """Shows the exact number it was given; ``edited`` carries the number a person typed (on Enter or on leaving) or
    stepped to. A number out of range is refused in words, on Enter and on leaving, and never emitted."""

    edited = Signal(object)

    def __init__(
        self,
        look: Look,
        low: float | None,
        high: float | None,
        *,
        integer: bool,
        rungs: Ladder | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.look = look
        self._low, self._high, self._integer, self._rungs = low, high, integer, rungs
        self._value: float = 0 if integer else 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccelerated(True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.lineEdit().setText(format_number(self._value))
        self.lineEdit().textEdited.connect(self._on_text_edited)
        self.editingFinished.connect(self._on_editing_finished)

    def value(self) -> float:
        return self._value

    def set_value(self, value: float) -> None:
        """Show ``value``; what a person is typing is left alone. Never emits."""
        self._value = value
        if not self.is_touched():
            self._show(value)

    def is_touched(self) -> bool:
        """Whether a person is in the middle of typing."""
        return self.hasFocus() and self.lineEdit().isModified()

    def set_range(self, low: float | None, high: float | None) -> None:
        """Refuse what is outside from now on."""
        self._low, self._high = low, high

    def step_on(self, rungs: Ladder) -> None:
        """Step to the values of ``rungs`` from now on."""
        self._rungs = rungs

    def range_text(self) -> str:
        low = "−∞" if self._low is None else format_number(self._low)
        high = "∞" if self._high is None else format_number(self._high)
        return f"{low} … {high}"

    def sizeHint(self) -> QSize:
        text = self.fontMetrics()
        longest = format_number(self._high) if self._integer and self._high is not None else ""
        width = max(map(text.horizontalAdvance, ("0.00012", longest)))
        return QSize(width + text.height() + 12, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # ---- QAbstractSpinBox --------------------------------------------------------------------------------------------

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        value = self._parsed(text)
        if value is not None and self._is_inside(value):
            return QValidator.State.Acceptable, text, position
        # a digit an input method sends in full width is judged when it is read
        fits = all(letter in LETTERS or ord(letter) > 0x2FFF for letter in text)
        return (QValidator.State.Intermediate if fits else QValidator.State.Invalid), text, position

    def fixup(self, text: str) -> str:
        return text

    def stepBy(self, steps: int) -> None:
        base = self._parsed(self.lineEdit().text())
        base = self._value if base is None or not self.lineEdit().isModified() else base
        if self._rungs is not None:
            after = self._rungs.next_rung(base, steps)
        else:
            after = base + steps * (1 if self._integer else max(abs(base) / 20, 1e-3))
        self._commit(self._clamped(after))
        self.lineEdit().selectAll()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        enabled = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self._low is None or self._value > self._low:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        if self._high is None or self._value < self._high:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        return enabled

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # it scrolls the page

    def event(self, event: QEvent) -> bool:
        """Space, undo and redo belong to the experiment once a number is given; the line edit keeps them while one is typed."""
        is_given = event.type() == QEvent.Type.ShortcutOverride and not self.lineEdit().isModified()
        if (
            is_given
            and isinstance(event, QKeyEvent)
            and (event.key() == Qt.Key.Key_Space or any(map(event.matches, _UNDOING)))
        ):
            event.ignore()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.lineEdit().isModified():
            self._show(self._value)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_return()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    # ---- typing ------------------------------------------------------------------------------------------------------

    def _on_text_edited(self, text: str) -> None:
        value = self._parsed(text)
        wrong = value is None or not self._is_inside(value)
        self._mark(wrong=wrong and bool(text.strip()))
        QToolTip.hideText()

    def _on_return(self) -> None:
        value = self._parsed(self.lineEdit().text())
        if value is not None and self._is_inside(value):
            self._on_editing_finished()
            self.lineEdit().selectAll()
        else:
            self._explain()

    def _on_editing_finished(self) -> None:
        if not self.lineEdit().isModified():
            return
        value = self._parsed(self.lineEdit().text())
        if value is not None and self._is_inside(value):
            self._commit(value)
        else:
            self._show(self._value)
            if value is not None:  # once the click that led away is done with, which hides every tooltip
                QTimer.singleShot(0, self._explain)

    def _commit(self, value: float) -> None:
        changed = value != self._value
        self._value = value
        self._show(value)
        if changed:
            self.edited.emit(value)

    def _show(self, value: float) -> None:
        text = format_number(value)
        if self.lineEdit().text() != text:
            self.lineEdit().setText(text)
        self.lineEdit().setModified(False)
        self._mark(wrong=False)

    def _mark(self, *, wrong: bool) -> None:
        palette = QPalette()
        if wrong:
            palette.setColor(QPalette.ColorRole.Text, self.look.theme.color("state.bad"))
        if self.lineEdit().palette() != palette:
            self.lineEdit().setPalette(palette)

    def _explain(self) -> None:
        text = _("Enter a number: {range}.").format(range=self.range_text())
        if self._integer:
            text = _("Enter a whole number: {range}.").format(range=self.range_text())
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height() // 2)), text, self)

    def _parsed(self, text: str) -> float | None:
        value = parse_number(text)
        if value is None or not self._integer:
            return value
        return int(value) if value == int(value) else None

    def _is_inside(self, value: float) -> bool:
        return (self._low is None or value >= self._low) and (self._high is None or value <= self._high)

    def _clamped(self, value: float) -> float:
        value = value if self._low is None else max(self._low, value)
        value = value if self._high is None else min(self._high, value)
        return int(value) if self._integer else float(value)
