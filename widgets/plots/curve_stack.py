"""The curves of a run: loss, accuracy and learning rate in charts that share their time axis.

Imports pyqtgraph, so it is itself imported only when a Curves panel is first shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from simulations.core.targets import Score
from simulations.probes.answers import CurvesAnswer, Marker
from widgets.plot import Table
from widgets.plots.chart_axes import axis_height
from widgets.plots.curve_data import (
    SERIES_OF,
    Chart,
    CurveOptions,
    Hysteresis,
    Line,
    lines,
    starts_at_zero,
    table,
    x_extent,
    x_of,
    y_extent,
)
from widgets.plots.curve_legend import Entry, draw_legend, legend_height
from widgets.plots.curve_marks import (
    Flag,
    draw_best,
    draw_flags,
    draw_points,
    draw_readout,
    draw_spikes,
    faded,
    line_color,
)
from widgets.plots.curve_path import CurvePainter
from widgets.plots.defaults import EDGE_PX, ZoomPlot
from widgets.plots.ticks import value_text
from widgets.text import _
from widgets.theme import Look, Theme
from widgets.view import View

_WEIGHT = {"loss": 1.0, "score": 1.0, "learning_rate": 0.6}


class CurveStack(View):
    """Draws a :class:`CurvesAnswer`. ``followChanged`` says whether the ranges follow the newest measurement."""

    plot_id = "curves"
    followChanged = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: CurvesAnswer | None = None
        self._options = CurveOptions()
        self._texts: tuple[str, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self._entries: tuple[Entry, ...] = ()
        self._plots: dict[Chart, ZoomPlot] = {}
        self._curves = CurvePainter(is_exact=False)
        self._x_fit = Hysteresis(0.1)
        self._y_fits: dict[Chart, Hysteresis] = {chart: Hysteresis(0.06) for chart in SERIES_OF}
        self._follows = True
        self._pointer: float | None = None  # a pixel column, so that zooming leaves it under the pointer
        self._stroke: float | None = None  # of an export; on the screen it is the pixel ratio
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.retranslate()

    # ---- what is shown -----------------------------------------------------------------------------------------------

    def show_curves(self, answer: CurvesAnswer, options: CurveOptions, texts: Sequence[str]) -> None:
        """Draw ``answer`` as ``options`` say; ``texts`` name the markers of the current run, in their order."""
        is_other_run = self._answer is None or answer.current.run != self._answer.current.run
        is_other_scale = options != self._options
        self._answer, self._options, self._texts = answer, options, tuple(texts)
        self._lines = lines(answer, options)
        if is_other_run or is_other_scale or not self._plots:
            self._arrange_charts()
            self._forget_ranges()
        if is_other_run:
            self._set_follows(True)
        self._update_entries()
        if self._follows:
            self._fit()
        self._repaint_charts()

    @property
    def follows(self) -> bool:
        """Whether the ranges follow the newest measurement."""
        return self._follows

    def follow(self) -> None:
        """Show everything again and stay with the newest measurement."""
        self._set_follows(True)
        self._forget_ranges()
        self._fit()

    def plot_title(self) -> str:
        return _("Curves")

    def plot_size(self) -> QSize:
        return self.size()

    def table(self) -> Table:
        """A row per drawn measurement, then the markers."""
        return Table({}) if self._answer is None else table(self._answer, self._options)

    def drawn(self) -> tuple[Line, ...]:
        """The lines that are on the screen."""
        return self._lines

    def chart(self, chart: Chart) -> ZoomPlot:
        """One of the charts on the screen."""
        return self._plots[chart]

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Paint a twin of this stack, of ``rect``'s size and in ``theme``, so that the one on the screen stays as it is."""
        twin = CurveStack(Look(theme))
        twin._stroke = theme.stroke
        twin._curves = CurvePainter(is_exact=True)
        twin.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        twin.resize(rect.size().toSize())
        if self._answer is not None:
            twin.show_curves(self._answer, self._options, self._texts)
        twin.show()
        twin._follows = self._follows
        if not self._follows:
            for chart, plot in self._plots.items():
                if chart in twin._plots:
                    twin._plots[chart].set_range(*plot.ranges())
        twin._paint_all(painter, rect)
        twin.close()
        twin.deleteLater()

    # ---- looks -------------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        self.setAccessibleName(self.plot_title())
        self._title_axes()
        self._update_entries()

    def retheme(self) -> None:
        for plot in self._plots.values():
            plot.set_theme(self._theme())
        self._update_entries()
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.look.theme.color("panel"))
        legend, _charts = self._rects()
        draw_legend(painter, QRectF(legend), self.look.theme, self._entries)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _theme(self) -> Theme:
        stroke = self.devicePixelRatioF() if self._stroke is None else self._stroke
        return replace(self.look.theme, stroke=stroke)

    def _paint_all(self, painter: QPainter, rect: QRectF) -> None:
        theme = self.look.theme
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        legend, charts = self._rects()
        draw_legend(painter, QRectF(legend).translated(rect.topLeft()), theme, self._entries)
        for chart, place in charts.items():
            plot = self._plots[chart]
            target = QRectF(place).translated(rect.topLeft())
            plot.render(painter, target, plot.viewport().rect(), Qt.AspectRatioMode.IgnoreAspectRatio)
        painter.restore()

    def _rects(self) -> tuple[QRect, dict[Chart, QRect]]:
        """The legend's and the charts' rectangles; the lowest chart is higher by the time axis, so data areas match."""
        width, axis = self.width(), axis_height(self.look.theme) - EDGE_PX
        top = round(legend_height(self._entries, width, self.look.theme))
        charts = [chart for chart in self._options.charts if chart in self._plots]
        free = max(self.height() - top - axis, 10 * len(charts))
        total = sum(_WEIGHT[chart] for chart in charts) or 1.0
        placed: dict[Chart, QRect] = {}
        y = float(top)
        for chart in charts:
            height = free * _WEIGHT[chart] / total + (axis if chart == charts[-1] else 0)
            placed[chart] = QRect(0, round(y), width, round(y + height) - round(y))
            y += height
        return QRect(0, 0, width, top), placed

    def _arrange(self) -> None:
        for chart, place in self._rects()[1].items():
            self._plots[chart].setGeometry(place)
        self.update()

    # ---- charts and curves -------------------------------------------------------------------------------------------

    def _arrange_charts(self) -> None:
        """Make the charts that are wanted, hide the others, and put the time axis under the lowest."""
        for chart in self._options.charts:
            if chart not in self._plots:
                self._plots[chart] = self._new_chart(chart)
        for chart, plot in self._plots.items():
            plot.axes["left"].is_log = self._options.is_log(chart)
            plot.show_time(chart == self._options.charts[-1])
            plot.set_theme(self._theme())
            plot.setVisible(chart in self._options.charts)
        self._title_axes()
        self._arrange()

    def _new_chart(self, chart: Chart) -> ZoomPlot:
        plot = ZoomPlot(self)
        plot.setObjectName(chart)
        plot.set_painted_over(self._paint_over)
        plot.zoomed.connect(self._on_zoomed)
        plot.followWished.connect(self.follow)
        plot.pointed.connect(self._on_pointed)
        plot.left.connect(self._on_left)
        plot.box.sigXRangeChanged.connect(self._on_x_changed)
        return plot

    def _title_axes(self) -> None:
        titles: dict[Chart, str] = {
            "loss": _("mean loss (log)") if self._options.log_loss else _("mean loss"),
            "score": self._score_title(),
            "learning_rate": _("learning rate"),
        }
        times = {"step": _("step"), "epoch": _("epoch"), "seconds": _("training time [s]")}
        for chart, plot in self._plots.items():
            plot.axes["left"].title = titles[chart]
            plot.axes["bottom"].title = times[self._options.x]
            plot.setAccessibleName(titles[chart])
            plot.viewport().update()

    @property
    def _score(self) -> Score:
        return "accuracy" if self._answer is None else self._answer.current.score

    def _score_title(self) -> str:
        if self._answer is None or self._score == "accuracy":
            return _("accuracy")
        unit = self._answer.current.unit
        return _("RMSE [{unit}]").format(unit=_(unit)) if unit else _("RMSE")

    def _pen(self, line: Line) -> QPen:
        is_thin = line.is_previous or line.name.startswith("train")
        width = 1.0 if is_thin else 2.0 * self.look.theme.scale  # past 1 px is 3× slower
        pen = QPen(self._theme().pen("text", width))
        pen.setColor(faded(line, self.look.theme))
        return pen

    def _update_entries(self) -> None:
        """The legend's entries for what is drawn now."""
        theme = self.look.theme
        found: dict[str, Line] = {}
        for line in self._lines:
            name = "previous" if line.is_previous else "rate" if line.chart == "learning_rate" else line.name[:5]
            found.setdefault(name, line)
        names = {"train": _("training"), "valid": _("validation"), "rate": _("learning rate")}
        entries = [
            Entry(names[key], line_color(found[key], theme), "thin" if key == "train" else "line")
            for key, line in found.items()
            if key in names
        ]
        if "previous" in found:
            entries.append(Entry(_("previous run"), faded(found["previous"], theme), "thin"))
        if any(line.best >= 0 and not line.is_previous for line in self._lines):
            entries.append(Entry(_("best"), theme.color("series.validation"), "ring"))
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self._arrange()

    # ---- ranges ------------------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        """Show everything, with ranges that move seldom."""
        x = self._x_fit.fit(*x_extent(self._lines), pad_low=False)
        for chart in self._options.charts:
            extent = y_extent(self._lines, chart, self._options, x[1], self._score)
            is_from_zero = starts_at_zero(chart, self._options, self._score)
            y = None if extent is None else self._y_fits[chart].fit(*extent, pad_low=not is_from_zero)
            self._plots[chart].set_range(x, y)

    def _forget_ranges(self) -> None:
        self._x_fit.forget()
        for fit in self._y_fits.values():
            fit.forget()

    def _set_follows(self, follows: bool) -> None:
        if follows != self._follows:
            self._follows = follows
            self.followChanged.emit(follows)

    def _on_zoomed(self) -> None:
        self._set_follows(False)

    def _on_x_changed(self, _box: object, x: tuple[float, float]) -> None:
        for plot in self._plots.values():
            if not np.allclose(plot.ranges()[0], x, rtol=1e-12, atol=0):
                plot.set_range(x=(float(x[0]), float(x[1])))

    # ---- marks -------------------------------------------------------------------------------------------------------

    def _on_pointed(self, column: float) -> None:
        self._pointer = column
        self._repaint_charts()

    def _on_left(self) -> None:
        if self._pointer is not None:
            self._pointer = None
            self._repaint_charts()

    def _repaint_charts(self) -> None:
        for chart in self._options.charts:
            self._plots[chart].viewport().update()

    def _paint_over(self, painter: QPainter, plot: ZoomPlot) -> None:
        """Everything over one chart's curves."""
        if self._answer is None:
            return
        chart, charts = plot.objectName(), self._options.charts
        mine = sorted((line for line in self._lines if line.chart == chart), key=_depth)
        markers = zip(self._answer.current.markers, self._texts, strict=False)
        flags = [self._flag(marker, text) for marker, text in markers]
        painter.save()
        painter.setClipRect(plot.area())
        for line in mine:
            self._curves.paint(painter, plot, line, self._pen(line))
        painter.setClipRect(plot.area().adjusted(-6, -5, 8, 6))
        written = draw_flags(painter, plot, flags, with_text=chart == charts[0])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line in mine:
            draw_points(painter, plot, line)
            if self._follows:
                draw_spikes(painter, plot, line, written)
        for line in mine:
            if not line.is_previous:
                draw_best(painter, plot, line)
        if self._pointer is not None:
            named = [(line, self._readout_name(line)) for line in sorted(mine, key=_is_previous)]
            x = plot.x_at(self._pointer)
            draw_readout(painter, plot, named, x, self._readout_head(x) if chart == charts[0] else "")
        painter.restore()

    def _flag(self, marker: Marker, text: str) -> Flag:
        x, since = self._options.x, marker.since
        return Flag(float(x_of(marker, x)), text, None if since is None else float(x_of(since, x)))

    def _readout_name(self, line: Line) -> str:
        if line.chart == "learning_rate":
            return _("previous run") if line.is_previous else _("learning rate")
        is_train = line.name.startswith("train")
        if line.is_previous:
            return _("previous training") if is_train else _("previous validation")
        return _("training") if is_train else _("validation")

    def _readout_head(self, x: float) -> str:
        templates = {"step": _("step {x}"), "epoch": _("epoch {x}"), "seconds": _("{x} s")}
        return templates[self._options.x].format(x=value_text(round(x) if self._options.x == "step" else x))


def _is_previous(line: Line) -> bool:
    return line.is_previous


def _depth(line: Line) -> int:
    """What lies on top comes last: the current run, and in it the validation."""
    return 2 * (not line.is_previous) + line.name.startswith("validation")
