"""What a bundled document wants to show, as a quiet line above it: title and sentence, until a person has read enough."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from widgets.icons import icon
from widgets.text import _
from widgets.theme import Look
from widgets.view import View


class Story(View):
    """Hidden while there is nothing to tell. Title and sentence are English, marked with ``N_``."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._texts: tuple[str, str] | None = None
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.close_button = QToolButton(self)
        self.close_button.setAutoRaise(True)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 8, 4)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.close_button)
        self.retheme()
        self.retranslate()
        self.hide()

    def tell(self, title: str, sentence: str) -> None:
        """Show these in place of what was shown."""
        self._texts = title, sentence
        self.retranslate()
        self.show()

    def dismiss(self) -> None:
        """It has been read, or is not true any more."""
        self._texts = None
        self.hide()

    def retranslate(self) -> None:
        self.close_button.setAccessibleName(_("Close"))
        if self._texts is not None:
            title, sentence = (_(one).replace("&", "&amp;").replace("<", "&lt;") for one in self._texts)
            self.text.setText(f"<b>{title}</b>&nbsp;&nbsp; {sentence}")
            self.setAccessibleName(_(self._texts[0]))
            self.setAccessibleDescription(_(self._texts[1]))

    def retheme(self) -> None:
        theme = self.look.theme
        self.text.setFont(theme.font(9.5))
        self.close_button.setIcon(icon("close", self.look, "text.secondary"))
        self.close_button.setIconSize(QSize(theme.px(14), theme.px(14)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self.look.theme
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.setPen(theme.pen("border"))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
