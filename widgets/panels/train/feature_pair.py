"""Which two features of a table are drawn: one choice for each axis."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from widgets.forms.controls import ComboBox
from widgets.text import _
from widgets.theme import Look
from widgets.view import View


class FeaturePair(View):
    """``edited`` says that a person chose another feature for an axis."""

    edited = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._names: tuple[str, ...] = ()
        self.across, self.up = ComboBox(self), ComboBox(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 4, 8, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (arrow, combo) in enumerate((("→", self.across), ("↑", self.up))):
            grid.addWidget(QLabel(arrow, self), row, 0)
            grid.addWidget(combo, row, 1)
            combo.setMaxVisibleItems(20)
            combo.activated.connect(self._on_activated)
        self.retranslate()

    @property
    def pair(self) -> tuple[int, int]:
        """The features across and up."""
        return max(0, self.across.currentIndex()), max(0, self.up.currentIndex())

    def is_offered(self) -> bool:
        """Whether there is something to choose from."""
        return len(self._names) > 1

    def offer(self, names: tuple[str, ...], pair: tuple[int, int]) -> None:
        """Let a person choose among ``names`` (untranslated), beginning with ``pair``."""
        self._names = names
        for combo, index in ((self.across, pair[0]), (self.up, pair[1])):
            combo.clear()
            combo.addItems([_(name) for name in names])
            combo.setCurrentIndex(index)

    def retranslate(self) -> None:
        self.across.setAccessibleName(_("Feature across"))
        self.across.setToolTip(_("Feature across"))
        self.up.setAccessibleName(_("Feature upwards"))
        self.up.setToolTip(_("Feature upwards"))
        for combo in (self.across, self.up):
            for index, name in enumerate(self._names):
                combo.setItemText(index, _(name))

    def _on_activated(self, _index: int) -> None:
        self.edited.emit()
