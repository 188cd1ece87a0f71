"""What the network says about the data, as its shape and target ask for: boundaries, heights, curves, images, sequences,
confusions, and predicted against true values."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QToolButton, QWidget

from simulations.core.text import N_
from simulations.data.base import DataSource
from simulations.probes.base import Probe
from simulations.probes.boundary import Boundary
from simulations.probes.confusion import Confusion
from simulations.probes.fit import Fit
from simulations.probes.heights import Heights
from simulations.probes.predictions import Predictions
from simulations.probes.samples import Samples
from simulations.probes.sequences import Sequences
from simulations.runtime.messages import Snapshot
from widgets.panel import PANELS, Document, Panel
from widgets.plot import Plot
from widgets.plots.boundary import BoundaryView
from widgets.plots.confusion import ConfusionView
from widgets.plots.fit import FitView
from widgets.plots.heights import HeightsView
from widgets.plots.image_grid import ImageGrid
from widgets.plots.predictions import PredictionsView
from widgets.plots.sequences import SequencesView
from widgets.segmented import Segmented
from widgets.text import _
from widgets.theme import Look

_VIEWS = {
    "boundary": BoundaryView,
    "heights": HeightsView,
    "fit": FitView,
    "samples": ImageGrid,
    "sequences": SequencesView,
    "predictions": PredictionsView,
    "confusion": ConfusionView,
}


def views_of(source: DataSource) -> tuple[str, ...]:
    """The views that say something about ``source``, the most telling first."""
    is_values = source.targets.kind == "values"
    whole = ("predictions",) if is_values else ("confusion",)
    if source.picture == "sequences":
        return ("sequences", *whole)
    if source.picture == "images":
        return whole if is_values else ("samples", *whole)
    if is_values and source.input_shape in ((1,), (2,)):
        return ("fit" if source.input_shape == (1,) else "heights", *whole)
    return whole if is_values or source.picture == "table" else ("boundary", *whole)


@PANELS.register(
    "output",
    label=N_("Output"),
    summary=N_("What the network says about the data: its decision boundary, its predictions, and what it confuses."),
)
class OutputPanel(Panel):
    """Asks only the probe whose view is chosen; which views there are follows from how the data is drawn."""

    area = "right"
    icon = "output"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._source: DataSource | None = None
        self._offered: tuple[str, ...] = ("samples", "confusion")
        self._chosen: dict[tuple[str, ...], str] = {}
        self._views: dict[str, Any] = {key: view(look, self) for key, view in _VIEWS.items()}
        self._switch = Segmented(
            look,
            {
                "boundary": lambda: _("Boundary"),
                "heights": lambda: _("Heights"),
                "fit": lambda: _("Curve"),
                "samples": lambda: _("Predictions"),
                "sequences": lambda: _("Sequences"),
                "predictions": lambda: _("Predicted / true"),
                "confusion": lambda: _("Confusion"),
            },
        )
        self._wrong_first = QToolButton()
        self._wrong_first.setCheckable(True)
        self._wrong_first.setAutoRaise(True)
        self._wrong_first.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._stack = QStackedLayout(self)
        for view in self._views.values():
            self._stack.addWidget(view)
        self._switch.edited.connect(self._on_view_chosen)
        self._wrong_first.toggled.connect(self._on_order_changed)
        self._arrange()
        self.retranslate()
        self.retheme()

    def probes(self) -> tuple[Any, ...]:
        wanted: dict[str, Probe] = {
            "boundary": Boundary(),
            "heights": Heights(),
            "fit": Fit(),
            "samples": Samples(wrong_first=self._wrong_first.isChecked()),
            "sequences": Sequences(),
            "predictions": Predictions(),
            "confusion": Confusion(),
        }
        return (wanted[self._key],)

    def render(self, snapshot: Snapshot) -> None:  # type: ignore[override]
        source = snapshot.spec.data.source
        if source is not self._source:
            self._source = source
            self._follow(views_of(source))
        self._views[self._key].show_answer(snapshot.probes.get(self._key))

    def show_document(self, document: Document) -> None:
        """Nothing: the output is the running network's, whatever is being edited."""

    def plots(self) -> tuple[Plot, ...]:
        view = self._views[self._key]
        return (view,) if view.has_answer() else ()

    def header_widgets(self) -> tuple[QWidget, ...]:
        return (self._wrong_first, self._switch)

    def retranslate(self) -> None:
        self._wrong_first.setText(_("wrong first"))
        self._wrong_first.setToolTip(
            _("Show the misclassified samples before the others, the surest mistake at the front.")
        )

    def retheme(self) -> None:
        self._wrong_first.setFont(self.look.theme.font(9))

    @property
    def _key(self) -> str:
        return self._chosen.get(self._offered, self._offered[0])

    def _follow(self, offered: tuple[str, ...]) -> None:
        if offered != self._offered:
            self._offered = offered
            self._arrange()
            self.probesChanged.emit()

    def _arrange(self) -> None:
        """Show the chosen view and the controls that belong to it."""
        self._wrong_first.setVisible(False)
        self._switch.show_only(self._offered)
        self._switch.set_key(self._key)
        self._wrong_first.setVisible(self._key == "samples")
        self._stack.setCurrentWidget(self._views[self._key])

    def _on_view_chosen(self, key: str) -> None:
        self._chosen[self._offered] = key
        self._arrange()
        self.probesChanged.emit()

    def _on_order_changed(self, wrong_first: bool) -> None:
        self.probesChanged.emit()
