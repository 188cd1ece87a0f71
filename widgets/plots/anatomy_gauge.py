"""The 2/λ gauge: how near the steps of a method are to falling apart on the parabola that lies here."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from simulations.optimizers.figures import figure
from simulations.racing.anatomy import Anatomy, Gauge
from widgets.plots.picture import metrics
from widgets.plots.plane_frame import FONT_PT
from widgets.text import _
from widgets.theme import Theme

EDGE: Final = (0.95, 1.05)  # of the limit: here it takes hundreds of steps to see whether it holds
_END: Final = 2.0  # limits that the bar shows
_TEXT = Qt.TextFlag.TextWordWrap


def gauge_height(painter: QPainter, theme: Theme, answer: Anatomy, width: float) -> float:
    """Two lines of words, more where it is narrow, a bar, a line of numbers and one of zones."""
    painter.setFont(theme.font(FONT_PT))
    return _words_height(painter, answer, width) + 2 * metrics(painter).height() + theme.px(24)


def _words_height(painter: QPainter, answer: Anatomy, width: float) -> float:
    """Room for two lines in any language, since Chinese characters come from a higher font, or for all there are."""
    text, room = metrics(painter), QRectF(0, 0, width, 1e4)
    two = text.boundingRect(room, int(_TEXT.value), "λg中\nλg中").height()
    return max(two, text.boundingRect(room, int(_TEXT.value), gauge_words(answer)).height())


def gauge_words(answer: Anatomy) -> str:
    """What the gauge says, as a sentence."""
    gauge = answer.gauge
    if gauge is None:
        return _("No fixed limit on η applies to this method's steps.")
    if not math.isfinite(gauge.reading):
        return _("The curvature here is not a number.")
    if gauge.sharpness <= 0:
        return _("Nothing curves upward here: no learning rate makes it diverge on this parabola.")
    values = {"value": figure(gauge.rate * gauge.sharpness), "limit": figure(gauge.limit), "rule": gauge.text}
    if gauge.is_scaled and gauge.text == "2":
        return _("η·λmax = {value} in the method's own scale; stable below {limit}.").format(**values)
    if gauge.is_scaled:
        return _("η·λmax = {value} in the method's own scale; stable below {rule} = {limit}.").format(**values)
    if gauge.text == "2":
        return _("η·λmax = {value}; stable below {limit}.").format(**values)
    return _("η·λmax = {value}; stable below {rule} = {limit}.").format(**values)


def draw_gauge(painter: QPainter, rect: QRectF, answer: Anatomy, theme: Theme) -> None:
    """Paint the sentence and, where there is a limit, the bar with its zones into ``rect``."""
    painter.save()
    painter.setFont(theme.font(FONT_PT))
    painter.setPen(theme.color("text"))
    words = QRectF(rect.left(), rect.top() + theme.px(4), rect.width(), _words_height(painter, answer, rect.width()))
    gauge = answer.gauge
    has_bar = gauge is not None and math.isfinite(gauge.reading) and gauge.sharpness > 0
    side = Qt.AlignmentFlag.AlignBottom if has_bar else Qt.AlignmentFlag.AlignTop
    painter.drawText(words, side | Qt.AlignmentFlag.AlignLeft | _TEXT, gauge_words(answer))
    if gauge is not None and has_bar:
        _draw_bar(painter, QRectF(rect.left(), words.bottom() + theme.px(6), rect.width(), theme.px(8)), gauge, theme)
    painter.restore()


def _draw_bar(painter: QPainter, bar: QRectF, gauge: Gauge, theme: Theme) -> None:
    text = metrics(painter)

    def x_of(share: float) -> float:
        return bar.left() + share / _END * bar.width()

    zones = ((0.0, EDGE[0], "state.good"), (*EDGE, "state.attention"), (EDGE[1], _END, "state.bad"))
    for low, high, role in zones:
        painter.fillRect(QRectF(x_of(low), bar.top(), x_of(high) - x_of(low), bar.height()), theme.color(role, 0.55))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    at, half = x_of(min(max(gauge.reading, 0.0), _END)), theme.px(5)
    top = bar.top() - theme.px(3)
    painter.setPen(theme.pen("panel"))
    painter.setBrush(theme.brush("text"))
    needle = QPointF(at - half, top), QPointF(at + half, top), QPointF(at, bar.bottom() + theme.px(1))
    painter.drawPolygon(QPolygonF(needle))
    painter.setPen(theme.pen("text.secondary"))
    middle = Qt.AlignmentFlag.AlignCenter
    row = QRectF(bar.left(), bar.bottom() + theme.px(2), bar.width(), text.height())
    taken: list[QRectF] = []
    for share, name in _thresholds(gauge):
        wide = text.horizontalAdvance(name) + 4
        left = min(max(x_of(share) - wide / 2, bar.left() - 2), bar.right() + 2 - wide)
        place = QRectF(left, row.top(), wide, row.height())
        if any(place.intersects(one) for one in taken):
            continue
        taken.append(place)
        painter.drawLine(QPointF(x_of(share), bar.top()), QPointF(x_of(share), bar.bottom() + theme.px(3)))
        painter.drawText(place, middle, name)
    row.translate(0, text.height())
    names = (_("stable"), _("edge"), _("diverges"))
    centres = [x_of((low + high) / 2) for low, high, _role in zones]
    for place, name in zip(
        zone_places(row, centres, [text.horizontalAdvance(one) for one in names]), names, strict=True
    ):
        painter.drawText(place, middle, name)


def zone_places(row: QRectF, centres: list[float], widths: list[float]) -> list[QRectF]:
    """Where the names of the three zones stand in ``row``: each in the middle of its zone, or as far from there as the one at
    the edge needs."""
    gap = 0.25 * row.height()
    lefts = [centre - wide / 2 for centre, wide in zip(centres, widths, strict=True)]
    lefts[0] = min(lefts[0], lefts[1] - gap - widths[0])
    lefts[2] = max(lefts[2], lefts[1] + widths[1] + gap)
    return [QRectF(left - 2, row.top(), wide + 4, row.height()) for left, wide in zip(lefts, widths, strict=True)]


def _thresholds(gauge: Gauge) -> list[tuple[float, str]]:
    """The limit in the method's own symbols, and that of plain descent beside it where it is another."""
    if gauge.is_scaled or gauge.text == "2":
        return [(1.0, "2/λ"), (0.5, "1/λ")] if gauge.text == "2" else [(1.0, limit_name(gauge.text))]
    plain = 2 / gauge.limit
    own = [(1.0, limit_name(gauge.text))]
    return [*own, (plain, "2/λ")] if plain <= _END else own


def limit_name(text: str) -> str:
    """The limit on η: ``2·(1 + μ)/λ``."""
    above, _stroke, below = text.partition("/")
    return f"{above}/({below.strip('()')})/λ" if below else f"{above}/λ"
