"""From arrays to what QPainter draws, vectorised: blends of theme colours as images, points as polygons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QColor, QImage, QPolygonF
from shiboken6 import VoidPtr

from simulations.core.arrays import Array, FloatArray

# viridis (van der Walt & Smith 2015) at eighths of its way
_VIRIDIS = ("#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725")


def viridis(shares: Array) -> FloatArray:
    """``(…, 3)`` in 0…255 for ``shares`` in 0…1, cut off there: the colours of magnitude. Not finite is mid grey."""
    anchors = np.array([[int(code[i : i + 2], 16) for i in (1, 3, 5)] for code in _VIRIDIS], float)
    at = np.linspace(0, 1, len(anchors))
    clean = np.nan_to_num(np.clip(shares, 0, 1))
    colors = np.stack([np.interp(clean, at, anchors[:, channel]) for channel in range(3)], axis=-1)
    return np.where(np.isnan(shares)[..., None], 128.0, colors)


def rgb(color: QColor) -> FloatArray:
    """``(3,)`` float64 in 0…255."""
    return np.array([color.red(), color.green(), color.blue()], float)


def mix(low: QColor, high: QColor, share: float) -> QColor:
    """``low`` at 0, ``high`` at 1, straight between in sRGB."""
    mixed = rgb(low) + (rgb(high) - rgb(low)) * min(max(share, 0.0), 1.0)
    return QColor(*(round(float(part)) for part in mixed))


def readable_on(ground: QColor) -> QColor:
    """Black or white, whichever stands out more: only these two reach a contrast of 4.5 on every ground (√21 = 4.58)."""
    return max((QColor("black"), QColor("white")), key=lambda text: contrast(ground, text))


def contrast(one: QColor, other: QColor) -> float:
    """The WCAG 2.1 contrast ratio, 1…21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: QColor) -> float:
    channels = rgb(color) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def blend_classes(probabilities: Array, colors: Sequence[QColor], ground: QColor, strength: float) -> QImage:
    """Class colours weighted by probability over ``ground``; where a probability is not finite, ``ground`` alone.

    ``probabilities`` is ``(rows, columns, k)`` with row 0 at the bottom; the image has row 0 at the top, so it is flipped.
    """
    palette = np.stack([rgb(color) for color in colors])
    mixed = probabilities @ palette
    mixed = np.where(np.isfinite(mixed), mixed, rgb(ground))
    return image_of((1 - strength) * rgb(ground) + strength * mixed[::-1])


def image_of(pixels: Array) -> QImage:
    """An image that owns its bytes, from ``(h, w, c)`` values in 0…255: the first three channels as colours, or the first
    as grey where there are fewer."""
    pixels = pixels[..., :3] if pixels.shape[-1] >= 3 else pixels[..., :1]
    bytes_ = np.ascontiguousarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))
    height, width, channels = bytes_.shape
    layout = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    return QImage(bytes_.data, width, height, width * channels, layout).copy()


def polygon(points: Array) -> QPolygonF:
    """``(n, 2)`` points copied into a polygon in one go (a list of ``QPointF`` takes fifty times as long)."""
    result = QPolygonF()
    result.resize(len(points))
    if len(points):
        address = VoidPtr(result.data(), 16 * len(points), True)  # type: ignore[call-arg, arg-type]  # the stubs lack (size, writable)
        memory: Array = np.frombuffer(address, np.float64)  # type: ignore[call-overload]
        memory[:] = points.ravel()
    return result
