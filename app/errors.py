"""When the program itself is at fault: a dialog with a report that can be copied, and nothing lost."""

from __future__ import annotations

import platform
import sys
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6 import __version__ as pyside_version
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from widgets.text import _


def report_text(trace: str) -> str:
    """``trace`` with the versions somebody who mends it will ask for."""
    return f"Python {platform.python_version()} · PySide6 {pyside_version} · {platform.platform()}\n\n{trace}"


class ErrorDialog(QDialog):
    """Says that the program made a mistake, what happened to the work, and shows the report."""

    def __init__(self, trace: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("GradLab made a mistake"))
        self._report = report_text(trace)
        sentence = QLabel(_("Something went wrong inside GradLab. Training is paused; your experiment is kept."), self)
        sentence.setWordWrap(True)
        text = QPlainTextEdit(self._report, self)
        text.setReadOnly(True)
        text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        text.setAccessibleName(_("Report"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        copy = buttons.addButton(_("Copy report"), QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(self)
        layout.addWidget(sentence)
        layout.addWidget(text)
        layout.addWidget(buttons)
        self.resize(640, 400)
        copy.clicked.connect(self._on_copy)
        buttons.rejected.connect(self.reject)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)


def install_excepthook(show: Callable[[str], None]) -> None:
    """Send every uncaught exception of the window's thread to ``show`` as a traceback, after printing it."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):  # Ctrl+C in the terminal closes the program, as people expect
            QGuiApplication.quit()
            return
        sys.__excepthook__(kind, error, trace)
        show("".join(traceback.format_exception(kind, error, trace)))

    sys.excepthook = hook
