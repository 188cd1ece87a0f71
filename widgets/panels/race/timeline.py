"""The timeline of a race: run it, go a step or ten, to either end, anywhere, at any speed."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from simulations.core.text import N_
from simulations.runtime.messages import Pause, Play
from simulations.runtime.race_messages import Move, RaceSnapshot, SetSpeed, Stand
from simulations.runtime.timeline import SPEED
from widgets.icons import icon
from widgets.numbers import format_count
from widgets.panel import PANELS, Panel, RaceDocument
from widgets.scrub_bar import ScrubBar
from widgets.text import _
from widgets.theme import Look

SPEEDS: Final = (10, 20, 50, 100, 200, 500, 1000, 2000)
_WIDEST: Final = 20_000

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
        self._buttons: dict[str, QToolButton] = {}
        for name, _wish, _title in _BUTTONS:
            self._buttons[name] = self._button(name)
            layout.addWidget(self._buttons[name])
        self.bar = ScrubBar(look, self)
        self.bar.stepChosen.connect(self._on_step_chosen)
        self.bar.spaceTyped.connect(self._on_play)
        self._reading = Reading(self)
        self._speed = QComboBox(self)
        for speed in SPEEDS:
            self._speed.addItem("", float(speed))
        self._speed.setCurrentIndex(SPEEDS.index(round(SPEED)))
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
        nearest = min(range(len(SPEEDS)), key=lambda i: abs(math.log(SPEEDS[i] / snapshot.speed)))
        if nearest != self._speed.currentIndex() and not self._speed.view().isVisible():
            self._speed.setCurrentIndex(nearest)

    def retranslate(self) -> None:
        for name, _wish, title in _BUTTONS:
            if title:
                self._buttons[name].setToolTip(_(title))
                self._buttons[name].setAccessibleName(_(title))
        for index, speed in enumerate(SPEEDS):
            self._speed.setItemText(index, _("{count} steps/s").format(count=format_count(speed)))
        self._speed.setToolTip(_("How fast the timeline runs"))
        self._speed.setAccessibleName(_("Speed of the timeline"))
        self.bar.setAccessibleName(_("Timeline"))
        self.bar.setToolTip(_("Drag to any step; grey is what has been run"))
        self._reading.setFixedWidth(self._reading_width())
        self._show_reading()
        self._show_play()

    def retheme(self) -> None:
        theme = self.look.theme
        for name, button in self._buttons.items():
            button.setIcon(icon(name, self.look))
            button.setIconSize(QSize(theme.px(20), theme.px(20)))
            button.setFixedSize(theme.px(32), theme.px(34))
        self._reading.setFont(theme.font(10))
        self._reading.setFixedWidth(self._reading_width())
        self._show_play()

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"timeline.{name}")
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoRepeat(name in ("back", "step", "back-ten", "forward-ten"))
        button.clicked.connect(self._on_play if name == "play" else self._on_button)
        return button

    def _reading_width(self) -> int:
        """That of the widest reading, so that nothing ever moves."""
        return math.ceil(QFontMetricsF(self.look.theme.font(10)).horizontalAdvance(_reading(_WIDEST, _WIDEST))) + 8

    def _show(self, state: tuple[int, int, int]) -> None:
        if state != self._shown:
            self._shown = state
            self.bar.show_state(*state)
            self._show_reading()

    def _show_reading(self) -> None:
        moment, _done, steps = self._shown
        self._reading.set_text(_reading(moment, steps))

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
        self.commandRequested.emit(SetSpeed(float(SPEEDS[index])))


def _reading(moment: int, steps: int) -> str:
    return _("step {step} of {steps}").format(step=format_count(moment), steps=format_count(steps))
