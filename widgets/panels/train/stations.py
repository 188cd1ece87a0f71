"""The stations of the data's way to the network, in the Data panel: which one is looked at, and the facts of all."""

from __future__ import annotations

import dataclasses
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from simulations.core.arrays import shape_text
from simulations.core.text import N_
from simulations.probes.answers import DataAnswer, Station, StationFacts, StationsAnswer
from simulations.probes.stations import STATIONS
from widgets.forms.controls import ComboBox
from widgets.forms.note import Note
from widgets.numbers import format_in_text
from widgets.plot import Table
from widgets.text import _
from widgets.theme import Look, Theme
from widgets.view import View

_NAMES: Final[dict[Station, str]] = {
    "raw": N_("raw"),
    "split": N_("split"),
    "scaled": N_("scaled"),
    "augmented": N_("augmented"),
    "batch": N_("batch"),
}
_SENTENCES: Final[dict[Station, str]] = {
    "raw": N_("All samples as the source gives them, in data units."),
    "split": N_("The training part alone: samples of the next batch, in data units."),
    "scaled": N_("The same samples after standardising by the training part's mean and deviation."),
    "augmented": N_("The same samples after augmentation, which changes them anew in every epoch."),
    "batch": N_("What the network sees at the next step, in the order it sees it."),
}


class StationLine(View):
    """A choice of station and its facts. ``edited`` carries the station a person chose."""

    edited = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._facts: tuple[StationFacts, ...] = ()
        self.combo = ComboBox(self)
        self.combo.addItems(list(STATIONS))
        self.combo.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToContents)
        self.combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.note = Note(look, parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self.combo)
        row.addWidget(self.note, 1)
        self.combo.activated.connect(self._on_activated)
        self.sheet = StationSheet(look)
        self.retranslate()

    @property
    def station(self) -> Station:
        return STATIONS[self.combo.currentIndex()]

    def show_facts(self, facts: tuple[StationFacts, ...]) -> None:
        self._facts = facts
        self.sheet.facts = facts
        self._say()

    def retranslate(self) -> None:
        for i, station in enumerate(STATIONS):
            self.combo.setItemText(i, _(_NAMES[station]))
            self.combo.setItemData(i, _(_SENTENCES[station]), Qt.ItemDataRole.ToolTipRole)
        self.combo.setAccessibleName(_("Station"))
        self._say()

    def _say(self) -> None:
        found = next((one for one in self._facts if one.station == self.station), None)
        self.note.setText("" if found is None else range_text(found))
        self.note.setToolTip("" if found is None else facts_text(found))
        self.combo.setToolTip(_(_SENTENCES[self.station]))

    def _on_activated(self, index: int) -> None:
        self._say()
        self.edited.emit(STATIONS[index])


def range_text(facts: StationFacts) -> str:
    """Shape and range of a station in short."""
    low, high = _short(facts.minimum), _short(facts.maximum)
    return _("{shape} · {low} … {high}").format(shape=shape_text(facts.shape), low=low, high=high)


def facts_text(facts: StationFacts) -> str:
    """Shape, range and moments of a station in one line."""
    return _("{shape} · {low} … {high} · mean {mean} · sd {sd}").format(
        shape=shape_text(facts.shape),
        low=_short(facts.minimum),
        high=_short(facts.maximum),
        mean=_short(facts.mean),
        sd=_short(facts.sd),
    )


def at_station(data: DataAnswer, answer: StationsAnswer) -> DataAnswer:
    """``data`` with the samples of ``answer`` in place of its own; all of them are trained on."""
    return dataclasses.replace(
        data, inputs=answer.samples, targets=answer.targets, is_validation=np.zeros(len(answer.samples), bool)
    )


class StationSheet:
    """The facts of all stations as a table that can be exported."""

    plot_id = "stations"

    def __init__(self, look: Look) -> None:
        self._look = look
        self.facts: tuple[StationFacts, ...] = ()

    def plot_title(self) -> str:
        return _("Stations of the data")

    def plot_size(self) -> QSize:
        return QSize(self._look.theme.px(560), self._look.theme.px(24) * (len(self.facts) + 1))

    def table(self) -> Table:
        facts = self.facts
        return Table(
            {
                "station": np.array([one.station for one in facts]),
                "shape": np.array([shape_text(one.shape) for one in facts]),
                "minimum": np.array([one.minimum for one in facts]),
                "maximum": np.array([one.maximum for one in facts]),
                "mean": np.array([one.mean for one in facts]),
                "sd": np.array([one.sd for one in facts]),
            }
        )

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        painter.fillRect(rect, theme.color("panel"))
        heads = (_("station"), _("shape"), _("minimum"), _("maximum"), _("mean"), _("sd"))
        rows = [heads] + [
            (
                _(_NAMES[one.station]),
                shape_text(one.shape),
                *(_short(value) for value in (one.minimum, one.maximum, one.mean, one.sd)),
            )
            for one in self.facts
        ]
        height, widths = rect.height() / len(rows), (0.16, 0.28, 0.14, 0.14, 0.14, 0.14)
        for i, row in enumerate(rows):
            painter.setFont(theme.font(9, bold=i == 0))
            painter.setPen(theme.color("text" if i else "text.secondary"))
            left = rect.left()
            for share, text in zip(widths, row, strict=True):
                cell = QRectF(left + 4, rect.top() + i * height, share * rect.width() - 8, height)
                painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
                left += share * rect.width()
            painter.setPen(theme.pen("grid"))
            y = rect.top() + (i + 1) * height
            painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))


def _short(value: float) -> str:
    return format_in_text(float(f"{value:.3g}"))
