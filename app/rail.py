"""The narrow rail on the left: a button a workspace, and below them the few things one changes about the window itself."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from app.workspaces import WorkspaceDefinition
from widgets.icons import icon
from widgets.text import _
from widgets.theme import Look
from widgets.view import View

_WIDTH_PX = 60


class Rail(View):
    """``workspaceChosen`` carries the name of the workspace a person wants to see."""

    workspaceChosen = Signal(str)

    def __init__(
        self, definitions: tuple[WorkspaceDefinition, ...], actions: tuple[QAction, ...], look: Look, parent: QWidget
    ) -> None:
        super().__init__(look, parent)
        self._group = QButtonGroup(self)
        self._workspaces: list[tuple[QToolButton, WorkspaceDefinition]] = []
        self._tools: list[QToolButton] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 6, 5, 6)
        layout.setSpacing(4)
        for definition in definitions:
            button = self._button()
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setProperty("workspace", definition.name)
            button.clicked.connect(self._on_clicked)
            self._group.addButton(button)
            self._workspaces.append((button, definition))
            layout.addWidget(button)
        layout.addStretch(1)
        for action in actions:
            button = self._button()
            button.setDefaultAction(action)
            self._tools.append(button)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.retheme()
        self.retranslate()

    def choose(self, name: str) -> None:
        """Show that the workspace ``name`` is in front."""
        for button, definition in self._workspaces:
            button.setChecked(definition.name == name)
        self.retheme()

    def retranslate(self) -> None:
        for number, (button, definition) in enumerate(self._workspaces, 1):
            button.setText(_(definition.label))
            button.setToolTip(_("{workspace} (Ctrl+{number})").format(workspace=_(definition.label), number=number))

    def retheme(self) -> None:
        theme = self.look.theme
        self.setFixedWidth(theme.px(_WIDTH_PX))
        for button, definition in self._workspaces:
            button.setIcon(icon(definition.icon, self.look, "accent" if button.isChecked() else "text.secondary"))
            button.setIconSize(QSize(theme.px(24), theme.px(24)))
            button.setFont(theme.font(8.5))
            button.setFixedSize(theme.px(51), theme.px(52))
        for button in self._tools:
            button.setIconSize(QSize(theme.px(20), theme.px(20)))
            button.setFixedSize(theme.px(36), theme.px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self.look.theme
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.setPen(theme.pen("border"))
        painter.drawLine(self.rect().topRight(), self.rect().bottomRight())

    def _button(self) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _on_clicked(self) -> None:
        self.workspaceChosen.emit(self.sender().property("workspace"))
