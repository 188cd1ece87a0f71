"""The Data panel: which samples, how they are split and scaled, and a picture of them."""

from __future__ import annotations

import dataclasses
from time import perf_counter
from typing import Any, ClassVar, Final, Literal, final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from simulations.core.text import N_
from simulations.data.augmentations.base import AUGMENTATIONS
from simulations.data.drawn import Drawn
from simulations.data.files.source import ReadSource
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.documents.importing import with_data
from simulations.nn.fitting import fitted, fitted_loss
from simulations.probes.answers import DataAnswer, StationsAnswer
from simulations.probes.data import DataProbe
from simulations.probes.stations import Stations
from simulations.runtime.messages import Snapshot
from widgets.forms.controls import Button
from widgets.forms.form import ConfigForm
from widgets.forms.note import Note
from widgets.forms.scroll import FormScroll
from widgets.numbers import format_count
from widgets.panel import PANELS, Document, Edit, ImportData, Panel
from widgets.panels.train.data_picture import DataPicture
from widgets.panels.train.feature_pair import FeaturePair
from widgets.panels.train.own_data import OwnData
from widgets.panels.train.refused import refused_augmentations
from widgets.panels.train.stations import StationLine, at_station
from widgets.plot import Plot
from widgets.text import _
from widgets.theme import Look

_LOOK_S: Final = 0.5  # a passing batch is drawn no oftener than this


@PANELS.register(
    "data",
    label=N_("Data"),
    summary=N_(
        "The samples the network learns from: which set, how many, how noisy, and which are kept for validation."
    ),
)
@final
class DataPanel(Panel):
    """The form shows the document; the picture shows the samples of the running experiment."""

    area: ClassVar[Literal["left", "center", "right", "top"]] = "left"
    icon: ClassVar[str] = "data"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._document: Document | None = None
        self._answer: DataAnswer | None = None
        self.data_form = ConfigForm(look, None, self)
        self.batch_form = ConfigForm(look, ("batch_size",), self)
        self.counts = Note(look, parent=self)
        self.misfit = Note(look, "state.attention", parent=self)
        self.fit = Button(self)
        self.own = OwnData(look, self)
        self.picture = DataPicture(look, self)
        self.features = FeaturePair(look, self)
        self.stations = StationLine(look, self)
        self._at_station: StationsAnswer | None = None
        self._drawn_at = 0.0
        self._arrange()
        for hidden in (self.misfit, self.fit, self.features):
            hidden.hide()
        self.features.edited.connect(self._draw)
        self.data_form.edited.connect(self._on_data_edited)
        self.batch_form.edited.connect(self._on_batch_edited)
        self.own.wished.connect(self.commandRequested)
        self.stations.edited.connect(self._on_station_chosen)
        self.fit.clicked.connect(self._on_fit_clicked)
        self.retranslate()

    def _arrange(self) -> None:
        scroll = FormScroll(self)
        notes = self.own, self.misfit, self.fit
        for widget in (*notes, self.data_form, self.batch_form, self.counts):
            scroll.column.addWidget(widget)
        scroll.column.addStretch(1)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.setChildrenCollapsible(False)
        self._shown = QWidget(self)
        column = QVBoxLayout(self._shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stations)
        column.addWidget(self.features)
        column.addWidget(self.picture, 1)
        splitter.addWidget(self._shown)
        splitter.addWidget(scroll)
        splitter.setSizes([240, 240])
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(splitter)

    def probes(self) -> tuple[Any, ...]:
        return DataProbe(), Stations(self.stations.station)

    def render(self, snapshot: Snapshot) -> None:  # type: ignore[override]
        answer, passing = snapshot.probes.get("data"), snapshot.probes.get("stations")
        is_new = answer is not self._answer
        if is_new:
            self._offer_features(answer)
            self._answer = answer
            self._show_counts()
        if is_new or (passing is not self._at_station and self._is_due(snapshot, passing)):
            self._at_station, self._drawn_at = passing, perf_counter()
            self._draw()

    def _is_due(self, snapshot: Snapshot, passing: StationsAnswer | None) -> bool:
        """A batch changes with every step, faster than anybody looks."""
        before = self._at_station
        is_other = passing is None or before is None or passing.station != before.station
        return is_other or snapshot.status != "running" or perf_counter() - self._drawn_at > _LOOK_S

    def _draw(self) -> None:
        answer, passing = self._answer, self._at_station
        if passing is not None:
            self.stations.show_facts(passing.facts)
            if answer is not None and passing.station != "raw":
                answer = at_station(answer, passing)
        is_table = answer is not None and answer.picture == "table" and self.features.is_offered()
        self.picture.show_answer(answer, self.features.pair if is_table else None)

    def _offer_features(self, answer: DataAnswer | None) -> None:
        """The axes of a table are chosen; those of the last table of the same features stay."""
        names = answer.feature_names if answer is not None else ()
        if answer is not None and (self._answer is None or self._answer.feature_names != names):
            self.features.offer(names, answer.pair)
        self.features.setVisible(answer is not None and answer.picture == "table" and len(names) > 1)

    def _on_station_chosen(self, _station: str) -> None:
        self.probesChanged.emit()

    def show_document(self, document: Document) -> None:
        self._document = document
        self.data_form.set_value(document.spec.data)
        self._show_refusals()
        self.own.show_source(document.spec.data.source)
        self.batch_form.set_value(document.spec)
        self._shown.setHidden(isinstance(document.spec.data.source, Drawn))  # the surface to draw on shows all there is
        is_misfit = document.description.problem is not None
        self.misfit.setVisible(is_misfit)
        self.fit.setVisible(is_misfit)

    def _show_refusals(self) -> None:
        if self._document is not None:
            shape = self._document.spec.data.source.input_shape
            self.data_form.refuse({AUGMENTATIONS.family: refused_augmentations(shape)})

    def plots(self) -> tuple[Plot, ...]:
        drawn = (self.picture,) if self.picture.has_answer() else ()
        return (*drawn, self.stations.sheet) if self.stations.sheet.facts else drawn

    def retranslate(self) -> None:
        self.misfit.setText(
            _("The network does not fit these data. The picture shows the data of the run that goes on.")
        )
        self.fit.setText(_("Fit the network"))
        self.fit.setToolTip(
            _("Flatten where needed, replace or leave out what cannot be used, one output per class or value.")
        )
        self._show_counts()
        self._show_refusals()

    def _show_counts(self) -> None:
        if self._answer is None:
            self.counts.setText("")
            return
        training, validation = format_count(self._answer.training), format_count(self._answer.validation)
        self.counts.setText(
            _("Training: {training} · validation: {validation}").format(training=training, validation=validation)
        )

    def _on_data_edited(self, data: DataSpec) -> None:
        if self._document is None:
            return
        source, old = data.source, self._document.spec
        if isinstance(source, ReadSource) and not source.found.digest:  # chosen by name: what is in it is open
            self.data_form.set_value(old.data)
            self.commandRequested.emit(ImportData(source.kind))
            return
        spec = with_data(old, data, self._document.wanted_batch)
        self.commandRequested.emit(Edit(spec, self.data_form.last_label, f"data.{self.data_form.last_key}"))

    def _on_fit_clicked(self) -> None:
        if self._document is not None:
            spec = self._document.spec
            source = spec.data.source
            layers = fitted(spec.layers, source.input_shape, source.targets)
            loss = fitted_loss(spec.loss, source.targets, source.input_shape, spec.teacher)
            self.commandRequested.emit(Edit(dataclasses.replace(spec, layers=layers, loss=loss), N_("Fit the network")))

    def _on_batch_edited(self, edited: ExperimentSpec) -> None:
        if self._document is None:
            return
        spec = dataclasses.replace(self._document.spec, batch_size=edited.batch_size)
        self.commandRequested.emit(Edit(spec, self.batch_form.last_label, "batch_size"))
