"""Formulas as text: hats and bars are drawn by hand, since many fonts misplace them, and lines break between operands."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QPainter

_HAT, _BAR = "\u0302", "\u0304"
_PIECE: Final = re.compile(r"[^ ·/,;]+[·/,;]*|[ ·/,;]")  # a line may break after each
_INDENT: Final = 14.0  # pixels of a line that goes on


@dataclass(frozen=True)
class Word:
    """A line's text without marks, from ``x`` on, and the letters that have one: index and mark."""

    text: str
    x: float
    row: int
    marks: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class MathText:
    """``text`` broken into lines of at most ``width``."""

    words: tuple[Word, ...]
    line: float
    rows: int

    @property
    def height(self) -> float:
        return self.rows * self.line

    def width(self, font: QFontMetricsF) -> float:
        return max((word.x + font.horizontalAdvance(word.text) for word in self.words), default=0.0)

    def draw(self, painter: QPainter, left: float, top: float) -> None:
        """Paint it in the painter's font and pen; the font is that it was laid out for."""
        font = QFontMetricsF(painter.font(), painter.device())
        for word in self.words:
            x, y = left + word.x, top + word.row * self.line + font.ascent() + self.line - font.height()
            painter.drawText(QPointF(x, y), word.text)
            for index, mark in word.marks:
                start = x + font.horizontalAdvance(word.text[:index])
                wide = font.horizontalAdvance(word.text[index])
                _draw_mark(painter, font, start + wide / 2, y - _height_of(font, word.text[index]), mark)


def lay_out(text: str, width: float, font: QFontMetricsF) -> MathText:
    """Break ``text`` after spaces, signs of multiplication and commas; what is longer than a line stays whole."""
    decomposed = unicodedata.normalize("NFD", text)
    high = font.height()
    line = high * (1.12 if _HAT in decomposed or _BAR in decomposed else 1.0)
    plain, marks = _without_marks(decomposed)
    if font.horizontalAdvance(plain) <= width:
        return MathText((Word(plain, 0.0, 0, marks),), line, 1)
    rows, x, indent = [""], 0.0, _INDENT * high / 16
    for piece in _PIECE.findall(decomposed):
        wide = font.horizontalAdvance(_without_marks(piece)[0])
        if rows[-1] and x + wide > width and piece != " ":
            rows.append("")
            x = indent
        rows[-1] += piece
        x += wide
    words = []
    for row, written in enumerate(rows):
        plain, marks = _without_marks(written)
        words.append(Word(plain, indent if row else 0.0, row, marks))
    return MathText(tuple(words), line, len(rows))


def _without_marks(piece: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    if _HAT not in piece and _BAR not in piece:
        return piece, ()
    plain, marks = "", []
    for letter in piece:
        if letter in (_HAT, _BAR):
            marks.append((len(plain) - 1, letter))
        else:
            plain += letter
    return plain, tuple(marks)


def _height_of(font: QFontMetricsF, letter: str) -> float:
    return font.capHeight() if letter in "bdfhkltβδθλ" or letter.isupper() else font.xHeight()


def _draw_mark(painter: QPainter, font: QFontMetricsF, x: float, y: float, mark: str) -> None:
    size = font.xHeight() * 0.42
    y -= size * 0.55
    if mark == _BAR:
        painter.drawLine(QPointF(x - size, y), QPointF(x + size, y))
        return
    painter.drawLine(QPointF(x - size, y), QPointF(x, y - size * 0.9))
    painter.drawLine(QPointF(x, y - size * 0.9), QPointF(x + size, y))
