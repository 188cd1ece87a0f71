"""The value axis of a histogram in a large view: ticks on the linear and the symlog scale, and how they are written."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from simulations.core.arrays import Array
from simulations.probes.histogram import symlog
from widgets.plots.ticks import linear_ticks, tick_texts, value_text
from widgets.text import _
from widgets.theme import Theme


def value_ticks(low: float, high: float, scale: str, within: float, most: int) -> tuple[list[float], list[str]]:
    """At most about ``most`` ticks inside [low, high] and their texts."""
    if scale == "linear":
        ticks = linear_ticks(low, high, most)
        return ticks, tick_texts(ticks)
    top = max(abs(low), abs(high))
    decades = [10.0**e for e in range(round(math.log10(within)), round(math.log10(top)) + 1)]
    sides = (low < 0) + (high > 0)
    stride = max(1, math.ceil(len(decades) * sides / max(most - 1, 1)))
    kept = decades[::-1][::stride][::-1]
    ticks = (
        [-d for d in reversed(kept) if -d >= low] + ([0.0] if low <= 0 <= high else []) + [d for d in kept if d <= high]
    )
    return ticks, [decade_text(tick) for tick in ticks]


def decade_text(value: float) -> str:
    """A power of ten with its sign: plain near 1, else ±10ⁿ; 0 for 0."""
    return f"−{value_text(-value)}" if value < 0 else value_text(value)


def place(values: Array, low: float, high: float, scale: str, within: float, area: QRectF) -> Array:
    """The x of ``values`` in ``area``."""
    if scale == "symlog":
        ends = symlog(np.array([low, high]), within)
        low, high, values = float(ends[0]), float(ends[1]), symlog(np.asarray(values, np.float64), within)
    return area.left() + (np.asarray(values) - low) / (high - low) * area.width()


def draw_value_axis(
    painter: QPainter, area: QRectF, theme: Theme, edges: Array, scale: str, within: float, title: str
) -> None:
    """Grid lines in ``area``, ticks, and the axis title below it, which says where the axis is not even."""
    low, high = float(edges[0]), float(edges[-1])
    painter.setFont(theme.font(8.5))
    metrics = QFontMetricsF(painter.font(), painter.device())
    ticks, texts = value_ticks(low, high, scale, within, max(int(area.width() // theme.px(72)), 2))
    right = -math.inf
    for x, text in zip(place(np.array(ticks), low, high, scale, within, area).tolist(), texts, strict=True):
        painter.setPen(theme.pen("grid"))
        painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
        half = metrics.horizontalAdvance(text) / 2
        if x - half > right + 4:
            painter.setPen(theme.color("text.secondary"))
            painter.drawText(QPointF(x - half, area.bottom() + metrics.ascent() + theme.px(3)), text)
            right = x + half
    painter.setPen(theme.pen("border"))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    painter.setPen(theme.color("text.secondary"))
    below = QRectF(area.left(), area.bottom() + metrics.height() + theme.px(4), area.width(), metrics.height())
    said = _("{title} · symlog").format(title=title) if scale == "symlog" else title
    painter.drawText(below, Qt.AlignmentFlag.AlignCenter, said)
