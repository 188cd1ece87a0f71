"""The base of plots we paint ourselves: one ``draw`` for screen and export, painted once and kept until something changes.

A repaint that only covers (a dock moved, a tooltip left) costs one pixmap copy, however much is in the picture.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QToolTip, QWidget

from widgets.plot import Table
from widgets.theme import Look, Theme
from widgets.view import View


class Picture(View):
    """A view that draws itself through :meth:`draw` and answers the pointer with :meth:`text_at`."""

    plot_id = ""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._kept: QPixmap | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(120, 90)

    def plot_title(self) -> str:
        return ""

    def plot_size(self) -> QSize:
        return self.size()

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Paint everything into ``rect``."""
        raise NotImplementedError

    def table(self) -> Table:
        """The numbers that are drawn."""
        raise NotImplementedError

    def text_at(self, position: QPointF) -> str:
        """What is under the pointer, in words and numbers; empty for nothing."""
        return ""

    def sizeHint(self) -> QSize:
        return QSize(360, 280)

    def refresh(self) -> None:
        """Paint anew: what is shown has changed."""
        self._kept = None
        self.update()

    def retranslate(self) -> None:
        self.setAccessibleName(self.plot_title())
        self.refresh()

    def retheme(self) -> None:
        self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._kept is None or self._kept.size() != self.size() * ratio:
            kept = QPixmap(self.size() * ratio)
            kept.setDevicePixelRatio(ratio)
            painter = QPainter(kept)
            self.draw(painter, QRectF(self.rect()), self.look.theme)
            painter.end()
            self._kept = kept
        QPainter(self).drawPixmap(0, 0, self._kept)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.text_at(QPointF(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def draw_empty(painter: QPainter, rect: QRectF, theme: Theme, sentence: str) -> None:
    """The background and, in its middle, the sentence that says why there is nothing."""
    painter.fillRect(rect, theme.color("panel"))
    painter.setPen(theme.color("text.secondary"))
    painter.setFont(theme.font(10))
    inside = rect.adjusted(theme.px(16), 0, -theme.px(16), 0)
    painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, sentence)


def metrics(painter: QPainter) -> QFontMetricsF:
    """The metrics of the painter's font on the painter's device."""
    return QFontMetricsF(painter.font(), painter.device())
