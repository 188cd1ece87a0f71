"""What the network says about the data: a decision boundary for points, predictions and confusions for images."""

from __future__ import annotations

from time import monotonic
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QToolButton, QWidget

from simulations.core.text import N_
from simulations.probes.boundary import Boundary
from simulations.probes.confusion import Confusion
from simulations.probes.samples import Samples
from simulations.runtime.messages import Snapshot
from widgets.panel import PANELS, Document, Panel
from widgets.plot import Plot
from widgets.plots.boundary import BoundaryView
from widgets.plots.confusion import ConfusionView
from widgets.plots.image_grid import ImageGrid
from widgets.segmented import Segmented
from widgets.text import _
from widgets.theme import Look

_REDRAW_S = {"boundary": 0.03, "samples": 0.2, "confusion": 0.2}  # faster, no number could be read
_VIEWS = {"points": ("boundary", "confusion"), "images": ("samples", "confusion")}


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
        self._picture = "images"
        self._drawn_at = 0.0
        self._chosen = {"points": "boundary", "images": "samples"}
        self._views: dict[str, BoundaryView | ImageGrid | ConfusionView] = {
            "boundary": BoundaryView(look, self),
            "samples": ImageGrid(look, self),
            "confusion": ConfusionView(look, self),
        }
        self._switch = Segmented(
            look,
            {
                "boundary": lambda: _("Boundary"),
                "samples": lambda: _("Predictions"),
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
        wanted = {"boundary": Boundary(), "samples": Samples(wrong_first=self._wrong_first.isChecked())}
        return (wanted.get(self._key, Confusion()),)

    def render(self, snapshot: Snapshot) -> None:  # type: ignore[override]
        self._follow(snapshot.spec.data.source.picture)
        if snapshot.status != "running" or monotonic() - self._drawn_at >= _REDRAW_S[self._key]:
            self._views[self._key].show_answer(snapshot.probes.get(self._key))
            self._drawn_at = monotonic()

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
        return self._chosen[self._picture]

    def _follow(self, picture: str) -> None:
        if picture != self._picture:
            self._picture = picture
            self._arrange()
            self.probesChanged.emit()

    def _arrange(self) -> None:
        """Show the chosen view and the controls that belong to it, and draw it the next time."""
        self._drawn_at = 0.0
        self._wrong_first.setVisible(False)
        self._switch.show_only(_VIEWS[self._picture])
        self._switch.set_key(self._key)
        self._wrong_first.setVisible(self._key == "samples")
        self._stack.setCurrentWidget(self._views[self._key])

    def _on_view_chosen(self, key: str) -> None:
        self._chosen[self._picture] = key
        self._arrange()
        self.probesChanged.emit()

    def _on_order_changed(self, wrong_first: bool) -> None:
        self.probesChanged.emit()
