"""A strip's histograms painted where they are counted: the other process leaves pictures in memory that both see.

Painting in the window takes the interpreter from the simulation thread. The process that answers the probe of the Layers
panel has an interpreter of its own, so it draws the same shapes with the same painter onto what stands still, and the
window has no more to do than to put a finished picture on the screen. Numbers follow as often as they can be read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic, process_time
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from simulations.core.arrays import Array, FloatArray
from simulations.core.lanes import processors
from simulations.probes.answers import LayersAnswer
from simulations.probes.cells import Cell
from simulations.probes.layers import LayersProbe
from widgets.plots.strip_layout import StripLayout
from widgets.plots.strip_live import LivePainter
from widgets.plots.strip_paint import StripContent
from widgets.theme import Theme

if TYPE_CHECKING:
    from multiprocessing.shared_memory import SharedMemory

FORMAT: Final = QImage.Format.Format_RGB32
_FRAME_S: Final = 0.01  # a picture a frame …
_OTHER_FRAME_S: Final = 0.02  # … or every other frame, where a picture takes long and no processor is free for it
_LIGHT_S, _HEAVY_S = 0.0042, 0.0052  # a quarter of a frame; once it is given each frame it may take a bit more
_WEIGHT: Final = 0.1  # of the last picture in what one takes
_READABLE_S: Final = 0.2


@dataclass(frozen=True)
class Canvas:
    """Where the histograms of a strip are painted, and how; ``token`` is another for each.

    In the shared memory ``memory`` lies the ground, which is what stands still, and after it the picture, each of ``shape``
    (rows, columns) device pixels, ``ratio`` of them to a logical one. The strip is ``width`` by ``height`` logical pixels,
    and ``left`` device pixels of it are before them.
    """

    token: int
    memory: str
    cells: tuple[Cell, ...]
    width: int
    height: int
    ratio: float
    rows: int
    theme: Theme
    log_counts: bool
    weights_have_zeros: bool
    left: int
    shape: tuple[int, int]

    @staticmethod
    def of(content: StripContent, layout: StripLayout, ratio: float, token: int = 0, memory: str = "") -> Canvas:
        """The canvas of a strip that shows ``content``."""
        width, height, moving = round(layout.rect.width()), round(layout.rect.height()), layout.moving
        left, right = round(moving.left() * ratio), math.ceil((moving.right() + 1) * ratio)
        return Canvas(
            token, memory, content.answer.cells, width, height, ratio, layout.rows, layout.theme, content.log_counts,
            layout.weights_have_zeros, left, (round(height * ratio), right - left),
        )  # fmt: skip

    @property
    def size(self) -> int:
        """Bytes of the memory."""
        return 8 * self.shape[0] * self.shape[1]

    def layout(self) -> StripLayout:
        return StripLayout(QRectF(0, 0, self.width, self.height), self.rows, self.theme, self.weights_have_zeros)

    def ground(self, memory: SharedMemory) -> Array:
        """The pixels of what stands still."""
        return np.ndarray(self.shape, np.uint32, memory.buf)

    def picture(self, memory: SharedMemory) -> Array:
        """The pixels of the histograms on it; only those of the cells themselves."""
        return np.ndarray(self.shape, np.uint32, memory.buf, self.size // 2)


@dataclass(frozen=True)
class Painted:
    """An answer whose picture is on the canvas ``token``. ``tops`` are the counts at the tops of the cells.

    On its way here ``numbers`` are missing where those before are new enough to be read; without a canvas ``token`` is 0.
    ``is_light`` where such answers take so little time that there may be one every frame.
    """

    numbers: LayersAnswer | None
    tops: FloatArray | None = None
    token: int = 0
    is_light: bool = False


@final
@dataclass(frozen=True)
class StripProbe(LayersProbe):
    """The question of a strip. ``canvas`` is where another process paints the answer."""

    canvas: Canvas | None = None

    def period_afar_s(self, last: Any) -> float:
        if self.canvas is None:
            return self.period_s
        is_light = isinstance(last, Painted) and last.is_light
        return _FRAME_S if is_light or processors() > 2 else _OTHER_FRAME_S

    def measure_afar(self, view: Any, memory: dict[str, Any]) -> Painted:
        painter: AfarPainter = memory.setdefault("painter", AfarPainter())
        began = process_time()
        painted = painter.painted(self.measure(view, memory), self.canvas)
        return replace(painted, is_light=painter.effort.is_light_after(process_time() - began))

    def joined(self, answer: Any, before: Any) -> Any:
        """``answer`` with the numbers ``before`` it where it has none of its own."""
        old = before.numbers if isinstance(before, Painted) else before
        if answer.numbers is not None:
            return Painted(super().joined(answer.numbers, old), answer.tops, answer.token, answer.is_light)
        if not isinstance(before, Painted) or before.token != answer.token:
            return before if isinstance(before, Painted) else None
        return Painted(old, before.tops, answer.token, answer.is_light)


@final
class Effort:
    """What an answer takes of a processor, smoothed, and whether that is little."""

    def __init__(self) -> None:
        self._taken_s: float | None = None
        self._is_light = False

    def is_light_after(self, taken_s: float) -> bool:
        """Whether answers are light, now that one took ``taken_s``; it does not change to and fro at the limit."""
        known = taken_s if self._taken_s is None else self._taken_s
        self._taken_s = known + _WEIGHT * (taken_s - known)
        self._is_light = self._taken_s <= (_HEAVY_S if self._is_light else _LIGHT_S)
        return self._is_light


@final
class AfarPainter:
    """The far side: paints each answer on the canvas."""

    def __init__(self) -> None:
        self.effort = Effort()
        self._canvas: Canvas | None = None
        self._memory: SharedMemory | None = None
        self._live = LivePainter()
        self._told: LayersAnswer | None = None
        self._told_at = 0.0

    def painted(self, answer: LayersAnswer, canvas: Canvas | None) -> Painted:
        """``answer`` on ``canvas``; as it is where there is none, or where something in it has to be written."""
        if canvas is None or canvas.cells != answer.cells or answer.now.bad.any() or not self._is_open(canvas):
            self._told = None
            return Painted(answer)
        self._paint(answer, canvas)
        if self._is_told(answer):
            return Painted(None, None, canvas.token)
        self._told, self._told_at = answer, monotonic()
        return Painted(answer, self._live.tops, canvas.token)

    def _is_told(self, answer: LayersAnswer) -> bool:
        """Whether the numbers sent before can be read a while longer."""
        told = self._told
        if told is None or monotonic() - self._told_at > _READABLE_S:
            return False
        return told.now.ranges.tobytes() == answer.now.ranges.tobytes()

    def _paint(self, answer: LayersAnswer, canvas: Canvas) -> None:
        """Finish the picture apart, cell by cell, and then hand it over, so that nobody sees it half done."""
        assert self._memory is not None
        ground, picture = canvas.ground(self._memory), canvas.picture(self._memory)
        pixels: Array = np.frombuffer(self._image.bits(), np.uint32).reshape(canvas.shape)
        for place in self._places:
            pixels[place] = ground[place]
        painter = QPainter(self._image)
        painter.translate(-canvas.left / canvas.ratio, 0.0)
        self._live.paint(painter, StripContent(answer, (), canvas.log_counts, frozenset(), ""), self._layout)
        painter.end()
        for place in self._places:
            picture[place] = pixels[place]

    def _is_open(self, canvas: Canvas) -> bool:
        """Whether the memory of ``canvas`` can be seen."""
        from multiprocessing.shared_memory import SharedMemory  # not before the first paint

        if canvas != self._canvas:
            if self._memory is not None:
                self._memory.close()
            self._canvas, self._memory, self._told = canvas, None, None
            try:
                self._memory = SharedMemory(canvas.memory)
            except OSError:  # the window has another one by now
                return False
            self._layout = canvas.layout()
            self._image = QImage(canvas.shape[1], canvas.shape[0], FORMAT)
            self._image.setDevicePixelRatio(canvas.ratio)
            self._places = [_place(one, canvas) for one in cell_rects(canvas.cells, self._layout)]
        return self._memory is not None


def cell_rects(cells: Sequence[Cell], layout: StripLayout) -> list[QRect]:
    """Where in a strip each of ``cells`` is drawn."""
    names = list(dict.fromkeys(name for name, _quantity in cells))  # every layer has activations
    return [layout.cell(names.index(name), quantity).moving for name, quantity in cells]


def _place(rect: QRect, canvas: Canvas) -> tuple[slice, slice]:
    """``rect`` in the arrays of ``canvas``."""
    ratio, left = canvas.ratio, canvas.left
    top, bottom = math.floor(rect.top() * ratio), math.ceil((rect.bottom() + 1) * ratio)
    return slice(top, bottom), slice(
        max(math.floor(rect.left() * ratio) - left, 0), math.ceil((rect.right() + 1) * ratio) - left
    )
