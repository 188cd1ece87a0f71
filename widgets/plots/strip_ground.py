"""What of a strip stands still, as a pixmap, with the words on it: they are written anew without painting the rest."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap, QRegion

from simulations.probes.answers import LayersAnswer
from simulations.probes.cells import Cell
from widgets.plots.strip_layout import StripLayout
from widgets.plots.strip_paint import ChromePainter, StripContent
from widgets.plots.strip_words import WordsPainter, hints


@final
class Ground:
    """Chrome, the frame of the selected cell, and words. ``version`` counts how often the chrome was painted."""

    def __init__(self) -> None:
        self._still, self._words = ChromePainter(), WordsPainter()
        self._chrome: QPixmap | None = None
        self._seen = QPixmap()
        self._key: tuple[object, ...] = ()
        self._answer: LayersAnswer | None = None
        self._hints: tuple[str, ...] = ()
        self._region: tuple[StripLayout, tuple[Cell, ...], QRegion] | None = None
        self.version = 0

    def forget(self) -> None:
        """Paint everything anew when it is asked for next."""
        self._chrome, self._answer = None, None

    def tells(self, answer: LayersAnswer) -> bool:
        """Whether the words are those of ``answer``."""
        return self._answer is answer

    def pixmap(self, content: StripContent, layout: StripLayout, ratio: float, selected: Cell | None) -> QPixmap:
        """All of it; the words may be those of an answer before."""
        key = (layout, ratio, selected, content.chrome_key())
        if self._chrome is None or key != self._key:
            self._chrome, self._key = QPixmap(layout.rect.size().toSize() * ratio), key
            self._chrome.setDevicePixelRatio(ratio)
            painter = QPainter(self._chrome)
            self._still.paint(painter, content, layout)
            _frame(painter, content, layout, selected)
            painter.end()
            self._seen = self._chrome.copy()
            self.version += 1
            self._write(content, layout, QRegion())
        return self._seen

    def renew(self, content: StripContent, layout: StripLayout, ratio: float, selected: Cell | None) -> QRegion:
        """Write the words of ``content``; answers where something has changed."""
        before, said = self.version, self._hints
        self.pixmap(content, layout, ratio, selected)
        if self.version != before:
            return QRegion(layout.rect.toAlignedRect())
        kept = self._region
        if kept is None or kept[0] is not layout or kept[1] != content.answer.cells:
            self._region = kept = layout, content.answer.cells, self._words.region(content, layout)
        region = kept[2] if hints(content) == said else kept[2] + layout.names
        self._write(content, layout, region)
        return region

    def _write(self, content: StripContent, layout: StripLayout, region: QRegion) -> None:
        painter = QPainter(self._seen)
        if self._chrome is not None and not region.isEmpty():
            painter.setClipRegion(region)
            painter.drawPixmap(0, 0, self._chrome)
        self._words.paint(painter, content, layout)
        painter.end()
        self._answer, self._hints = content.answer, hints(content)


def _frame(painter: QPainter, content: StripContent, layout: StripLayout, selected: Cell | None) -> None:
    """Around the selected cell, while keys move it."""
    if selected is not None and selected in content.answer.cells:
        painter.setPen(layout.theme.pen("accent", 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        areas = content.areas(layout, content.answer.cells.index(selected))
        painter.drawRect(areas.whole.adjusted(1, 1, -1, -1))
