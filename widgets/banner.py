"""A sentence across the window that asks for a decision or tells of trouble, with its buttons, until it is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from widgets.icons import draw_icon, icon
from widgets.text import _
from widgets.theme import Look
from widgets.view import View

_GOOD_NEWS_MS: Final = 10_000  # what asks for nothing has been read by then


@dataclass(frozen=True)
class Notice:
    """What a banner says. Texts are functions, asked again when the language changes; ``answers`` pairs a button's text
    with what it does, ``decline`` is what closing it does besides."""

    text: Callable[[], str]
    tone: Literal["good", "attention", "bad"] = "attention"
    answers: tuple[tuple[Callable[[], str], Callable[[], None]], ...] = field(default=())
    decline: Callable[[], None] | None = None


class Banner(View):
    """Shows one :class:`Notice` at a time; hidden while there is none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.notice: Notice | None = None
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._buttons: list[QPushButton] = []
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_GOOD_NEWS_MS)
        self._patience.timeout.connect(self._on_told)
        self._close = QToolButton(self)
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self._on_closed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(40, 6, 8, 6)
        self._row.setSpacing(8)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._close)
        self.retheme()
        self.retranslate()
        self.hide()

    def announce(self, notice: Notice) -> None:
        """Show ``notice`` in place of whatever was shown."""
        self._clear()
        self.notice = notice
        for index in range(len(notice.answers)):
            button = QPushButton(self)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it was
            button.clicked.connect(self._on_answered)
            button.setProperty("answer", index)
            self._buttons.append(button)
            self._row.insertWidget(1 + index, button)
        self.retranslate()
        self.show()
        self.update()
        if notice.tone == "good" and not notice.answers:
            self._patience.start()

    def dismiss(self) -> None:
        self._clear()
        self.hide()

    def retranslate(self) -> None:
        self._close.setAccessibleName(_("Close"))
        if self.notice is None:
            return
        self._text.setText(self.notice.text())
        self.setAccessibleName(self.notice.text())
        for button, (text, _run) in zip(self._buttons, self.notice.answers, strict=True):
            button.setText(text())

    def retheme(self) -> None:
        self._close.setIcon(icon("close", self.look, "text.secondary"))
        self._close.setIconSize(QSize(16, 16))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.notice is None:
            return
        theme = self.look.theme
        role = f"state.{self.notice.tone}"
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.fillRect(self.rect(), theme.color(role, 0.12))
        painter.fillRect(0, 0, 4, self.height(), theme.color(role))
        painter.setPen(theme.pen("border"))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        sign = "check" if self.notice.tone == "good" else "warning"
        draw_icon(painter, QRectF(13, (self.height() - 20) / 2, 20, 20), sign, theme.color(role))

    def _on_told(self) -> None:
        """Good news leave by themselves, but not from under the pointer."""
        if self.underMouse():
            self._patience.start()
        else:
            self.dismiss()

    def _clear(self) -> None:
        self._patience.stop()
        held = self.focusWidget()
        if held is not None:
            held.clearFocus()  # else hiding it hands the keyboard to some control that the next key would turn
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        self.notice = None

    def _on_closed(self) -> None:
        notice = self.notice
        self.dismiss()
        if notice is not None and notice.decline is not None:
            notice.decline()

    def _on_answered(self) -> None:
        notice = self.notice
        if notice is None:
            return
        _text, run = notice.answers[self.sender().property("answer")]
        self.dismiss()
        run()
