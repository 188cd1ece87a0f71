"""The picture of the samples in the Data panel, as their shape asks for: points, images, sequences, or two features of many."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array
from simulations.core.text import N_
from simulations.probes.answers import DataAnswer
from widgets.plot import Table
from widgets.plots.image_tiles import ImageTiles, grey_or_rgb
from widgets.plots.keys import MarkKey
from widgets.plots.picture import Picture, draw_empty
from widgets.plots.scatter import Scatter, with_unit
from widgets.plots.sequence_rows import SequenceRows
from widgets.plots.sequences import sequence_columns
from widgets.plots.ticks import value_text
from widgets.text import _
from widgets.theme import Look, Theme


class DataPicture(Picture):
    """Draws a :class:`DataAnswer`. Validation samples are hollow points, or images in a dashed frame."""

    plot_id = "data"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: DataAnswer | None = None
        self._drawing: Scatter | ImageTiles | SequenceRows | None = None
        self._features = (0, 1)
        self.retranslate()

    def show_answer(self, answer: DataAnswer | None, features: tuple[int, int] | None = None) -> None:
        """Draw ``answer`` from now on, a table by two of its ``features``; the same again costs nothing."""
        chosen = features or (answer.pair if answer is not None else (0, 1))
        if answer is self._answer and chosen == self._features:
            return
        self._answer, self._features = answer, chosen
        self.retranslate()

    def has_answer(self) -> bool:
        return self._answer is not None and len(self._answer.targets) > 0

    def plot_title(self) -> str:
        return _("Samples of the data set")

    def plot_size(self) -> QSize:
        return self.size().expandedTo(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(self.look.theme.px(240), self.look.theme.px(240))

    def retranslate(self) -> None:
        answer = self._answer if self.has_answer() else None
        self._drawing = None if answer is None else _drawing_of(answer, self._features)
        super().retranslate()

    def table(self) -> Table:
        """A row per drawn sample (or step of one): its features or pixels, its target and whether it validates."""
        answer = self._answer
        if answer is None or not self.has_answer():
            return Table({})
        theme, rect = self.look.theme, QRectF(self.rect())
        n = len(answer.targets) if isinstance(self._drawing, Scatter | None) else self._drawing.shown(rect, theme)
        kept = answer.inputs[:n]
        if answer.picture == "sequences":
            t = answer.inputs.shape[1]
            columns = sequence_columns(kept, answer.targets[:n], answer.wanted, answer.feature_names)
            return Table(columns | {"validation": np.repeat(answer.is_validation[:n].astype(int), t)})
        named = {"validation": answer.is_validation[:n].astype(int)}
        return Table(_target_columns(answer, n) | named | _input_columns(answer, kept))

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if self._drawing is None:
            draw_empty(painter, rect, theme, _("The samples appear as soon as they are loaded."))
            return
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        self._drawing.draw(painter, rect, theme)
        painter.restore()

    def text_at(self, position: QPointF) -> str:
        if not isinstance(self._drawing, ImageTiles) or self._answer is None:
            return ""
        index = self._drawing.index_at(position, QRectF(self.rect()), self.look.theme)
        if index is None:
            return ""
        name = self._drawing.captions[index]
        if self._answer.wanted.kind == "values":
            return name
        if self._answer.is_validation[index]:
            return _("class {name}, validation sample").format(name=name)
        return _("class {name}, training sample").format(name=name)


def _drawing_of(answer: DataAnswer, features: tuple[int, int]) -> Scatter | ImageTiles | SequenceRows:
    if answer.picture == "sequences":
        return SequenceRows(answer.inputs, answer.targets, answer.wanted, answer.feature_names)
    if answer.picture == "images":
        captions = [_caption(answer, i) for i in range(len(answer.targets))]
        return ImageTiles(grey_or_rgb(answer.inputs), captions, answer.is_validation)
    return _scatter(answer, features)


def _scatter(answer: DataAnswer, features: tuple[int, int]) -> Scatter:
    wanted, is_validation = answer.wanted, answer.is_validation
    values = answer.targets[:, 0] if wanted.kind == "values" else answer.targets
    value_name = with_unit(_(wanted.names[0]), wanted.unit)
    if answer.inputs.shape[1] == 1:  # one feature: the target has the other axis
        points = np.stack([answer.inputs[:, 0], values], axis=1)
        if wanted.kind == "values":
            key = MarkKey(((0, N_("training")), ("hollow", N_("validation"))))
            axes = _(answer.feature_names[0]), value_name
            return Scatter(points, is_validation, axes, key, np.zeros(len(points), int))
        axes = _(answer.feature_names[0]), _("class")
        return Scatter.of_classes(points, values, is_validation, axes, wanted.names)
    points = answer.inputs[:, features]
    axes = _(answer.feature_names[features[0]]), _(answer.feature_names[features[1]])
    if wanted.kind == "values":
        return Scatter.of_values(points, values, is_validation, axes, value_name)
    return Scatter.of_classes(points, values, is_validation, axes, wanted.names)


def _caption(answer: DataAnswer, index: int) -> str:
    if answer.wanted.kind == "values":
        return with_unit(value_text(float(answer.targets[index, 0])), answer.wanted.unit)
    return _(answer.wanted.names[int(answer.targets[index])])


def _target_columns(answer: DataAnswer, n: int) -> dict[str, Array]:
    if answer.wanted.kind == "values":
        return {_(name): answer.targets[:n, k] for k, name in enumerate(answer.wanted.names)}
    return {"class": np.array([_(name) for name in answer.wanted.names])[answer.targets[:n]]}


def _input_columns(answer: DataAnswer, inputs: Array) -> dict[str, Array]:
    flat = inputs.reshape(len(inputs), -1)
    if answer.picture == "images":
        _n, height, width, channels = inputs.shape
        places = [(y, x, c) for y in range(height) for x in range(width) for c in range(channels)]
        return {f"pixel {y},{x}" + (f",{c}" if channels > 1 else ""): flat[:, i] for i, (y, x, c) in enumerate(places)}
    if answer.picture == "points":
        return {f"x{i + 1}": flat[:, i] for i in range(flat.shape[1])}
    return {_(name): flat[:, i] for i, name in enumerate(answer.feature_names)}
