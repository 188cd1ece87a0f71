"""Maps of the selected racer: basins, steps to converge, learning rates, and any two of its numbers. A cell can be tried."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from simulations.core.text import N_
from simulations.documents.race import RacerSpec, RaceSpec
from simulations.documents.race_edits import replace_racer, sweepable
from simulations.racing.probes.basins import Basins
from simulations.racing.probes.phase import Phase
from simulations.racing.probes.rates import Rates
from simulations.runtime.race_messages import Preview, RaceSnapshot
from widgets.elided import Elided
from widgets.forms.controls import ComboBox
from widgets.panel import PANELS, Edit, Panel, RaceDocument, SelectRacer
from widgets.panels.race.map_words import cell_words, empty_words, theory_words
from widgets.plot import Plot
from widgets.plots.basins import BasinsView, StartCell
from widgets.plots.map_view import MapView
from widgets.plots.phase import NumbersCell, PhaseView
from widgets.plots.rates import RateCell, RatesView
from widgets.racers import racer_labels
from widgets.segmented import Segmented
from widgets.text import _
from widgets.theme import Look

_LEAST_PX: Final = 190
_WRAPPED: Final = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
_KINDS: Final = ("basins", "arrivals", "rates", "phase")


@PANELS.register(
    "maps",
    label=N_("Maps"),
    summary=N_(
        "What would become of the selected racer from every start, or with every learning rate. Point at a cell to see "
        "its path in the plane; click to take it."
    ),
)
class MapsPanel(Panel):
    """Asks only the probe of the chosen kind; what is under the pointer is run as a preview."""

    workspace = "race"
    area = "right"
    icon = "maps"
    follows = True

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._document: RaceDocument | None = None
        self._is_stale = False
        self._target: Any = None  # what is under the pointer
        self._numbers: dict[str, tuple[str, str]] = {}  # the axes chosen for each method
        self._kinds = Segmented(
            look,
            {
                "basins": lambda: _("Basins"),
                "arrivals": lambda: _("Steps"),
                "rates": lambda: _("Rates"),
                "phase": lambda: _("Two numbers"),
            },
        )
        self._whose = Segmented(look, {"one": lambda: _("This racer"), "all": lambda: _("All racers")})
        self._over = Segmented(look, {"plane": lambda: _("Plane's view"), "whole": lambda: _("Whole view")})
        self._axes = ComboBox(self), ComboBox(self)
        self._subject, self._note = Elided(self), QLabel(self)
        self._progress = QProgressBar(self)
        self._views: dict[str, MapView] = {
            "basins": BasinsView(look, False, self),
            "arrivals": BasinsView(look, True, self),
            "rates": RatesView(look, self),
            "phase": PhaseView(look, self),
        }
        self._lay_out()
        self._connect()
        self.retranslate()
        self.retheme()
        self._arrange()

    def probes(self) -> tuple[Any, ...]:
        racer = self._racer
        if racer is None or self._document is None:
            return ()
        index, kind = self._document.selected, self._kinds.key
        if kind == "rates":
            return (Rates(-1 if self._whose.key == "all" else index),)
        if kind == "phase":
            axes = self._chosen_axes(racer)
            return (Phase(index, *axes),) if axes else ()
        box = self._document.box if self._over.key == "plane" else None
        return (Basins(index, is_timed=kind == "arrivals", box=box),)

    def render(self, snapshot: RaceSnapshot) -> None:  # type: ignore[override]
        if self._is_stale:
            self._is_stale = False
            self._arrange()
        kind = self._kinds.key
        found = snapshot.probes.get("basins" if kind == "arrivals" else kind) if self.probes() else None
        if kind == "arrivals" and found is not None and found.arrivals is None:
            found = None
        self._views[kind].show_answer(found, empty_words(self._racer, kind))
        share = 0 if found is None else round(1000 * found.progress)
        if share != self._progress.value():
            self._progress.setValue(share)
        is_working = bool(self.probes()) and share < 1000
        if self._progress.isVisibleTo(self) != is_working:
            self._progress.setVisible(is_working)

    def show_document(self, document: RaceDocument) -> None:
        known, before = self._document, self.probes()
        self._document = document
        if known is None or not _is_same_to_say(known, document):
            self._is_stale = self.window().isVisible() and self.visibleRegion().isEmpty()  # behind another tab
            if not self._is_stale:
                self._arrange()
        if self._racer is None:
            self._forget()
        if self.probes() != before:
            self.probesChanged.emit()

    def _forget(self) -> None:
        """Show nobody's map once there is nobody it could be of."""
        for kind, view in self._views.items():
            view.show_answer(None, empty_words(None, kind))
        self._progress.setVisible(False)

    def plots(self) -> tuple[Plot, ...]:
        view = self._views[self._kinds.key]
        return (view,) if view.has_answer() else ()

    def retranslate(self) -> None:
        self._over.setToolTip(
            _(
                "Starts from the part of the surface the plane shows, or from all of its view: "
                "another part once the plane is zoomed."
            )
        )
        self._axes[0].setAccessibleName(_("Number on the horizontal axis"))
        self._axes[1].setAccessibleName(_("Number on the vertical axis"))
        self._fit()
        self._progress.setAccessibleName(_("How far the map is worked out"))
        self._whose.setToolTip(_("Sweep the rate of the selected racer, or of every visible one."))
        self._arrange()

    def retheme(self) -> None:
        for label in (self._subject, self._note):
            label.setFont(self.look.theme.font(9))
        for box in self._axes:
            box.setFont(self.look.theme.font(9))
        self._fit()
        self._reserve(anew=True)

    def minimumSizeHint(self) -> QSize:
        """Its controls stand in two rows where there is no room for one."""
        return QSize(self.look.theme.px(_LEAST_PX), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._reserve(anew=True)

    def _reserve(self, *, anew: bool = False) -> None:
        """Keep room for the longest that was said below the map, so that pointing moves nothing."""
        inside = self._note.width(), 10_000
        words = self._note.fontMetrics().boundingRect(0, 0, *inside, _WRAPPED, self._note.text()).height()
        least = 3 * self._note.fontMetrics().lineSpacing() if anew else self._note.minimumHeight()
        self._note.setMinimumHeight(max(least, words))

    def _fit(self) -> None:
        room = self.width() - 16
        self._kinds.set_columns(4 if self._kinds.wanted_width() <= room else 2)
        is_narrow = self._over.wanted_width() + self.look.theme.px(60) > room
        self._options.setDirection(QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight)

    def hideEvent(self, event: QHideEvent) -> None:
        self._views[self._kinds.key].leave()
        super().hideEvent(event)

    @property
    def _racer(self) -> RacerSpec | None:
        document = self._document
        if document is None or not 0 <= document.selected < len(document.spec.racers):
            return None
        return document.spec.racers[document.selected]

    def _lay_out(self) -> None:
        self._note.setWordWrap(True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._subject.setTextFormat(Qt.TextFormat.PlainText)
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(3)
        keep = self._progress.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._progress.setSizePolicy(keep)
        above = QHBoxLayout()
        above.addWidget(self._kinds)
        above.addStretch(1)
        self._options = options = QHBoxLayout()
        options.setSpacing(6)
        options.addWidget(self._subject, 1)
        options.addWidget(self._whose)
        options.addWidget(self._over)
        options.addWidget(self._axes[0])
        options.addWidget(self._axes[1])
        self._stack = QStackedLayout()
        for view in self._views.values():
            scroll = QScrollArea(self)
            scroll.setWidgetResizable(True)
            scroll.setFrameShape(QFrame.Shape.NoFrame)
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            scroll.setWidget(view)
            self._stack.addWidget(scroll)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(4)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.addLayout(above)
        column.addLayout(options)
        column.addWidget(self._progress)
        column.addLayout(self._stack, 1)
        column.addWidget(self._note)

    def _connect(self) -> None:
        self._kinds.edited.connect(self._on_kind_chosen)
        self._whose.edited.connect(self._on_wish_changed)
        self._over.edited.connect(self._on_wish_changed)
        for box in self._axes:
            box.activated.connect(self._on_axis_chosen)
        for view in self._views.values():
            view.hovered.connect(self._on_hovered)
            view.chosen.connect(self._on_chosen)

    def _arrange(self) -> None:
        """Show the controls of the chosen kind, and what is spoken of."""
        racer, kind = self._racer, self._kinds.key
        labels = racer_labels(self._document.spec) if self._document is not None else ()
        is_phase = kind == "phase"
        self._whose.setVisible(kind == "rates" and racer is not None)
        self._over.setVisible(kind in ("basins", "arrivals") and racer is not None)
        self._subject.setVisible(not is_phase or racer is None)
        self._subject.setText("" if racer is None or self._document is None else labels[self._document.selected])
        numbers = sweepable(racer.optimizer) if racer is not None else ()
        chosen = self._chosen_axes(racer) if racer is not None else None
        for i, box in enumerate(self._axes):
            box.setVisible(is_phase and chosen is not None)
            names = [one.name for one in numbers]
            if [box.itemData(j) for j in range(box.count())] != names:
                box.clear()
                for one in numbers:
                    box.addItem(_(one.label), one.name)
            for j, one in enumerate(numbers):
                box.setItemText(j, _(one.label))
            if chosen is not None:
                box.setCurrentIndex(names.index(chosen[i]))
        rates = self._views["rates"]
        assert isinstance(rates, RatesView)
        rates.set_racers(labels, self._document.spec.racers if self._document is not None else ())
        self._stack.setCurrentIndex(_KINDS.index(kind))
        self._say()

    def _chosen_axes(self, racer: RacerSpec) -> tuple[str, str] | None:
        """The two numbers on the axes; None when the method has only one."""
        names = [one.name for one in sweepable(racer.optimizer)]
        if len(names) < 2:
            return None
        return self._numbers.get(racer.optimizer.kind, (names[0], names[1]))

    def _say(self) -> None:
        """What is under the pointer, or else what theory says."""
        document = self._document
        if document is None:
            text = ""
        elif self._with(self._target) is not None:
            text = cell_words(self._target, document.spec)
        else:
            text = theory_words(document, self._kinds.key)
        if text != self._note.text():
            self._note.setText(text)
            self._reserve()

    def _on_kind_chosen(self, key: str) -> None:
        self._target = None
        self.commandRequested.emit(Preview(None))
        self._arrange()
        self._reserve(anew=True)
        self.probesChanged.emit()

    def _on_wish_changed(self, key: str) -> None:
        self.probesChanged.emit()

    def _on_axis_chosen(self, index: int) -> None:
        racer = self._racer
        if racer is None:
            return
        before = self._chosen_axes(racer)
        across, up = (str(box.currentData()) for box in self._axes)
        if across == up and before is not None:  # the same number twice: they change places
            across, up = before[1], before[0]
        self._numbers[racer.optimizer.kind] = across, up
        self._arrange()
        self.probesChanged.emit()

    def _on_hovered(self, target: Any) -> None:
        self._target = target
        self._say()
        changed = self._with(target)
        if changed is None:
            self.commandRequested.emit(Preview(None))
            return
        spec, index = changed
        racer = dataclasses.replace(spec.racers[index], is_visible=True)
        self.commandRequested.emit(Preview(dataclasses.replace(spec, racers=(racer,))))

    def _on_chosen(self, target: Any) -> None:
        changed = self._with(target)
        if changed is None or self._document is None:
            return
        spec, index = changed
        self.commandRequested.emit(Preview(None))
        if index != self._document.selected:
            self.commandRequested.emit(SelectRacer(index))
        text = N_("Start from the map") if isinstance(target, StartCell) else N_("Numbers from the map")
        self.commandRequested.emit(Edit(spec, text))

    def _with(self, target: Any) -> tuple[RaceSpec, int] | None:
        """The race with what ``target`` stands for, and the racer it is about."""
        if self._document is None or self._racer is None or target is None:
            return None
        spec, index = self._document.spec, self._document.selected
        if isinstance(target, StartCell):
            return with_start(spec, index, target), index
        if isinstance(target, RateCell):
            numbers, index = {"learning_rate": target.rate}, target.racer
        else:
            assert isinstance(target, NumbersCell)
            numbers = dict(zip(target.names, target.values, strict=True))
        if index >= len(spec.racers):
            return None
        known = {one.name for one in sweepable(spec.racers[index].optimizer)}
        if not known.issuperset(numbers):  # the map is still that of another method
            return None
        return with_numbers(spec, index, numbers), index


def with_start(spec: RaceSpec, index: int, target: StartCell) -> RaceSpec:
    """The race with this start: the racer's own, where it has one."""
    x, y = _short(target.x), _short(target.y)
    racer = spec.racers[index]
    if racer.has_own_start:
        return replace_racer(spec, index, dataclasses.replace(racer, start_x=x, start_y=y))
    return dataclasses.replace(spec, start_x=x, start_y=y)


def with_numbers(spec: RaceSpec, index: int, numbers: dict[str, float]) -> RaceSpec:
    """The race with these numbers of one racer's method, inside what they may be."""
    racer = spec.racers[index]
    ranges = {one.name: (one.low or 0.0, one.high) for one in sweepable(racer.optimizer)}
    kept: dict[str, Any] = {}
    for name, value in numbers.items():
        low, high = ranges[name]
        kept[name] = min(max(_short(value), low), high if high is not None else value)
    return replace_racer(
        spec, index, dataclasses.replace(racer, optimizer=dataclasses.replace(racer.optimizer, **kept))
    )


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _is_same_to_say(one: RaceDocument, other: RaceDocument) -> bool:
    """Whether a map's controls and words are the same for both."""
    return (
        one.selected == other.selected
        and one.spec.racers is other.spec.racers
        and one.spec.surface is other.spec.surface
    )
