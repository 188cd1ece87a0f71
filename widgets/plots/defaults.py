"""Every default of pyqtgraph in one place: how a plot that a person zooms into looks and behaves in GradLab.

Import this module only from code that runs after the window is on the screen: pyqtgraph costs 300 ms. What it decides,
and why, by measurement: ranges are set by hand, since autoRange is the largest single cost;
axes are painted directly, since pyqtgraph records them as a QPicture, which any device of another resolution scales
wrongly; no context menu, since parts of it raise; pens are cosmetic and multiplied by the pixel ratio, since
pyqtgraph's are thin on a dense screen; curves are painted by :mod:`.curve_path`, since its items bounce the interpreter
between threads; every repaint is a full one, since marks are painted over all.
"""

from __future__ import annotations

import math
from typing import Any, Final, Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QGraphicsSceneWheelEvent,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from simulations.core.arrays import Array
from widgets.plots.batch import Lines
from widgets.plots.chart_axes import FONT_PT, axis_height, axis_width
from widgets.plots.ticks import linear_ticks, log_tick_texts, log_ticks, power_text, tick_texts
from widgets.theme import Theme

EDGE_PX = 5  # above and below the data, so that a mark on the edge is not cut
_RIGHT_PX = 8  # beside the data, for the end of the last number
ANTIALIASED_POINTS = 1000  # beyond, antialiasing a curve costs more than a frame allows

_RIGHT: Final = (Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value
_CENTER: Final = Qt.AlignmentFlag.AlignCenter.value

pg.setConfigOptions(antialias=False, useOpenGL=False, background=None, foreground="k")


class Axis(pg.AxisItem):
    """An axis with round ticks, painted directly in the theme's colours; ``title`` stands outside the numbers."""

    def __init__(self, side: Literal["left", "bottom"]) -> None:
        super().__init__(side)
        self.theme = Theme()
        self.title = ""
        self.is_log = False
        self._lines = Lines()

    def set_theme(self, theme: Theme) -> None:
        """Take colours, font and thickness from ``theme``."""
        self.theme = theme
        if self.orientation == "left":
            self.setWidth(axis_width(theme))
        elif self.isVisible():
            self.setHeight(axis_height(theme))
        self.update()

    def ticks(self, length_px: float) -> list[float]:
        """Where ticks stand on ``length_px`` pixels, in the coordinates of the view (exponents on a log axis)."""
        text = QFontMetricsF(self.theme.font(FONT_PT))
        if self.orientation == "left":
            most = max(3, int(length_px / (2 * text.height())))
        else:
            most = max(3, int(length_px / (1.4 * text.horizontalAdvance("000 000"))))
        return (log_ticks if self.is_log else linear_ticks)(self.range[0], self.range[1], most)

    def texts(self, ticks: list[float], metrics: QFontMetricsF) -> list[str]:
        """The ticks in words; as powers of ten where plain numbers would run into the title of a left axis."""
        texts = log_tick_texts(ticks) if self.is_log else tick_texts(ticks)
        room = self.rect().width() - metrics.height() - 8
        if self.orientation == "left" and any(metrics.horizontalAdvance(one) > room for one in texts):
            return [power_text(10.0**tick if self.is_log else tick) for tick in ticks]
        return texts

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, /, widget: QWidget | None = None) -> None:
        theme, rect = self.theme, self.rect()
        ticks = self.ticks(rect.height() if self.orientation == "left" else rect.width())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(theme.font(FONT_PT))
        text = QFontMetricsF(painter.font(), painter.device())
        texts = self.texts(ticks, text)
        painter.setPen(theme.pen("text.secondary"))
        (self._paint_left if self.orientation == "left" else self._paint_bottom)(painter, rect, ticks, texts, text)
        painter.setPen(theme.color("text"))
        self._paint_title(painter, rect, text)

    def _paint_left(
        self, painter: QPainter, rect: QRectF, ticks: list[float], texts: list[str], text: QFontMetricsF
    ) -> None:
        (low, high), right, bottom, height = self.range, rect.right(), rect.bottom(), rect.height()
        line, top = text.height(), rect.top()
        places = [bottom - (tick - low) / (high - low) * height for tick in ticks]
        self._lines.draw(painter, np.array([(right - 4, y, right, y) for y in places]))
        for y, written in zip(places, texts, strict=True):
            middle = min(max(y, top + line / 2), bottom - line / 2)
            painter.drawText(round(right) - 107, round(middle - line / 2), 100, math.ceil(line), _RIGHT, written)

    def _paint_bottom(
        self, painter: QPainter, rect: QRectF, ticks: list[float], texts: list[str], text: QFontMetricsF
    ) -> None:
        (low, high), left, right, top, width = self.range, rect.left(), rect.right(), rect.top(), rect.width()
        places = [left + (tick - low) / (high - low) * width for tick in ticks]
        self._lines.draw(painter, np.array([(x, top, x, top + 4) for x in places]))
        for x, written in zip(places, texts, strict=True):
            middle = min(x, right + 6 - text.horizontalAdvance(written) / 2)
            painter.drawText(round(middle) - 60, round(top) + 4, 120, math.ceil(text.height()), _CENTER, written)

    def _paint_title(self, painter: QPainter, rect: QRectF, text: QFontMetricsF) -> None:
        line = text.height()
        if self.orientation == "left":
            painter.save()
            painter.translate(rect.left() + 2, rect.center().y())
            painter.rotate(-90)
            painter.drawText(QRectF(-200, 0, 400, line), Qt.AlignmentFlag.AlignCenter, self.title)
            painter.restore()
        else:
            painter.drawText(
                QRectF(rect.left(), rect.top() + 4 + line, rect.width(), line), Qt.AlignmentFlag.AlignCenter, self.title
            )


class TimeBox(pg.ViewBox):
    """A view whose wheel zooms time; with Ctrl, or on the left axis, it zooms the values."""

    def wheelEvent(self, event: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        zooms_values = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        super().wheelEvent(event, axis=int(zooms_values) if axis is None else axis)


class ZoomPlot(pg.GraphicsView):
    """A plot to zoom and pan: wheel and drag (on an axis for that axis alone), or + − and Shift with the arrows.

    Two axes around a ``ViewBox`` (:attr:`box`) and nothing else: a ``PlotItem`` makes a dozen menus nobody opens, each a
    window of its own, and takes five times as long to build.
    """

    zoomed = Signal()  # by hand
    followWished = Signal()  # a double click or the Home key
    pointed = Signal(float)  # the pixel column under the pointer
    left = Signal()  # the pointer is gone

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.axes = {"left": Axis("left"), "bottom": Axis("bottom")}
        self.box = TimeBox(enableMenu=False, defaultPadding=0.0)
        self.box.disableAutoRange()
        for axis in self.axes.values():
            axis.linkToView(self.box)
        self._central = pg.GraphicsWidget()
        for item in (*self.axes.values(), self.box):
            item.setParentItem(self._central)
        self._central.geometryChanged.connect(self.lay_out)
        self.setCentralItem(self._central)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)  # the grid is painted with the range, not once
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.theme = Theme()
        self._lines = Lines()
        self._painted_over: Any = None
        self.box.sigRangeChangedManually.connect(self._on_zoomed)

    def set_theme(self, theme: Theme) -> None:
        """Take all colours, fonts and the thickness of cosmetic pens from ``theme``."""
        self.theme = theme
        for axis in self.axes.values():
            axis.set_theme(self.theme)
        self.lay_out()
        self.viewport().update()

    def set_range(self, x: tuple[float, float] | None = None, y: tuple[float, float] | None = None) -> None:
        """Show exactly this."""
        self.box.setRange(xRange=x, yRange=y, padding=0.0, update=True, disableAutoRange=False)
        self.box.updateMatrix()  # pyqtgraph would do so within the next painting, and then paint once more

    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What is shown, (x0, x1) and (y0, y1)."""
        (x0, x1), (y0, y1) = self.box.viewRange()
        return (x0, x1), (y0, y1)

    def area(self) -> QRectF:
        """The data's rectangle in the pixels of this widget."""
        rect: QRectF = self.box.sceneBoundingRect()
        return rect

    def place(self, x: float, y: float) -> QPointF:
        """The pixel of a point."""
        (x0, x1), (y0, y1) = self.ranges()
        area = self.area()
        return QPointF(
            area.left() + (x - x0) / (x1 - x0) * area.width(), area.bottom() - (y - y0) / (y1 - y0) * area.height()
        )

    def places(self, x: Array, y: Array) -> tuple[Array, Array]:
        """The pixels of many points."""
        (x0, x1), (y0, y1) = self.ranges()
        area = self.area()
        return (
            area.left() + (x - x0) * (area.width() / (x1 - x0)),
            area.bottom() - (y - y0) * (area.height() / (y1 - y0)),
        )

    def x_at(self, column: float) -> float:
        """The x of a pixel column."""
        (x0, x1), _y = self.ranges()
        area = self.area()
        return x0 + (column - area.left()) / area.width() * (x1 - x0)

    def show_time(self, shows: bool) -> None:
        """Have the bottom axis, or leave its room to the data."""
        axis = self.axes["bottom"]
        (axis.show if shows else axis.hide)()
        self.lay_out()

    def lay_out(self) -> None:
        """Place axes and data.

        By hand: a ``QGraphicsGridLayout`` reads freed memory when the scene dies with its window (PySide6 6.11 and 6.12, any
        Python), and whether that crashes depends on where things lie.
        """
        left, bottom = self.axes["left"], self.axes["bottom"]
        wide, high = left.minimumWidth(), bottom.minimumHeight() if bottom.isVisible() else 0.0
        width = max(self.range.width() - wide - _RIGHT_PX, 0.0)
        height = max(self.range.height() - EDGE_PX - (high or EDGE_PX), 0.0)
        left.setGeometry(QRectF(0, EDGE_PX, wide, height))
        self.box.setGeometry(QRectF(wide, EDGE_PX, width, height))
        bottom.setGeometry(QRectF(wide, EDGE_PX + height, width, high))

    def set_painted_over(self, paint: Any) -> None:
        """Call ``paint(painter, plot)`` after the curves, in this widget's pixels; a bound method, so nothing leaks."""
        self._painted_over = paint

    def drawBackground(self, painter: QPainter, rect: QRectF | Any) -> None:
        """The panel's ground, and the grid at the ticks of both axes."""
        area, ((x0, x1), (y0, y1)) = self.area(), self.ranges()
        left, top, right, bottom = area.left(), area.top(), area.right(), area.bottom()
        painter.fillRect(rect, self.theme.color("panel"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self.theme.pen("grid"))
        columns = (left + (t - x0) / (x1 - x0) * (right - left) for t in self.axes["bottom"].ticks(right - left))
        rows = (bottom - (t - y0) / (y1 - y0) * (bottom - top) for t in self.axes["left"].ticks(bottom - top))
        grid = [*((x, top, x, bottom) for x in columns), *((left, y, right, y) for y in rows)]
        self._lines.draw(painter, np.array(grid))

    def drawForeground(self, painter: QPainter, rect: QRectF | Any) -> None:
        area = self.area()
        left, bottom = area.left(), area.bottom()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self.theme.pen("border"))
        frame = [(left, area.top(), left, bottom), (left, bottom, area.right(), bottom)]
        self._lines.draw(painter, np.array(frame))
        if self._painted_over is not None:
            self._painted_over(painter, self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()  # the panel around has the menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shifts = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Home:
            self.followWished.emit()
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._move(0.0, 1.25 if event.key() == Qt.Key.Key_Minus else 0.8)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and shifts:
            self._move(-0.1 if event.key() == Qt.Key.Key_Left else 0.1, 1.0)
        else:
            event.ignore()  # Space and the bare arrows belong to the window

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.followWished.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        area = self.area()
        if area.contains(event.position()):
            self.pointed.emit(event.position().x())
        else:
            self.left.emit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def _move(self, by: float, stretch: float) -> None:
        """Pan along x by a share of what is shown, and stretch that about its middle."""
        (x0, x1), _y = self.ranges()
        middle, half = (x0 + x1) / 2 + by * (x1 - x0), stretch * (x1 - x0) / 2
        self.zoomed.emit()
        self.set_range(x=(middle - half, middle + half))

    def _on_zoomed(self, _axes: object) -> None:
        self.zoomed.emit()
