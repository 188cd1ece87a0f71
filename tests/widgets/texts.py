"""A painter that notes where texts are written, so that a test can say that none runs into another."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPaintDevice, QPainter


class TextRecorder(QPainter):
    """Paints, and keeps every text with the box of its letters on the device."""

    def __init__(self, device: QPaintDevice) -> None:
        super().__init__(device)
        self.texts: list[tuple[str, QRectF]] = []

    def drawText(self, place: Any, *rest: Any) -> None:
        metrics = QFontMetricsF(self.font(), self.device())
        if isinstance(place, QPointF):
            (text,) = rest
            box = QRectF(place.x(), place.y() - metrics.ascent(), metrics.horizontalAdvance(text), metrics.height())
        else:
            flags, text = rest
            box = metrics.boundingRect(QRectF(place), Qt.AlignmentFlag(flags).value, text)
        self.texts.append((text, self.transform().mapRect(box)))
        super().drawText(place, *rest)


def touching(texts: list[tuple[str, QRectF]], gap: float) -> list[tuple[str, str]]:
    """The pairs of texts that have less than ``gap`` pixels between them."""
    written = [(text, box.adjusted(-gap / 2, 0, gap / 2, 0)) for text, box in texts if text]
    return [(one, other) for (one, box), (other, place) in combinations(written, 2) if box.intersects(place)]
