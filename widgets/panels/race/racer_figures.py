"""What a racer's row says in figures: its verdict, value, distance and evaluations, in columns that never move."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from simulations.racing.record import Race
from simulations.racing.verdicts import Verdict
from simulations.surfaces.base import Surface
from widgets.numbers import format_count
from widgets.racers import judged_words, verdict_mark
from widgets.text import _
from widgets.theme import Look, Theme
from widgets.view import View

FIGURE_PT: Final = 8.5
_LEFT_PX, _RIGHT_PX, _SIGN_PX, _GAP_PX = 20, 26, 14, 6
_SHARES: Final = (0.31, 0.31, 0.38)  # of the room for value, distance and evaluations
_DIGITS: Final = (4, 3, 2, 1)


class Figures(NamedTuple):
    """How one racer stands at the moment; ``verdict`` is on the steps up to it, ``distance`` None where no minimum is known, and
    ``surface`` what decides which value is meant."""

    verdict: Verdict
    value: float
    distance: float | None
    evaluations: tuple[int, int, int]
    surface: Surface


class Columns(NamedTuple):
    """Where the figures stand in a row."""

    sign: QRectF
    value: QRectF
    distance: QRectF
    evaluations: QRectF


def figures_of(race: Race, moment: int) -> list[Figures]:
    """The figures of every racer at ``moment``."""
    at, curves = min(moment, race.done), race.curves
    counts = (tuple(one) for one in curves.evaluations[at].tolist())
    values, distances = curves.values[at].tolist(), curves.distances[at].tolist()
    if not np.isfinite(curves.distances[0]).any():  # everyone starts somewhere: there is nothing to be distant from
        distances = [None] * len(distances)
    return [
        Figures(*one, race.spec.surface) for one in zip(race.verdicts_at(at), values, distances, counts, strict=True)
    ]


def figure_columns(theme: Theme, width: float, top: float, height: float) -> Columns:
    left, right, gap = theme.px(_LEFT_PX), width - theme.px(_RIGHT_PX), theme.px(_GAP_PX)
    sign = QRectF(left, top, theme.px(_SIGN_PX), height)
    at, room = sign.right(), right - sign.right()
    found = []
    for share in _SHARES:
        found.append(QRectF(at + gap, top, share * room - gap, height))
        at += share * room
    return Columns(sign, *found)


def number_text(value: float, digits: int = 4) -> str:
    """``value`` in ``digits`` digits, as short as they come: ``0.01235``, ``1.235e−7``, ``∞``."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    if digits > 1 and 1e-3 <= abs(value) < 10.0 ** max(digits, 3):
        return f"{value:.{digits}g}".replace("-", "−")
    mantissa, exponent = f"{value:.{max(digits - 2, 0)}e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", "−")


def distance_text(distance: float | None, digits: int = 4) -> str:
    """The distance to the nearest minimum; a dash where no single place is known to be one."""
    return "–" if distance is None else number_text(distance, digits)


def evaluations_text(evaluations: tuple[int, int, int], *, is_short: bool = False, is_tight: bool = False) -> str:
    """``120 f · 60 ∇``; what was never asked for is left out. Thousands are ``k`` where it must be short, and ``120f 60∇`` stand
    closer where it must be ``is_tight`` as well."""
    counted = _short_count if is_short else format_count
    joint, space = (" ", "") if is_tight else (" · ", "\u2009")
    parts = (f"{counted(count)}{space}{sign}" for count, sign in zip(evaluations, "f∇H", strict=True) if count)
    return joint.join(parts) or "0"


def _short_count(count: int) -> str:
    return str(count) if count < 1000 else f"{count / 1000:.2g}k" if count < 99_500 else f"{count / 1000:.0f}k"


def _fitting(texts: Iterable[str], metrics: QFontMetricsF, room: float) -> str:
    """The first of ``texts`` that there is room for, else the last, cut off."""
    found = ""
    for found in texts:
        if metrics.horizontalAdvance(found) <= room:
            return found
    return metrics.elidedText(found, Qt.TextElideMode.ElideRight, room)


def fitted(texts: Iterable[str], font: QFont, room: float) -> tuple[str, QFont]:
    """The first of ``texts`` that there is room for, else the last in smaller letters: a number without its end is another."""
    found, wide = "", 0.0
    for found in texts:
        wide = QFontMetricsF(font).horizontalAdvance(found)
        if wide <= room:
            return found, font
    smaller = QFont(font)
    smaller.setPointSizeF(max(0.95 * font.pointSizeF() * room / wide, 1.0))
    return found, smaller


def paint_figures(painter: QPainter, theme: Theme, columns: Columns, figures: Figures) -> None:
    mark = verdict_mark(figures.verdict)
    painter.setFont(theme.font(FIGURE_PT, bold=True))
    painter.setPen(theme.color(mark.role))
    painter.drawText(columns.sign, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, mark.sign)
    painter.setFont(theme.font(FIGURE_PT))
    metrics = QFontMetricsF(painter.font())
    painter.setPen(theme.color("text"))
    right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    for rect, value in ((columns.value, figures.value), (columns.distance, figures.distance)):
        text, font = fitted((distance_text(value, n) for n in _DIGITS), theme.font(FIGURE_PT), rect.width())
        painter.setFont(font)
        painter.drawText(rect, right, text)
    painter.setFont(theme.font(FIGURE_PT))
    painter.setPen(theme.color("text.secondary"))
    how = ((False, False), (True, False), (True, True))
    counts = (evaluations_text(figures.evaluations, is_short=short, is_tight=tight) for short, tight in how)
    painter.drawText(columns.evaluations, right, _fitting(counts, metrics, columns.evaluations.width()))


def figures_tip(figures: Figures) -> str:
    """The figures in words."""
    values, gradients, hessians = (format_count(one) for one in figures.evaluations)
    lines = (
        _("Verdict up to here: {words}").format(words=verdict_mark(figures.verdict).words),
        _("Value: {value}").format(value=f"{figures.value:.8g}"),
        *(one for one in (judged_words(figures.surface),) if one),
        _distance_line(figures.distance),
        _("Evaluations: {values} values f, {gradients} gradients ∇, {hessians} Hessians H").format(
            values=values, gradients=gradients, hessians=hessians
        ),
    )
    return "\n".join(lines)


def _distance_line(distance: float | None) -> str:
    if distance is None:
        return _("Distance to the nearest minimum: –, for no single place here is known to be one")
    return _("Distance to the nearest minimum: {distance}").format(distance=number_text(distance, 6))


class FiguresHeader(View):
    """The names of the columns, above the rows."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._names: tuple[tuple[str, ...], ...] = ()  # of each column, long and short
        self.retranslate()
        self.retheme()

    def retranslate(self) -> None:
        self._names = (_("value"),), (_("distance"), _("dist.")), (_("evaluations"), _("evals"))
        self.setToolTip(
            _(
                "At the moment of the timeline: f, the distance to the nearest minimum, and how often f, ∇ or H was asked."
            )
        )
        self.update()

    def retheme(self) -> None:
        self.setFixedHeight(self.look.theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self.look.theme, QPainter(self)
        painter.setFont(theme.font(FIGURE_PT - 0.5))
        painter.setPen(theme.color("text.secondary"))
        metrics = QFontMetricsF(painter.font())
        columns = figure_columns(theme, self.width(), 0, self.height())
        for rect, names in zip(columns[1:], self._names, strict=True):
            text = _fitting(names, metrics, rect.width())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
