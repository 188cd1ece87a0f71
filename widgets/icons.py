"""Our icons: SVGs on a 24-px grid with 1.5-px strokes, tinted with a theme colour when they are drawn.

An icon is rendered into pixmaps once per colour and scale, so no Python runs while Qt paints a button.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import assets
from widgets.theme import Look

_RATIOS: Final = (1.0, 2.0, 3.0)


def icon(name: str, look: Look, role: str = "text") -> QIcon:
    """The icon ``name`` in the theme's ``role`` colour, with paler pixmaps for disabled buttons."""
    theme = look.theme
    return _icon(name, theme.color(role).name(), theme.color("text.secondary", 0.45).name(QColor.NameFormat.HexArgb))


def draw_icon(painter: QPainter, rect: QRectF, name: str, color: QColor) -> None:
    """Draw the icon ``name`` into ``rect`` in ``color``; vector, so it serves export too."""
    painter.save()
    painter.setOpacity(painter.opacity() * color.alphaF())
    _renderer(name, color.name()).render(painter, rect)
    painter.restore()


@lru_cache(maxsize=256)
def _icon(name: str, color: str, disabled: str) -> QIcon:
    result = QIcon()
    for mode, tint in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, disabled)):
        for ratio in _RATIOS:
            result.addPixmap(_pixmap(name, QColor(tint), ratio), mode)
    return result


def _pixmap(name: str, color: QColor, ratio: float) -> QPixmap:
    size = QSize(24, 24)
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    draw_icon(painter, QRectF(0, 0, size.width(), size.height()), name, color)
    painter.end()
    return pixmap


@lru_cache(maxsize=256)
def _renderer(name: str, color: str) -> QSvgRenderer:
    source = assets.path(f"icons/{name}.svg").read_text(encoding="utf-8").replace("currentColor", color)
    return QSvgRenderer(QByteArray(source.encode()))
