"""The heights a network predicts over the plane: heights as colours with level lines, and the samples on the same scale,
so that a point disappears where the network is right."""

from __future__ import annotations

from typing import final

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from simulations.core.arrays import Array
from simulations.probes.answers import HeightsAnswer
from widgets.plot import Table
from widgets.plots.colormap import image_of
from widgets.plots.plane import PlaneView, level_lines
from widgets.plots.scatter import Scatter, value_colors, value_range, with_unit
from widgets.plots.ticks import linear_ticks, value_text
from widgets.text import _
from widgets.theme import Theme


@final
class HeightsView(PlaneView):
    """Draws a :class:`HeightsAnswer`. The scale is that of the true values; heights beyond it have the colour of its ends."""

    plot_id = "heights"
    _answer: HeightsAnswer

    def plot_title(self) -> str:
        return _("Predicted heights")

    def scatter(self) -> Scatter:
        a = self._answer
        axes = _(a.feature_names[0]), _(a.feature_names[1])
        return Scatter.of_values(a.points, a.values, a.is_validation, axes, with_unit(_(a.name), a.unit))

    def plane(self, theme: Theme) -> QImage:
        return image_of(value_colors(self._answer.heights[::-1], value_range(self._answer.values)))

    def lines(self) -> list[Array]:
        low, high = value_range(self._answer.values)
        return level_lines(self._answer.heights, self._answer.extent, linear_ticks(low, high, 8))

    def table(self) -> Table:
        """A row per grid point (``what`` is "grid", with the prediction) and per sample (with its true value)."""
        if not self.has_answer():
            return Table({})
        a = self._answer
        rows, columns = a.heights.shape
        x, y = np.meshgrid(np.linspace(*a.extent[:2], columns), np.linspace(*a.extent[2:], rows))
        samples = np.where(a.is_validation, "validation", "training")
        return Table({
            "what": np.concatenate([np.full(rows * columns, "grid", samples.dtype), samples]),
            "x1": np.concatenate([x.ravel(), a.points[:, 0]]),
            "x2": np.concatenate([y.ravel(), a.points[:, 1]]),
            "predicted": np.concatenate([a.heights.ravel(), np.full(len(a.values), np.nan)]),
            "true": np.concatenate([np.full(rows * columns, np.nan), a.values]),
        })  # fmt: skip

    def text_at(self, position: QPointF) -> str:
        if not self.has_answer():
            return ""
        a = self._answer
        under = self.grid_at(position, a.heights.shape)
        if under is None:
            return ""
        x, y, row, column = under
        return _("{first} {x}, {second} {y}: predicted {name} {value}").format(
            first=_(a.feature_names[0]),
            second=_(a.feature_names[1]),
            x=value_text(x),
            y=value_text(y),
            name=with_unit(_(a.name), a.unit),
            value=value_text(float(a.heights[row, column])),
        )
