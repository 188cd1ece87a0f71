"""How far racers get for every learning rate: a curve each, and below them the rates that end at a minimum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple, final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array
from simulations.documents.race import RacerSpec
from simulations.racing.probes.rates import RateCurve, RatesAnswer
from simulations.racing.theory import is_bare, largest_rate, theory_of
from widgets.plot import Table, Tried
from widgets.plots.colormap import polygon
from widgets.plots.map_axes import FONT_PT, Axis, MapFrame, draw_axes, frame_of
from widgets.plots.map_view import MapView
from widgets.plots.picture import metrics
from widgets.plots.ticks import value_text
from widgets.racers import racer_color, racer_pen
from widgets.text import _, ngettext
from widgets.theme import Look, Theme

_FLOOR = 1e-16  # gaps below are rounding
_MOST_BANDS = 12


class RateCell(NamedTuple):
    """One rate of one racer's sweep, the gap it ends with, and whether it is at a minimum."""

    racer: int
    rate: float
    gap: float
    arrived: bool


@final
class RatesView(MapView):
    """Draws a :class:`RatesAnswer` with the racers' own colours, dashes and ``labels``; a dot stands at a racer's own rate."""

    plot_id = "rates"
    _answer: RatesAnswer

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._labels: tuple[str, ...] = ()
        self._racers: tuple[RacerSpec, ...] = ()
        self.retranslate()

    def plot_title(self) -> str:
        return _("Learning rates")

    def set_racers(self, labels: Sequence[str], racers: Sequence[RacerSpec]) -> None:
        """What the racers are called and how they look now, by index."""
        if (tuple(labels), tuple(racers)) != (self._labels, self._racers):
            self._labels, self._racers = tuple(labels), tuple(racers)
            self.refresh()

    @property
    def _curves(self) -> Sequence[RateCurve]:
        """Those to draw, looking as their racers look by now: of one racer its own, of several those of who is visible."""
        racers, found = self._racers, self._answer.curves
        dressed = [
            one if one.index >= len(racers) else replace(one, racer=_dressed(one.racer, racers[one.index]))
            for one in found
        ]
        seen = [one for one in dressed if one.racer.is_visible]
        return seen if len(dressed) > 1 and seen else dressed

    def show_answer(self, answer: Any, sentence: str = "") -> None:
        """An answer without a curve is none; one that only says how far it is is the same picture."""
        if answer is not None and not answer.curves:
            answer = None
        if answer is not None and self._answer is not None and answer.curves == self._answer.curves:
            self._answer = answer
            return
        super().show_answer(answer, sentence)

    def cells(self) -> tuple[int, int]:
        return len(self._curves[0].rates), 24

    def target(self, across: float, up: float, frame: MapFrame) -> RateCell:
        """The nearest rate of the curve that is nearest at that rate."""
        found = []
        for curve in self._curves:
            nearest = int(np.argmin(np.abs(np.log(curve.rates / frame.across.value(across)))))
            gap = max(float(curve.gaps[nearest]), _FLOOR)
            away = abs(float(np.clip(frame.up.shares(gap), 0, 1)) - up) if np.isfinite(gap) else 1 - up
            found.append((away, curve, nearest))
        _away, curve, nearest = min(found, key=lambda one: one[0])
        return RateCell(
            curve.index, float(curve.rates[nearest]), float(curve.gaps[nearest]), bool(curve.arrived[nearest])
        )

    def configuration(self) -> tuple[object, ...]:
        if not self.has_answer():
            return ()
        curves = self._curves
        racers, starts = tuple(one.racer for one in curves), tuple(one.start for one in curves)
        return (Tried(self._answer.surface, racers, self._answer.steps, starts),)

    def table(self) -> Table:
        """A row per racer and rate: the final gap, and whether it ends at a minimum."""
        if not self.has_answer():
            return Table({})
        curves = self._curves
        counts = [len(one.rates) for one in curves]
        names = [self._label(one) for one in curves]
        columns: dict[str, Array] = {
            "racer": np.repeat(np.array(names), counts),
            "learning rate": np.concatenate([one.rates for one in curves]),
            "final loss above the lowest": np.concatenate([one.gaps for one in curves]),
            "at a minimum": np.concatenate([one.arrived for one in curves]).astype(int),
        }
        return Table(columns)

    def frame(self, painter: QPainter, rect: QRectF, theme: Theme) -> MapFrame:
        curves = self._curves
        gaps = np.concatenate([one.gaps for one in curves])
        starts = [one.start_gap for one in curves if np.isfinite(one.start_gap)]
        finite = gaps[np.isfinite(gaps)]
        low = max(_FLOOR, float(finite.min(initial=1.0)))
        high = max([*starts, 10 * low]) * 10
        axes = (
            Axis(_("learning rate"), *_ends(curves), "log"),
            Axis(_("final loss above the lowest one"), low, high, "log"),
        )
        painter.setFont(theme.font(FONT_PT))
        shown = min(len(curves), _MOST_BANDS)
        key = metrics(painter).height() * 1.35 * (shown + (len(curves) > shown) + 1)
        return frame_of(painter, rect, theme, axes, key, None)

    def draw_map(self, painter: QPainter, frame: MapFrame, theme: Theme) -> None:
        draw_axes(painter, frame, theme, has_grid=True)
        painter.save()
        painter.setClipRect(frame.plane)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for curve in self._curves:
            self._draw_limit(painter, frame, theme, curve)
        for curve in self._curves:
            _draw_curve(painter, frame, theme, curve)
        painter.restore()
        self._draw_bands(painter, frame, theme)

    def _label(self, curve: RateCurve) -> str:
        return self._labels[curve.index] if curve.index < len(self._labels) else str(curve.index + 1)

    def _draw_limit(self, painter: QPainter, frame: MapFrame, theme: Theme, curve: RateCurve) -> None:
        """The largest stable rate, where theory knows one."""
        if theory_of(curve.racer.optimizer) is None or curve.curvature is None or not is_bare(curve.racer):
            return
        limit = float(largest_rate(curve.racer.optimizer, curve.curvature))
        x = frame.place(limit, 1.0).x()
        pen = QPen(racer_pen(theme, curve.racer, 1.2))
        pen.setDashPattern([3.0, 3.0])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, frame.plane.top()), QPointF(x, frame.plane.bottom()))

    def _draw_bands(self, painter: QPainter, frame: MapFrame, theme: Theme) -> None:
        """For each racer a line: the rates that end at a minimum as a bar on the same axis, and its name and width."""
        painter.setFont(theme.font(FONT_PT))
        text = metrics(painter)
        line = text.height() * 1.35
        painter.setPen(theme.pen("text.secondary"))
        head = QRectF(frame.key.left(), frame.key.top(), frame.key.width(), text.height())
        title = text.elidedText(_("Rates that end at a minimum:"), Qt.TextElideMode.ElideRight, head.width())
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        curves = self._curves
        for row, curve in enumerate(curves[:_MOST_BANDS], 1):
            top = frame.key.top() + row * line
            words = _band_words(curve)
            width = text.horizontalAdvance(words)
            right = QRectF(frame.key.left(), top, frame.key.width(), text.height())
            painter.setPen(theme.pen("text"))
            painter.drawText(right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
            swatch = QRectF(frame.key.left(), top + text.height() / 2 - 1, theme.px(18), 2)
            painter.setPen(racer_pen(theme, curve.racer, 2))
            painter.drawLine(QPointF(swatch.left(), swatch.center().y()), QPointF(swatch.right(), swatch.center().y()))
            room = frame.key.width() - width - theme.px(32)
            painter.setPen(theme.pen("text"))
            name = text.elidedText(self._label(curve), Qt.TextElideMode.ElideRight, max(room, 10.0))
            painter.drawText(QPointF(swatch.right() + theme.px(6), top + text.ascent()), name)
        if len(curves) > _MOST_BANDS:
            painter.setPen(theme.pen("text.secondary"))
            left = len(curves) - _MOST_BANDS
            rest = ngettext("and {count} more", "and {count} more", left).format(count=left)
            at = QPointF(frame.key.left(), frame.key.top() + (_MOST_BANDS + 1) * line + text.ascent())
            painter.drawText(at, rest)


def _dressed(racer: RacerSpec, now: RacerSpec) -> RacerSpec:
    return replace(racer, color=now.color, dash=now.dash, is_visible=now.is_visible)


def _band_words(curve: RateCurve) -> str:
    if curve.band is None:
        return _("none")
    return _("{low} … {high}, {decades} decades").format(
        low=value_text(curve.band.low, 2), high=value_text(curve.band.high, 2), decades=f"{curve.band.decades:.1f}"
    )


def _draw_curve(painter: QPainter, frame: MapFrame, theme: Theme, curve: RateCurve) -> None:
    """The curve, which leaves the plane where the racer diverges, thick where it ends at a minimum; a dot at its own rate."""
    gaps = np.where(np.isfinite(curve.gaps), np.maximum(curve.gaps, _FLOOR), 1e300)
    places = frame.places(curve.rates, gaps)
    places[:, 1] = np.maximum(places[:, 1], frame.plane.top() - 20)
    painter.setPen(racer_pen(theme, curve.racer, 1.4))
    painter.drawPolyline(polygon(places))
    edges = np.diff(np.concatenate([[0], curve.arrived.astype(np.int8), [0]]))
    color = racer_color(theme, curve.racer, 0.3)
    painter.setPen(QPen(color, theme.px(6) * theme.weight, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    for first, end in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
        painter.drawPolyline(polygon(places[first:end]))
    own = curve.racer.optimizer.learning_rate
    nearest = int(np.argmin(np.abs(np.log(curve.rates / max(own, 1e-300)))))
    painter.setPen(theme.pen("panel", 1.2))
    painter.setBrush(racer_color(theme, curve.racer))
    at = frame.place(own, float(gaps[nearest]))
    painter.drawEllipse(QPointF(at.x(), max(at.y(), frame.plane.top() + theme.px(4))), theme.px(4), theme.px(4))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _ends(curves: Sequence[RateCurve]) -> tuple[float, float]:
    """The lowest and the highest rate of all sweeps: those of some methods begin lower."""
    return min(float(one.rates[0]) for one in curves), max(float(one.rates[-1]) for one in curves)
