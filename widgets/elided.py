"""A line of text that never asks for room."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_SIZES: Final = (1.0, 0.95, 0.9, 0.85, 0.8)  # shares of its own


class Elided(QLabel):
    """Grows a little smaller where its place is narrow, then ends in …, and gives way altogether to half a word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def shown(self) -> tuple[str, QFont]:
        """What can be read of the text in the present width, and how it is written."""
        whole, font = self.text(), QFont(self.font())
        for share in _SIZES:
            font.setPointSizeF(self.font().pointSizeF() * share)
            if QFontMetricsF(font).horizontalAdvance(whole) <= self.width():
                return whole, font
        text = QFontMetricsF(font).elidedText(whole, Qt.TextElideMode.ElideRight, self.width())
        return (text if len(text) - 1 > len(whole) / 2 else ""), font

    def paintEvent(self, event: QPaintEvent) -> None:
        text, font = self.shown()
        painter = QPainter(self)
        painter.setFont(font)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
