"""The fair race: settings, a button, and how every method of the race did with its own best rate."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from simulations.core.text import N_
from simulations.racing.fairness import TUNING_STARTS, FairSettings
from simulations.racing.probes.fair import Fair, FairAnswer
from simulations.racing.saved import fits, question_of
from simulations.runtime.race_messages import RaceSnapshot
from widgets.forms.controls import Button
from widgets.forms.form import ConfigForm
from widgets.panel import PANELS, KeepResult, Panel, RaceDocument
from widgets.panels.race.fair_words import limit_words, result_words
from widgets.plot import Plot
from widgets.plots.fair import FairView
from widgets.text import _
from widgets.theme import Look


@PANELS.register(
    "fair",
    label=N_("Fair race"),
    summary=N_(
        "Every run may spend the same, each method's rate is tuned on other starts, and all are judged from many."
    ),
)
class FairPanel(Panel):
    """Asks its probe from Run to the result, or to Cancel; a result stays, and says when the race has changed since.

    Whole results are kept with the document, so that what was undone, or opened again, has its result at once.
    """

    workspace = "race"
    area = "right"
    icon = "fair"
    follows = True

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._document: RaceDocument | None = None
        self._wanted: Fair | None = None
        self._answer: FairAnswer | None = None
        self._run, self._settings = Button(self), Button(self)
        self._settings.setCheckable(True)
        self._settings.setChecked(True)
        self._form = ConfigForm(look, parent=self)
        self._form.set_value(FairSettings())
        self._progress = QProgressBar(self)
        self._state, self._result, self._caveat = QLabel(self), QLabel(self), QLabel(self)
        self._view = FairView(look, self)
        self._lay_out()
        self._run.clicked.connect(self._on_run_clicked)
        self._settings.toggled.connect(self._form.setVisible)
        self._form.edited.connect(self._on_settings_edited)
        self.retranslate()
        self.retheme()

    def probes(self) -> tuple[Any, ...]:
        """Nothing any more once the result is whole: it stays here, wherever one looks meanwhile."""
        return (self._wanted,) if self._wanted is not None and self._is_running else ()

    def render(self, snapshot: RaceSnapshot) -> None:  # type: ignore[override]
        found = snapshot.probes.get("fair")
        wanted = self._wanted
        if (
            wanted is None
            or not self._is_running
            or found is None
            or found is self._answer
            or not _answers(found, wanted)
        ):
            return
        self._answer = found
        self._view.show_answer(found, self._why_empty())
        self._arrange()
        if not self._is_running:
            self.probesChanged.emit()
            self.commandRequested.emit(KeepResult(found))

    def show_document(self, document: RaceDocument) -> None:
        known, self._document = self._document, document
        if known is None or known.results != document.results:
            self._take_settings({} if known is None else known.results)
        self._recall()
        self._arrange()

    def help_text(self) -> str:
        told = _("A value costs ⅓, a gradient 1, a Hessian 2. Rates are tuned on {count} random starts of their own.")
        return f"{super().help_text()} {told.format(count=TUNING_STARTS)}"

    def plots(self) -> tuple[Plot, ...]:
        return (self._view,) if self._view.has_answer() else ()

    def retranslate(self) -> None:
        self._settings.setText(_("Settings"))
        self._progress.setAccessibleName(_("How much of the fair race is worked out"))
        self._arrange()

    def retheme(self) -> None:
        theme = self.look.theme
        for widget in (self._state, self._result, self._caveat, self._run, self._settings):
            widget.setFont(theme.font(9))
        palette = self._caveat.palette()
        palette.setColor(palette.ColorRole.WindowText, theme.color("text.secondary"))
        self._caveat.setPalette(palette)

    @property
    def _is_running(self) -> bool:
        return self._wanted is not None and (self._answer is None or self._answer.progress < 1)

    def _lay_out(self) -> None:
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(4)
        keep = self._progress.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._progress.setSizePolicy(keep)
        for label in (self._state, self._result, self._caveat):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout()
        row.addWidget(self._run)
        row.addWidget(self._settings)
        row.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._view)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._form)
        column.addWidget(self._progress)
        column.addWidget(self._state)
        column.addWidget(scroll, 1)
        column.addWidget(self._result)
        column.addWidget(self._caveat)

    def _arrange(self) -> None:
        is_running = self._is_running
        self._run.setText(_("Cancel") if is_running else _("Run"))
        self._run.setToolTip(
            _("Leave the fair race as far as it is.") if is_running else _("Tune and judge every method of the race.")
        )
        self._run.setEnabled(is_running or bool(self._document and self._document.spec.racers))
        self._progress.setVisible(is_running)
        self._progress.setValue(round(1000 * self._answer.progress) if self._answer is not None else 0)
        self._state.setText(self._state_words())
        self._state.setVisible(bool(self._state.text()))
        is_whole = self._answer is not None and bool(self._answer.results) and not is_running
        self._result.setText(result_words(self._answer) if self._answer is not None and is_whole else "")
        self._result.setVisible(is_whole)
        self._caveat.setText(limit_words(self._answer))
        self._caveat.setVisible(self._answer is not None)
        if self._answer is None:
            self._view.show_answer(None, self._why_empty())

    def _state_words(self) -> str:
        if self._wanted is None or self._document is None:
            return ""
        spec, wanted = self._document.spec, self._wanted
        assert wanted.surface is not None
        was, now = (wanted.surface, wanted.racers), (spec.surface, spec.racers)
        if question_of(*was, wanted.settings) == question_of(*now, self._form.value()):
            return ""
        if self._is_running:
            return _("The race or the settings have changed since it began; it goes on with those of its beginning.")
        return _("The race or the settings have changed since: run it again.")

    def _why_empty(self) -> str:
        if self._document is None or not self._document.spec.racers:
            return _("There is nobody to compare: add racers first.")
        if self._is_running:
            return _("The first method is being tuned …")
        return _(
            "Run compares all methods of the race on this surface with the same budget. The result is saved with the race and "
            "shown again as long as it fits."
        )

    def _on_settings_edited(self, settings: FairSettings) -> None:
        self._recall()
        self._arrange()

    def _take_settings(self, known: Mapping[Hashable, FairAnswer]) -> None:
        """Ask what the newest result was the answer to that came with the race out of a file."""
        if self._document is None or self._is_running:
            return
        for question, one in reversed(list(self._document.results.items())):
            if one is not self._answer and one is not known.get(question) and fits(one, self._document.spec):
                self._form.set_value(one.settings)
                self._settings.setChecked(False)
                return

    def _recall(self) -> None:
        """Show the result this race and these settings had before, if they had one."""
        if self._document is None or not self._document.results or self._is_running:
            return
        spec, settings = self._document.spec, self._form.value()
        found = self._document.results.get(question_of(spec.surface, spec.racers, settings))
        if found is not None and found is not self._answer:
            self._wanted, self._answer = Fair(found.surface, found.racers, settings), found
            self._view.show_answer(found)

    def _on_run_clicked(self) -> None:
        if self._is_running:
            self._wanted = None
            if self._answer is not None and not self._answer.results:  # left before anybody was judged
                self._answer = None
            self._recall()
        elif self._document is not None and self._document.spec.racers:
            spec = self._document.spec
            self._wanted = Fair(spec.surface, spec.racers, self._form.value())
            self._answer = None
            self._settings.setChecked(False)
        self._arrange()
        self.probesChanged.emit()


def _answers(found: FairAnswer, wanted: Fair) -> bool:
    """Whether ``found`` is about what is wanted now, and not about what was before."""
    return (
        found.surface == wanted.surface
        and found.settings == wanted.settings
        and set(found.racers) <= set(wanted.racers)
    )
