"""Asking for a file or a folder, or being given one. Where the system has no dialog of its own, Qt's is used, with our labels."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog, QWidget

from widgets.text import _


def ask_for_file(parent: QWidget, title: str, start: Path, filter_: str, *, saves: bool = False) -> Path | None:
    """An existing file, or with ``saves`` the file to write; ``start`` is a folder or a suggested file."""
    dialog = _dialog(parent, title, start if start.is_dir() else start.parent)
    dialog.setNameFilter(filter_)
    if saves:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(start.suffix.removeprefix(".") or "json")
    else:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    if not start.is_dir():
        dialog.selectFile(start.name)
    return _answer(dialog)


def ask_for_folder(parent: QWidget, title: str, start: Path) -> Path | None:
    """An existing folder."""
    dialog = _dialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _answer(dialog)


def document_filter() -> str:
    """What dialogs list that ask for a document."""
    return _("GradLab document (*.json)")


def dropped(mime: QMimeData) -> Path | None:
    """The first local file or folder in ``mime``."""
    for url in mime.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    return None


def _dialog(parent: QWidget, title: str, folder: Path) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(folder))
    label = QFileDialog.DialogLabel
    for place, text in (
        (label.LookIn, _("Look in:")),
        (label.FileName, _("File name:")),
        (label.FileType, _("Files of type:")),
    ):
        dialog.setLabelText(place, text)
    return dialog


def _answer(dialog: QFileDialog) -> Path | None:
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return Path(chosen[0]) if chosen else None
