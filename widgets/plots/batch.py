"""Rectangles and lines by the thousand from NumPy arrays, in one call of the painter and without an object for each.

Every ``QRectF`` or ``QLineF`` that dies hands the interpreter to another thread and has to get it back. A picture made of
a thousand of them, painted while the simulation thread computes, loses more time in that than in painting; here the
painter reads the array's own memory.
"""

from __future__ import annotations

from typing import Generic, TypeVar, cast, final

import numpy as np
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter
from shiboken6 import Shiboken

from simulations.core.arrays import Array

_Shape = TypeVar("_Shape", QRectF, QLineF)


class _Memory(Generic[_Shape]):
    """Room for rows of four numbers that Qt sees as objects of ``kind``; it grows as needed."""

    first: _Shape

    def __init__(self, kind: type[_Shape]) -> None:
        self._kind: type[_Shape] = kind
        self._reserve(64)

    def _reserve(self, rows: int) -> None:
        self._room = np.empty((rows, 4))
        self.first = cast("_Shape", Shiboken.wrapInstance(self._room.ctypes.data, self._kind))

    def fill(self, rows: Array) -> int:
        count = len(rows)
        if count > len(self._room):
            self._reserve(2 * count)
        if count:
            self._room[:count] = rows
        return count


@final
class Rects:
    """Rectangles ``(m, 4)``: left, top, width, height."""

    def __init__(self) -> None:
        self._memory = _Memory(QRectF)

    def draw(self, painter: QPainter, rects: Array) -> None:
        """Fill and outline them with the painter's brush and pen."""
        if count := self._memory.fill(rects):
            painter.drawRects(self._memory.first, count)


@final
class Lines:
    """Straight lines ``(m, 4)``: x₁, y₁, x₂, y₂."""

    def __init__(self) -> None:
        self._memory = _Memory(QLineF)

    def draw(self, painter: QPainter, lines: Array) -> None:
        """Stroke them with the painter's pen."""
        if count := self._memory.fill(lines):
            painter.drawLines(self._memory.first, count)


def chain(x: Array, y: Array) -> Array:
    """The lines ``(m − 1, 4)`` from point to point of a path."""
    return np.stack([x[:-1], y[:-1], x[1:], y[1:]], axis=-1)
