"""Validation sequences with what the network says about them, step by step."""

from __future__ import annotations

from typing import final

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from simulations.core.arrays import Array
from simulations.core.targets import Targets
from simulations.probes.answers import SequencesAnswer
from widgets.plot import Table
from widgets.plots.picture import Picture, draw_empty
from widgets.plots.sequence_rows import SequenceRows
from widgets.text import _
from widgets.theme import Look, Theme


@final
class SequencesView(Picture):
    """Draws a :class:`SequencesAnswer`: as many sequences as the height holds."""

    plot_id = "sequences"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._answer: SequencesAnswer | None = None
        self.retranslate()

    def show_answer(self, answer: SequencesAnswer | None) -> None:
        """Draw ``answer`` from now on."""
        if answer is not self._answer:
            self._answer = answer
            self.refresh()

    def has_answer(self) -> bool:
        """Whether there is something to draw or export."""
        return self._answer is not None and len(self._answer.inputs) > 0

    def plot_title(self) -> str:
        return _("Validation sequences")

    def table(self) -> Table:
        """A row per step of every drawn sequence."""
        if self._answer is None:
            return Table({})
        a = self._answer
        n = self._rows(a).shown(QRectF(self.rect()), self.look.theme)
        columns = sequence_columns(a.inputs[:n], a.targets[:n], a.wanted, a.feature_names)
        t = a.inputs.shape[1]
        return Table(columns | _answer_columns("network", a.predictions[:n], a.wanted, t))

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        if not self.has_answer():
            draw_empty(painter, rect, theme, _("The picture appears as soon as the network has been asked."))
            return
        assert self._answer is not None
        painter.save()
        painter.fillRect(rect, theme.color("panel"))
        self._rows(self._answer).draw(painter, rect, theme)
        painter.restore()

    @staticmethod
    def _rows(a: SequencesAnswer) -> SequenceRows:
        return SequenceRows(a.inputs, a.targets, a.wanted, a.feature_names, a.predictions)


def sequence_columns(inputs: Array, targets: Array, wanted: Targets, features: tuple[str, ...]) -> dict[str, Array]:
    """A row per step of every sequence: its number, the step, the features and the targets; names are translated."""
    n, t, _d = inputs.shape
    columns: dict[str, Array] = {"sequence": np.repeat(np.arange(1, n + 1), t), "step": np.tile(np.arange(1, t + 1), n)}
    columns |= {_(name): inputs[:, :, i].ravel() for i, name in enumerate(features)}
    return columns | _answer_columns("wanted", targets, wanted, t)


def _answer_columns(prefix: str, answers: Array, wanted: Targets, t: int) -> dict[str, Array]:
    """Targets or predictions as columns; what holds for a whole sequence is repeated on each of its steps."""
    if not wanted.steps:
        answers = np.repeat(answers[:, None], t, axis=1)
    if wanted.kind == "classes":
        names = np.array([_(name) for name in wanted.names])
        return {prefix: names[answers.ravel()]}
    return {f"{prefix} {_(name)}": answers[..., k].ravel() for k, name in enumerate(wanted.names)}
