"""The strip along the top: the transport on the left, the window's few buttons on the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from widgets.theme import Look
from widgets.view import View

_WIDE_PX: Final = 760  # from here on the first button has room for its text


class TopBar(View):
    """Holds a transport for each workspace and a button for each of ``actions``; the first shows its text."""

    def __init__(self, actions: tuple[QAction, ...], look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._buttons: list[QToolButton] = []
        self._transports: list[QWidget] = []
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 1)
        layout.setSpacing(4)
        layout.addStretch(1)
        for index, action in enumerate(actions):
            button = QToolButton(self)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setDefaultAction(action)
            if not index:
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self._buttons.append(button)
            layout.addWidget(button)
        self.retheme()

    def show_transport(self, transport: QWidget) -> None:
        """Show ``transport`` on the left, in place of any other; one that fills the room gets it."""
        if transport not in self._transports:
            self._transports.append(transport)
            self._row.insertWidget(0, transport)
        for one in self._transports:
            one.setVisible(one is transport)
        fills = bool(transport.sizePolicy().expandingDirections() & Qt.Orientation.Horizontal)
        self._row.setStretch(self._row.indexOf(transport), int(fills))
        self._row.setStretch(len(self._transports), int(not fills))

    def retheme(self) -> None:
        theme = self.look.theme
        for index, button in enumerate(self._buttons):
            button.setIconSize(QSize(theme.px(20), theme.px(20)))
            button.setFixedHeight(theme.px(34))
            if index:
                button.setFixedWidth(theme.px(34))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= self.look.theme.px(_WIDE_PX)
        style = Qt.ToolButtonStyle
        self._buttons[0].setToolButtonStyle(style.ToolButtonTextBesideIcon if is_wide else style.ToolButtonIconOnly)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self.look.theme
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.setPen(theme.pen("border"))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
