"""Methods side by side on the matrix problem: singular values over the steps, a small picture each, and all losses below."""

from __future__ import annotations

from typing import Final, Literal, final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array, FloatArray
from simulations.optimizers.base import OPTIMIZERS
from simulations.racing.matrix import SIZE, MatrixRun
from simulations.racing.probes.matrix import MatrixAnswer
from widgets.numbers import format_number
from widgets.plot import Table
from widgets.plots.colormap import polygon, viridis
from widgets.plots.map_axes import FONT_PT, Axis, MapFrame, draw_axes, frame_of
from widgets.plots.picture import Picture, draw_empty, metrics
from widgets.text import _
from widgets.theme import Look, Theme

Quantity = Literal["weights", "updates"]
_FLOOR: Final = 1e-12  # losses below are rounding
_MOST: Final = 3.0  # of the axis of singular values: a method that diverges leaves it
_KEY_LINES: Final = 2.25  # lines of text
HEAD_LINES: Final = 1.5  # a method's name: Chinese letters need a quarter more than the line of a Latin font
_DASH_PX: Final = 26  # the sample of a method's line: room for two dashes of each kind
_CELL_LINES: Final = 8.25  # a method's height
_WIDE_LINES: Final = 20.0  # the width of two methods side by side
_LOSS_SHARE: Final = {2: 0.36, 4: 0.24}  # of the height, by the rows above
_DASHES: Final[tuple[tuple[float, ...], ...]] = ((), (5.0, 3.0), (1.5, 2.5), (7.0, 2.5, 1.5, 2.5))


@final
class MatrixView(Picture):
    """Draws a :class:`MatrixAnswer`: the singular values of W, or those of the updates over the greatest of each."""

    plot_id = "matrix"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: MatrixAnswer | None = None
        self._quantity: Quantity = "weights"
        self.retranslate()

    def plot_title(self) -> str:
        return _("Singular values")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def retheme(self) -> None:
        super().retheme()
        self._make_room()

    def _make_room(self) -> None:
        """Be high enough for pictures one can read; who shows this scrolls."""
        line = QFontMetricsF(self.look.theme.font(FONT_PT)).height()
        _columns, rows = _grid(self.width(), line)
        self.setMinimumHeight(round(line * (_KEY_LINES + rows * _CELL_LINES / (1 - _LOSS_SHARE[rows]))))

    def show_answer(self, answer: MatrixAnswer | None) -> None:
        """Draw ``answer`` from now on."""
        if answer is not self._answer:
            self._answer = answer
            self.refresh()

    def show_quantity(self, quantity: Quantity) -> None:
        """Whose singular values are drawn."""
        self._quantity = quantity
        self.refresh()

    def has_answer(self) -> bool:
        """Whether there is something to draw or export."""
        return self._answer is not None

    def configuration(self) -> tuple[object, ...]:
        return () if self._answer is None else (self._answer.problem,)

    def table(self) -> Table:
        """A row per method and step: the loss, the singular values of W and of the update that led there, and the strengths."""
        if self._answer is None:
            return Table({})
        runs = self._answer.runs
        steps = np.concatenate([np.arange(len(one.losses)) for one in runs])
        names = np.concatenate([np.full(len(one.losses), method_name(one), "U64") for one in runs])
        updates = [np.vstack([np.full((1, SIZE), np.nan), one.updates]) for one in runs]
        columns = {"method": names, "step": steps, "loss": np.concatenate([one.losses for one in runs])}
        for i in range(SIZE):
            columns[f"singular value {i + 1}"] = np.concatenate([one.singular[:, i] for one in runs])
        for i in range(SIZE):
            columns[f"update's singular value {i + 1}"] = np.concatenate([one[:, i] for one in updates])
        for i in range(SIZE):
            columns[f"association {i + 1} learnt"] = np.concatenate([one.strengths[:, i] for one in runs])
        return Table(columns)

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if self._answer is None:
            draw_empty(painter, rect, theme, _("The picture appears as soon as the first method has run."))
            return
        painter.save()
        painter.fillRect(rect, theme.brush("panel"))
        painter.setFont(theme.font(FONT_PT))
        line = metrics(painter).height()
        key = QRectF(rect.left() + theme.px(8), rect.top() + theme.px(4), rect.width() - theme.px(16), 1.25 * line)
        self._draw_key(painter, key, theme)
        rest = rect.adjusted(0, 1.25 * line + theme.px(8), 0, 0)
        columns, rows = _grid(rect.width(), line)
        small, wide = rest.height() * (1 - _LOSS_SHARE[rows]) / rows, rest.width() / columns
        for index, one in enumerate(self._answer.runs):
            row, column = divmod(index, columns)
            cell = QRectF(rest.left() + column * wide, rest.top() + row * small, wide, small)
            self._draw_run(painter, cell, theme, one, index)
        below = QRectF(rest.left(), rest.top() + rows * small, rest.width(), rest.height() - rows * small)
        self._draw_losses(painter, below, theme)
        painter.restore()

    def _draw_key(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The colours of the eight values, the greatest first."""
        text = metrics(painter)
        words = _("greatest σ")
        painter.setPen(theme.pen("text"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        last = _("smallest σ")
        x = rect.left() + text.horizontalAdvance(words) + theme.px(6)
        room = rect.right() - x - text.horizontalAdvance(last) - theme.px(8)
        wide = min(float(theme.px(16)), room / SIZE)
        for i in range(SIZE):
            painter.fillRect(QRectF(x, rect.center().y() - 2, max(wide - 2, 1), 4), _shade(i, theme))
            x += wide
        place = QRectF(x + theme.px(4), rect.top(), rect.right() - x, rect.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, last)

    def _draw_run(self, painter: QPainter, cell: QRectF, theme: Theme, one: MatrixRun, index: int) -> None:
        line = metrics(painter).height()
        title = QRectF(cell.left() + theme.px(10), cell.top(), cell.width() - theme.px(12), HEAD_LINES * line)
        painter.setPen(_pen(theme, index))
        painter.drawLine(
            QPointF(title.left(), title.center().y()), QPointF(title.left() + theme.px(_DASH_PX), title.center().y())
        )
        painter.setPen(theme.pen("text"))
        name = metrics(painter).elidedText(
            method_name(one), Qt.TextElideMode.ElideRight, title.width() - theme.px(_DASH_PX + 6)
        )
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(title.adjusted(theme.px(_DASH_PX + 6), 0, 0, 0), middle, name)
        values, axis = self._values(one)
        steps = np.arange(len(values)) + (self._quantity == "updates")
        across = Axis(_("step"), 0, len(one.losses) - 1)
        frame = frame_of(painter, cell.adjusted(0, title.height(), 0, 0), theme, (across, axis), 0, None)
        draw_axes(painter, frame, theme, has_grid=True)
        painter.save()
        painter.setClipRect(frame.plane.adjusted(-1, -1, 1, 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for i in reversed(range(SIZE)):
            painter.setPen(QPen(_shade(i, theme), 1.3 * theme.scale * theme.weight))
            _draw_line(painter, frame, steps, values[:, i])
        painter.restore()

    def _values(self, one: MatrixRun) -> tuple[FloatArray, Axis]:
        if self._quantity == "updates":
            with np.errstate(divide="ignore", invalid="ignore"):
                return one.updates / one.updates[:, :1], Axis(_("σ of ΔW ÷ greatest"), 0, 1.05)
        assert self._answer is not None
        greatest = max(float(np.nan_to_num(run.singular, posinf=0.0).max()) for run in self._answer.runs)
        return one.singular, Axis(_("σ of W"), 0, min(max(1.25, 1.05 * greatest), _MOST))

    def _draw_losses(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        assert self._answer is not None
        runs = self._answer.runs
        finite = np.concatenate([one.losses[np.isfinite(one.losses)] for one in runs])
        low, high = max(_FLOOR, float(finite.min())), float(runs[0].losses[0]) * 2
        axes = Axis(_("step"), 0, len(runs[0].losses) - 1), Axis(_("loss"), min(low, high / 10), high, "log")
        frame = frame_of(painter, rect, theme, axes, 0, None)
        draw_axes(painter, frame, theme, has_grid=True)
        painter.save()
        painter.setClipRect(frame.plane)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, one in enumerate(runs):
            painter.setPen(_pen(theme, index))
            _draw_line(painter, frame, np.arange(len(one.losses)), np.maximum(one.losses, _FLOOR))
        painter.restore()


def _grid(width: float, line: float) -> tuple[int, int]:
    """Columns and rows of the four methods' pictures: side by side where there is room."""
    return (2, 2) if width >= _WIDE_LINES * line else (1, 4)


def method_name(one: MatrixRun) -> str:
    """The method and its rate."""
    return f"{_(OPTIMIZERS.entry(one.method.kind).label)} {format_number(one.method.learning_rate)}"


def _draw_line(painter: QPainter, frame: MapFrame, x: Array, y: Array) -> None:
    """What is finite of a line; far beyond the plane it is cut off."""
    places = frame.places(x, np.where(np.isfinite(y), y, 1e300))
    top, bottom = frame.plane.top() - 50, frame.plane.bottom() + 50
    places[:, 1] = np.clip(np.nan_to_num(places[:, 1], nan=top), top, bottom)
    painter.drawPolyline(polygon(places))


def _shade(index: int, theme: Theme) -> QColor:
    """The colour of a singular value by its rank, as far along viridis as stands out from the ground."""
    low, high = (0.3, 1.0) if theme.is_dark else (0.0, 0.88)
    return QColor(*(round(float(part)) for part in viridis(np.array(low + (high - low) * index / (SIZE - 1)))))


def _pen(theme: Theme, index: int) -> QPen:
    pen = QPen(theme.class_color(index), 2.0 * theme.scale * theme.weight)
    if _DASHES[index % 4]:
        pen.setDashPattern(_DASHES[index % 4])
    return pen
