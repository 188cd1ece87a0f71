"""The large view of one cell: its histogram with proper axes, and under it its history through training."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from simulations.nn.description import LayerInfo
from simulations.probes.answers import GatesAnswer, LayerRow, Quantity, RidgeAnswer
from widgets.icons import icon
from widgets.plots.gates import GatesPlot
from widgets.plots.histogram_large import CellPlot
from widgets.plots.ridge import RidgePlot
from widgets.segmented import Segmented
from widgets.text import _
from widgets.theme import Look
from widgets.view import View

_RIDGE_MS = 100  # while training runs the history is painted ten times a second


class LargeView(View):
    """``closed`` is the wish to go back to all layers (Esc or the button); ``lockToggled`` to hold or free the range.

    Beside the histogram stands its history; of a recurrent layer, what its gates let through can be seen instead.
    """

    closed = Signal()
    lockToggled = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.histogram = CellPlot(look, self)
        self.ridge = RidgePlot(look, self)
        self.gates = GatesPlot(look, self)
        self.shown = Segmented(look, {"histogram": lambda: _("Histogram"), "gates": lambda: _("Gates")}, self)
        self.shown.hide()
        self._since_ridge = QElapsedTimer()
        self._back = QToolButton(self)
        self._back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._lock = QToolButton(self)
        self._lock.setCheckable(True)
        self._hint = QLabel(self)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(8)
        for widget in (self._back, self._lock, self._hint):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(self.shown)
        self._splitter = QSplitter(Qt.Orientation.Vertical, self)
        self._splitter.addWidget(self.histogram)
        self._splitter.addWidget(self.ridge)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._splitter)
        self._pages.addWidget(self.gates)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self._pages, 1)
        self._back.clicked.connect(self.closed)
        self._lock.clicked.connect(self.lockToggled)
        self.shown.edited.connect(self._show_page)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retranslate()
        self.retheme()

    def show_cell(self, info: LayerInfo, row: LayerRow, quantity: Quantity, step: int, log_counts: bool) -> None:
        self.histogram.show_cell(info, row, quantity, step, log_counts)

    def show_history(self, info: LayerInfo, answer: RidgeAnswer | None, *, at_once: bool) -> None:
        """The newest history; while running it is painted at most ten times a second."""
        if at_once or not self._since_ridge.isValid() or self._since_ridge.elapsed() > _RIDGE_MS:
            self.ridge.show_history(info, answer)
            self._since_ridge.start()

    def show_gates(self, info: LayerInfo, answer: GatesAnswer | None) -> None:
        """The newest gates of the layer; None where it has none, and then its histogram is all there is to see."""
        if answer is not None:
            self.gates.show_gates(info, answer)
        if self.has_gates() != (answer is not None):
            self.shown.setVisible(answer is not None)
            self._show_page()

    def has_gates(self) -> bool:
        """Whether the layer that is shown has gates to see and to export."""
        return self.shown.isVisibleTo(self)

    def _show_page(self) -> None:
        is_gates = self.has_gates() and self.shown.key == "gates"
        self._pages.setCurrentWidget(self.gates if is_gates else self._splitter)

    def begin(self, *, locked: bool) -> None:
        """A cell is opened."""
        self._since_ridge.invalidate()
        self.set_locked(locked)

    def set_locked(self, locked: bool) -> None:
        self._lock.setChecked(locked)
        self._retext_lock()

    def retranslate(self) -> None:
        self._back.setText(_("← All layers"))
        self._back.setToolTip(_("Back to the strip of all layers (Esc)"))
        self._back.setAccessibleName(_("Back to all layers"))
        self._hint.setText(_("Esc goes back"))
        self._retext_lock()

    def _retext_lock(self) -> None:
        locked = self._lock.isChecked()
        self._lock.setText(_("Range locked") if locked else _("Lock range"))
        self._lock.setToolTip(_("Keep this cell's range of values whatever comes (L)"))
        self._lock.setAccessibleName(self._lock.text())
        self._lock.setIcon(icon("lock" if locked else "unlock", self.look))
        self._lock.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def retheme(self) -> None:
        for widget in (self._back, self._lock, self._hint):
            widget.setFont(self.look.theme.font(9))
        self._hint.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self._retext_lock()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        wide = self.width() > 2 * self.height()
        self._splitter.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() == Qt.Key.Key_L:
            self.lockToggled.emit()
        else:
            super().keyPressEvent(event)
