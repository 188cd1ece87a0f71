"""Where a racer ends for every pair of two of its numbers, with the limits that theory draws."""

from __future__ import annotations

from typing import Any, NamedTuple, final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array, FloatArray
from simulations.core.params import hyperparameters
from simulations.racing.probes.phase import PhaseAnswer
from simulations.racing.theory import Best, best_of, is_bare, largest_rate, theory_of
from widgets.plot import Table, Tried
from widgets.plots.colormap import polygon, viridis
from widgets.plots.map_axes import (
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
from widgets.plots.map_view import (
    MapView,
    draw_image,
    draw_ring,
    enlarged,
    hatched,
    image_bytes,
    image_from,
    pattern_note,
)
from widgets.plots.plane import level_lines
from widgets.text import _
from widgets.theme import Look, Theme

_FLOOR = 1e-16  # gaps below are rounding


class NumbersCell(NamedTuple):
    """One pair of numbers by name, the gap they end with, and whether it is at a minimum."""

    names: tuple[str, str]
    values: tuple[float, float]
    gap: float
    arrived: bool


@final
class PhaseView(MapView):
    """Draws a :class:`PhaseAnswer`: the final gap as a colour, settings that end higher than they began crossed out."""

    plot_id = "phase"
    _answer: PhaseAnswer

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._image: QImage | None = None
        self._image_of: object = None
        self.retranslate()

    def plot_title(self) -> str:
        return _("Phase map")

    def cells(self) -> tuple[int, int]:
        return len(self._answer.across), len(self._answer.up)

    def target(self, across: float, up: float, frame: MapFrame) -> NumbersCell:
        a = self._answer
        column, row = round(across * (len(a.across) - 1)), round(up * (len(a.up) - 1))
        values = float(a.across[column]), float(a.up[row])
        return NumbersCell(a.names, values, float(a.gaps[row, column]), bool(a.arrived[row, column]))

    def configuration(self) -> tuple[object, ...]:
        a = self._answer
        return (Tried(a.surface, (a.racer,), a.steps, (a.start,)),) if self.has_answer() else ()

    def table(self) -> Table:
        """A row per cell: both numbers, the gap, and whether it ends at a minimum."""
        if not self.has_answer():
            return Table({})
        a = self._answer
        across, up = np.meshgrid(a.across, a.up)
        return Table({
            a.names[0]: across.ravel(),
            a.names[1]: up.ravel(),
            "final loss above the lowest": a.gaps.ravel(),
            "at a minimum": a.arrived.ravel().astype(int),
        })  # fmt: skip

    def show_answer(self, answer: Any, sentence: str = "") -> None:
        """Answers that only say how far the next finer map is are the same picture."""
        if answer is not None and self._answer is not None and answer.gaps is self._answer.gaps:
            self._answer = answer
            return
        super().show_answer(answer, sentence)

    def frame(self, painter: QPainter, rect: QRectF, theme: Theme) -> MapFrame:
        a = self._answer
        axes = (self._axis(a.names[0], a.across), self._axis(a.names[1], a.up))
        key = color_bar_height(painter, theme)
        key += notes_height(painter, theme, self._notes(theme), rect.width() - theme.px(12))
        spare = rect.width() / max(rect.height() - key, 1.0)
        return frame_of(painter, rect, theme, axes, key, 1.0 if spare < 1 else None)

    def draw_map(self, painter: QPainter, frame: MapFrame, theme: Theme) -> None:
        draw_image(painter, frame, self._picture(theme), self.cells())
        painter.save()
        painter.setClipRect(frame.plane)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_edge(painter, frame, theme)
        self._draw_theory(painter, frame, theme)
        a = self._answer
        here = [getattr(a.racer.optimizer, name) for name in a.names]
        places = frame.places(*(np.array([one]) for one in here))[0]
        if np.isfinite(places).all():  # a 0 is nowhere on a logarithmic axis
            draw_ring(painter, QPointF(*places.tolist()), theme)
        painter.restore()
        draw_axes(painter, frame, theme)
        draw_color_bar(painter, frame.key, theme, self._gaps())
        below = QRectF(frame.key)
        below.setTop(below.top() + color_bar_height(painter, theme))
        draw_notes(painter, below, theme, self._notes(theme))

    def refresh(self) -> None:
        self._image = None
        super().refresh()

    def _axis(self, name: str, values: FloatArray) -> Axis:
        declared = next(one for one in hyperparameters(self._answer.racer.optimizer) if one.name == name)
        return Axis(_(declared.label), float(values[0]), float(values[-1]), declared.scale)

    def _gaps(self) -> Axis:
        a = self._answer
        finite = a.gaps[np.isfinite(a.gaps)]
        low = max(_FLOOR, float(finite.min(initial=np.inf))) if finite.size else _FLOOR
        high = max(a.start_gap, 10 * low) if np.isfinite(a.start_gap) else 10 * low
        return Axis(_("final loss above the lowest one"), low, high, "log")

    def _notes(self, theme: Theme) -> list[Note]:
        def ring(painter: QPainter, rect: QRectF) -> None:
            draw_ring(painter, rect.center(), theme)

        def edge(painter: QPainter, rect: QRectF) -> None:
            painter.fillRect(rect, theme.brush("text.secondary"))
            painter.setPen(theme.pen("panel", 1.5))
            painter.drawEllipse(rect.adjusted(2, 2, -2, -2))

        def dashes(painter: QPainter, rect: QRectF) -> None:
            middle = rect.center().y()
            _draw_dashed(painter, QPolygonF([QPointF(rect.left(), middle), QPointF(rect.right(), middle)]), theme)

        def diamond(painter: QPainter, rect: QRectF) -> None:
            _draw_diamond(painter, rect.center(), theme)

        found = [Note(ring, _("now")), Note(edge, _("ends at a minimum"))]
        found.append(pattern_note(theme, True, _("ends higher than it began")))
        if self._has_theory():
            found.append(Note(dashes, _("limit in theory")))
            if self._best() is not None:
                found.append(Note(diamond, _("best in theory")))
        return found

    def _has_theory(self) -> bool:
        a = self._answer
        is_known = theory_of(a.racer.optimizer) is not None and a.curvature is not None and is_bare(a.racer)
        return is_known and set(a.names) == {"learning_rate", "momentum"}

    def _best(self) -> Best | None:
        bowl = self._answer.curvature
        return best_of(self._answer.racer.optimizer, bowl) if bowl is not None and bowl.is_everywhere else None

    def _picture(self, theme: Theme) -> QImage:
        a = self._answer
        if self._image is None or self._image_of != theme:
            pixels = enlarged(image_bytes(viridis(self._gaps().shares(np.maximum(a.gaps, _FLOOR)))))
            hatched(pixels, enlarged(~(a.gaps <= a.start_gap * (1 + 1e-9))), theme, is_crossed=True)
            self._image, self._image_of = image_from(pixels), theme
        return self._image

    def _draw_edge(self, painter: QPainter, frame: MapFrame, theme: Theme) -> None:
        """Around the settings that end at a minimum."""
        arrived = self._answer.arrived.astype(float)
        painter.setPen(theme.pen("panel", 1.5))
        for line in level_lines(arrived, (0.0, 1.0, 0.0, 1.0), [0.5]):
            painter.drawPolyline(polygon(_placed(line, frame.plane)))

    def _draw_theory(self, painter: QPainter, frame: MapFrame, theme: Theme) -> None:
        a = self._answer
        if not self._has_theory() or a.curvature is None:
            return
        is_rate_across = a.names[0] == "learning_rate"
        shares = np.linspace(0, 1, 200)
        rates = largest_rate(a.racer.optimizer, a.curvature, shares)
        line = frame.places(rates, shares) if is_rate_across else frame.places(shares, rates)
        _draw_dashed(painter, polygon(line), theme)
        best = self._best()
        if best is not None:
            at = frame.place(*(best.numbers[name] for name in a.names))
            _draw_diamond(painter, at, theme)


def _placed(line: Array, plane: QRectF) -> FloatArray:
    return np.stack([plane.left() + line[:, 0] * plane.width(), plane.bottom() - line[:, 1] * plane.height()], axis=1)


def _draw_dashed(painter: QPainter, line: QPolygonF, theme: Theme) -> None:
    """A line that stands out from every colour: dark dashes on a light ground."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(theme.pen("panel", 3.5))
    painter.drawPolyline(line)
    pen = QPen(theme.pen("text", 1.8))
    pen.setDashPattern([4.0, 3.0])
    painter.setPen(pen)
    painter.drawPolyline(line)


def _draw_diamond(painter: QPainter, at: QPointF, theme: Theme) -> None:
    size = theme.px(6)
    points = [QPointF(at.x(), at.y() - size), QPointF(at.x() + size, at.y())]
    points += [QPointF(at.x(), at.y() + size), QPointF(at.x() - size, at.y())]
    painter.setPen(theme.pen("text", 1.2))
    painter.setBrush(theme.brush("panel"))
    painter.drawPolygon(QPolygonF(points))
