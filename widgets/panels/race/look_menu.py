"""The popup in which a racer's colour and dash are chosen."""

from __future__ import annotations

import dataclasses
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from simulations.core.text import N_
from simulations.documents.race import COLORS, DASHES, RacerSpec
from widgets.panels.race.racer_row import Swatch
from widgets.text import _
from widgets.theme import Look

_COLORS: Final = (
    N_("blue"), N_("vermilion"), N_("green"), N_("pink"), N_("yellow"), N_("sky blue"), N_("violet"), N_("grey"),
)  # fmt: skip
_DASHES: Final = (N_("whole line"), N_("dashes"), N_("dots"), N_("dashes and dots"))


class LookMenu(QFrame):
    """A button for each colour, below them one for each dash. ``chosen`` carries the racer as it is to look."""

    chosen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._look = look
        self._racer: RacerSpec | None = None
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.colors = [self._button() for _index in range(COLORS)]
        self.dashes = [self._button() for _index in range(DASHES)]
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 8, 8, 8)
        grid.setSpacing(4)
        for index, button in enumerate((*self.colors, *self.dashes)):
            grid.addWidget(button, index // 4, index % 4)

    def open_at(self, place: QPoint, racer: RacerSpec) -> None:
        """Show the choices below ``place`` (global), the racer's own ones pressed."""
        self._racer = racer
        px = self._look.theme.px
        for index, (button, name) in enumerate(zip((*self.colors, *self.dashes), (*_COLORS, *_DASHES), strict=True)):
            is_color = index < COLORS
            button.racer = self._changed(index)
            button.setChecked(index == racer.color if is_color else index - COLORS == racer.dash)
            button.setFixedSize(px(44), px(24))
            button.setAccessibleName(_(name))
            button.setToolTip(_(name))
        self.adjustSize()
        area = self.screen().availableGeometry()
        x = min(place.x(), area.right() - self.width())
        self.move(max(area.left(), x), max(area.top(), min(place.y(), area.bottom() - self.height())))
        self.show()
        self.colors[racer.color].setFocus(Qt.FocusReason.PopupFocusReason)

    def _button(self) -> Swatch:
        button = Swatch(self._look, self)
        button.setCheckable(True)
        button.clicked.connect(self._on_clicked)
        return button

    def _changed(self, index: int) -> RacerSpec | None:
        if self._racer is None:
            return None
        if index < COLORS:
            return dataclasses.replace(self._racer, color=index)
        return dataclasses.replace(self._racer, dash=index - COLORS)

    def _on_clicked(self) -> None:
        button = self.sender()
        self.hide()
        if isinstance(button, Swatch) and button.racer is not None:
            self.chosen.emit(button.racer)
