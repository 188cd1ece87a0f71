"""The words inside a race's plane: what is under the pointer, and what to do where there is nobody."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from simulations.racing.probes.ground import time_of
from simulations.racing.record import Race
from simulations.surfaces.base import Surface
from simulations.surfaces.evaluation import Evaluator
from widgets.plots.picture import metrics
from widgets.plots.plane_frame import FONT_PT, Frame
from widgets.plots.ticks import value_text
from widgets.racers import racer_labels
from widgets.text import _
from widgets.theme import Theme


class Asker:
    """A surface asked for its height and slope at one place after the other."""

    def __init__(self) -> None:
        self._surface: Surface | None = None
        self._evaluator: Evaluator | None = None

    def ask(self, surface: Surface, x: float, y: float, moment: int) -> tuple[float, float]:
        """f and |∇f| at (x, y)."""
        if self._evaluator is None or surface != self._surface:
            self._surface, self._evaluator = surface, surface.evaluator()
        found = self._evaluator.ask("slope", np.array([[x, y]]), t=time_of(surface, moment))[0].tolist()
        with np.errstate(all="ignore"):
            return found[0], float(np.hypot(found[1], found[2]))


def place_lines(x: float, y: float, value: float, slope: float) -> list[str]:
    """A place, and height and slope there, in the letters of mathematics."""
    return [
        f"x {value_text(x, 4)}   y {value_text(y, 4)}",
        f"f {value_text(value, 4)}   |∇f| {value_text(slope, 3)}",
    ]


def racer_line(race: Race, racer: int, step: int) -> str:
    """A racer at one step of its path, and its height there."""
    name = racer_labels(race.spec)[racer]
    value = value_text(float(race.curves.values[step, racer]), 4)
    return _("{racer} · step {step} · f {value}").format(racer=name, step=step, value=value)


def away_line(race: Race, racer: int, is_gone: bool) -> str:
    """Why a racer stands at the edge."""
    name = racer_labels(race.spec)[racer]
    return (_("{racer} diverged") if is_gone else _("{racer} left the view")).format(racer=name)


def draw_readout(painter: QPainter, frame: Frame, theme: Theme, lines: Sequence[str], pointer: QPointF) -> None:
    """``lines`` in the upper corner of the plane that is farther from the pointer."""
    painter.setFont(theme.font(FONT_PT))
    text = metrics(painter)
    width = max(map(text.horizontalAdvance, lines)) + theme.px(16)
    height = len(lines) * text.height() + theme.px(10)
    plane, gap = frame.plane, theme.px(8)
    is_left = pointer.x() > plane.center().x()
    left = plane.left() + gap if is_left else plane.right() - gap - width
    box = QRectF(left, plane.top() + gap, width, height)
    draw_box(painter, box, theme)
    painter.setPen(theme.color("text"))
    for i, line in enumerate(lines):
        place = QRectF(box.left() + theme.px(8), box.top() + theme.px(5) + i * text.height(), width, text.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, line)


def draw_box(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """A patch of panel to write on."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.pen("border"))
    painter.setBrush(theme.brush("panel", 0.9))
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_nobody(painter: QPainter, frame: Frame, theme: Theme) -> None:
    """What to do where there is nobody to draw."""
    sentence = _("Nobody races yet. Add a racer in the Racers panel.")
    painter.setFont(theme.font(10))
    text = metrics(painter)
    room = frame.plane.adjusted(theme.px(24), 0, -theme.px(24), 0)
    wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    place = text.boundingRect(room, int(wrapped), sentence)
    draw_box(painter, place.adjusted(-theme.px(12), -theme.px(8), theme.px(12), theme.px(8)), theme)
    painter.setPen(theme.color("text"))
    painter.drawText(place, int(wrapped), sentence)
