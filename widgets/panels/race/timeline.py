"""The timeline of a race: run it, go a step or ten, to either end, anywhere, at any speed."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from simulations.core.text import N_
from simulations.runtime.messages import Pause, Play
from simulations.runtime.race_messages import Move, RaceSnapshot, SetSpeed, Stand
from simulations.runtime.timeline import WHOLE_S
from widgets.forms.controls import ComboBox
from widgets.icons import icon
from widgets.numbers import format_count
from widgets.panel import PANELS, Panel, RaceDocument
from widgets.scrub_bar import ScrubBar
from widgets.text import _
from widgets.theme import Look

SPEEDS: Final = (None, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0)  # None: the whole race in a fixed time
_WIDEST: Final = 20_000
_BAR_PX: Final = 120  # what the bar shall have before anything else gives way
_GIVE_WAY: Final = (  # what there is no room for, one after the other
    frozenset[str](),
    frozenset({"words"}),
    frozenset({"words", "back-ten", "forward-ten"}),
    frozenset({"words", "back-ten", "forward-ten", "first", "last"}),
    frozenset({"words", "back-ten", "forward-ten", "first", "last", "reading"}),
    frozenset({"words", "back-ten", "forward-ten", "first", "last", "reading", "speed"}),
)

_BUTTONS: Final = (  # icon, what it wishes for (None: the last step), what it is called
    ("first", Stand(0), N_("To the first step (Home)")),
    ("back-ten", Move(-10), N_("Ten steps back (Shift+←)")),
    ("back", Move(-1), N_("One step back (←)")),
    ("play", None, ""),
    ("step", Move(1), N_("One step forward (→)")),
    ("forward-ten", Move(10), N_("Ten steps forward (Shift+→)")),
    ("last", Move(10**9), N_("To the last step (End)")),
)


class Reading(QWidget):
    """A line of text, right-aligned, that may change in every frame: unlike a label's, its place never does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""

    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._text)


@PANELS.register(
    "timeline",
    label=N_("Timeline"),
    summary=N_(
        "Runs through the race and shows the step one stands at; what was run is stored, so going back is exact."
    ),
)
class TimelinePanel(Panel):
    """Buttons and a bar that wish for a moment; what they show is the newest snapshot's."""

    workspace = "race"
    area = "top"
    icon = "play"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._is_running = False
        self._shown: tuple[int, int, int] = (0, 0, 0)  # moment, done, steps
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(2)
        layout.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)  # what there is no room for is left out
        self._buttons: dict[str, QToolButton] = {}
        for name, _wish, _title in _BUTTONS:
            self._buttons[name] = self._button(name)
            layout.addWidget(self._buttons[name])
        self.bar = ScrubBar(look, self)
        self.bar.stepChosen.connect(self._on_step_chosen)
        self.bar.spaceTyped.connect(self._on_play)
        self._reading = Reading(self)
        self._gone: frozenset[str] = frozenset()
        self._speed = ComboBox(self)
        self._speed.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToContents)
        self._speed.setMinimumContentsLength(0)
        for speed in SPEEDS:
            self._speed.addItem("", speed)
        self._speed.activated.connect(self._on_speed_chosen)
        layout.addSpacing(6)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self._reading)
        layout.addSpacing(10)
        layout.addWidget(self._speed)
        self.retheme()
        self.retranslate()

    def show_document(self, document: RaceDocument) -> None:
        moment, done, _steps = self._shown
        self._show((moment, done, document.spec.steps))

    def render(self, snapshot: RaceSnapshot) -> None:  # type: ignore[override]
        is_running = snapshot.status == "running"
        if is_running != self._is_running:
            self._is_running = is_running
            self._show_play()
        self._show((snapshot.moment, snapshot.race.done, snapshot.race.spec.steps))
        nearest = _nearest(snapshot.speed)
        if nearest != self._speed.currentIndex() and not self._speed.view().isVisible():
            self._speed.setCurrentIndex(nearest)

    def retranslate(self) -> None:
        for name, _wish, title in _BUTTONS:
            if title:
                self._buttons[name].setToolTip(_(title))
                self._buttons[name].setAccessibleName(_(title))
        for index, speed in enumerate(SPEEDS):
            whole = _("Race in {seconds} s").format(seconds=round(WHOLE_S))
            text = whole if speed is None else _("{count} steps/s").format(count=format_count(round(speed)))
            self._speed.setItemText(index, text)
        self._speed.setToolTip(_("How fast the timeline runs"))
        self._speed.setAccessibleName(_("Speed of the timeline"))
        self.bar.setAccessibleName(_("Timeline"))
        self.bar.setToolTip(_("Drag to any step; grey is what has been run"))
        self._show_reading()
        self._show_play()
        self._fit()

    def retheme(self) -> None:
        theme = self.look.theme
        for name, button in self._buttons.items():
            button.setIcon(icon(name, self.look))
            button.setIconSize(QSize(theme.px(20), theme.px(20)))
            button.setFixedSize(theme.px(32), theme.px(34))
        self._reading.setFont(theme.font(10))
        self._show_play()
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """That of the bar and the button that plays: everything else gives way."""
        theme = self.look.theme
        return QSize(theme.px(2 * 40 + _BAR_PX), theme.px(42))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out what there is no room for. Keys do what buttons that are gone did."""
        room = self.width() - self.look.theme.px(_BAR_PX)
        self._gone = next((gone for gone in _GIVE_WAY if self._wanted(gone) <= room), _GIVE_WAY[-1])
        for name, button in self._buttons.items():
            button.setVisible(name not in self._gone)
        self._reading.setFixedWidth(self._reading_width(self._gone))
        self._reading.setVisible("reading" not in self._gone)
        self._speed.setFixedWidth(self._speed.sizeHint().width())
        self._speed.setVisible("speed" not in self._gone)
        self._show_reading()

    def _wanted(self, gone: frozenset[str]) -> int:
        """The pixels everything but the bar takes without ``gone``."""
        wanted = 16 + sum(button.width() + 2 for name, button in self._buttons.items() if name not in gone)
        wanted += 0 if "reading" in gone else self._reading_width(gone) + 8
        return wanted + (0 if "speed" in gone else self._speed.sizeHint().width() + 14)

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"timeline.{name}")
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoRepeat(name in ("back", "step", "back-ten", "forward-ten"))
        button.clicked.connect(self._on_play if name == "play" else self._on_button)
        return button

    def _reading_width(self, gone: frozenset[str]) -> int:
        """That of the widest reading, so that nothing ever moves."""
        widest = _reading(_WIDEST, _WIDEST, is_short="words" in gone)
        return math.ceil(QFontMetricsF(self.look.theme.font(10)).horizontalAdvance(widest)) + 8

    def _show(self, state: tuple[int, int, int]) -> None:
        if state != self._shown:
            self._shown = state
            self.bar.show_state(*state)
            self._show_reading()

    def _show_reading(self) -> None:
        moment, _done, steps = self._shown
        self._reading.set_text(_reading(moment, steps, is_short="words" in self._gone))
        self._reading.setAccessibleName(_reading(moment, steps))

    def _show_play(self) -> None:
        text = _("Pause (Space)") if self._is_running else _("Play (Space)")
        self._buttons["play"].setIcon(icon("pause" if self._is_running else "play", self.look, "accent"))
        self._buttons["play"].setToolTip(text)
        self._buttons["play"].setAccessibleName(text)

    def _on_play(self) -> None:
        self.commandRequested.emit(Pause() if self._is_running else Play())

    def _on_button(self) -> None:
        name = self.sender().objectName().removeprefix("timeline.")
        self.commandRequested.emit(next(wish for one, wish, _title in _BUTTONS if one == name))

    def _on_step_chosen(self, step: int) -> None:
        self.commandRequested.emit(Stand(step))

    def _on_speed_chosen(self, index: int) -> None:
        self.commandRequested.emit(SetSpeed(SPEEDS[index]))


def _nearest(speed: float | None) -> int:
    """The index of the choice that is like ``speed``."""
    if speed is None:
        return 0
    return min(range(1, len(SPEEDS)), key=lambda i: abs(math.log((SPEEDS[i] or 1.0) / speed)))


def _reading(moment: int, steps: int, *, is_short: bool = False) -> str:
    if is_short:
        return f"{format_count(moment)} / {format_count(steps)}"
    return _("step {step} of {steps}").format(step=format_count(moment), steps=format_count(steps))
