"""Predicted against true values of the validation samples: on the diagonal the network is right."""

from __future__ import annotations

from typing import final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from simulations.core.text import N_
from simulations.probes.answers import PredictionsAnswer
from widgets.plot import Table
from widgets.plots.boundary_marks import draw_marks
from widgets.plots.keys import MarkKey, diagonal_pen
from widgets.plots.picture import Picture, draw_empty, metrics
from widgets.plots.plane_frame import FONT_PT, Frame, draw_axes, frame_in
from widgets.plots.scatter import value_range, with_unit
from widgets.plots.ticks import value_text
from widgets.text import _
from widgets.theme import Look, Theme

_AIR = 0.15  # of the true values' range, on each side; predictions beyond it lie on the edge


@final
class PredictionsView(Picture):
    """Draws a :class:`PredictionsAnswer`, a shape per value that is predicted."""

    plot_id = "predictions"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: PredictionsAnswer | None = None
        self.retranslate()

    def show_answer(self, answer: PredictionsAnswer | None) -> None:
        """Draw ``answer`` from now on."""
        if answer is not self._answer:
            self._answer = answer
            self.refresh()

    def has_answer(self) -> bool:
        """Whether there is something to draw or export."""
        return self._answer is not None and self._answer.truth.size > 0

    def plot_title(self) -> str:
        return _("Predicted against true values")

    def table(self) -> Table:
        """A row per drawn point."""
        if self._answer is None:
            return Table({})
        a = self._answer
        names = np.array([_(name) for name in a.names])
        return Table({"value": np.tile(names, len(a.truth)), "true": a.truth.ravel(), "predicted": a.predicted.ravel()})

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        a = self._answer
        if a is None or not a.truth.size:
            draw_empty(painter, rect, theme, _("The picture appears as soon as the network has been asked."))
            return
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        painter.setFont(theme.font(FONT_PT))
        footer = metrics(painter).height() + theme.px(4)
        low, high = value_range(a.truth)
        low, high = low - _AIR * (high - low), high + _AIR * (high - low)
        key = MarkKey((*enumerate(a.names), ("diagonal", N_("exact"))))
        axes = with_unit(_("true value"), a.unit), with_unit(_("predicted"), a.unit)
        frame = frame_in(painter, rect.adjusted(0, 0, 0, -footer), theme, (low, high, low, high), key, axes)
        self._draw_points(painter, frame, theme, a)
        draw_axes(painter, frame, theme, axes)
        key.draw(painter, frame.key, theme)
        under = QRectF(rect.left(), rect.bottom() - footer, rect.width(), footer)
        painter.setPen(theme.color("text.secondary"))
        painter.drawText(under, Qt.AlignmentFlag.AlignCenter, self._summary(a))
        painter.restore()

    @staticmethod
    def _draw_points(painter: QPainter, frame: Frame, theme: Theme, a: PredictionsAnswer) -> None:
        x0, x1, y0, y1 = frame.extent
        painter.save()
        painter.setClipRect(frame.plane)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(diagonal_pen(theme))
        painter.drawLine(frame.plane.bottomLeft(), frame.plane.topRight())
        predicted = np.clip(np.nan_to_num(a.predicted, nan=y0), y0, y1)
        points = np.stack([np.clip(a.truth, x0, x1).ravel(), predicted.ravel()], axis=1)
        kinds = np.tile(np.arange(len(a.names)), len(a.truth))
        radius = (2.2 if len(points) > 300 else 3.0) * theme.scale
        draw_marks(painter, frame.places(points), kinds, np.zeros(len(points), bool), theme, radius)
        painter.restore()

    @staticmethod
    def _summary(a: PredictionsAnswer) -> str:
        errors = (a.predicted - a.truth).astype(float)
        spread = float(np.square(a.truth - a.truth.mean(axis=0)).sum())
        determined = 1 - float(np.square(errors).sum()) / spread if spread else float("nan")
        return _("RMSE {rmse} · R² {determined}").format(
            rmse=with_unit(value_text(float(np.sqrt(np.mean(np.square(errors))))), a.unit),
            determined=value_text(determined),
        )
