"""The near side of a strip painted afar: the memory that both processes see, and the screen on which the picture is seen.

The screen is a widget whose background is the picture, so that Qt paints it without asking the interpreter.
"""

from __future__ import annotations

import itertools
import weakref
from typing import TYPE_CHECKING, final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QImage, QPalette, QPixmap, QRegion
from PySide6.QtWidgets import QWidget
from shiboken6 import VoidPtr

from simulations.core.arrays import Array
from widgets.plots.strip_afar import FORMAT, Canvas, cell_rects
from widgets.plots.strip_layout import StripLayout
from widgets.plots.strip_paint import StripContent

if TYPE_CHECKING:
    from multiprocessing.shared_memory import SharedMemory

_TOKENS = itertools.count(1)


@final
class Easel:
    """Holds at most one canvas at a time, and shows the picture on it over the cells of ``strip``."""

    def __init__(self, strip: QWidget) -> None:
        self._strip = strip
        self._screen: QWidget | None = None
        self._memory: SharedMemory | None = None
        self._give_back: weakref.finalize[[SharedMemory], Easel] | None = None  # at the latest when this one dies
        self.canvas: Canvas | None = None

    def set_up(self, content: StripContent, layout: StripLayout, ratio: float) -> None:
        """Another canvas, for what is drawn like this from now on."""
        from multiprocessing.shared_memory import SharedMemory  # not before the first paint

        self.put_away()
        self._memory = memory = SharedMemory(create=True, size=Canvas.of(content, layout, ratio).size)
        self._give_back = weakref.finalize(self, _give_back, memory)
        self.canvas = canvas = Canvas.of(content, layout, ratio, next(_TOKENS), memory.name)
        rows, columns = canvas.shape
        address = VoidPtr(canvas.picture(memory).ctypes.data, canvas.size // 2, False)  # type: ignore[call-arg]
        picture = QImage(address, columns, rows, 4 * columns, FORMAT)  # type: ignore[call-overload]  # no copy, no hold on it
        picture.setDevicePixelRatio(ratio)
        palette, brush = QPalette(), QBrush()
        brush.setTextureImage(picture)
        palette.setBrush(QPalette.ColorRole.Window, brush)
        self._screen = QWidget(self._strip)
        self._screen.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._screen.setAutoFillBackground(True)
        self._screen.setPalette(palette)
        self._screen.setGeometry(layout.moving.left(), 0, layout.moving.width(), canvas.height)
        seen = QRegion()
        for rect in cell_rects(canvas.cells, layout):
            seen += rect.translated(-layout.moving.left(), 0)
        self._screen.setMask(seen)

    def suits(self, content: StripContent, layout: StripLayout, ratio: float) -> bool:
        """Whether the picture on the canvas is what would be painted."""
        canvas = self.canvas
        return canvas is not None and canvas == Canvas.of(content, layout, ratio, canvas.token, canvas.memory)

    def set_ground(self, ground: QPixmap) -> None:
        """What stands still of the whole strip from now on."""
        if self.canvas is not None and self._memory is not None:
            image = ground.toImage().convertToFormat(FORMAT)
            pixels: Array = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
            seen = pixels[:, self.canvas.left : self.canvas.left + self.canvas.shape[1]]
            self.canvas.ground(self._memory)[:, : seen.shape[1]] = seen

    def show(self) -> None:
        """There is another picture on the canvas."""
        if self._screen is not None:
            if self._screen.isHidden():
                self._screen.show()
            self._screen.update()

    @property
    def is_shown(self) -> bool:
        return self._screen is not None and not self._screen.isHidden()

    def step_back(self) -> None:
        """Let the strip paint by itself."""
        if self._screen is not None:
            self._screen.hide()

    def put_away(self) -> None:
        """Give the memory back."""
        screen, self._screen, self._memory, self.canvas = self._screen, None, None, None
        if screen is not None:
            screen.hide()
            screen.setPalette(QPalette())
            screen.deleteLater()
        if self._give_back is not None:
            self._give_back()


def _give_back(memory: SharedMemory) -> None:
    memory.unlink()
    memory.close()
