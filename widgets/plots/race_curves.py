"""The curves of a race, stacked: one chart a quantity over one horizontal axis, every racer a line.

The lines are painted once and kept; what moves with the timeline or the pointer is painted over them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEngine, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from simulations.documents.race import RacerSpec
from simulations.racing.record import Race
from widgets.plot import Table
from widgets.plots.chart_axes import ChartAxes, axis_height, axis_width, draw_bottom, draw_ground, draw_left
from widgets.plots.curve_data import Hysteresis
from widgets.plots.curve_legend import Entry, draw_legend, legend_height
from widgets.plots.picture import draw_empty
from widgets.plots.race_curve_data import (
    Chart,
    Floor,
    RaceCurveOptions,
    RaceLine,
    Range,
    floor_of,
    lines,
    shown_ghost,
    step_at,
    table,
    x_extent,
    y_extent,
)
from widgets.plots.race_curve_marks import (
    SELECTED_WIDTH,
    WIDTH,
    draw_cursor,
    draw_end,
    draw_hovered,
    draw_line,
    draw_moment,
    draw_values,
    nearest,
    value_width,
)
from widgets.plots.race_curve_words import (
    NAMED,
    chart_title,
    counted_title,
    legend_entries,
    measurement_words,
    why_empty,
)
from widgets.racers import racer_labels
from widgets.text import _
from widgets.theme import Look, Theme
from widgets.view import View

_WIDE_PX: Final = 380  # from here on the values stand beside the charts
_NEAR_PX: Final = 24.0
_LEGEND_SHARE: Final = 0.4  # of the height, at most: what is left out of it still says its name under the pointer


@final
class RaceCurvesView(View):
    """Draws the curves of a race. ``stood`` is the wish to put the timeline at a step."""

    plot_id = "race_curves"
    stood = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._race: Race | None = None
        self._ghost: Race | None = None
        self._moment = 0
        self._selected = -1
        self._options = RaceCurveOptions()
        self._lines: tuple[RaceLine, ...] = ()
        self._names: tuple[str, ...] = ()
        self._floor = Floor(0.0, True)
        self._x_fit = Hysteresis(0.02)
        self._y_fits: dict[Chart, Hysteresis] = {}
        self._zoom_x: Range | None = None
        self._zoom_y: dict[Chart, Range] = {}
        self._kept: QPixmap | None = None
        self._hover: QPointF | None = None
        self._panned: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 80)
        self.retranslate()

    # ---- what is shown -----------------------------------------------------------------------------------------------

    def show_race(
        self, race: Race, ghost: Race | None, moment: int, options: RaceCurveOptions, selected: int = -1
    ) -> None:
        """Draw ``race`` at ``moment`` as ``options`` say; ``selected`` is the racer by whom one moves along the axis."""
        if race is self._race and ghost is self._ghost and options == self._options:
            if selected != self._selected:
                self._kept = None
            if (moment, selected) != (self._moment, self._selected):
                self._moment, self._selected = moment, selected
                self.update()
            return
        if options != self._options or self._race is None or race.spec.surface.kind != self._race.spec.surface.kind:
            self._forget_ranges()
        self._race, self._ghost, self._moment, self._selected = race, ghost, moment, selected
        self._options = options
        self._lines = lines(race, ghost, options)
        self._floor = floor_of(race, shown_ghost(race, ghost, options))
        self._names = racer_labels(race.spec)
        self.refresh()

    def fit(self) -> None:
        """Show everything again."""
        self._forget_ranges()
        self.refresh()

    def drawn(self) -> tuple[RaceLine, ...]:
        """The lines that are on the screen."""
        return self._lines

    def plot_title(self) -> str:
        return _("Race curves")

    def plot_size(self) -> QSize:
        return self.size()

    def table(self) -> Table:
        return Table({}) if self._race is None else table(self._race, self._ghost, self._options, self._names)

    def moments(self) -> int:
        return 0 if self._race is None else self._race.done + 1

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        self.draw_moment(painter, rect, theme, self._moment)

    def draw_moment(self, painter: QPainter, rect: QRectF, theme: Theme, moment: int) -> None:
        painter.save()
        self._draw_still(painter, rect, theme)
        self._draw_moving(painter, rect, theme, moment)
        painter.restore()

    def axes(self, chart: Chart) -> ChartAxes:
        """Where a chart stands on the screen."""
        return self._placed(QRectF(self.rect()), self.look.theme)[chart]

    # ---- painting ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Paint the lines anew."""
        self._kept = None
        self.update()

    def retranslate(self) -> None:
        self.setAccessibleName(self.plot_title())
        if self._race is not None:
            self._names = racer_labels(self._race.spec)
        self.refresh()

    def retheme(self) -> None:
        self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio, rect, theme = self.devicePixelRatioF(), QRectF(self.rect()), self.look.theme
        if self._kept is None or self._kept.size() != self.size() * ratio:
            self._kept = QPixmap(self.size() * ratio)
            self._kept.setDevicePixelRatio(ratio)
            painter = QPainter(self._kept)
            self._draw_still(painter, rect, replace(theme, stroke=ratio))
            painter.end()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._kept)
        self._draw_moving(painter, rect, theme, self._moment)
        if self._hover is not None:
            self._draw_hover(painter, rect, theme, self._hover)

    def _draw_still(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Legend, axes and lines."""
        if self._race is None or not self._race.spec.racers:
            draw_empty(painter, rect, theme, _("Add a racer, and its curves appear here."))
            return
        painter.fillRect(rect, theme.color("panel"))
        entries = self._entries(rect, theme)
        draw_legend(painter, QRectF(rect.topLeft(), QSize(round(rect.width()), 0)), theme, entries)
        placed = self._placed(rect, theme)
        is_vector = painter.paintEngine().type() != QPaintEngine.Type.Raster
        for chart, axes in placed.items():
            draw_ground(painter, axes, theme)
            draw_left(painter, axes, theme, chart_title(chart, self._options, self._floor, self._race.spec.surface))
            if chart == self._options.charts[-1]:
                draw_bottom(painter, axes, theme, counted_title(self._options.x))
            mine = [line for line in self._lines if line.chart == chart]
            if not any(np.isfinite(line.y).any() for line in mine):
                draw_empty(painter, axes.area.adjusted(1, 1, 0, -1), theme, why_empty(chart, mine))
                continue
            painter.save()
            painter.setClipRect(axes.area.adjusted(0, -1, 1, 1))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for line in mine:
                racer = self._racer(line)
                width = SELECTED_WIDTH if line.racer == self._selected and len(mine) > 1 else WIDTH
                draw_line(painter, line, racer, axes, theme, width, is_vector=is_vector)
            for line in mine:
                draw_end(painter, line, self._racer(line), axes, theme)
            painter.restore()

    def _draw_moving(self, painter: QPainter, rect: QRectF, theme: Theme, moment: int) -> None:
        """The moment: an upright line, a dot on every curve, the numbers."""
        race = self._race
        if race is None or not race.spec.racers:
            return
        for chart, axes in self._placed(rect, theme).items():
            mine = [line for line in self._lines if line.chart == chart]
            leader = self._leader(mine)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            if leader is not None:
                draw_cursor(painter, axes, theme, float(leader.x[min(moment, len(leader.x) - 1)]))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_moment(painter, mine, race.spec.racers, axes, theme, moment)
            if rect.width() >= theme.px(_WIDE_PX):
                draw_values(painter, mine, race.spec.racers, axes, theme, moment)

    def _draw_hover(self, painter: QPainter, rect: QRectF, theme: Theme, at: QPointF) -> None:
        race = self._race
        for chart, axes in self._placed(rect, theme).items():
            if race is None or not axes.contains(at.x(), at.y()):
                continue
            found = nearest([line for line in self._lines if line.chart == chart], axes, at, _NEAR_PX)
            if found is not None:
                line, step = found
                words = measurement_words(line, step, self._names[line.racer], self._options, race.spec.surface)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                draw_hovered(painter, line, step, self._racer(line), axes, theme, words)

    def _entries(self, rect: QRectF, theme: Theme) -> tuple[Entry, ...]:
        """As many as leave the charts most of ``rect``."""
        if self._race is None:
            return ()
        has_ghost = any(line.is_ghost for line in self._lines)
        for most in range(NAMED, 0, -1):
            entries = legend_entries(self._race.spec, self._names, theme, has_ghost=has_ghost, most=most)
            if legend_height(entries, rect.width(), theme) <= _LEGEND_SHARE * rect.height():
                break
        return entries

    # ---- places ------------------------------------------------------------------------------------------------------

    def _placed(self, rect: QRectF, theme: Theme) -> dict[Chart, ChartAxes]:
        """The charts under each other, the lowest over the horizontal axis."""
        if self._race is None:
            return {}
        top = rect.top() + legend_height(self._entries(rect, theme), rect.width(), theme) + 4
        left = rect.left() + axis_width(theme)
        beside = value_width(theme) if rect.width() >= theme.px(_WIDE_PX) else theme.px(10)
        width = max(rect.right() - beside - left, 20.0)
        charts, gap = self._options.charts, theme.px(9)
        free = rect.bottom() - axis_height(theme) - top - gap * (len(charts) - 1)
        height = max(free / max(len(charts), 1), 10.0)
        x = self._zoom_x or self._x_fit.fit(*x_extent(self._lines, self._options, self._race.spec.steps), pad_low=False)
        return {
            chart: ChartAxes(
                left, top + i * (height + gap), width, height, x, self._y_range(chart), self._options.is_log(chart)
            )
            for i, chart in enumerate(charts)
        }

    def _y_range(self, chart: Chart) -> Range:
        if chart in self._zoom_y:
            return self._zoom_y[chart]
        assert self._race is not None
        box = self._race.spec.surface.view
        view = {"x": (box.x_low, box.x_high), "y": (box.y_low, box.y_high)}.get(chart)
        extent = y_extent(self._lines, chart, self._options, view) or (0.0, 1.0)
        return self._y_fits.setdefault(chart, Hysteresis(0.06)).fit(*extent, pad_low=True)

    def _forget_ranges(self) -> None:
        self._zoom_x, self._zoom_y = None, {}
        self._x_fit.forget()
        self._y_fits.clear()

    def _racer(self, line: RaceLine) -> RacerSpec:
        assert self._race is not None
        of = self._ghost if line.is_ghost and self._ghost is not None else self._race
        return of.spec.racers[line.racer]

    def _leader(self, mine: list[RaceLine]) -> RaceLine | None:
        """The line by which one moves along the axis: the selected racer's, or the first."""
        now = [line for line in mine if not line.is_ghost and len(line.x)]
        return next((line for line in now if line.racer == self._selected), now[0] if now else None)

    # ---- hands -------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_panning = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.button() == Qt.MouseButton.MiddleButton or is_panning:
            self._panned = event.position()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._stand(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position()
        if self._panned is not None:
            self._pan(event.position() - self._panned)
            self._panned = event.position()
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self._stand(event.position())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._panned = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = 0.8 ** (event.angleDelta().y() / 120)
        by_value = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        for chart, axes in self._placed(QRectF(self.rect()), self.look.theme).items():
            if axes.top <= event.position().y() <= axes.top + axes.height:
                if by_value or event.position().x() < axes.left:
                    self._zoom_y[chart] = _about(axes.y, axes.y_at(event.position().y()), factor)
                else:
                    self._zoom_x = _about(axes.x, axes.x_at(event.position().x()), factor)
                self.refresh()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        zooms = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Equal: 0.8, Qt.Key.Key_Minus: 1.25}
        if event.key() == Qt.Key.Key_0:
            self.fit()
        elif event.key() in zooms and self._race is not None:
            x = self.axes(self._options.charts[0]).x
            self._zoom_x = _about(x, (x[0] + x[1]) / 2, zooms[Qt.Key(event.key())])
            self.refresh()
        else:
            event.ignore()  # Space, Home and the arrows belong to the window

    def _stand(self, at: QPointF) -> None:
        for chart, axes in self._placed(QRectF(self.rect()), self.look.theme).items():
            leader = self._leader([line for line in self._lines if line.chart == chart])
            if leader is not None and axes.left - 8 <= at.x() <= axes.left + axes.width + 8:
                self.stood.emit(step_at(leader, axes.x_at(at.x())))
                return

    def _pan(self, by: QPointF) -> None:
        for axes in self._placed(QRectF(self.rect()), self.look.theme).values():
            shift = -by.x() / axes.width * (axes.x[1] - axes.x[0])
            self._zoom_x = (axes.x[0] + shift, axes.x[1] + shift)
        self.refresh()


def _about(shown: Range, middle: float, factor: float) -> Range:
    return middle + (shown[0] - middle) * factor, middle + (shown[1] - middle) * factor
