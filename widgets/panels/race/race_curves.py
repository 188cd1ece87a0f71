"""How a race goes: loss, slope, place and learning rate of every racer, by steps, by what was asked for, or by time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QComboBox, QMenu, QToolButton, QVBoxLayout, QWidget

from simulations.core.text import N_
from simulations.runtime.race_messages import RaceSnapshot, Stand
from widgets.panel import PANELS, Panel
from widgets.plot import Plot
from widgets.plots.race_curve_data import CHARTS, COUNTED, HEIGHTS, RaceCurveOptions
from widgets.plots.race_curve_words import chart_name
from widgets.plots.race_curves import RaceCurvesView
from widgets.racers import judged_words
from widgets.text import _
from widgets.theme import Look

if TYPE_CHECKING:
    from widgets.panel import RaceDocument


@PANELS.register(
    "race_curves",
    label=N_("Race curves"),
    summary=N_(
        "Loss, gradient norm, parameters, learning rate and distance to the nearest minimum of every racer, by steps, "
        "evaluations or time."
    ),
)
class RaceCurvesPanel(Panel):
    """Choices in the header, one picture below."""

    workspace = "race"
    area = "center"
    icon = "curves"
    follows = True

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._options = RaceCurveOptions()
        self._snapshot: RaceSnapshot | None = None
        self._selected = -1
        self._view = RaceCurvesView(look, self)
        self._view.stood.connect(self._on_stood)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._counted = QComboBox()
        self._fit = QToolButton()
        self._more = QToolButton()
        self._charts = {chart: QAction(self) for chart in CHARTS}
        self._heights = {height: QAction(self) for height in HEIGHTS}
        self._ghost = QAction(self)
        self._build_header()
        self.retranslate()
        self.retheme()

    def _build_header(self) -> None:
        for counted in COUNTED:
            self._counted.addItem("", counted)
        self._counted.activated.connect(self._on_counted_chosen)
        self._fit.setAutoRaise(True)
        self._fit.clicked.connect(self._view.fit)
        menu = QMenu(self._more)
        scales = QActionGroup(self)
        for action in (*self._charts.values(), *self._heights.values(), self._ghost):
            action.setCheckable(True)
            menu.addAction(action)
        for height, action in self._heights.items():
            scales.addAction(action)
            action.setChecked(height == self._options.height)
            action.triggered.connect(self._on_height_chosen)
        menu.insertSeparator(self._heights["linear"])
        menu.insertSeparator(self._ghost)
        for chart, action in self._charts.items():
            action.setChecked(chart in self._options.charts)
            action.triggered.connect(self._on_charts_chosen)
        self._ghost.setChecked(True)
        self._ghost.triggered.connect(self._on_ghost_chosen)
        self._more.setMenu(menu)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setAutoRaise(True)

    def render(self, snapshot: RaceSnapshot) -> None:  # type: ignore[override]
        self._snapshot = snapshot
        self._show()

    def show_document(self, document: RaceDocument) -> None:
        self._selected = document.selected
        self._show()

    def plots(self) -> tuple[Plot, ...]:
        has_lines = self._snapshot is not None and bool(self._view.drawn())
        return (self._view,) if has_lines else ()

    def header_widgets(self) -> tuple[QWidget, ...]:
        return (self._counted, self._fit, self._more)

    def help_text(self) -> str:
        hands = _(
            "Click or drag to put the timeline there. The wheel zooms the horizontal axis, with Ctrl the values; drag with "
            "Shift to move; double-click shows everything."
        )
        judged = "" if self._snapshot is None else judged_words(self._snapshot.race.spec.surface)
        return "\n\n".join(one for one in (super().help_text(), judged, hands) if one)

    def retranslate(self) -> None:
        names = {
            "step": _("step"),
            "evaluations": _("evaluations"),
            "gradients": _("gradient evaluations"),
            "time": _("time"),
        }
        for i, counted in enumerate(COUNTED):
            self._counted.setItemText(i, names[counted])
        self._counted.setAccessibleName(_("Horizontal axis"))
        self._counted.setToolTip(_("What the horizontal axis counts"))
        self._fit.setText(_("Fit"))
        self._fit.setToolTip(_("Show everything (0, or double-click)"))
        self._more.setText(_("View"))
        self._more.setToolTip(_("Which charts to show, and how"))
        for chart, action in self._charts.items():
            action.setText(chart_name(chart))
        self._heights["linear"].setText(_("Linear"))
        self._heights["log"].setText(_("Logarithm of f"))
        self._heights["above"].setText(_("Logarithm of f − f*"))
        self._ghost.setText(_("Race before the change"))

    def retheme(self) -> None:
        for widget in self.header_widgets():
            widget.setFont(self.look.theme.font(9))

    def _show(self) -> None:
        one = self._snapshot
        if one is not None:
            self._view.show_race(one.race, one.ghost, one.moment, self._options, self._selected)

    def _on_stood(self, step: int) -> None:
        self.commandRequested.emit(Stand(step))

    def _on_counted_chosen(self, index: int) -> None:
        self._options = replace(self._options, x=self._counted.itemData(index))
        self._show()

    def _on_height_chosen(self) -> None:
        chosen = next(height for height, action in self._heights.items() if action.isChecked())
        self._options = replace(self._options, height=chosen)
        self._show()

    def _on_ghost_chosen(self, is_shown: bool) -> None:
        self._options = replace(self._options, ghost=is_shown)
        self._show()

    def _on_charts_chosen(self) -> None:
        chosen = tuple(chart for chart in CHARTS if self._charts[chart].isChecked())
        if chosen:
            self._options = replace(self._options, charts=chosen)
        for chart, action in self._charts.items():
            action.setChecked(chart in self._options.charts)
        self._show()
