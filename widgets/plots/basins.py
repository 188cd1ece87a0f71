"""From every place of the view: which minimum a racer ends at, or how many steps it takes to get near one."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple, final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array
from simulations.racing.maps import DIVERGED, ELSEWHERE, NEVER
from simulations.racing.probes.basins import BasinsAnswer
from widgets.plot import Table, Tried
from widgets.plots.basin_image import region_color, regions_image
from widgets.plots.colormap import viridis
from widgets.plots.map_axes import (
    FONT_PT,
    Axis,
    MapFrame,
    Note,
    color_bar_height,
    draw_axes,
    draw_color_bar,
    draw_notes,
    frame_of,
    notes_height,
)
from widgets.plots.map_view import MapView, draw_image, enlarged, hatched, image_bytes, image_from, pattern_note
from widgets.plots.picture import metrics
from widgets.text import _, ngettext
from widgets.theme import Look, Theme

_MOST_NUMBERS = 40  # minima whose number is written
_MOST_REGIONS = 4  # that the key names: the largest


class StartCell(NamedTuple):
    """One start of the map, and what became of it: the index of the minimum, and the step it was near one, or None."""

    x: float
    y: float
    reached: int
    arrival: int | None


@final
class BasinsView(MapView):
    """Draws a :class:`BasinsAnswer`: minima as numbered regions, or, ``is_timed``, steps to arrive as colours."""

    _answer: BasinsAnswer

    def __init__(self, look: Look, is_timed: bool, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._is_timed = is_timed
        self._image: QImage | None = None
        self._image_of: object = None
        self.retranslate()

    @property
    def plot_id(self) -> str:  # type: ignore[override]
        return "arrivals" if self._is_timed else "basins"

    def plot_title(self) -> str:
        return _("Steps to converge") if self._is_timed else _("Basins of attraction")

    def cells(self) -> tuple[int, int]:
        rows, columns = self._answer.map.reached.shape
        return columns, rows

    def target(self, across: float, up: float, frame: MapFrame) -> StartCell:
        columns, rows = self.cells()
        column, row = round(across * (columns - 1)), round(up * (rows - 1))
        found = self._answer.map
        x, y = found.box.lattice(columns, rows)[row, column].tolist()
        arrival = None if found.arrivals is None else int(found.arrivals[row, column])
        return StartCell(x, y, int(found.reached[row, column]), arrival)

    def configuration(self) -> tuple[object, ...]:
        a = self._answer
        return (Tried(a.surface, (a.racer,), a.steps),) if self.has_answer() else ()

    def table(self) -> Table:
        """A row per start: where it ends, at which minimum (1…, 0: at none, −1: diverged), and when it arrived."""
        if not self.has_answer():
            return Table({})
        found = self._answer.map
        rows, columns = found.reached.shape
        starts = found.box.lattice(columns, rows).reshape(-1, 2)
        ends = found.ends.reshape(-1, 2)
        columns_: dict[str, Array] = {
            "start x": starts[:, 0],
            "start y": starts[:, 1],
            "end x": ends[:, 0],
            "end y": ends[:, 1],
            "minimum": found.reached.ravel() + 1,
        }
        if found.arrivals is not None:
            columns_["arrival [steps]"] = found.arrivals.ravel()
        return Table(columns_)

    def frame(self, painter: QPainter, rect: QRectF, theme: Theme) -> MapFrame:
        box = self._answer.map.box
        painter.setFont(theme.font(FONT_PT))
        key = color_bar_height(painter, theme) if self._is_timed else 0.0
        key += notes_height(painter, theme, self._notes(theme), rect.width() - theme.px(12))
        axes = Axis(_("start x"), box.x_low, box.x_high), Axis(_("start y"), box.y_low, box.y_high)
        return frame_of(painter, rect, theme, axes, key, _aspect(box.width / box.height))

    def draw_map(self, painter: QPainter, frame: MapFrame, theme: Theme) -> None:
        draw_image(painter, frame, self._picture(theme), self.cells())
        draw_axes(painter, frame, theme)
        if self._is_timed:
            draw_color_bar(painter, frame.key, theme, self._steps())
        else:
            self._draw_numbers(painter, frame, theme)
        below = QRectF(frame.key)
        below.setTop(below.top() + (color_bar_height(painter, theme) if self._is_timed else 0.0))
        draw_notes(painter, below, theme, self._notes(theme))

    def refresh(self) -> None:
        self._image = None
        super().refresh()

    def show_answer(self, answer: Any, sentence: str = "") -> None:
        """Answers that only say how far the next finer map is are the same picture."""
        if answer is not None and self._answer is not None and answer.map is self._answer.map:
            self._answer = answer
            return
        super().show_answer(answer, sentence)

    def _steps(self) -> Axis:
        return Axis(_("steps until it is near a minimum"), 1, max(2, self._answer.steps), "log")

    def _picture(self, theme: Theme) -> QImage:
        if self._image is None or self._image_of != theme:
            self._image = self._timed(theme) if self._is_timed else regions_image(self._answer.map, theme)
            self._image_of = theme
        return self._image

    def _timed(self, theme: Theme) -> QImage:
        found = self._answer.map
        assert found.arrivals is not None
        pixels = enlarged(image_bytes(viridis(self._steps().shares(np.maximum(found.arrivals, 1)))))
        is_open, is_gone = found.arrivals == NEVER, found.reached == DIVERGED
        hatched(pixels, enlarged(is_open & ~is_gone), theme, is_crossed=False)
        hatched(pixels, enlarged(is_open & is_gone), theme, is_crossed=True)
        return image_from(pixels)

    def _draw_numbers(self, painter: QPainter, frame: MapFrame, theme: Theme) -> None:
        """The number of each region on its minimum, or in the middle of a region whose minimum is out of sight; where there is
        no room for all, those of the largest."""
        painter.setFont(theme.font(FONT_PT, bold=True))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, place in self._numbers(frame, metrics(painter), theme):
            painter.setPen(theme.pen("text", 1.2))
            painter.setBrush(theme.brush("panel"))
            painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
            painter.setPen(theme.pen("text"))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(index + 1))

    def _numbers(self, frame: MapFrame, text: QFontMetricsF, theme: Theme) -> list[tuple[int, QRectF]]:
        """Which numbers are written, and where: a circle around each, longer for a long one, inside the map and apart."""
        reached, high, gap = self._answer.map.reached, 1.24 * text.height(), theme.px(2)
        indices, counts = np.unique(reached[reached >= 0], return_counts=True)
        written: list[tuple[int, QRectF]] = []
        for index in indices[np.argsort(-counts, kind="stable")].tolist():
            wide = max(high, text.horizontalAdvance(str(index + 1)) + theme.px(8))
            place = _inside(self._number_place(index, frame), wide, high, frame.plane)
            if not any(place.adjusted(-gap, -gap, gap, gap).intersects(one) for _index, one in written):
                written.append((index, place))
            if len(written) == _MOST_NUMBERS:
                break
        return written

    def _number_place(self, index: int, frame: MapFrame) -> QPointF:
        found, minima = self._answer.map, self._answer.surface.minima_at(self._answer.steps)
        if index < len(minima) and found.box.contains(np.array([minima[index].x, minima[index].y])):
            return frame.place(minima[index].x, minima[index].y)
        rows, columns = np.nonzero(found.reached == index)
        nearest = int(np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2))
        x, y = found.box.lattice(*self.cells())[rows[nearest], columns[nearest]].tolist()
        return frame.place(x, y)

    def _notes(self, theme: Theme) -> list[Note]:
        """What the patterns mean that occur."""
        reached = self._answer.map.reached
        if self._is_timed and self._answer.map.arrivals is not None:
            is_open = self._answer.map.arrivals == NEVER
            reached = np.where(is_open & (reached != DIVERGED), ELSEWHERE, np.where(is_open, reached, 0))
        nowhere = _("never near a minimum") if self._is_timed else _("ends at no minimum")
        names = {ELSEWHERE: nowhere, DIVERGED: _("diverged")}
        patterns = [
            pattern_note(theme, kind == DIVERGED, name) for kind, name in names.items() if (reached == kind).any()
        ]
        return patterns if self._is_timed else [*self._regions(theme), *patterns]

    def _regions(self, theme: Theme) -> list[Note]:
        """What each colour says, and how much of the map it has: the largest regions in the order of their numbers."""
        reached, surface = self._answer.map.reached, self._answer.surface
        indices, counts = np.unique(reached[reached >= 0], return_counts=True)
        shares = dict(zip(indices.tolist(), (counts / reached.size).tolist(), strict=True))
        largest = sorted(sorted(shares, key=lambda index: -shares[index])[:_MOST_REGIONS])
        notes = []
        for index in largest:
            is_curve = index == 0 and bool(surface.floors())
            words = _("curve of minima {number}: {share}") if is_curve else _("minimum {number}: {share}")
            said = words.format(number=index + 1, share=percent_text(shares[index]))
            notes.append(Note(partial(_draw_swatch, region_color(index, theme), theme), said))
        if rest := [share for index, share in shares.items() if index not in largest]:
            words = ngettext("and {count} more: {share}", "and {count} more: {share}", len(rest))
            notes.append(Note(_draw_nothing, words.format(count=len(rest), share=percent_text(sum(rest)))))
        return notes


def percent_text(share: float) -> str:
    """A share of the map in whole per cent; what is little is not nothing, and nearly all is not all."""
    percent = round(100 * share)
    if percent == 0 and share > 0:
        return "< 1%"
    return "> 99%" if percent == 100 and share < 1 else f"{percent}%"


def _inside(at: QPointF, wide: float, high: float, plane: QRectF) -> QRectF:
    """A place around ``at``, moved off the edges of ``plane``, where the axes are."""
    x = min(max(at.x(), plane.left() + wide / 2), plane.right() - wide / 2)
    y = min(max(at.y(), plane.top() + high / 2), plane.bottom() - high / 2)
    return QRectF(x - wide / 2, y - high / 2, wide, high)


def _draw_swatch(color: QColor, theme: Theme, painter: QPainter, rect: QRectF) -> None:
    painter.setPen(theme.pen("border"))
    painter.setBrush(color)
    painter.drawRect(rect)


def _draw_nothing(painter: QPainter, rect: QRectF) -> None:
    """Several minima have no colour in common."""


def _aspect(ratio: float) -> float | None:
    """One scale on both axes, unless one is more than twice as long."""
    return ratio if 0.5 <= ratio <= 2 else None
