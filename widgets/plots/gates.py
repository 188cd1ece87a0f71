"""The gates of a recurrent layer as maps: a row per unit, a column per time step, the colour says how far it is open."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array, FloatArray
from simulations.core.text import N_
from simulations.nn.description import LayerInfo
from simulations.probes.answers import GateMap, GatesAnswer
from widgets.numbers import format_count
from widgets.plot import Table
from widgets.plots.colormap import image_of, mix, rgb
from widgets.plots.histogram_text import layer_title, share_text
from widgets.plots.picture import Picture, draw_empty, metrics
from widgets.plots.ticks import integer_ticks, tick_texts, value_text
from widgets.text import _
from widgets.theme import Look, Theme

_NAMES = {
    "input": N_("Input gate"),
    "forget": N_("Forget gate"),
    "output": N_("Output gate"),
    "reset": N_("Reset gate"),
    "update": N_("Update gate"),
    "candidate": N_("Candidate"),
    "state": N_("State"),
}
_LEFT_PX, _BELOW_PX, _ABOVE_PX, _GAP_PX = 40, 20, 34, 12  # around a map: its axes, and its title with its numbers
_ASPECT = 2.0  # a map as wide as this times its height reads best


def gate_title(name: str, *, short: bool = False) -> str:
    """A gate's name in the current language; those of inner layers are told apart by the numbers of these."""
    place, _dot, gate = name.rpartition(".")
    known = _(_NAMES[gate]) if gate in _NAMES else gate
    if not place:
        return known
    if short:
        return f"{known} · {place}"
    return _("{gate} of inner layer {place}").format(gate=known, place=place)


class GatesPlot(Picture):
    """Draws a :class:`GatesAnswer`."""

    plot_id = "gates"
    writes_title: Final = True

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self._answer: GatesAnswer | None = None
        self._info: LayerInfo | None = None
        super().__init__(look, parent)
        self.setMouseTracking(True)
        self.retranslate()

    def show_gates(self, info: LayerInfo, answer: GatesAnswer | None) -> None:
        """Show ``answer``; None while it has not been measured."""
        if answer is not self._answer or info != self._info:
            self._info, self._answer = info, answer
            self.refresh()

    def has_answer(self) -> bool:
        """Whether there is something to draw or export."""
        return self._answer is not None

    def plot_title(self) -> str:
        if self._answer is None or self._info is None:
            return _("Gates")
        return _("{layer}: gates").format(layer=layer_title(self._info))

    def table(self) -> Table:
        """A row per gate, unit and time step."""
        gates = self._answer.gates if self._answer is not None else ()
        names, units, steps, means = [np.zeros(0, str)], [np.zeros(0, int)], [np.zeros(0, int)], [np.zeros(0)]
        for one in gates:
            unit, step = np.indices(one.means.shape)
            names.append(np.full(one.means.size, one.name))
            units.append(unit.ravel() + 1)
            steps.append(step.ravel() + 1)
            means.append(one.means.ravel())
        columns = {"gate": names, "unit": units, "time step": steps, "mean": means}
        return Table({name: np.concatenate(parts) for name, parts in columns.items()})

    def _maps(self, rect: QRectF, theme: Theme) -> Iterator[tuple[GateMap, QRectF]]:
        """Every gate with the rectangle its map fills, in the grid that leaves the maps the most room."""
        assert self._answer is not None
        gates = self._answer.gates
        whole = rect.adjusted(theme.px(8), theme.px(30), -theme.px(12), -theme.px(24))
        beside, above = theme.px(_LEFT_PX + _GAP_PX), theme.px(_ABOVE_PX + _BELOW_PX)

        def size(columns: int) -> tuple[float, float]:
            return whole.width() / columns, whole.height() / math.ceil(len(gates) / columns)

        def room(columns: int) -> float:
            width, height = size(columns)
            return min((width - beside) / _ASPECT, height - above)

        columns = max(range(1, len(gates) + 1), key=room)
        width, height = size(columns)
        for index, one in enumerate(gates):
            row, column = divmod(index, columns)
            cell = QRectF(whole.left() + column * width, whole.top() + row * height, width, height)
            yield one, cell.adjusted(theme.px(_LEFT_PX), theme.px(_ABOVE_PX), -theme.px(_GAP_PX), -theme.px(_BELOW_PX))

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if self._answer is None:
            draw_empty(painter, rect, theme, _("The gates appear with the next measurement."))
            return
        painter.fillRect(rect, theme.color("panel"))
        painter.setFont(theme.font(10, bold=True))
        painter.setPen(theme.color("text"))
        line = QRectF(rect.left() + theme.px(12), rect.top() + theme.px(5), rect.width() - theme.px(24), theme.px(18))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.plot_title())
        for one, area in self._maps(rect, theme):
            if area.width() > 8 and area.height() > 4:
                self._map(painter, area, theme, one)
        self._legend(painter, rect, theme)

    def _map(self, painter: QPainter, area: QRectF, theme: Theme, one: GateMap) -> None:
        painter.drawImage(area, image_of(colors(one, theme)))
        painter.setPen(theme.pen("border"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)
        self._words(painter, area, theme, one)
        painter.setFont(theme.font(8.5))
        painter.setPen(theme.color("text.secondary"))
        text = metrics(painter)
        units, steps = one.means.shape
        for tick, said in _ticks(steps, int(area.width() // theme.px(40))):
            x = area.left() + (tick - 0.5) / steps * area.width()
            box = QRectF(x - 40, area.bottom() + 1, 80, text.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, said)
        for tick, said in _ticks(units, int(area.height() // theme.px(20))):
            y = area.top() + (tick - 0.5) / units * area.height()
            box = QRectF(area.left() - theme.px(30), y - text.height() / 2, theme.px(26), text.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, said)

    def _words(self, painter: QPainter, area: QRectF, theme: Theme, one: GateMap) -> None:
        """The gate's name, and under it how its values lie."""
        said = (gate_title(one.name, short=True), values_text(one))
        for index, (text, role) in enumerate(zip(said, ("text", "text.secondary"), strict=True)):
            painter.setFont(theme.font(9, bold=index == 0))
            painter.setPen(theme.color(role))
            high = metrics(painter).height()
            line = QRectF(area.left(), area.top() - theme.px(_ABOVE_PX) + index * theme.px(16), area.width(), high)
            fitting = metrics(painter).elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, fitting)

    def _legend(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """What the colours and, where there is room, the axes mean, along the lower edge."""
        assert self._answer is not None
        painter.setFont(theme.font(8.5))
        painter.setPen(theme.color("text.secondary"))
        text, gap = metrics(painter), theme.px(4)
        y, x = rect.bottom() - text.height() - theme.px(3), rect.left() + theme.px(12)
        for low, high in dict.fromkeys((one.low, one.high) for one in self._answer.gates):
            bar = QRectF(x + text.horizontalAdvance(value_text(low)) + gap, y, theme.px(48), text.height())
            shade = QLinearGradient(bar.topLeft(), bar.topRight())
            for place in (0.0, 0.5, 1.0):
                shade.setColorAt(place, _color(low + place * (high - low), low, high, theme))
            painter.fillRect(bar.adjusted(0, gap - 1, 0, 1 - gap), shade)
            painter.drawText(QPointF(x, y + text.ascent()), value_text(low))
            painter.drawText(QPointF(bar.right() + gap, y + text.ascent()), value_text(high))
            x = bar.right() + text.horizontalAdvance(value_text(high)) + 4 * gap
        axes = _("across: time step · down: unit")
        if x + text.horizontalAdvance(axes) < rect.right():
            painter.drawText(QPointF(x, y + text.ascent()), axes)

    def text_at(self, position: QPointF) -> str:
        if self._answer is None:
            return ""
        for one, area in self._maps(QRectF(self.rect()), self.look.theme):
            if not area.contains(position):
                continue
            units, steps = one.means.shape
            unit = min(int((position.y() - area.top()) / area.height() * units), units - 1)
            step = min(int((position.x() - area.left()) / area.width() * steps), steps - 1)
            return _("{gate}, unit {unit}, time step {step}: {value} on average over {samples} samples").format(
                gate=gate_title(one.name),
                unit=unit + 1,
                step=step + 1,
                value=value_text(float(one.means[unit, step])),
                samples=format_count(self._answer.samples),
            )
        return ""


def values_text(one: GateMap) -> str:
    """The mean of a gate, how often it is shut or open, and how many units are drawn."""
    mean = value_text(one.mean, 2)
    said = _("mean {mean}").format(mean=mean)
    if (one.low, one.high) == (0.0, 1.0):
        said = _("mean {mean} · <0.1: {shut} · >0.9: {open}").format(
            mean=mean, shut=_percent(one.shut), open=_percent(one.open)
        )
    shown = len(one.means)
    if shown == one.all_units:
        return said
    return _("{said} · {shown}/{all} units").format(said=said, shown=shown, all=format_count(one.all_units))


def _percent(share: float) -> str:
    return share_text(round(share * 1_000_000), 1_000_000) if math.isfinite(share) else "–"


def _ticks(count: int, most: int) -> Iterator[tuple[float, str]]:
    """Whole numbers from 1 to ``count`` with their texts; the first and the last where nothing else fits."""
    ticks = [tick for tick in integer_ticks(1, count, max(most, 1)) if tick >= 1] if count > 1 else [1.0]
    return zip(ticks, tick_texts(ticks), strict=True)


def colors(one: GateMap, theme: Theme) -> Array:
    """``(units, t, 3)`` in 0…255: from shut to open, or from negative over zero to positive; what is not finite stands out."""
    share = (np.clip(one.means, one.low, one.high) - one.low) / (one.high - one.low)
    stops: FloatArray = np.stack([rgb(_color(value, one.low, one.high, theme)) for value in _stops(one)])
    place = np.nan_to_num(share) * (len(stops) - 1)
    below = np.minimum(place.astype(int), len(stops) - 2)
    part = (place - below)[..., None]
    mixed = stops[below] * (1 - part) + stops[below + 1] * part
    return np.where(np.isfinite(one.means)[..., None], mixed, rgb(theme.color("state.bad")))


def _stops(one: GateMap) -> tuple[float, float, float]:
    return one.low, (one.low + one.high) / 2, one.high


def _color(value: float, low: float, high: float, theme: Theme) -> QColor:
    if low < 0:
        return theme.color("sign.negative" if value < 0 else "sign.zero" if value == 0 else "sign.positive")
    return mix(theme.color("sign.zero"), theme.color("quantity.activations"), (value - low) / (high - low))
