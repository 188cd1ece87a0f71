"""How methods did in a fair race: for each the cost of arriving from every start, and the learning rates that are usable."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final, final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from simulations.documents.race import RacerSpec
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.racing.fairness import FairResult
from simulations.racing.probes.fair import FairAnswer
from widgets.plot import Table
from widgets.plots.map_axes import FONT_PT, Axis
from widgets.plots.picture import Picture, draw_empty, metrics
from widgets.plots.ticks import value_text
from widgets.racers import racer_color, racer_pen
from widgets.text import _
from widgets.theme import Look, Theme

_ROWS: Final = 2.9  # lines of text a method takes among the costs
_BANDS: Final = 2.1  # and among the rates
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@final
class FairView(Picture):
    """Draws a :class:`FairAnswer`: boxes over the costs of all starts, and bars over the usable rates, the best method first."""

    plot_id = "fair"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: FairAnswer | None = None
        self._sentence = ""
        self.retranslate()

    def plot_title(self) -> str:
        return _("Fair race")

    def show_answer(self, answer: FairAnswer | None, sentence: str = "") -> None:
        """Draw ``answer`` from now on; without results, ``sentence`` says why."""
        if answer is not None and not answer.results:
            answer = None
        before = self._answer.results if self._answer is not None else ()
        after = answer.results if answer is not None else ()
        changed = before != after or sentence != self._sentence
        self._answer, self._sentence = answer, sentence
        if changed:
            self.setMinimumHeight(round(self._needed()))
            self.refresh()

    def has_answer(self) -> bool:
        """Whether there is something to draw or export."""
        return self._answer is not None

    def plot_size(self) -> QSize:
        return QSize(self.width(), max(self.height(), round(self._needed())))

    def retheme(self) -> None:
        self.setMinimumHeight(round(self._needed()))
        super().retheme()

    def configuration(self) -> tuple[object, ...]:
        if self._answer is None:
            return ()
        tuned = (
            dataclasses.replace(one.racer, optimizer=one.racer.optimizer.at_rate(one.rate)) for one in self._sorted()
        )
        return (self._answer.surface, self._answer.settings, *tuned)

    def table(self) -> Table:
        """A row per method, the best first; costs in gradients, ∞ where fewer starts than that arrive."""
        if self._answer is None:
            return Table({})
        names, results = method_names(self._answer.racers), self._sorted()
        return Table({
            "method": np.array([names[self._answer.racers.index(one.racer)] for one in results]),
            "starts": np.array([len(one.costs) for one in results]),
            "success rate": np.array([one.success for one in results]),
            "median cost [gradients]": np.array([one.cost.median for one in results]),
            "lower quartile [gradients]": np.array([one.cost.low for one in results]),
            "upper quartile [gradients]": np.array([one.cost.high for one in results]),
            "median final gap": np.array([one.gap.median for one in results]),
            "best learning rate": np.array([one.rate for one in results]),
            "usable rates [decades]": np.array([one.tuning.decades for one in results]),
            "usable rates are cut off": np.array([one.tuning.is_cut_off for one in results]),
        })  # fmt: skip

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if self._answer is None:
            draw_empty(painter, rect, theme, self._sentence)
            return
        painter.save()
        painter.fillRect(rect, theme.brush("panel"))
        painter.setFont(theme.font(FONT_PT))
        line = metrics(painter).height()
        inside = rect.adjusted(theme.px(8), theme.px(6), -theme.px(8), 0)
        below = self._draw_costs(painter, inside, theme, line)
        self._draw_bands(painter, QRectF(inside.left(), below, inside.width(), 0), theme, line)
        painter.restore()

    def text_at(self, position: QPointF) -> str:
        """Everything about the method under the pointer."""
        if self._answer is None:
            return ""
        line = self.fontMetrics().height()
        row = int((position.y() - 2.4 * line) / (_ROWS * line))
        results = self._sorted()
        return self._told(results[row]) if 0 <= row < len(results) else ""

    def _told(self, one: FairResult) -> str:
        assert self._answer is not None
        name = method_names(self._answer.racers)[self._answer.racers.index(one.racer)]
        return _(
            "{name}: {share} of starts arrive; cost {low} · {median} · {high} gradients (quartiles); median final gap {gap}; "
            "best η {rate}, usable over {decades} decades."
        ).format(
            name=name,
            share=f"{one.success:.0%}",
            low=cost_text(one.cost.low),
            median=cost_text(one.cost.median),
            high=cost_text(one.cost.high),
            gap=value_text(one.gap.median),
            rate=value_text(one.rate),
            decades=decades_text(one),
        )

    def _needed(self) -> float:
        if self._answer is None:
            return 90.0
        line = self.fontMetrics().height()
        return line * (7.5 + (_ROWS + _BANDS) * len(self._answer.results)) + 24

    def _sorted(self) -> list[FairResult]:
        assert self._answer is not None
        return sorted(self._answer.results, key=lambda one: (-one.success, one.cost.median, one.gap.median))

    def _draw_costs(self, painter: QPainter, rect: QRectF, theme: Theme, line: float) -> float:
        """The boxes; returns where they end."""
        assert self._answer is not None
        names, results = method_names(self._answer.racers), self._sorted()
        budget = self._answer.settings.budget
        _write(
            painter,
            QRectF(rect.left(), rect.top(), rect.width(), line),
            theme,
            _("Gradients until it has arrived for good"),
        )
        axis = Axis("", 1, budget * 1.25, "log")
        track = QRectF(rect.left() + theme.px(4), 0, rect.width() - theme.px(8), line * 0.9)
        top = rect.top() + 1.6 * line
        bottom = top + _ROWS * line * len(results)
        _draw_ticks(painter, QRectF(track.left(), top, track.width(), bottom - top), theme, axis, line)
        for one in results:
            name = names[self._answer.racers.index(one.racer)]
            words = _("{share} · median {median}").format(share=f"{one.success:.0%}", median=cost_text(one.cost.median))
            _draw_head(
                painter,
                QRectF(rect.left(), top, rect.width(), line),
                theme,
                one.racer,
                name,
                (words, f"{one.success:.0%} · {cost_text(one.cost.median)}"),
            )
            track.moveTop(top + 1.25 * line)
            _draw_box(painter, track, theme, axis, one, budget)
            top += _ROWS * line
        return bottom + 2.0 * line

    def _draw_bands(self, painter: QPainter, rect: QRectF, theme: Theme, line: float) -> None:
        """The usable rates: bars where at least half of the tuning starts arrive, a diamond at the best."""
        assert self._answer is not None
        names, results = method_names(self._answer.racers), self._sorted()
        _write(
            painter,
            QRectF(rect.left(), rect.top(), rect.width(), line),
            theme,
            _("Usable learning rates: at least half of the runs arrive"),
        )
        rates = np.concatenate([one.tuning.rates for one in results])
        axis = Axis("", float(rates.min()), float(rates.max()), "log")
        track = QRectF(rect.left() + theme.px(4), 0, rect.width() - theme.px(8), line * 0.55)
        top = rect.top() + 1.6 * line
        height = _BANDS * line * len(results)
        _draw_ticks(painter, QRectF(track.left(), top, track.width(), height), theme, axis, line)
        for one in results:
            name = names[self._answer.racers.index(one.racer)]
            words = _("best {rate} · {decades} decades").format(rate=value_text(one.rate, 2), decades=decades_text(one))
            _draw_head(
                painter,
                QRectF(rect.left(), top, rect.width(), line),
                theme,
                one.racer,
                name,
                (words, value_text(one.rate, 2)),
            )
            track.moveTop(top + 1.2 * line)
            _draw_band(painter, track, theme, axis, one)
            top += _BANDS * line


def method_names(racers: Sequence[RacerSpec]) -> list[str]:
    """What methods are called whose rate is tuned: without it; those called the same are numbered."""
    plain = []
    for one in racers:
        parts = [_(OPTIMIZERS.entry(one.optimizer.kind).label)]
        parts += [_(WRAPPERS.entry(wrapper.kind).label) for wrapper in one.wrappers]
        plain.append(one.name or " + ".join(parts))
    seen: dict[str, int] = {}
    names = []
    for name in plain:
        seen[name] = seen.get(name, 0) + 1
        names.append(f"{name} #{seen[name]}" if plain.count(name) > 1 else name)
    return names


def decades_text(one: FairResult) -> str:
    """How many decades of rates are usable; with ≥ where they reach the end of those a method may have."""
    return f"{'≥ ' if one.tuning.is_cut_off else ''}{one.tuning.decades:.1f}"


def cost_text(value: float) -> str:
    """A cost in gradients, ∞ for never."""
    return value_text(value) if np.isfinite(value) else "∞"


def _write(painter: QPainter, rect: QRectF, theme: Theme, words: str) -> None:
    painter.setPen(theme.pen("text.secondary"))
    painter.drawText(rect, _LEFT, metrics(painter).elidedText(words, Qt.TextElideMode.ElideRight, rect.width()))


def _draw_head(
    painter: QPainter, rect: QRectF, theme: Theme, racer: RacerSpec, name: str, told: tuple[str, str]
) -> None:
    """The racer's line and name on the left, figures on the right: the shorter ones where the name needs the room."""
    text = metrics(painter)
    wide = text.horizontalAdvance(told[0]) + text.horizontalAdvance(name) + theme.px(32)
    words = told[0] if wide <= rect.width() else told[1]
    middle = rect.center().y()
    painter.setPen(racer_pen(theme, racer, 2))
    painter.drawLine(QPointF(rect.left(), middle), QPointF(rect.left() + theme.px(18), middle))
    painter.setPen(theme.pen("text"))
    painter.drawText(rect, _RIGHT, words)
    left = rect.adjusted(theme.px(24), 0, -text.horizontalAdvance(words) - theme.px(8), 0)
    painter.drawText(left, _LEFT, text.elidedText(name, Qt.TextElideMode.ElideRight, left.width()))


def _draw_ticks(painter: QPainter, rect: QRectF, theme: Theme, axis: Axis, line: float) -> None:
    """A grid behind all rows with numbers below."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    most = max(2, int(rect.width() / (metrics(painter).horizontalAdvance("0.0001") * 1.5)))
    for share, written in axis.ticks(most):
        x = rect.left() + share * rect.width()
        painter.setPen(theme.pen("grid"))
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))
        painter.setPen(theme.pen("text.secondary"))
        painter.drawText(QRectF(x - 50, rect.bottom(), 100, line), Qt.AlignmentFlag.AlignCenter, written)


def _draw_box(painter: QPainter, rect: QRectF, theme: Theme, axis: Axis, one: FairResult, budget: int) -> None:
    """A dot per start that arrives, a box between the quartiles, a line at the median; never means the right edge."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shares = axis.shares(np.where(np.isfinite(one.costs), np.maximum(one.costs, 1), budget * 1.25))
    low, median, high = (float(axis.shares(max(value, 1.0))) if np.isfinite(value) else 1.0 for value in one.cost)
    left, right = rect.left() + low * rect.width(), rect.left() + high * rect.width()
    box = QRectF(left, rect.top(), max(right - left, 2.0), rect.height())
    painter.setPen(theme.pen("border"))
    painter.drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()))
    painter.fillRect(box, racer_color(theme, one.racer, 0.25))
    painter.setPen(racer_pen(theme, one.racer, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(racer_color(theme, one.racer, 0.75))
    offsets = (np.arange(len(shares)) * 0.618034) % 1 - 0.5  # spread evenly, the same each time
    for share, offset, cost in zip(shares.tolist(), offsets.tolist(), one.costs.tolist(), strict=True):
        if np.isfinite(cost):
            at = QPointF(rect.left() + share * rect.width(), rect.center().y() + offset * rect.height() * 0.8)
            painter.drawEllipse(at, 1.6 * theme.scale, 1.6 * theme.scale)
    painter.setPen(theme.pen("text", 2.0))
    x = rect.left() + median * rect.width()
    painter.drawLine(QPointF(x, rect.top() - 1), QPointF(x, rect.bottom() + 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _draw_band(painter: QPainter, rect: QRectF, theme: Theme, axis: Axis, one: FairResult) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.pen("border"))
    painter.drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()))
    tuning = one.tuning
    half = rect.width() / max(len(tuning.rates) - 1, 1) / 2
    shares = axis.shares(tuning.rates)
    edges = np.diff(np.concatenate([[0], tuning.usable.astype(np.int8), [0]]))
    for first, end in zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True):
        left, right = (rect.left() + float(shares[i]) * rect.width() for i in (first, end - 1))
        bar = QRectF(left - half, rect.top(), right - left + 2 * half, rect.height())
        painter.fillRect(bar, racer_color(theme, one.racer, 0.6))
    at = QPointF(rect.left() + float(shares[tuning.best]) * rect.width(), rect.center().y())
    size = rect.height() * 0.7
    corners = [(0, -size), (size, 0), (0, size), (-size, 0)]
    painter.setPen(theme.pen("text", 1.2))
    painter.setBrush(theme.brush("panel"))
    painter.drawPolygon([at + QPointF(x, y) for x, y in corners])
    painter.setBrush(Qt.BrushStyle.NoBrush)
