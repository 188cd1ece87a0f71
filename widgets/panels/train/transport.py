"""The transport: play, step, epoch, reset, new seed, and where training stands, in figures that never jump."""

from __future__ import annotations

import dataclasses
import math
from collections import deque
from time import perf_counter
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from simulations.core.text import N_
from simulations.runtime.messages import Pause, Play, Reset, Snapshot, TakeEpoch, TakeSteps
from widgets.icons import icon
from widgets.numbers import format_count
from widgets.panel import PANELS, Document, Edit, Panel
from widgets.text import _
from widgets.theme import Look
from widgets.view import View

_RATE_WINDOW_S: Final = 1.0
_READABLE_S: Final = 0.2  # rates change this often, so that they can be read
_COUNTING_S: Final = 0.05  # and what counts up this often: faster, the last figures are a blur either way


class FrameRate:
    """Frames a second over the last second."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def count(self, now: float) -> float:
        """Note a frame at ``now`` (seconds) and answer the rate."""
        times = self._times
        times.append(now)
        while times[0] < now - _RATE_WINDOW_S:
            times.popleft()
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0


class Readings(View):
    """The figures, painted in columns of fixed width: a small name above, the number below. Where there is no room for all
    columns, the least needed are left out, so that what is shown is whole."""

    # widest text of each column, so that the width never changes
    _WIDEST: Final = ("00\u2009000.00", "00\u2009000\u2009000", "0\u2009000\u2009000", "000", "")
    _SPARED: Final = (3, 2)  # columns that can be done without, the first one sooner

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._names: tuple[str, ...] = ()
        self._values: tuple[str, ...] = ("–",) * 4
        self._status = "paused"
        self._widths: tuple[int, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # so that the bar beneath is not painted as often
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.retranslate()

    def shown_columns(self) -> tuple[int, ...]:
        """The columns there is room for, from the left."""
        shown = list(range(len(self._widths)))
        for spared in self._SPARED:
            if sum(self._widths[one] for one in shown) > self.width():
                shown.remove(spared)
        return tuple(shown)

    def show_values(self, values: tuple[str, ...], status: str) -> None:
        if (values, status) != (self._values, self._status):
            self._values, self._status = values, status
            self.update()

    def retranslate(self) -> None:
        self._names = (_("epoch"), _("step"), _("samples/s"), _("frames/s"), _("status"))
        self.retheme()

    def retheme(self) -> None:
        theme = self.look.theme
        number, name = QFontMetricsF(theme.font(11, bold=True)), QFontMetricsF(theme.font(8))
        states = max(number.horizontalAdvance(one) for one in self._states().values()) + theme.px(14)
        self._widths = tuple(
            math.ceil(max(number.horizontalAdvance(widest), name.horizontalAdvance(text), states if not widest else 0))
            + theme.px(20)
            for widest, text in zip(self._WIDEST, self._names, strict=True)
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths), self.look.theme.px(40))

    def minimumSizeHint(self) -> QSize:
        spared = sum(self._widths[one] for one in self._SPARED)
        return QSize(sum(self._widths) - spared, self.look.theme.px(40))

    def _states(self) -> dict[str, str]:
        return {"running": _("running"), "paused": _("paused"), "diverged": _("diverged")}

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.look.theme
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.color("panel"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small, large = theme.font(8), theme.font(11, bold=True)
        upper = self.height() // 2 - math.ceil(QFontMetricsF(small).descent()) - 1
        lower = self.height() - math.ceil(QFontMetricsF(large).descent())
        x = 0
        values = (*self._values, self._states()[self._status])
        for column in self.shown_columns():
            painter.setFont(small)
            painter.setPen(theme.color("text.secondary"))
            painter.drawText(x, upper, self._names[column])
            painter.setFont(large)
            painter.setPen(theme.color("text"))
            indent = self._dot(painter, x, lower) if column == len(values) - 1 else 0
            painter.drawText(x + indent, lower, values[column])  # on one baseline: Chinese is taller than digits
            x += self._widths[column]

    def _dot(self, painter: QPainter, x: int, baseline: int) -> int:
        """The state as a filled disc, a ring or a square, because hue alone does not say it."""
        theme = self.look.theme
        role = {"running": "state.good", "paused": "text.secondary", "diverged": "state.bad"}[self._status]
        size = theme.px(8)
        painter.save()
        painter.setPen(theme.pen(role, 1.5))
        painter.setBrush(theme.brush(role) if self._status != "paused" else Qt.BrushStyle.NoBrush)
        draw = painter.drawRect if self._status == "diverged" else painter.drawEllipse
        draw(x + 1, baseline - size, size, size)
        painter.restore()
        return theme.px(14)


@PANELS.register(
    "transport",
    label=N_("Transport"),
    summary=N_("Starts, pauses and steps the training, and shows where it stands and how fast it goes."),
)
class TransportPanel(Panel):
    """Buttons that wish for runtime commands, and the readings of the newest snapshot."""

    area = "top"
    icon = "play"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._document: Document | None = None
        self._is_running = False
        self._frames = FrameRate()
        self._rates = ("–", "–")
        self._rates_shown_at = self._counted_at = 0.0
        self._play = self._button("play", self._on_play)
        self._step = self._button("step", self._on_step)
        self._epoch = self._button("epoch", self._on_epoch)
        self._reset = self._button("reset", self._on_reset)
        self._seed = self._button("seed", self._on_seed)
        self._readings = Readings(look, self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        for button in (self._play, self._step, self._epoch, self._reset, self._seed):
            layout.addWidget(button)
        layout.addSpacing(16)
        layout.addWidget(self._readings)
        self.retheme()
        self.retranslate()

    def show_document(self, document: Document) -> None:
        self._document = document

    def render(self, snapshot: Snapshot) -> None:  # type: ignore[override]
        is_running = snapshot.status == "running"
        if is_running != self._is_running:
            self._is_running = is_running
            self._show_play()
        now = perf_counter()
        frames = self._frames.count(now)
        if not is_running:
            self._rates = ("–", "–")
        elif now - self._rates_shown_at > _READABLE_S:
            self._rates_shown_at = now
            self._rates = (format_count(round(snapshot.samples_per_second)), f"{frames:.0f}")
        if is_running and now - self._counted_at < _COUNTING_S:
            return
        self._counted_at = now
        step = snapshot.step if snapshot.diverged is None else snapshot.diverged.step  # the one that could not be taken
        self._readings.show_values((f"{snapshot.epoch:.2f}", format_count(step), *self._rates), snapshot.status)

    def retranslate(self) -> None:
        for button, text in (
            (self._step, _("Take one step (→)")),
            (self._epoch, _("Train one epoch (Shift+→)")),
            (self._reset, _("Back to step 0 with the same first weights (Ctrl+R)")),
            (self._seed, _("Start again with a new seed (Ctrl+Shift+R)")),
        ):
            button.setToolTip(text)
            button.setAccessibleName(text)
        self._show_play()

    def retheme(self) -> None:
        theme = self.look.theme
        self._show_play()
        for button, name in (
            (self._step, "step"),
            (self._epoch, "epoch"),
            (self._reset, "reset"),
            (self._seed, "seed"),
        ):
            button.setIcon(icon(name, self.look))
        for button in self.findChildren(QToolButton):
            button.setIconSize(QSize(theme.px(22), theme.px(22)))
            button.setFixedSize(theme.px(34), theme.px(34))

    def _button(self, name: str, run: object) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"transport.{name}")
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(run)
        return button

    def _show_play(self) -> None:
        text = _("Pause (Space)") if self._is_running else _("Train (Space)")
        self._play.setIcon(icon("pause" if self._is_running else "play", self.look, "accent"))
        self._play.setToolTip(text)
        self._play.setAccessibleName(text)

    def _on_play(self) -> None:
        self.commandRequested.emit(Pause() if self._is_running else Play())

    def _on_step(self) -> None:
        self.commandRequested.emit(TakeSteps(1))

    def _on_epoch(self) -> None:
        self.commandRequested.emit(TakeEpoch())

    def _on_reset(self) -> None:
        self.commandRequested.emit(Reset())

    def _on_seed(self) -> None:
        if self._document is not None:
            spec = self._document.spec
            seed = (spec.seed + 1) % 2**31
            self.commandRequested.emit(Edit(dataclasses.replace(spec, seed=seed), N_("New seed")))
