"""GIF: a plot that moves, from its first moment to its last, on the sheet every drawn format shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from app.exporters.base import EXPORTERS, Animation, Exporter, ExportOptions
from app.exporters.gif_stream import TAIL, GifStream, Pixels
from app.exporters.page import Page
from simulations.core.text import N_
from widgets.plot import MovingPlot, Plot, Table
from widgets.theme import Theme

_SAMPLES = 5  # frames the palette is made from
_LEAST_MS = 20  # browsers show anything shorter slowly


@EXPORTERS.register(
    "gif",
    label=N_("GIF animation"),
    summary=N_("The picture as it moves, from the first step to the last; for slides and chats."),
)
class Gif(Exporter):
    """Graphics Interchange Format 89a."""

    has_pixels = True
    moves = True

    def suits(self, plot: Plot) -> bool:
        return isinstance(plot, MovingPlot) and plot.moments() > 1

    def encode(self, plot: Plot, options: ExportOptions) -> bytes:
        return b"".join(part for _, part in self.parts(plot, options))

    def parts(self, plot: Plot, options: ExportOptions) -> Iterator[tuple[float, bytes]]:
        assert isinstance(plot, MovingPlot)
        moments, duration_ms = _schedule(plot.moments(), options.animation)
        samples = [moments[int(i)] for i in np.linspace(0, len(moments) - 1, min(_SAMPLES, len(moments)))]
        stream = GifStream([_pixels(plot, one, options) for one in samples], loops=options.animation.loops)
        yield 0.0, stream.head()
        for index, moment in enumerate(moments):
            is_last = index == len(moments) - 1
            shown = duration_ms + round(1000 * options.animation.hold_s) * is_last
            yield (index + 1) / len(moments), stream.frame(_pixels(plot, moment, options), shown)
        yield 1.0, TAIL


def _schedule(count: int, animation: Animation) -> tuple[list[int], int]:
    """Which of ``count`` moments are drawn, first and last always, and how long each of them is shown."""
    frames = max(2, round(animation.seconds * animation.frames_per_second))
    moments = np.unique(np.round(np.linspace(0, count - 1, frames)).astype(int)).tolist()
    return moments, max(_LEAST_MS, 10 * round(100 * animation.seconds / len(moments)))


def _pixels(plot: MovingPlot, moment: int, options: ExportOptions) -> Pixels:
    """The sheet at ``moment``, ``(height, width, 3)``."""
    page = Page(_Standing(plot, moment), options)
    image = QImage(page.size * options.scale, QImage.Format.Format_RGB888)
    image.setDevicePixelRatio(options.scale)
    painter = QPainter(image)
    page.draw(painter, stroke=options.scale)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


@final
class _Standing:
    """A moving plot as the still picture of one moment."""

    def __init__(self, plot: MovingPlot, moment: int) -> None:
        self._plot, self._moment = plot, moment
        self.plot_id = plot.plot_id

    def plot_title(self) -> str:
        return self._plot.plot_title()

    def plot_size(self) -> QSize:
        return self._plot.plot_size()

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        self._plot.draw_moment(painter, rect, theme, self._moment)

    def table(self) -> Table:
        return self._plot.table()
