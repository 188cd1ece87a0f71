"""The curve a network predicts over one feature, through the samples it is fitted to."""

from __future__ import annotations

from typing import final

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from simulations.core.text import N_
from simulations.probes.answers import FitAnswer
from widgets.plot import Table
from widgets.plots.colormap import polygon
from widgets.plots.keys import MarkKey, network_pen
from widgets.plots.picture import Picture, draw_empty
from widgets.plots.plane_frame import draw_axes, frame_in
from widgets.plots.scatter import Scatter, extent_of, with_unit
from widgets.text import _
from widgets.theme import Look, Theme

_KEY = MarkKey(((0, N_("training")), ("hollow", N_("validation")), ("line", N_("network"))))


@final
class FitView(Picture):
    """Draws a :class:`FitAnswer`. The axes hold the samples; a curve that leaves them is cut off at the edge."""

    plot_id = "fit"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: FitAnswer | None = None
        self.retranslate()

    def show_answer(self, answer: FitAnswer | None) -> None:
        """Draw ``answer`` from now on."""
        if answer is not self._answer:
            self._answer = answer
            self.refresh()

    def has_answer(self) -> bool:
        """Whether there is something to draw or export."""
        return self._answer is not None

    def plot_title(self) -> str:
        return _("Fitted curve")

    def table(self) -> Table:
        """A row per point of the curve (``what`` is "network") and per sample."""
        if self._answer is None:
            return Table({})
        a = self._answer
        samples = np.where(a.is_validation, "validation", "training")
        return Table({
            "what": np.concatenate([np.full(len(a.x), "network", samples.dtype), samples]),
            "x": np.concatenate([a.x, a.points]),
            "y": np.concatenate([a.y, a.values]),
        })  # fmt: skip

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        a = self._answer
        if a is None:
            draw_empty(painter, rect, theme, _("The picture appears as soon as the network has been asked."))
            return
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        axes = _(a.feature_name), with_unit(_(a.name), a.unit)
        points = np.stack([a.points, a.values], axis=1)
        scatter = Scatter(points, a.is_validation, axes, _KEY, np.zeros(len(points), int))
        frame = frame_in(painter, rect, theme, extent_of(points), _KEY, axes)
        scatter.draw_marks(painter, frame, theme)
        painter.save()
        painter.setClipRect(frame.plane)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(network_pen(theme))
        finite = np.isfinite(a.y)
        painter.drawPolyline(polygon(frame.places(np.stack([a.x[finite], a.y[finite]], axis=1))))
        painter.restore()
        draw_axes(painter, frame, theme, axes)
        _KEY.draw(painter, frame.key, theme)
        painter.restore()
