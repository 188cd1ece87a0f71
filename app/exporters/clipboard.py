"""A plot on the clipboard: the sheet as a picture, or its numbers as a table a spreadsheet takes."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from app.exporters.base import ExportOptions
from app.exporters.csv import text
from app.exporters.png import picture
from widgets.plot import Plot


def copy_picture(plot: Plot, options: ExportOptions) -> None:
    """Put the sheet on the clipboard as an image."""
    image = picture(plot, options)
    image.setDevicePixelRatio(1.0)  # the clipboard knows pixels only
    QGuiApplication.clipboard().setImage(image)


def copy_numbers(plot: Plot) -> None:
    """Put the table on the clipboard as text in columns separated by tabs."""
    QGuiApplication.clipboard().setText(text(plot, "\t"))
