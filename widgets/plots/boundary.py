"""The decision boundary over 2-D data: the plane coloured by what the network says, the lines where its mind changes,
and the points."""

from __future__ import annotations

from typing import final

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from simulations.core.arrays import Array
from simulations.probes.answers import BoundaryAnswer
from widgets.plot import Table
from widgets.plots.colormap import blend_classes
from widgets.plots.plane import PlaneView, level_lines
from widgets.plots.plane_frame import Extent
from widgets.plots.scatter import Scatter
from widgets.plots.ticks import value_text
from widgets.text import _
from widgets.theme import Theme

_STRENGTH = 0.42  # how much of the class colour covers the panel's: points and text stay readable on it


def boundary_lines(probabilities: Array, extent: Extent) -> list[Array]:
    """The lines where the most probable class changes, as ``(m, 2)`` arrays in data units.

    For two classes that is p = 0.5; for more, where a class's lead over the best other one is zero. The last class
    needs no search: its borders are found from the other side.
    """
    classes = probabilities.shape[-1]
    leads = (probabilities[..., k] - np.max(np.delete(probabilities, k, axis=-1), axis=-1) for k in range(classes - 1))
    return [line for lead in leads for line in level_lines(lead, extent, [0.0])]


@final
class BoundaryView(PlaneView):
    """Draws a :class:`BoundaryAnswer`."""

    plot_id = "boundary"
    _answer: BoundaryAnswer

    def plot_title(self) -> str:
        return _("Decision boundary")

    def scatter(self) -> Scatter:
        a = self._answer
        axes = _(a.feature_names[0]), _(a.feature_names[1])
        return Scatter.of_classes(a.points, a.targets, a.is_validation, axes, a.class_names)

    def plane(self, theme: Theme) -> QImage:
        return blended(self._answer, theme)

    def lines(self) -> list[Array]:
        return boundary_lines(self._answer.probabilities, self._answer.extent)

    def table(self) -> Table:
        """A row per grid point (``what`` is "grid", with the probabilities) and per sample (with its class)."""
        if not self.has_answer():
            return Table({})
        a = self._answer
        rows, columns, classes = a.probabilities.shape
        x, y = np.meshgrid(np.linspace(*a.extent[:2], columns), np.linspace(*a.extent[2:], rows))
        samples = np.where(a.is_validation, "validation", "training")
        blank = np.full(len(a.points), np.nan)
        named: dict[str, Array] = {
            "what": np.concatenate([np.full(rows * columns, "grid", samples.dtype), samples]),
            "x1": np.concatenate([x.ravel(), a.points[:, 0]]),
            "x2": np.concatenate([y.ravel(), a.points[:, 1]]),
            "class": np.concatenate([np.argmax(a.probabilities, axis=-1).ravel(), a.targets]),
        }
        for k in range(classes):
            named[f"probability of class {k}"] = np.concatenate([a.probabilities[..., k].ravel(), blank])
        return Table(named)

    def text_at(self, position: QPointF) -> str:
        if not self.has_answer():
            return ""
        a = self._answer
        under = self.grid_at(position, a.probabilities.shape[:2])
        if under is None:
            return ""
        x, y, row, column = under
        at = a.probabilities[row, column]
        best = int(np.argmax(at))
        return _("{first} {x}, {second} {y}: {name} with probability {probability}").format(
            first=_(a.feature_names[0]),
            second=_(a.feature_names[1]),
            x=value_text(x),
            y=value_text(y),
            name=_(a.class_names[best]),
            probability=value_text(at[best]),
        )


def blended(answer: BoundaryAnswer, theme: Theme) -> QImage:
    """The plane as an image of grid points."""
    colors = [theme.class_color(k) for k in range(answer.probabilities.shape[-1])]
    return blend_classes(answer.probabilities, colors, theme.color("panel"), _STRENGTH)
