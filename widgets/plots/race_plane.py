"""The picture at the heart of a race: the surface seen from above, and everybody who descends it.

The ground with its axes is kept as a pixmap until it changes; paths are painted anew with every picture, as batches of
lines, which a dozen racers of a thousand steps allow between two frames.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from simulations.racing.maps import BasinMap
from simulations.racing.probes.basins import BasinsAnswer
from simulations.racing.probes.flow import FlowAnswer
from simulations.racing.probes.ground import GroundAnswer, ground_of, time_of
from simulations.racing.record import Race
from simulations.surfaces.base import SURFACES, Box
from widgets.cadence import Cadence
from widgets.plot import Table
from widgets.plots.anatomy_marks import Chip, draw_anatomy
from widgets.plots.picture import Picture, draw_empty
from widgets.plots.plane_frame import Frame, draw_axes, frame_in
from widgets.plots.race_ground import draw_ground, draw_minima
from widgets.plots.race_key import GroundKey
from widgets.plots.race_legend import draw_legend
from widgets.plots.race_paths import PathStore, Runners, draw_marks, draw_paths
from widgets.plots.race_pointer import Hand
from widgets.plots.race_shows import Shows
from widgets.plots.race_viewpoint import Viewpoint
from widgets.plots.race_words import draw_nobody, draw_readout
from widgets.racers import racer_labels
from widgets.text import _
from widgets.theme import Look, Theme

_AXES = ("x", "y")
_AWAITED_MS: Final = 60


@final
class RacePlane(Picture):
    """Draws runners over a ground. ``startMoved`` carries a racer (−1: the start in common), x, y and the number of the gesture;
    ``racerChosen`` and ``stepChosen`` what was clicked; ``boxChanged`` says that another part of the plane is in view."""

    startMoved = Signal(int, float, float, int)
    racerChosen = Signal(int)
    stepChosen = Signal(int)
    boxChanged = Signal()

    plot_id = "plane"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.shows = Shows()
        self.runners: Runners | None = None
        self.store = PathStore()
        self.viewpoint = Viewpoint()
        self.chips: tuple[Chip, ...] = ()  # on the screen
        self._ground: GroundAnswer | None = None
        self._flow: FlowAnswer | None = None
        self._basins: BasinMap | None = None
        self._frame: Frame | None = None
        self._under: QPixmap | None = None
        self._under_of: object = None
        self._key_room = (
            0.0  # what the key took so far; it only grows, or pictures of two sizes could follow each other for ever
        )
        self._is_stale = True  # what is kept
        self._hand = Hand(self)
        self.cadence = Cadence(self._hand.move_start, self)  # of starts that are dragged
        self._awaited = QTimer(self)  # for a picture that comes, but not of a race that cannot be run
        self._awaited.setSingleShot(True)
        self._awaited.setInterval(_AWAITED_MS)
        self._awaited.timeout.connect(self._repaint)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retranslate()

    # ---- what is shown -----------------------------------------------------------------------------------------------

    def show_runners(self, runners: Runners) -> None:
        """Draw ``runners`` from now on."""
        before = self.runners
        self.runners = runners
        if before is None or type(before.spec.surface) is not type(runners.spec.surface):
            self.viewpoint = self.viewpoint.fitted()
            self._key_room = 0.0
            self.setAccessibleName(self.plot_title())
        if before is None or before.spec.surface.view != runners.spec.surface.view:
            self._forget_frame()
        self._describe()
        if before is not None and _is_awaited(before, runners):
            self._is_stale = True
            self._awaited.start()
        else:
            self._repaint()

    def show_ground(
        self, ground: GroundAnswer | None, flow: FlowAnswer | None, basins: BasinsAnswer | None = None
    ) -> None:
        """Draw the answers of the probes from now on; cheap when they are those drawn."""
        found = None if basins is None or not self.shows.basins else basins.map
        if ground is not self._ground or flow is not self._flow or found is not self._basins:
            before = self.box()
            self._ground, self._flow, self._basins = ground, flow, found
            self._frame = None  # its key may be wider
            if self.box() != before:
                self.boxChanged.emit()
            self._repaint()

    def set_shows(self, shows: Shows) -> None:
        """Switch parts of the picture on or off."""
        self.shows = shows
        self.look_from(replace(self.viewpoint, even=shows.even))

    def look_from(self, viewpoint: Viewpoint) -> None:
        """Show another part of the plane."""
        if viewpoint != self.viewpoint:
            self.viewpoint = viewpoint
            self._forget_frame()
        self._repaint()

    def box(self) -> Box | None:
        """The part of the plane in view; None as long as nothing is."""
        return None if self.runners is None else _box_of(self.frame())

    def frame(self) -> Frame:
        """Where the plane is on the screen."""
        if self._frame is None:
            ground = QPixmap(1, 1)  # must outlive its painter
            painter = QPainter(ground)
            self._frame = self._frame_in(painter, QRectF(self.rect()), self.look.theme, fills=True)
            painter.end()
            self._key_room = max(self._key_room, self._frame.key.width())
        return self._frame

    def has_answer(self) -> bool:
        return self.runners is not None and self.runners.race is not None

    def _frame_in(self, painter: QPainter, rect: QRectF, theme: Theme, *, fills: bool) -> Frame:
        assert self.runners is not None
        view, key = self.runners.spec.surface.view, GroundKey(self._shown_ground(), self._key_room if fills else 0.0)
        box = _box_of(self._frame) if self._frame is not None and not fills else view
        for _round in range(2 if fills else 1):  # the numbers beside the axes have an influence, too
            frame = frame_in(painter, rect, theme, box, key, _AXES, fills=fills)
            if fills:
                box = self.viewpoint.box(view, frame.plane.width() / frame.plane.height())
        return replace(frame, extent=box)

    def _shown_ground(self) -> GroundAnswer | None:
        """The ground, unless it is that of a surface that is no longer there."""
        ground = self._ground
        if ground is None or self.runners is None or type(ground.surface) is not type(self.runners.spec.surface):
            return None
        return ground

    def _forget_frame(self) -> None:
        self._frame = None
        self.boxChanged.emit()

    def _repaint(self) -> None:
        self._awaited.stop()
        self._is_stale = True
        self.update()

    # ---- painting ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self._frame = self._under = None
        self._key_room = 0.0
        super().refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget_frame()

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._kept is None or self._kept.size() != self.size() * ratio:
            self._kept, self._is_stale = self._pixmap(ratio), True
        if self._is_stale:
            painter = QPainter(self._kept)
            self._paint(painter, ratio)
            painter.end()
            self._is_stale = False
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._kept)
        lines, at = self._hand.readout()
        if lines:
            draw_readout(painter, self.frame(), self.look.theme, lines, at)

    def _paint(self, painter: QPainter, ratio: float) -> None:
        rect, theme = QRectF(self.rect()), self.look.theme
        if self.runners is None:
            draw_empty(painter, rect, theme, _("The surface appears as soon as the race has been set up."))
            return
        frame = self.frame()
        painter.drawPixmap(0, 0, self._kept_under(frame, ratio))
        self._draw_runners(painter, frame, theme, self.runners, self.store, self._shown_ground())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(theme.pen("accent"))
            painter.drawRect(frame.plane)

    def _pixmap(self, ratio: float) -> QPixmap:
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _kept_under(self, frame: Frame, ratio: float) -> QPixmap:
        """The ground with axes and key, painted anew when one of them changes."""
        theme = self.look.theme
        made_of = (
            self._shown_ground(),
            self._flow,
            self._basins,
            frame.plane.getRect(),
            frame.extent,
            self.shows,
            theme,
            ratio,
        )
        if self._under is None or self._under_of != made_of or self._under.size() != self.size() * ratio:
            self._under = self._pixmap(ratio)
            painter = QPainter(self._under)
            painter.fillRect(self.rect(), theme.color("panel"))
            self._draw_under(painter, frame, theme, self._shown_ground())
            painter.end()
            self._under_of = made_of
        return self._under

    def _draw_under(self, painter: QPainter, frame: Frame, theme: Theme, ground: GroundAnswer | None) -> None:
        if ground is not None:
            draw_ground(painter, frame, theme, self.shows, ground, self._flow, self._basins)
        draw_axes(painter, frame, theme, _AXES)
        GroundKey(ground).draw(painter, frame.key, theme)

    def _draw_runners(
        self,
        painter: QPainter,
        frame: Frame,
        theme: Theme,
        runners: Runners,
        store: PathStore,
        ground: GroundAnswer | None,
    ) -> None:
        draw_paths(painter, frame, theme, runners, store, self.shows.whole)
        chips = draw_anatomy(painter, frame, runners.anatomy, theme, runners.part)
        if store is self.store:
            self.chips = chips
        draw_marks(painter, frame, theme, runners, store)
        if self.shows.revealed and ground is not None:
            draw_minima(painter, frame, theme, ground)
        if not runners.spec.racers:
            draw_nobody(painter, frame, theme)
        if self.shows.legend or store is not self.store:  # elsewhere, no panel beside it says who they are
            draw_legend(painter, frame, theme, runners, store, chips)

    # ---- export ------------------------------------------------------------------------------------------------------

    def plot_title(self) -> str:
        if self.runners is None:
            return _("Paths on the surface")
        surface = _(SURFACES.entry(self.runners.spec.surface.kind).label)
        return _("Paths on the surface “{surface}”").format(surface=surface)

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if self.runners is not None:
            self._draw_all(painter, rect, theme, self.runners, self._shown_ground())

    def moments(self) -> int:
        """One a step."""
        race = None if self.runners is None else self.runners.race
        return 0 if race is None else race.done + 1

    def draw_moment(self, painter: QPainter, rect: QRectF, theme: Theme, moment: int) -> None:
        runners = self.runners
        if runners is None:
            return
        ground = self._shown_ground()
        if ground is not None and ground.surface.has_moving_values:
            ground = ground_of(ground.surface, ground.box, time_of(ground.surface, moment), len(ground.shades))
        self._draw_all(
            painter, rect, theme, replace(runners, moment=moment, before=None, beside=None, anatomy=None), ground
        )

    def _draw_all(
        self, painter: QPainter, rect: QRectF, theme: Theme, runners: Runners, ground: GroundAnswer | None
    ) -> None:
        """On any painter, with the names of the racers."""
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        self.frame()
        frame = self._frame_in(painter, rect, theme, fills=not self.shows.even)
        self._draw_under(painter, frame, theme, ground)
        self._draw_runners(painter, frame, theme, runners, PathStore(), ground)
        painter.restore()

    def table(self) -> Table:
        """A row per racer and step: where the method stands, the point to judge, and the height there."""
        race = None if self.runners is None else self.runners.race
        return Table({}) if race is None else _table(race)

    # ---- hands -------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        return self._hand.claims(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._hand.press_key(event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._hand.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hand.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._hand.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._hand.press_twice(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._hand.turn(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hand.leave()
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._repaint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint()

    def retranslate(self) -> None:
        super().retranslate()
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(520, 420)

    def text_at(self, position: QPointF) -> str:
        """Nothing: what is under the pointer is read inside the picture, all the time."""
        return ""

    def _describe(self) -> None:
        if self.runners is not None:
            self.setAccessibleDescription(self._hand.description(self.runners.spec))


def _is_awaited(before: Runners, now: Runners) -> bool:
    """Whether only the document has moved on, whose race will be there in the next frame."""
    return now.race is not None and now.spec is not before.spec and _drawn(now) == _drawn(before)


def _drawn(runners: Runners) -> tuple[object, ...]:
    """All of ``runners`` but the document; races compare by identity."""
    return runners.selected, runners.race, runners.moment, runners.before, runners.beside, runners.anatomy


def _box_of(frame: Frame) -> Box:
    return Box(*frame.extent)


def _table(race: Race) -> Table:
    steps, racers = race.points.shape[:2]
    labels = np.array(racer_labels(race.spec), dtype=object)
    columns: dict[str, Any] = {
        "racer": np.repeat(labels, steps),
        "step": np.tile(np.arange(steps), racers),
        "x": race.points[..., 0].T.ravel(),
        "y": race.points[..., 1].T.ravel(),
        "value": race.curves.values[:steps].T.ravel(),
        "answer x": race.answers[..., 0].T.ravel(),
        "answer y": race.answers[..., 1].T.ravel(),
    }
    return Table(columns)
