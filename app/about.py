"""Two small dialogs of the Help menu: every key, and what this program is."""

from __future__ import annotations

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from app.__main__ import version
from app.actions import Actions
from widgets.text import _


class ShortcutsDialog(QDialog):
    """Every action of the workspace in front that has a key."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keyboard shortcuts"))
        rows = QFormLayout()
        rows.setHorizontalSpacing(32)
        for one in actions.declared:
            if one.keys and actions[one.id].isVisible():
                keys = " · ".join(
                    QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in one.keys
                )
                rows.addRow(one.title().removesuffix("…"), QLabel(keys, self))
        _finish(self, rows)


class AboutDialog(QDialog):
    """Name, version, licences."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("About GradLab"))
        name = QLabel(f"<b>GradLab</b> {version()}", self)
        what = QLabel(
            _("A desktop laboratory for deep learning: build a small network, train it, and watch every layer.")
        )
        rights = QLabel(_("MIT licence. Uses Qt {version} under the LGPL version 3.").format(version=pyside_version))
        body = QVBoxLayout()
        for label in (name, what, rights):
            label.setWordWrap(True)
            body.addWidget(label)
        self.setMinimumWidth(380)
        _finish(self, body)


def _finish(dialog: QDialog, body: QVBoxLayout | QFormLayout) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, dialog)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(24, 20, 24, 16)
    layout.setSpacing(16)
    layout.addLayout(body)
    layout.addWidget(buttons)
