"""The surface of a race in space, with the paths on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from simulations.core.text import N_
from simulations.racing.probes.relief import FineRelief, Relief, finest
from simulations.runtime.race_messages import RaceSnapshot
from widgets.panel import PANELS, Panel, Reveal
from widgets.plot import Plot
from widgets.plots.relief3d import ReliefView
from widgets.plots.relief_camera import Camera
from widgets.plots.relief_scene import ReliefOptions
from widgets.text import _
from widgets.theme import Look

if TYPE_CHECKING:
    from widgets.panel import RaceDocument

_SWITCHES = ("is_plain", "contours", "floor", "revealed", "whole", "ghost")


@PANELS.register(
    "space",
    label=N_("Space"),
    summary=N_("The surface as a sheet in space, in the colours of the plane, with the racers' paths lying on it."),
)
class SpacePanel(Panel):
    """Switches in the header, one picture below."""

    workspace = "race"
    area = "center"
    icon = "race"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._options = ReliefOptions()
        self._snapshot: RaceSnapshot | None = None
        self._selected = -1
        self._view = ReliefView(look, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._top = QToolButton()
        self._reset = QToolButton()
        self._more = QToolButton()
        self._switches = {name: QAction(self) for name in _SWITCHES}
        self._build_header()
        self.retranslate()
        self.retheme()

    def _build_header(self) -> None:
        for button in (self._top, self._reset, self._more):
            button.setAutoRaise(True)
        self._top.clicked.connect(self._on_top_clicked)
        self._reset.clicked.connect(self._on_reset_clicked)
        menu = QMenu(self._more)
        for name, action in self._switches.items():
            action.setCheckable(True)
            action.setChecked(getattr(self._options, name))
            action.triggered.connect(self._on_switched)
            menu.addAction(action)
        self._more.setMenu(menu)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def probes(self) -> tuple[Any, ...]:
        return (Relief(), FineRelief())

    def render(self, snapshot: RaceSnapshot) -> None:  # type: ignore[override]
        self._snapshot = snapshot
        self._show()

    def show_document(self, document: RaceDocument) -> None:
        self._selected = document.selected
        if self._options.revealed != document.revealed:
            self._options = replace(self._options, revealed=document.revealed)
            self._switches["revealed"].setChecked(document.revealed)
        self._show()

    def plots(self) -> tuple[Plot, ...]:
        return (self._view,) if self._view.has_picture() else ()

    def header_widgets(self) -> tuple[QWidget, ...]:
        return (self._top, self._reset, self._more)

    def help_text(self) -> str:
        hands = _(
            "Drag to turn, with Shift to move; the wheel zooms. Shift with the arrow keys turns too, 0 looks from where one "
            "began. Paths are dotted where the sheet hides them."
        )
        return "\n\n".join((super().help_text(), hands))

    def retranslate(self) -> None:
        self._top.setText(_("From above"))
        self._top.setToolTip(_("Look straight down, as in the plane"))
        self._reset.setText(_("Reset"))
        self._reset.setToolTip(_("Look from where one began (0, or double-click)"))
        self._more.setText(_("View"))
        self._more.setToolTip(_("What is shown besides the paths"))
        names = {
            "is_plain": _("Heights in proportion to f"),
            "contours": _("Level lines on the sheet"),
            "floor": _("Level lines on the floor"),
            "revealed": _("Minima and saddles"),
            "whole": _("Whole paths"),
            "ghost": _("Race before the change"),
        }
        for name, action in self._switches.items():
            action.setText(names[name])

    def retheme(self) -> None:
        for widget in self.header_widgets():
            widget.setFont(self.look.theme.font(9))

    def _show(self) -> None:
        one = self._snapshot
        if one is not None:
            relief = finest(one.probes.get("relief"), one.probes.get("fine_relief"))
            self._view.show_race(relief, one.race, one.ghost, one.moment, self._options, self._selected, one.preview)

    def _on_switched(self) -> None:
        if self.sender() is self._switches["revealed"]:
            self.commandRequested.emit(Reveal(self._switches["revealed"].isChecked()))
        chosen = {name: action.isChecked() for name, action in self._switches.items()}
        self._options = replace(self._options, **chosen)
        self._show()

    def _on_top_clicked(self) -> None:
        self._view.look_from(Camera().from_above())

    def _on_reset_clicked(self) -> None:
        self._view.look_from(Camera())
