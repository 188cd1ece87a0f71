"""The anatomy of a step: where the timeline stands, what moves the selected racer, as a picture and as its rule in numbers."""

from __future__ import annotations

from typing import Any, Final, cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QScrollArea, QSplitter, QToolButton, QVBoxLayout, QWidget

from simulations.core.text import N_
from simulations.documents.race import RaceSpec
from simulations.racing.anatomy import Anatomy
from simulations.racing.probes.anatomy import AnatomyProbe
from simulations.runtime.messages import Snapshot
from simulations.runtime.race_messages import RaceSnapshot
from widgets.icons import icon
from widgets.panel import PANELS, Panel, RaceDocument, SelectRacer, ShowPart
from widgets.panels.race.racer_chooser import RacerChooser
from widgets.panels.race.shown_marks import ShownMarks
from widgets.plot import Plot
from widgets.plots.anatomy_marks import kinds_in
from widgets.plots.anatomy_picture import AnatomyPicture
from widgets.plots.rule_lines import RuleLines
from widgets.text import _
from widgets.theme import Look

_LEGEND_PX: Final = 110  # of the picture's height, beyond its width
_PART_MS: Final = 1100  # how long slow motion stays with a line


@PANELS.register(
    "anatomy",
    label=N_("Anatomy"),
    summary=N_("Why the selected racer moves as it does: the step from where the timeline stands, taken apart."),
)
class AnatomyPanel(Panel):
    """Slow motion shows one line of the rule after the other, here and in the plane; None is all of them at once, which is how it
    begins. Which line it is stands in the document: this panel wishes for the next."""

    workspace = "race"
    area = "right"
    icon = "search"
    follows = True

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._selected = -1
        self._answer: Anatomy | None = None
        self._wished: int | None = None
        self._is_parted = False  # by hand
        self.picture = AnatomyPicture(look, self)
        self.rule = RuleLines(look)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.rule)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.picture)
        self._split.addWidget(self._scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)
        self.chooser = RacerChooser(look)
        self.marks = ShownMarks(look)
        self.back, self.play, self.forward = (self._button() for _i in range(3))
        self.play.setCheckable(True)
        self._timer = QTimer(self)
        self._timer.setInterval(_PART_MS)
        self._connect()
        self.retranslate()
        self.retheme()

    def probes(self) -> tuple[Any, ...]:
        return (AnatomyProbe(self._selected),) if self._selected >= 0 else ()

    def render(self, snapshot: Snapshot | RaceSnapshot) -> None:  # type: ignore[override]
        shot = cast("RaceSnapshot", snapshot)
        found: Anatomy | None = shot.probes.get("anatomy")
        is_meant = found is not None and found.racer == self._selected
        self._answer = found if is_meant else None
        if shot.status == "running":
            self._stop()
        self._show()

    def show_document(self, document: Any) -> None:
        if not isinstance(document, RaceDocument):
            return
        self._wished = document.part
        if document.part is None:
            self._stop()
        self._show_racers(document.spec, document.selected)

    def plots(self) -> tuple[Plot, ...]:
        return (self.picture, self.rule) if self._answer is not None else ()

    def header_widgets(self) -> tuple[QWidget, ...]:
        return (self.chooser, self.marks, self.back, self.play, self.forward)  # what is farther left folds away first

    def help_text(self) -> str:
        answer = self._answer
        part = self._part
        return super().help_text() if answer is None or part is None else _(answer.parts[part].says)

    def retranslate(self) -> None:
        for button, text in (
            (self.back, _("Slow motion: the line before (,)")),
            (self.play, _("Play the lines of the rule one after the other")),
            (self.forward, _("Slow motion: the next line (.)")),
        ):
            button.setToolTip(text)
            button.setAccessibleName(text)

    def retheme(self) -> None:
        for button, name in ((self.back, "up"), (self.play, "play"), (self.forward, "down")):
            button.setIcon(icon(name, self.look))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the picture a square and its legend, and the rule what is left, until a person parts them otherwise."""
        super().resizeEvent(event)
        if not self._is_parted:
            high = min(round(0.62 * self.height()), self.width() + self.look.theme.px(_LEGEND_PX))
            self._split.setSizes([high, max(self.height() - high, 1)])

    def _connect(self) -> None:
        self._split.splitterMoved.connect(self._on_parted)
        self.back.clicked.connect(self._on_back)
        self.forward.clicked.connect(self._on_forward)
        self.play.toggled.connect(self._on_play)
        self._timer.timeout.connect(self._on_forward)
        self.rule.chosen.connect(self._on_line_chosen)
        self.picture.toggled.connect(self.marks.toggle_mark)
        self.marks.changed.connect(self._show)
        self.chooser.chosen.connect(self._on_racer_chosen)
        for key, slot in ((",", self._on_back), (".", self._on_forward)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(slot)

    def _button(self) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _show_racers(self, spec: RaceSpec, selected: int) -> None:
        self.chooser.show_racers(spec, selected)
        if selected != self._selected:
            self._selected = selected
            self._answer = None
            self.probesChanged.emit()
        self._show()

    def _show(self) -> None:
        """Draw what is known."""
        answer, part = self._answer, self._part
        empty = _("There is no racer to take apart.") if self._selected < 0 else ""
        self.picture.whose = self.rule.whose = self.chooser.currentText()
        self.picture.show_answer(answer, part, self.marks.hidden, empty)
        self.rule.show_answer(answer, part)
        self.marks.show_kinds(kinds_in(answer) if answer is not None else ())
        has_answer = answer is not None
        for button in (self.back, self.play, self.forward):
            button.setEnabled(has_answer)
        if part is not None:
            area = self.rule.area_of(part)
            self._scroll.ensureVisible(0, round(area.center().y()), 0, round(area.height() / 2) + 4)

    @property
    def _part(self) -> int | None:
        """The line that is shown: rules of one method may have fewer lines at another step."""
        if self._answer is None or self._wished is None:
            return None
        return min(self._wished, len(self._answer.parts) - 1)

    def _to(self, part: int | None) -> None:
        self.commandRequested.emit(ShowPart(part))

    def _on_forward(self) -> None:
        """The next line; after the last, all of them again."""
        if self._answer is None:
            return
        part = self._part
        following = 0 if part is None else part + 1
        if following >= len(self._answer.parts):
            self._stop()
            self._to(None)
        else:
            self._to(following)

    def _on_back(self) -> None:
        if self._answer is None:
            return
        part = self._part
        self._to(len(self._answer.parts) - 1 if part is None else part - 1 if part else None)

    def _on_play(self, is_on: bool) -> None:
        if is_on:
            self._on_forward()
            self._timer.start()
        else:
            self._timer.stop()

    def _stop(self) -> None:
        self._timer.stop()
        self.play.setChecked(False)

    def _on_line_chosen(self, part: int) -> None:
        self._stop()
        self._to(None if part == self._part else part)

    def _on_parted(self) -> None:
        self._is_parted = True

    def _on_racer_chosen(self, index: int) -> None:
        self.commandRequested.emit(SelectRacer(index))
