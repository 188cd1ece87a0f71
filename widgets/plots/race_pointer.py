"""What hands do on a race's plane: drag a start, move and zoom what is in view, choose a path, read what is under the
pointer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from simulations.documents.race import RaceSpec
from simulations.racing.record import Race
from widgets.plots.anatomy_marks import factor_words
from widgets.plots.race_lines import pixels
from widgets.plots.race_paths import Away, away_of, starts_of
from widgets.plots.race_words import Asker, away_line, place_lines, racer_line
from widgets.plots.ticks import value_text
from widgets.text import _

if TYPE_CHECKING:
    from widgets.plots.race_plane import RacePlane

REACH: Final = 10.0  # px: so near a start or a mark is taken
NEAR: Final = 7.0  # px: so near a path is meant
_STILL: Final = 3.0  # px: a press that moves no farther is a click
_FAR: Final = 1e6  # the farthest a start may be from the middle
_ZOOM: Final = 1.25  # of a key
_WHEEL: Final = 1.0016  # of one eighth of a degree
_STEP, _LEAP = 2.0, 20.0  # px of an arrow key, alone and with Shift
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}
_NEARER: Final = (Qt.Key.Key_Plus, Qt.Key.Key_Equal)
_FARTHER: Final = (Qt.Key.Key_Minus, Qt.Key.Key_Underscore)
_KEYS: Final = frozenset((*_ARROWS, *_NEARER, *_FARTHER, Qt.Key.Key_0))
_PLAIN: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_OWN: Final = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier  # window managers may keep Alt


class Hand:
    """Turns events into the wishes of its plane. One gesture is one number, so that it is one step to undo."""

    def __init__(self, plane: RacePlane) -> None:
        self._plane = plane
        self._asker = Asker()
        self._gesture = 0
        self._key_gesture = -1  # the gesture that keys belong to
        self._dragged: int | None = None  # the racer whose start is held
        self._held: tuple[float, float] | None = None  # the data coordinates that are held while the view moves
        self._pressed: QPointF | None = None
        self._pointer: QPointF | None = None

    # ---- mouse -------------------------------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        plane, at = self._plane, event.position()
        if plane.runners is None or not plane.frame().plane.contains(at):
            return
        self._gesture += 1
        if event.button() == Qt.MouseButton.LeftButton and (racer := self._start_at(at)) is not None:
            is_own = bool(event.modifiers() & _OWN) and racer < 0
            self._dragged = plane.runners.selected if is_own else racer
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed = at
            if event.button() == Qt.MouseButton.MiddleButton:
                self._hold(at)
        self._show_cursor()

    def move(self, event: QMouseEvent) -> None:
        plane, at = self._plane, event.position()
        self._pointer = at
        if plane.runners is None:
            return
        if self._dragged is not None:
            plane.cadence.ask(self._dragged, *plane.frame().data_at(at))
        elif self._pressed is not None:
            if self._held is None and math.dist(at.toTuple(), self._pressed.toTuple()) > _STILL:
                self._hold(self._pressed)
            if self._held is not None:
                self._drag_view(at)
        self._show_cursor()
        if self._dragged is None:
            plane.update()

    def release(self, event: QMouseEvent) -> None:
        self._plane.cadence.flush()
        was_click = self._pressed is not None and self._held is None and self._dragged is None
        self._pressed = self._held = self._dragged = None
        if was_click and event.button() == Qt.MouseButton.LeftButton:
            self._click(event.position())
        self._show_cursor()

    def press_twice(self, event: QMouseEvent) -> None:
        """The start in common comes here."""
        plane, at = self._plane, event.position()
        is_free = self._start_at(at) is None and self._path_at(at) is None
        if (
            event.button() == Qt.MouseButton.LeftButton
            and plane.runners
            and plane.frame().plane.contains(at)
            and is_free
        ):
            self._gesture += 1
            self.move_start(-1, *plane.frame().data_at(at))

    def turn(self, event: QWheelEvent) -> None:
        plane = self._plane
        if plane.runners is not None and plane.frame().plane.contains(event.position()):
            self._zoom(_WHEEL ** event.angleDelta().y(), *plane.frame().data_at(event.position()))
            event.accept()

    def leave(self) -> None:
        self._pointer = None
        self._plane.update()

    def _hold(self, at: QPointF) -> None:
        self._held = self._plane.frame().data_at(at)

    def _drag_view(self, at: QPointF) -> None:
        assert self._held is not None
        plane, (x, y) = self._plane, self._plane.frame().data_at(at)
        box = plane.box()
        if box is not None:
            plane.look_from(plane.viewpoint.moved(box, self._held[0] - x, self._held[1] - y))

    def _click(self, at: QPointF) -> None:
        found = self._path_at(at) or self._away_at(at)
        if found is not None:
            self._plane.racerChosen.emit(found[0])
            self._plane.stepChosen.emit(found[1])

    def move_start(self, racer: int, x: float, y: float) -> None:
        x, y = (min(max(one, -_FAR), _FAR) for one in (x, y))
        self._plane.startMoved.emit(racer, x, y, self._gesture)

    def _zoom(self, factor: float, x: float, y: float) -> None:
        plane, box = self._plane, self._plane.box()
        if box is not None and plane.runners is not None:
            plane.look_from(plane.viewpoint.zoomed(plane.runners.spec.surface.view, box, factor, x, y))

    # ---- keyboard ----------------------------------------------------------------------------------------------------

    def claims(self, event: QEvent) -> bool:
        """Accept a shortcut override for a key that means something here, with or without Shift."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if Qt.Key(event.key()) not in _KEYS or event.modifiers() & ~_PLAIN:
            return False
        event.accept()
        return True

    def press_key(self, event: QKeyEvent) -> bool:
        """Whether the key meant something."""
        plane, key = self._plane, Qt.Key(event.key())
        if plane.runners is None or key not in _KEYS or event.modifiers() & ~_PLAIN:
            return False
        if key in _ARROWS:
            self._step_start(_ARROWS[key], bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_0:
            plane.look_from(plane.viewpoint.fitted())
        else:
            middle = plane.frame().data_at(plane.frame().plane.center())
            self._zoom(_ZOOM if key in _NEARER else 1 / _ZOOM, *middle)
        return True

    def _step_start(self, direction: tuple[float, float], is_far: bool) -> None:
        """The selected racer's start, if it has its own, else the one in common."""
        runners, frame = self._plane.runners, self._plane.frame()
        assert runners is not None
        racer = moved_by_keys(runners.spec, runners.selected)
        start = (
            (runners.spec.start_x, runners.spec.start_y)
            if racer < 0
            else runners.spec.start_of(runners.spec.racers[racer])
        )
        if self._key_gesture != self._gesture:
            self._gesture += 1
            self._key_gesture = self._gesture
        length = _LEAP if is_far else _STEP
        x0, x1, y0, y1 = frame.extent
        dx = direction[0] * length * (x1 - x0) / frame.plane.width()
        dy = -direction[1] * length * (y1 - y0) / frame.plane.height()
        self.move_start(racer, start[0] + dx, start[1] + dy)

    # ---- what is under the pointer -----------------------------------------------------------------------------------

    def readout(self) -> tuple[list[str], QPointF]:
        """What is under the pointer, in lines, and where the pointer is."""
        plane, at = self._plane, self._pointer
        if at is None or plane.runners is None or not plane.frame().plane.contains(at):
            return [], QPointF()
        x, y = plane.frame().data_at(at)
        lines = place_lines(x, y, *self._asker.ask(plane.runners.spec.surface, x, y, plane.runners.moment))
        lines += [factor_words(one.factor) for one in plane.chips if one.place.contains(at)]
        race = plane.runners.race
        if race is not None and self._dragged is None and self._held is None:
            if (found := self._path_at(at)) is not None:
                lines.append(racer_line(race, *found))
            elif (left := self._away_at(at)) is not None:
                lines.append(away_line(race, left[0], self._away_of(race, left[0]).is_gone))
        return lines, at

    def description(self, spec: RaceSpec) -> str:
        """For who cannot see the picture."""
        return _("The start is at {x}, {y}. Arrow keys move it; plus and minus zoom; 0 shows the whole view.").format(
            x=value_text(spec.start_x, 4), y=value_text(spec.start_y, 4)
        )

    def _start_at(self, at: QPointF) -> int | None:
        runners = self._plane.runners
        if runners is None:
            return None
        for racer, x, y in reversed(starts_of(runners.spec)):
            u, v = pixels(self._plane.frame(), np.array([x, y])).tolist()
            if math.dist((u, v), at.toTuple()) <= REACH:
                return racer
        return None

    def _path_at(self, at: QPointF) -> tuple[int, int] | None:
        """The racer and the step of the path near a place."""
        plane, runners = self._plane, self._plane.runners
        if runners is None or runners.race is None or not runners.seen():
            return None
        paths = plane.store.paths(plane.frame(), runners.race)
        found = paths.nearest(at.x(), at.y(), runners.seen())
        if found is None or found[0] > NEAR or (found[2] > runners.moment and not plane.shows.whole):
            return None
        return found[1], found[2]

    def _away_at(self, at: QPointF) -> tuple[int, int] | None:
        """The racer whose arrow or cross at the edge is here, and the moment."""
        runners = self._plane.runners
        if runners is None or runners.race is None:
            return None
        plane, moment = self._plane.frame().plane, min(runners.moment, runners.race.done)
        for racer in runners.seen():
            head = pixels(self._plane.frame(), runners.race.points[moment, racer])
            if not (np.isfinite(head).all() and plane.contains(QPointF(*np.clip(head, -1e6, 1e6).tolist()))):
                away = self._away_of(runners.race, racer)
                if math.dist((away.x, away.y), at.toTuple()) <= REACH:
                    return racer, moment
        return None

    def _away_of(self, race: Race, racer: int) -> Away:
        runners = self._plane.runners
        assert runners is not None
        return away_of(self._plane.frame(), race, racer, min(runners.moment, race.done))

    def _show_cursor(self) -> None:
        at = self._pointer
        if self._held is not None:
            shape = Qt.CursorShape.SizeAllCursor
        elif self._dragged is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif at is not None and self._start_at(at) is not None:
            shape = Qt.CursorShape.OpenHandCursor
        elif at is not None and self._path_at(at) is not None:
            shape = Qt.CursorShape.PointingHandCursor
        else:
            shape = Qt.CursorShape.CrossCursor
        if self._plane.cursor().shape() != shape:
            self._plane.setCursor(shape)


def moved_by_keys(spec: RaceSpec, selected: int) -> int:
    """Whose start the arrow keys move: that of the selected racer, if it has its own, else the one in common (−1)."""
    return selected if 0 <= selected < len(spec.racers) and spec.racers[selected].has_own_start else -1
