"""A column of forms that scrolls up and down, never sideways, on the panel's own background."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class FormScroll(QScrollArea):
    """Put widgets into ``column``; the last one should be followed by ``column.addStretch(1)``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside = inside = QWidget(self)
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(12, 8, 12, 12)
        self.column.setSpacing(8)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        inside.setBackgroundRole(QPalette.ColorRole.Base)

    def reveal(self, widget: QWidget) -> None:
        """Scroll to ``widget``, also when it has just come and its layouts have not yet given it its place."""
        inner = widget.parentWidget()
        while inner is not None and inner is not self:
            QCoreApplication.sendPostedEvents(inner, QEvent.Type.LayoutRequest.value)
            inner = inner.parentWidget()
        self.ensureWidgetVisible(widget)

    def minimumSizeHint(self) -> QSize:
        """As wide as what it holds, so that nothing is cut off at the right."""
        return QSize(self._inside.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width(), 80)
