"""The words inside a race's plane: what is under the pointer, and the key of the racers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from simulations.racing.probes.ground import time_of
from simulations.racing.record import Race
from simulations.surfaces.base import Surface
from simulations.surfaces.evaluation import Evaluator
from widgets.plots.batch import Lines
from widgets.plots.picture import metrics
from widgets.plots.plane_frame import FONT_PT, Frame
from widgets.plots.race_lines import dashed
from widgets.plots.race_paths import STRONG, Runners, path_pen
from widgets.plots.ticks import value_text
from widgets.racers import DASHES, racer_labels
from widgets.text import _, ngettext
from widgets.theme import Theme

_LINES: Final = Lines()  # the room of one serves all
_MOST: Final = 0.7  # of the plane's height, for the key
_LINE: Final = 18.0  # px of a racer's line in the key


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
    _draw_box(painter, box, theme)
    painter.setPen(theme.color("text"))
    for i, line in enumerate(lines):
        place = QRectF(box.left() + theme.px(8), box.top() + theme.px(5) + i * text.height(), width, text.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, line)


def _draw_box(painter: QPainter, box: QRectF, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.pen("border"))
    painter.setBrush(theme.brush("panel", 0.9))
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_legend(painter: QPainter, frame: Frame, theme: Theme, runners: Runners) -> None:
    """Every visible racer's line and name in the upper left corner, as many as have room."""
    race = runners.race
    if race is None or not runners.seen():
        return
    painter.save()
    painter.setFont(theme.font(FONT_PT))
    text = metrics(painter)
    labels = racer_labels(race.spec)
    line, gap = text.height() + theme.px(2), theme.px(8)
    room = max(1, int(_MOST * (frame.plane.height() - 4 * gap) / line))
    seen = sorted(runners.seen())
    shown = seen if len(seen) <= room else seen[: room - 1]
    names = [labels[one] for one in shown]
    if len(shown) < len(seen):
        count = len(seen) - len(shown)
        names.append(ngettext("and {count} more", "and {count} more", count).format(count=count))
    mark = theme.px(_LINE + 8)
    width = max(map(text.horizontalAdvance, names)) + mark + 2 * gap
    box = QRectF(frame.plane.left() + gap, frame.plane.top() + gap, width, len(names) * line + gap)
    _draw_box(painter, box, theme)
    for i, name in enumerate(names):
        y = box.top() + gap / 2 + (i + 0.5) * line
        if i < len(shown):
            racer = race.spec.racers[shown[i]]
            row = np.array([[box.left() + gap, y, box.left() + gap + theme.px(_LINE), y]])
            painter.setPen(path_pen(theme, racer.color, STRONG))
            _LINES.draw(painter, dashed(row, tuple(STRONG * one for one in DASHES[racer.dash])))
        painter.setPen(theme.color("text"))
        place = QRectF(box.left() + gap + mark, y - line / 2, width, line)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, name)
    painter.restore()


def draw_nobody(painter: QPainter, frame: Frame, theme: Theme) -> None:
    """What to do where there is nobody to draw."""
    sentence = _("Nobody races yet. Add a racer in the Racers panel.")
    painter.setFont(theme.font(10))
    text = metrics(painter)
    room = frame.plane.adjusted(theme.px(24), 0, -theme.px(24), 0)
    wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    place = text.boundingRect(room, int(wrapped), sentence)
    _draw_box(painter, place.adjusted(-theme.px(12), -theme.px(8), theme.px(12), theme.px(8)), theme)
    painter.setPen(theme.color("text"))
    painter.drawText(place, int(wrapped), sentence)
