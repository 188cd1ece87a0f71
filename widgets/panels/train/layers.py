"""The Layers panel: a row per layer with live histograms of its activations, gradients and weights, and its update ratio.

It asks two probes: one for the histograms of this moment, one that records the history a large view shows; of an opened
layer also its gates, if it has any. While training runs it asks for 64 of the probe samples so that the picture moves,
and for all of them when it pauses.
"""

from __future__ import annotations

from functools import partial
from operator import is_
from typing import Any, Literal, cast

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QStackedLayout, QWidget

from simulations.core.text import N_
from simulations.nn.layers.base import LAYERS, Layer
from simulations.probes.answers import QUANTITIES, GatesAnswer, LayersAnswer, Quantity, RidgeAnswer
from simulations.probes.cells import Cell
from simulations.probes.gates import GatesProbe
from simulations.probes.layers import RUNNING_SAMPLES, ScaleChoice, Share
from simulations.probes.ridge import RidgeProbe
from simulations.runtime.messages import Snapshot
from widgets.numbers import format_count
from widgets.panel import PANELS, Panel
from widgets.panels.train.layers_controls import LayersControls
from widgets.panels.train.layers_large import LargeView
from widgets.plot import Plot
from widgets.plots.strip import LayerStrip
from widgets.plots.strip_afar import Painted, StripProbe
from widgets.plots.strip_paint import StripContent
from widgets.text import _
from widgets.theme import Look

_ANSWERS = ("layers", "ridge", "gates")


@PANELS.register(
    "layers",
    label=N_("Layers"),
    summary=N_("Every layer's activations, gradients, weights and update ratio as live histograms."),
)
class LayersPanel(Panel):
    """The strip of all layers, or the large view of one cell."""

    area = "center"
    icon = "layers"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._controls = LayersControls(look)  # the window puts it into the header
        self._strip = LayerStrip(look)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._strip)
        self._large = LargeView(look, self)
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self._scroll)
        self._pages.addWidget(self._large)
        self._snapshot: Snapshot | None = None
        self._run: int | None = None
        self._seen: tuple[object, ...] = (None,) * (2 + len(_ANSWERS))
        self._paused = False
        self._opened: Cell | None = None
        self._hovered: Cell | None = None
        self._locked: frozenset[Cell] = frozenset()
        self._controls.edited.connect(self._on_controls_edited)
        self._strip.opened.connect(self._on_opened)
        self._strip.hovered.connect(self._on_hovered)
        self._strip.canvasChanged.connect(self.probesChanged)
        self._strip.lockToggled.connect(self._on_lock_toggled)
        self._strip.menuRequested.connect(self._on_menu_requested)
        self._large.closed.connect(self._on_closed)
        self._large.lockToggled.connect(self._on_large_lock_toggled)
        self.setFocusProxy(self._strip)
        self._strip.show_empty(_("No measurement yet: the histograms appear with the first snapshot of a network."))
        self.retranslate()

    # ---- what it asks and shows --------------------------------------------------------------------------------------

    def probes(self) -> tuple[Any, ...]:
        gradient_of = cast('Literal["outputs", "weights"]', self._controls.gradient_of.key)
        held = self._locked | ({self._hovered} if self._hovered is not None else set())
        layers = StripProbe(
            scale=cast(ScaleChoice, self._controls.scale.key),
            share=cast(Share, self._controls.share.key),
            locked=held,
            gradient_of=gradient_of,
            samples=0 if self._paused else RUNNING_SAMPLES,
            canvas=None if self._paused or self._opened is not None else self._strip.canvas,
        )
        layer, quantity = self._opened or ("", QUANTITIES[0])
        ridge = RidgeProbe(layer, quantity, layers.scale_of(quantity), gradient_of)
        looked = layer or (self._hovered[0] if self._hovered is not None and self._has_gates(self._hovered[0]) else "")
        return (layers, ridge, GatesProbe(looked, layers.samples)) if looked else (layers, ridge)

    def _has_gates(self, name: str) -> bool:
        """Whether a layer of this name can have gates."""
        infos = self._snapshot.layers if self._snapshot is not None else ()
        kinds = [LAYERS[info.kind] for info in infos if info.name == name and info.kind in LAYERS]
        return any(kind.gate_values is not Layer.gate_values for kind in kinds)

    def render(self, snapshot: Snapshot) -> None:  # type: ignore[override]
        self._snapshot = snapshot
        seen = (snapshot.status, snapshot.layers, *map(snapshot.probes.get, _ANSWERS))
        if snapshot.run == self._run and all(map(is_, seen, self._seen)):
            return
        self._seen = seen
        self._show(snapshot)

    def _show(self, snapshot: Snapshot) -> None:
        """Draw ``snapshot``, although another look at it may be what has changed."""
        if snapshot.run != self._run:
            self._begin_run(snapshot.run)
        paused = snapshot.status != "running"
        if paused != self._paused:
            self._paused = paused
            self.probesChanged.emit()
        content = self._content(snapshot)
        if content is None:
            self._strip.show_empty(_("The probe has not answered yet: the histograms appear with its first answer."))
            return
        painted = snapshot.probes.get("layers")
        self._strip.show_content(content, painted if isinstance(painted, Painted) else None, at_once=paused)
        gates = snapshot.probes.get("gates")
        self._strip.show_gates(gates if isinstance(gates, GatesAnswer) else None)
        if self._opened is not None:
            self._show_large(content, snapshot)

    def _content(self, snapshot: Snapshot) -> StripContent | None:
        answer = snapshot.probes.get("layers")
        answer = answer.numbers if isinstance(answer, Painted) else answer
        if not isinstance(answer, LayersAnswer):
            return None
        if answer.names != tuple(info.name for info in snapshot.layers):
            return None  # measured on the network before this one
        return StripContent(
            answer, snapshot.layers, self._controls.counts.key == "log", self._locked, self._controls.gradient_of.key
        )

    def _show_large(self, content: StripContent, snapshot: Snapshot) -> None:
        name, quantity = self._opened or ("", QUANTITIES[0])
        for info, row in zip(content.infos, content.answer.rows, strict=True):
            if row.name != name:
                continue
            self._large.show_cell(info, row, quantity, content.answer.step, content.log_counts)
            ridge = snapshot.probes.get("ridge")
            if not isinstance(ridge, RidgeAnswer) or (ridge.layer, ridge.quantity) != self._opened:
                ridge = None
            self._large.show_history(info, ridge, at_once=self._paused)
            gates = snapshot.probes.get("gates")
            if isinstance(gates, GatesAnswer) and gates.layer != name:
                gates = None
            self._large.show_gates(info, gates)

    def _begin_run(self, run: int) -> None:
        """Another run: ranges and ghosts start anew; an opened layer that is gone is closed."""
        self._run = run
        self._strip.forget()
        names = {info.name for info in self._snapshot.layers} if self._snapshot is not None else set()
        self._locked = frozenset(cell for cell in self._locked if cell[0] in names)
        if self._opened is not None and self._opened[0] not in names:
            self._on_closed()

    def plots(self) -> tuple[Plot, ...]:
        if self._snapshot is None or self._content(self._snapshot) is None:
            return ()
        if self._opened is None:
            return (self._strip,)
        gates = (self._large.gates,) if self._large.has_gates() else ()
        return self._strip, self._large.histogram, self._large.ridge, *gates

    def header_widgets(self) -> tuple[QWidget, ...]:
        return (self._controls,)

    def retranslate(self) -> None:
        self.setAccessibleName(_("Layers"))
        self._explain()
        if self._snapshot is not None:
            self._show(self._snapshot)

    def help_text(self) -> str:
        """What the panel shows and what its values mean now."""
        shown = _(
            "Each row is a layer: how its activations, the gradients that reach it and its weights are distributed. The "
            "outline is step 0, the hatched bar is the share of exact zeros, bars at the ends lie outside the range, the "
            "line on top is mean ± standard deviation. The update ratio is log10 of the size of one update over the size "
            "of the weights; about −3 is healthy. Gradients of outputs are of each sample's own loss."
        )
        if self._opened is not None and self._large.has_gates():
            shown += "\n\n" + _(
                "The gates of a recurrent layer are the mean over the samples for each unit and time step. A gate near 0 lets "
                "nothing through, near 1 everything: a forget gate (an update gate, in a GRU) near 1 keeps what is remembered."
            )
        content = self._content(self._snapshot) if self._snapshot is not None else None
        if content is None:
            return shown
        now = _("Now: step {step}, {samples} of {available} probe samples; all of them when training pauses.").format(
            step=format_count(content.answer.step),
            samples=format_count(content.answer.samples),
            available=format_count(content.answer.available),
        )
        return f"{shown}\n\n{now}"

    # ---- what is wished ----------------------------------------------------------------------------------------------

    def _on_controls_edited(self) -> None:
        self.probesChanged.emit()
        if self._snapshot is not None:
            self._show(self._snapshot)

    def _explain(self) -> None:
        """Let F1 say what is shown now."""
        for view in (self._strip, self._large):
            view.setWhatsThis(self.help_text())

    def _on_hovered(self, cell: Cell | None) -> None:
        self._explain()
        if cell != self._hovered:
            self._hovered = cell
            self.probesChanged.emit()

    def _on_opened(self, cell: Cell) -> None:
        self._opened, self._hovered = cell, None
        self._large.begin(locked=cell in self._locked)
        self._pages.setCurrentWidget(self._large)
        self._large.setFocus()
        self._on_controls_edited()

    def _on_closed(self) -> None:
        self._opened = None
        self._pages.setCurrentWidget(self._scroll)
        self._strip.setFocus()
        self.probesChanged.emit()

    def _on_large_lock_toggled(self) -> None:
        if self._opened is not None:
            self._on_lock_toggled(self._opened)

    def _on_lock_toggled(self, cell: Cell) -> None:
        self._lock({cell}, locked=cell not in self._locked)

    def _lock(self, cells: set[Cell], *, locked: bool) -> None:
        self._locked = self._locked | cells if locked else self._locked - cells
        if self._opened is not None:
            self._large.set_locked(self._opened in self._locked)
        self._on_controls_edited()

    def _cells(self, quantity: Quantity | None = None) -> set[Cell]:
        """Every cell there is, or those of one column."""
        content = self._content(self._snapshot) if self._snapshot is not None else None
        cells = content.answer.cells if content is not None else ()
        return {cell for cell in cells if quantity is None or cell[1] == quantity}

    def _on_menu_requested(self, cell: Cell, position: QPoint) -> None:
        menu = self._menu(cell)
        menu.popup(position)

    def _menu(self, cell: Cell) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Open large")).triggered.connect(lambda: self._on_opened(cell))
        menu.addSeparator()
        for text, cells in (
            (_("Lock the range of this cell"), {cell}),
            (_("Lock the ranges of this column"), self._cells(cell[1])),
            (_("Lock all ranges"), self._cells()),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(cells <= self._locked)
            action.toggled.connect(lambda on, cells=cells: self._lock(cells, locked=on))
        menu.addSeparator()
        for plot in self.plots():
            export = menu.addAction(_("Export {plot}…").format(plot=plot.plot_title()))
            export.triggered.connect(partial(self.exportRequested.emit, plot))
        return menu
