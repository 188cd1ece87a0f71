"""The surface of a race in space, with the paths on it: turned with the mouse, painted without OpenGL.

What does not move with the timeline is kept as a picture; the paths up to the moment and the heads are painted over it. While
it is turned the sheet is as fine as the screen; when it rests, twice as fine, for smooth edges.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import Final, final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEngine,
    QPainter,
    QPaintEvent,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from simulations.racing.probes.relief import ReliefAnswer
from simulations.racing.record import Race
from widgets.plot import Table
from widgets.plots.curve_legend import draw_legend, legend_height
from widgets.plots.picture import draw_empty
from widgets.plots.race_curve_words import legend_entries
from widgets.plots.race_paths import averaging
from widgets.plots.relief_camera import Camera, Room
from widgets.plots.relief_paths import Averages, Draped
from widgets.plots.relief_scene import ReliefOptions, ReliefScene, Stage
from widgets.plots.relief_table import relief_table
from widgets.plots.ticks import value_text
from widgets.racers import racer_labels
from widgets.text import _
from widgets.theme import Look, Theme
from widgets.view import View

_TURN: Final = math.pi / 500  # radians a pixel
_KEY_TURN: Final = math.radians(6)
_TURNS: Final = {
    Qt.Key.Key_Left: (-_KEY_TURN, 0.0),
    Qt.Key.Key_Right: (_KEY_TURN, 0.0),
    Qt.Key.Key_Up: (0.0, _KEY_TURN),
    Qt.Key.Key_Down: (0.0, -_KEY_TURN),
}  # of the camera, by an arrow with Shift
_FINE: Final = 2.0  # picture points a pixel at rest
_COARSE: Final = 1.0
_COARSE_S: Final = 0.12
_REFINED_MS: Final = 180


@final
class ReliefView(View):
    """Draws the relief of a race's surface with the race on it. ``cameraMoved`` says that one looks from elsewhere."""

    plot_id = "space"
    cameraMoved = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._relief: ReliefAnswer | None = None
        self._race: Race | None = None
        self._ghost: Race | None = None
        self._beside: Race | None = None
        self._moment = 0
        self._selected = -1
        self._options = ReliefOptions()
        self.camera = Camera()
        self._stage: Stage | None = None
        self._draped: dict[str, tuple[Race, Stage, Draped]] = {}
        self._averages: tuple[Race, Stage, Averages | None] | None = None
        self._scenes: dict[str, tuple[object, ReliefScene]] = {}
        self._kept: QPixmap | None = None
        self._kept_of: object = None
        self._changed_at = 0.0
        self._is_fine = False
        self._grabbed: QPointF | None = None
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_REFINED_MS)
        self._resting.timeout.connect(self._on_rested)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 90)
        self.retranslate()

    # ---- what is shown -----------------------------------------------------------------------------------------------

    def show_race(
        self,
        relief: ReliefAnswer | None,
        race: Race,
        ghost: Race | None,
        moment: int,
        options: ReliefOptions,
        selected: int = -1,
        beside: Race | None = None,
    ) -> None:
        """Draw ``race`` at ``moment`` on ``relief``, and what is looked at ``beside`` it; cheap when nothing is new."""
        new = (relief, race, ghost, moment, options, selected, beside)
        old = (self._relief, self._race, self._ghost, self._moment, self._options, self._selected, self._beside)
        if all(a is b or a == b for a, b in zip(new, old, strict=True)):
            return
        is_other_sheet = relief is not self._relief or options.is_plain != self._options.is_plain
        self._relief, self._race, self._ghost, self._beside = relief, race, ghost, beside
        self._moment, self._options, self._selected = moment, options, selected
        if is_other_sheet:
            self._stage = None if relief is None else Stage(relief, options.is_plain)
            self._disturb()
        self.update()

    def has_picture(self) -> bool:
        """Whether there is something to draw or export."""
        return self._stage is not None and self._race is not None

    def look_from(self, camera: Camera) -> None:
        """Look from elsewhere."""
        if camera != self.camera:
            self.camera = camera
            self._disturb()
            self.update()
            self.cameraMoved.emit()

    def plot_title(self) -> str:
        return _("Surface in space")

    def plot_size(self) -> QSize:
        return self.size()

    def table(self) -> Table:
        if self._stage is None or self._race is None:
            return Table({})
        return relief_table(self._stage.relief, self._race, racer_labels(self._race.spec))

    def moments(self) -> int:
        return 0 if self._race is None else self._race.done + 1

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        self.draw_moment(painter, rect, theme, self._moment)

    def draw_moment(self, painter: QPainter, rect: QRectF, theme: Theme, moment: int) -> None:
        """As on the screen, with a legend."""
        if self._stage is None or self._race is None:
            self._draw_empty(painter, rect, theme)
            return
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        entries = legend_entries(self._race.spec, racer_labels(self._race.spec), theme, has_ghost=False)
        top = legend_height(entries, rect.width(), theme) if entries else 0.0
        is_vector = painter.paintEngine().type() != QPaintEngine.Type.Raster
        ratio = 1.0 if is_vector else 2 * max(painter.deviceTransform().m11(), 1.0)
        scene = self._scene("export", rect.adjusted(0, top, 0, 0), theme, ratio)
        painter.setClipRect(rect)
        scene.draw_ground(painter, self._options, self._height_name(), is_vector=is_vector)
        self._draw_still_paths(painter, scene)
        self._draw_moving(painter, scene, moment)
        if entries:
            draw_legend(painter, QRectF(rect.left(), rect.top(), rect.width(), top), theme, entries)
        painter.restore()

    # ---- painting ----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        self.setAccessibleName(self.plot_title())
        self._kept = None
        self.update()

    def retheme(self) -> None:
        self._kept = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect, theme = QRectF(self.rect()), self.look.theme
        if self._stage is None or self._race is None:
            self._draw_empty(painter, rect, theme)
            return
        ratio = self.devicePixelRatioF()
        theme = replace(theme, stroke=ratio)
        scene = self._scene("screen", rect, theme, ratio * (_FINE if self._is_fine else _COARSE))
        kept_of = (scene, self._race, self._ghost, self._options, self._selected)
        if self._kept is None or self._kept_of != kept_of:
            self._kept = QPixmap(self.size() * ratio)
            self._kept.setDevicePixelRatio(ratio)
            inner = QPainter(self._kept)
            inner.fillRect(rect, theme.color("panel"))
            scene.draw_ground(inner, self._options, self._height_name(), is_vector=False)
            self._draw_still_paths(inner, scene)
            inner.end()
            self._kept_of = kept_of
        painter.drawPixmap(0, 0, self._kept)
        self._draw_moving(painter, scene, self._moment, self._beside)

    def _draw_empty(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        draw_empty(painter, rect, theme, _("The surface appears as soon as its heights are worked out."))

    def _draw_still_paths(self, painter: QPainter, scene: ReliefScene) -> None:
        """What does not move with the timeline: the ghost, and faintly the paths to their end."""
        race, ghost = self._race, self._ghost
        if race is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if ghost is not None and self._options.ghost:
            scene.draw_ghost(painter, ghost, self._drape("ghost", ghost, scene.stage))
        if self._options.whole:
            paths = self._drape("race", race, scene.stage)
            scene.draw_paths(painter, race, paths, self._selected, 0, race.done)

    def _draw_moving(self, painter: QPainter, scene: ReliefScene, moment: int, beside: Race | None = None) -> None:
        race = self._race
        if race is None or not race.spec.racers:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paths = self._drape("race", race, scene.stage)
        averages = self._averages_on(scene.stage, race)
        if averages is not None:
            scene.draw_averages(painter, race, averages, moment)
        scene.draw_paths(painter, race, paths, self._selected, -1, moment)
        if beside is not None:
            scene.draw_preview(painter, beside, self._drape("beside", beside, scene.stage))
        scene.draw_marks(painter, race, self._selected, moment, self._options, averages)

    def _scene(self, name: str, rect: QRectF, theme: Theme, ratio: float) -> ReliefScene:
        """The scene of the screen or of an export, kept while nothing of it changes."""
        assert self._stage is not None
        margin = theme.px(34)
        key = (self._stage, self.camera, rect.getRect(), theme, ratio)
        kept = self._scenes.get(name)
        if kept is None or kept[0] != key:
            room = Room(rect.left(), rect.top(), rect.width(), rect.height())
            kept = key, ReliefScene(self._stage, self.camera, room, margin, ratio, theme)
            self._scenes[name] = kept
        return kept[1]

    def _drape(self, name: str, race: Race, stage: Stage) -> Draped:
        """The paths on the sheet, kept while neither changes."""
        kept = self._draped.get(name)
        if kept is None or kept[0] is not race or kept[1] is not stage:
            kept = self._draped[name] = (race, stage, stage.drape(race.points))
        return kept[2]

    def _averages_on(self, stage: Stage, race: Race) -> Averages | None:
        """The points to judge, where they are not where the methods stand; kept like the paths."""
        kept = self._averages
        if kept is None or kept[0] is not race or kept[1] is not stage:
            racers = averaging(race)
            kept = self._averages = (race, stage, Averages(stage.drape(race.answers), racers) if racers else None)
        return kept[2]

    def _height_name(self) -> str:
        assert self._stage is not None
        return "f − f*" if self._stage.scale.is_above else "f"

    def _disturb(self) -> None:
        """Something changes: be quick now, and fine when it rests."""
        now = time.monotonic()
        self._is_fine = now - self._changed_at > _COARSE_S and not self._resting.isActive() and self._grabbed is None
        self._changed_at = now
        if not self._is_fine:
            self._resting.start()

    def _on_rested(self) -> None:
        if self._grabbed is not None:
            self._resting.start()
            return
        self._is_fine = True
        self.update()

    # ---- hands -------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._grabbed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is None:
            return
        by = event.position() - self._grabbed
        self._grabbed = event.position()
        shifts = event.modifiers() & Qt.KeyboardModifier.ShiftModifier or event.buttons() & Qt.MouseButton.MiddleButton
        if shifts:
            self.look_from(self.camera.shifted(by.x() / max(self.width(), 1), -by.y() / max(self.height(), 1)))
        else:
            self.look_from(self.camera.turned(-by.x() * _TURN, by.y() * _TURN))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.look_from(Camera())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.look_from(self.camera.zoomed(1.1 ** (event.angleDelta().y() / 120)))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _turns(event):
            self.look_from(self.camera.turned(*_TURNS[Qt.Key(event.key())]))
        elif event.key() == Qt.Key.Key_0:
            self.look_from(Camera())
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.look_from(self.camera.zoomed(1 / 1.15 if event.key() == Qt.Key.Key_Minus else 1.15))
        else:
            event.ignore()  # Space and the bare arrows belong to the window

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _turns(event):
            event.accept()  # else the window would take ten steps
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.text_at(QPointF(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def text_at(self, position: QPointF) -> str:
        """What is under the pointer, in words and numbers; empty for nothing."""
        kept = self._scenes.get("screen")
        found = None if kept is None else kept[1].under(position)
        if found is None:
            return ""
        x, y, value = (value_text(one) for one in found)
        return _("x {x}, y {y}: f = {value}").format(x=x, y=y, value=value)


def _turns(event: QKeyEvent) -> bool:
    """Whether the key turns the view: an arrow with Shift."""
    shift = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.ShiftModifier
    return shift and event.key() in _TURNS
