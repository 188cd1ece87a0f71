"""Which of a surface's minima and saddles are marked in a picture: all while they are few, else those that leave room."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from simulations.core.arrays import Array, FloatArray, IntArray
from simulations.racing.probes.ground import GroundAnswer
from widgets.text import _
from widgets.theme import Theme

_FEW: Final = 80  # of both kinds: so many are all shown
_MOST: Final = 40  # of each kind, where there are more
_APART_PX: Final = 30.0  # before the text scale
_FONT_PT: Final = 8.5


class Revealed(NamedTuple):
    """The indices of those shown, the lowest first, and how many there are in the picture."""

    minima: IntArray
    saddles: IntArray
    minima_there: int
    saddles_there: int

    def words(self) -> str:
        """What is left out; nothing where nothing is."""
        if len(self.minima) == self.minima_there and len(self.saddles) == self.saddles_there:
            return ""
        return _("{minima} of {all_minima} minima, {saddles} of {all_saddles} saddles").format(
            minima=len(self.minima),
            all_minima=self.minima_there,
            saddles=len(self.saddles),
            all_saddles=self.saddles_there,
        )


def revealed(ground: GroundAnswer, minima: FloatArray, saddles: FloatArray, is_seen: Array, scale: float) -> Revealed:
    """Of minima and saddles at the pixels ``(n, 2)``, ``is_seen`` telling of both, in a row, which are inside.

    Global minima come first, then the deepest; of many, a mark keeps its distance from those before it.
    """
    lows, passes = np.flatnonzero(is_seen[: len(minima)]), np.flatnonzero(is_seen[len(minima) :])
    there = len(lows), len(passes)
    if sum(there) > _FEW:
        deepest = sum(1 for i in lows.tolist() if ground.minima[i].is_global)  # they are the first
        apart = _APART_PX * scale
        lows = lows[_spread(minima[lows], np.empty((0, 2)), apart, deepest if deepest <= _MOST else 0)]
        passes = passes[np.argsort([ground.saddles[i].value for i in passes.tolist()], kind="stable")]
        passes = passes[_spread(saddles[passes], minima[lows], apart, 0)]
    return Revealed(lows, passes, *there)


def _spread(places: FloatArray, others: FloatArray, apart: float, always: int) -> IntArray:
    """Indices into ``places`` ``(n, 2)``: the first ``always``, then each in turn that is ``apart`` from those and ``others``."""
    is_free = np.ones(len(places), bool)
    is_free[:always] = False
    for one in (*others, *places[:always]):
        is_free &= np.hypot(*(places - one).T) >= apart
    found = list(range(always))
    while len(found) < _MOST and is_free.any():
        found.append(int(is_free.argmax()))
        is_free &= np.hypot(*(places - places[found[-1]]).T) >= apart
    return np.array(found, np.int64)


def draw_left_out(painter: QPainter, area: QRectF, theme: Theme, words: str) -> None:
    """``words`` on a plate in the lower left corner of ``area``."""
    if not words:
        return
    painter.setFont(theme.font(_FONT_PT))
    text = painter.fontMetrics()
    width, height = text.horizontalAdvance(words) + theme.px(10), text.height() + theme.px(4)
    plate = QRectF(area.left() + theme.px(6), area.bottom() - theme.px(6) - height, width, height)
    painter.fillRect(plate, theme.color("panel"))
    painter.setPen(theme.pen("text.secondary"))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)
