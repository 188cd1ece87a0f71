"""Choosing the racer a panel speaks of, by name and colour."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QComboBox, QWidget

from simulations.documents.race import RaceSpec
from widgets.racers import racer_color, racer_labels
from widgets.text import _
from widgets.theme import Look

_LETTERS = 8, 16  # as wide as an X, at least and at most


class RacerChooser(QComboBox):
    """``chosen`` carries the index a person chose; :meth:`show_racers` never emits."""

    chosen = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._labels: tuple[str, ...] = ()
        self._colors: list[str] = []
        self.setMinimumContentsLength(_LETTERS[0])
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(self.chosen)
        look.changed.connect(self._retheme)

    def show_racers(self, spec: RaceSpec, selected: int) -> None:
        """Offer the racers of ``spec``, ``selected`` being the present one; -1 for none."""
        labels = racer_labels(spec)
        colors = [racer_color(self._look.theme, one) for one in spec.racers]
        names = [one.name() for one in colors]
        if names != self._colors:
            self._colors, self._labels = names, labels
            self.clear()
            for label, color in zip(labels, colors, strict=True):
                self.addItem(_patch(color), label)
            self._make_room()
        elif labels != self._labels:  # a rate is being dragged
            for i, label in enumerate(labels):
                if label != self._labels[i]:
                    self.setItemText(i, label)
            self._labels = labels
            self._make_room()
        if selected != self.currentIndex():
            self.setCurrentIndex(selected)
        self._introduce()
        self.setEnabled(bool(labels))

    def _make_room(self) -> None:
        """Be wide enough for every label, up to what a header can spare."""
        metrics = self.fontMetrics()
        widest = max(map(metrics.horizontalAdvance, self._labels), default=0)
        needed = math.ceil(widest / metrics.horizontalAdvance("X"))
        self.setMinimumContentsLength(min(max(_LETTERS[0], needed), _LETTERS[1]))

    def _introduce(self) -> None:
        if self.accessibleName() != _("Racer"):
            self.setAccessibleName(_("Racer"))
            self.setToolTip(_("The racer whose step is taken apart"))
            self._retheme()

    def _retheme(self) -> None:
        self.setFont(self._look.theme.font(9))
        self._make_room()


def _patch(color: QColor) -> QIcon:
    pixmap = QPixmap(12, 12)
    pixmap.fill(color)
    return QIcon(pixmap)
