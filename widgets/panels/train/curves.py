"""How training goes: loss, score (accuracy or RMSE) and learning rate over time, with the previous run as a ghost."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QComboBox, QMenu, QStackedLayout, QToolButton, QWidget

from simulations.core.params import hyperparameters
from simulations.core.registry import Registry
from simulations.core.text import N_
from simulations.data.augmentations.base import AUGMENTATIONS
from simulations.data.base import DATA_SOURCES
from simulations.documents.experiment import ExperimentSpec
from simulations.nn.layers.base import LAYERS, Layer
from simulations.nn.losses.base import LOSSES
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.methods import METHODS
from simulations.optimizers.schedules.base import SCHEDULES
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.probes.answers import CurvesAnswer, Marker
from simulations.probes.curves import Curves
from simulations.runtime.messages import Snapshot
from widgets.numbers import format_in_text, parse_number
from widgets.panel import PANELS, Panel
from widgets.plot import Plot, Table
from widgets.plots.curve_data import Chart, CurveOptions
from widgets.plots.picture import Picture, draw_empty
from widgets.text import _
from widgets.theme import Look, Theme

if TYPE_CHECKING:
    from widgets.plots.curve_stack import CurveStack

_FAMILIES: dict[str, Registry[Any]] = {
    "optimizer": OPTIMIZERS,
    "loss": LOSSES,
    "data.source": DATA_SOURCES,
    "data.augment": AUGMENTATIONS,
    "schedule": SCHEDULES,
    "wrappers": WRAPPERS,
}
_CHARTS: tuple[Chart, ...] = ("loss", "score", "learning_rate")


class _Empty(Picture):
    """Says why there are no curves yet."""

    plot_id = "curves"

    def plot_title(self) -> str:
        return _("Curves")

    def draw(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        draw_empty(painter, rect, theme, _("No step has been taken yet. Press Space to train."))

    def table(self) -> Table:
        return Table({})


@PANELS.register(
    "curves",
    label=N_("Curves"),
    summary=N_(
        "Loss, accuracy or error, and learning rate over time; a dashed line marks each change made while training."
    ),
)
class CurvesPanel(Panel):
    """The charts are made when there is first something to draw, so that the window does not wait for pyqtgraph."""

    area = "right"
    icon = "curves"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._options = CurveOptions()
        self._snapshot: Snapshot | None = None
        self._drawn: tuple[CurvesAnswer, CurveOptions] | None = None
        self._stack: CurveStack | None = None
        self._empty = _Empty(look, self)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty)
        self._time = QComboBox()
        self._follow = QToolButton()
        self._more = QToolButton()
        self._log = QAction(self)
        self._previous = QAction(self)
        self._charts = {chart: QAction(self) for chart in _CHARTS}
        self._build_header()
        self.retranslate()
        self.retheme()

    def _build_header(self) -> None:
        for axis in ("step", "epoch", "seconds"):
            self._time.addItem("", axis)
        self._follow.setCheckable(True)
        self._follow.setChecked(True)
        self._follow.setAutoRaise(True)
        menu = QMenu(self._more)
        for action in (*self._charts.values(), self._log, self._previous):
            action.setCheckable(True)
            menu.addAction(action)
        menu.insertSeparator(self._log)
        for chart, action in self._charts.items():
            action.setChecked(chart in self._options.charts)
            action.triggered.connect(self._on_charts_chosen)
        self._previous.setChecked(True)
        self._more.setMenu(menu)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setAutoRaise(True)
        self._time.activated.connect(self._on_time_chosen)
        self._follow.clicked.connect(self._on_follow_clicked)
        self._log.triggered.connect(self._on_log_chosen)
        self._previous.triggered.connect(self._on_previous_chosen)

    def probes(self) -> tuple[Any, ...]:
        return (Curves(),)

    def render(self, snapshot: Snapshot) -> None:  # type: ignore[override]
        self._snapshot = snapshot
        answer = snapshot.probes.get("curves")
        if answer is None or not _has_points(answer):
            self._pages.setCurrentWidget(self._empty)
            return
        if self._drawn is None or answer is not self._drawn[0]:
            self._redraw()

    def plots(self) -> tuple[Plot, ...]:
        shows_curves = self._stack is not None and self._pages.currentWidget() is self._stack
        return (self._stack,) if shows_curves and self._stack is not None else ()

    def header_widgets(self) -> tuple[QWidget, ...]:
        return (self._time, self._follow, self._more)

    def retranslate(self) -> None:
        for i, text in enumerate((_("step"), _("epoch"), _("seconds"))):
            self._time.setItemText(i, text)
        self._time.setAccessibleName(_("Time axis"))
        self._time.setToolTip(_("What the horizontal axis counts"))
        self._follow.setText(_("Follow"))
        self._follow.setToolTip(_("Show everything and stay with the newest step (Home, or double-click the chart)"))
        self._more.setText(_("View"))
        self._more.setToolTip(_("Which charts to show, and how"))
        self._name_charts()
        self._log.setText(_("Logarithmic loss"))
        self._previous.setText(_("Previous run"))
        if self._snapshot is not None and self._stack is not None:
            self._redraw()

    def retheme(self) -> None:
        for widget in self.header_widgets():
            widget.setFont(self.look.theme.font(9))

    def _name_charts(self) -> None:
        answer = None if self._snapshot is None else self._snapshot.probes.get("curves")
        is_error = answer is not None and answer.current.score == "rmse"
        names = {
            "loss": _("Loss"),
            "score": _("RMSE") if is_error else _("Accuracy"),
            "learning_rate": _("Learning rate"),
        }
        for chart, action in self._charts.items():
            action.setText(names[chart])

    def _redraw(self) -> None:
        """Draw the newest answer with the chosen options."""
        answer = None if self._snapshot is None else self._snapshot.probes.get("curves")
        if self._snapshot is None or answer is None or not _has_points(answer):
            return
        stack = self._stack_made()
        texts = [marker_text(marker, self._snapshot.spec) for marker in answer.current.markers]
        stack.show_curves(answer, self._options, texts)
        self._name_charts()
        self._pages.setCurrentWidget(stack)
        self._drawn = answer, self._options

    def _stack_made(self) -> CurveStack:
        if self._stack is None:
            from widgets.plots.curve_stack import CurveStack  # pyqtgraph costs 300 ms: only when something is drawn

            self._stack = CurveStack(self.look, self)
            self._stack.followChanged.connect(self._follow.setChecked)
            self._pages.addWidget(self._stack)
        return self._stack

    def _on_time_chosen(self, index: int) -> None:
        self._options = replace(self._options, x=self._time.itemData(index))
        self._redraw()

    def _on_follow_clicked(self) -> None:
        self._follow.setChecked(True)
        if self._stack is not None:
            self._stack.follow()

    def _on_log_chosen(self, is_log: bool) -> None:
        self._options = replace(self._options, log_loss=is_log)
        self._redraw()

    def _on_previous_chosen(self, is_shown: bool) -> None:
        self._options = replace(self._options, previous=is_shown)
        self._redraw()

    def _on_charts_chosen(self) -> None:
        chosen = tuple(chart for chart in _CHARTS if self._charts[chart].isChecked())
        if chosen:
            self._options = replace(self._options, charts=chosen)
        for chart, action in self._charts.items():
            action.setChecked(chart in self._options.charts)
        self._redraw()


def _has_points(answer: CurvesAnswer) -> bool:
    runs = (answer.current,) if answer.previous is None else (answer.current, answer.previous)
    return any(len(run.series[name].value) for run in runs for name in run.series if name != "learning_rate")


def marker_text(marker: Marker, spec: ExperimentSpec) -> str:
    """A marker in the words of the forms: the value's label, before and after."""
    before, after = (_kind_label(marker.path, text) for text in (marker.before, marker.after))
    return _("{label} {before} → {after}").format(label=label_of(marker.path, spec), before=before, after=after)


def _kind_label(path: str, text: str) -> str:
    """The translated names of the members of a family whose kinds stand in ``text``; a number as the forms write it; any
    other text as it is."""
    family = _FAMILIES.get(path, METHODS if path.endswith(".method") else None)
    if family is None:
        number = parse_number(text)
        return format_in_text(number) if number is not None else _(text) if text in ("on", "off") else text
    return ", ".join(_(family.entry(kind).label) if kind in family else kind for kind in text.split(", "))


def label_of(path: str, spec: ExperimentSpec) -> str:
    """The translated label of the hyperparameter at ``path`` in ``spec``, or the path itself when it is not there."""
    owner: Any = spec
    label, whose = path, ""
    for name, index in re.findall(r"(\w+)(?:\[(\d+)\])?", path):
        declared = {one.name: one for one in hyperparameters(owner)}
        if name in declared and declared[name].label:
            label = _(declared[name].label)
        elif (owner, name) == (spec, "teacher"):
            return _("Teacher")
        owner = getattr(owner, name, None)
        if index and isinstance(owner, tuple):
            whose = _member_name(owner, int(index))
            owner = owner[int(index)] if int(index) < len(owner) else None
        if owner is None:
            return path
    return _("{owner}: {label}").format(owner=whose, label=label) if whose else label


def _member_name(members: tuple[Any, ...], index: int) -> str:
    """A layer's name and number, as in Build; a wrapper's name, and a number where it comes more than once."""
    kinds = [one.kind for one in members]
    if index >= len(kinds):
        return ""
    family: Registry[Any] = LAYERS if isinstance(members[index], Layer) else WRAPPERS
    name = _(family.entry(kinds[index]).label)
    if family is WRAPPERS and kinds.count(kinds[index]) == 1:
        return name
    return _("{label} {ordinal}").format(label=name, ordinal=kinds[: index + 1].count(kinds[index]))
