"""Painting the words and figures of the histogram strip: update ratios and their history, shares of zeros, and hints.

Figures that change faster than five times a second cannot be read, and a text takes longer to paint than a histogram, so
the strip keeps them with what stands still and renews them that often.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QRegion

from simulations.core.arrays import Array, FloatArray
from simulations.probes.answers import LayersAnswer
from widgets.icons import draw_icon
from widgets.plots.batch import Lines, chain
from widgets.plots.histogram_text import share_text
from widgets.plots.strip_layout import StripLayout
from widgets.plots.strip_paint import RATIO_HIGH, RATIO_LOW, StripContent, spark_area
from widgets.text import _
from widgets.theme import Theme

_SPARK_POINTS = 48
VANISHED = 1e-3  # a rate that suits one layer is a thousandth of what the other needs
_CENTER = Qt.AlignmentFlag.AlignCenter


class WordsPainter:
    """Paints the words of a :class:`StripContent`."""

    @staticmethod
    def region(content: StripContent, layout: StripLayout) -> QRegion:
        """Where words change with every answer; hints, which seldom change, stand elsewhere (see :func:`hints`)."""
        found = QRegion(layout.updates)
        for index in range(len(content.answer.cells)):
            found += content.areas(layout, index).share
        return found

    def __init__(self) -> None:
        self._lines = Lines()

    def paint(self, painter: QPainter, content: StripContent, layout: StripLayout) -> None:
        """Update ratios, shares of exact zeros where there is room, and what is wrong with a layer."""
        self._paint_ratios(painter, content, layout)
        if layout.shows_labels:
            _paint_shares(painter, content, layout)
        _paint_hints(painter, content, layout)

    def _paint_ratios(self, painter: QPainter, content: StripContent, layout: StripLayout) -> None:
        """The newest update ratio of every layer as a number, and its history against the wanted −3."""
        theme, answer = layout.theme, content.answer
        painter.setFont(theme.font(9))
        metrics = QFontMetricsF(painter.font(), painter.device())
        lines: list[Array] = []
        for index, (ratio, info) in enumerate(zip(answer.update_ratios.tolist(), content.infos, strict=True)):
            if not info.parameter_count:
                continue
            area = layout.update(index)
            if answer.frozen[index]:
                paint_frozen(painter, area, theme)
                continue
            text = f"{ratio:.1f}".replace("-", "−") if math.isfinite(ratio) else "–"
            painter.setPen(theme.color("text" if math.isfinite(ratio) else "text.secondary"))
            x = area.left() + theme.px(38) - metrics.horizontalAdvance(text)
            y = area.center().y() + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(round(x), round(y), text)
            history = answer.updates_of(index)
            if len(history) > 1:
                lines.append(_spark(history, spark_area(area, theme)))
        if lines:
            painter.setPen(theme.pen("quantity.updates"))
            self._lines.draw(painter, np.concatenate(lines))


def paint_frozen(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """A closed lock in place of the update ratio, and where it has room the word in place of its history."""
    side, spark = theme.px(14), spark_area(area, theme)
    lock = QRectF(area.left() + theme.px(22), area.center().y() - side / 2, side, side)
    draw_icon(painter, lock, "lock", theme.color("text.secondary"))
    metrics = QFontMetricsF(painter.font(), painter.device())
    painter.fillRect(spark.adjusted(-1, 0, 1, 1), theme.color("panel"))
    text = _("frozen")
    if metrics.horizontalAdvance(text) > spark.width():
        return  # the lock says it, too; half a word does not
    painter.setPen(theme.color("text.secondary"))
    painter.drawText(spark, _CENTER, text)


def _spark(history: Array, area: QRectF) -> Array:
    """The history of a layer's update ratios as lines in ``area``, thinned to what can be seen, the newest always there."""
    stride = -(-len(history) // _SPARK_POINTS)
    at, ratio = np.concatenate([history[::stride], history[-1:]]).T
    x = area.left() + (at - at[0]) * (area.width() / max(at[-1] - at[0], 1.0))
    share = (np.clip(ratio, RATIO_LOW, RATIO_HIGH) - RATIO_LOW) / (RATIO_HIGH - RATIO_LOW)
    return chain(x, area.bottom() - share * area.height())


def _paint_shares(painter: QPainter, content: StripContent, layout: StripLayout) -> None:
    """The share of exact zeros, under its bar."""
    theme, answer = layout.theme, content.answer
    painter.setFont(theme.font(7.5))
    painter.setPen(theme.color("text.secondary"))
    ascent = QFontMetricsF(painter.font(), painter.device()).ascent()
    zeros, totals = answer.now.number("zeros"), answer.now.number("total")
    for index in np.flatnonzero(zeros > 0).tolist():
        areas = content.areas(layout, index)
        x, y = areas.whole.left() + 3, areas.zero.bottom() + ascent
        painter.drawText(round(x), round(y), share_text(int(zeros[index]), int(totals[index])))


def hints(content: StripContent) -> tuple[str, ...]:
    """What is wrong with each layer: how many of its units are dead, or that hardly any gradient reaches it."""
    dead, faded = content.answer.dead_shares.tolist(), vanishing(content.answer)
    return tuple(
        _("▲ {share} dead").format(share=share_text(round(share * 10000), 10000))
        if math.isfinite(share) and share > 0
        else _("▼ gradient vanishes")
        if fades
        else ""
        for share, fades in zip(dead, faded, strict=True)
    )


def _paint_hints(painter: QPainter, content: StripContent, layout: StripLayout) -> None:
    """What is wrong with a layer, under its name."""
    theme = layout.theme
    for index, text in enumerate(hints(content)):
        if not text:
            continue
        painter.setFont(theme.font(7.5))
        line = QFontMetricsF(painter.font(), painter.device()).height()
        area = layout.name(index).adjusted(theme.px(8), 0, -theme.px(4), -theme.px(2))
        if area.height() < 4 * line:  # too low for three lines: it takes the place of the shape
            area.setTop(area.top() + 1.5 * line)
            painter.fillRect(area, theme.color("panel"))
        painter.setPen(theme.color("state.attention"))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, text)


def vanishing(answer: LayersAnswer) -> list[bool]:
    """Of which layers the gradient is so small beside that of a layer after them that every step of training passes them by.

    On its way back it shrank between the two; where it grows instead, the layers it comes from lack nothing.
    """
    spreads: FloatArray = np.full(len(answer.names), np.nan)
    sizes = answer.now.number("sd")
    for index, (name, quantity) in enumerate(answer.cells):
        if quantity == "gradients":
            spreads[answer.names.index(name)] = sizes[index]
    known = np.where(np.isfinite(spreads), spreads, 0.0)
    found: list[bool] = (spreads < VANISHED * np.maximum.accumulate(known[::-1])[::-1]).tolist()
    return found


def paint_badge(painter: QPainter, cell: QRectF, text: str, theme: Theme) -> None:
    """The loud badge of values that are not numbers."""
    painter.setFont(theme.font(8.5, bold=True))
    metrics = QFontMetricsF(painter.font(), painter.device())
    text = metrics.elidedText("✕ " + text, Qt.TextElideMode.ElideRight, cell.width() - theme.px(16))
    width, height = metrics.horizontalAdvance(text) + theme.px(10), metrics.height() + theme.px(2)
    badge = QRectF(cell.center().x() - width / 2, cell.center().y() - height / 2, width, height)
    painter.fillRect(badge, theme.color("state.bad"))
    painter.setPen(theme.color("panel"))
    painter.drawText(badge, _CENTER, text)
