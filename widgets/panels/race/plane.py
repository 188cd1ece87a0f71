"""The race from above: heights as colours, every path on them, the start under the finger."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar, Final, Literal, final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from simulations.core.text import N_
from simulations.documents.race import RaceSpec
from simulations.racing.probes.anatomy import AnatomyProbe
from simulations.racing.probes.basins import Underlay
from simulations.racing.probes.flow import Flow
from simulations.racing.probes.ground import FineGround, Ground, finest
from simulations.runtime.race_messages import RaceSnapshot, Stand
from simulations.surfaces.base import Box
from widgets.panel import PANELS, Edit, LookAt, Panel, RaceDocument, Reveal, SelectRacer
from widgets.plot import Plot
from widgets.plots.race_paths import Runners
from widgets.plots.race_plane import RacePlane
from widgets.plots.race_shows import Shows
from widgets.text import _
from widgets.theme import Look

# in the order of the menu; a line stands before the second and the third group
_SWITCHES: Final = (
    ("heat", N_("Heat map")),
    ("contours", N_("Contour lines")),
    ("basins", N_("Basins of the selected racer")),
    ("arrows", N_("Gradient arrows")),
    ("lines", N_("Flow lines")),
    ("whole", N_("Whole paths, faint after the moment")),
    ("ghost", N_("Ghost of the setting before")),
    ("anatomy", N_("Anatomy of the selected racer's step")),
    ("legend", N_("Names of the racers")),
    ("even", N_("One scale for both axes")),
)
_FIRST_OF_GROUP: Final = ("whole", "legend")
_REST_MS: Final = 200


@PANELS.register(
    "plane",
    label=N_("Plane"),
    summary=N_(
        "The surface from above with every racer's path. Drag the start; the wheel zooms, dragging elsewhere moves the view."
    ),
)
@final
class PlanePanel(Panel):
    """Starts are those of the document, paths those of the race that was run last."""

    workspace: ClassVar[str] = "race"
    area: ClassVar[Literal["left", "center", "right", "top"]] = "center"
    icon: ClassVar[str] = "plane"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._document: RaceDocument | None = None
        self._snapshot: RaceSnapshot | None = None
        self.picture = RacePlane(look, self)
        self.reveal = QToolButton()
        self.fit = QToolButton()
        self.more = QToolButton()
        self.switches = {key: QAction(self) for key, _text in _SWITCHES}
        self._box: Box | None = None  # in view, since it has come to rest
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._on_rest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.picture)
        self._build_header()
        self.picture.startMoved.connect(self._on_start_moved)
        self.picture.racerChosen.connect(self._on_racer_chosen)
        self.picture.stepChosen.connect(self._on_step_chosen)
        self.picture.boxChanged.connect(self.probesChanged)
        self.picture.boxChanged.connect(self._rest.start)
        self.retranslate()
        self.retheme()

    def _build_header(self) -> None:
        menu = QMenu(self.more)
        for key, action in self.switches.items():
            if key in _FIRST_OF_GROUP:
                menu.addSeparator()
            action.setCheckable(True)
            action.triggered.connect(self._on_switched)
            menu.addAction(action)
        for button in (self.reveal, self.fit, self.more):
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reveal.setCheckable(True)
        self.more.setMenu(menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.reveal.clicked.connect(self._on_revealed)
        self.fit.clicked.connect(self._on_fit_clicked)
        self._show_switches()

    def probes(self) -> tuple[Any, ...]:
        box, flow = self.picture.box(), self.picture.shows.flow
        wanted: list[Any] = [Ground(box), FineGround(box)]
        if flow:
            wanted.append(Flow(box, flow))
        if self.picture.shows.basins and self._document is not None and self._document.selected >= 0:
            wanted.append(Underlay(self._document.selected, self._box or box))
        if self.picture.shows.anatomy and self._document is not None and self._document.selected >= 0:
            wanted.append(AnatomyProbe(self._document.selected))
        return tuple(wanted)

    def render(self, snapshot: RaceSnapshot) -> None:  # type: ignore[override]
        self._snapshot = snapshot
        probes = snapshot.probes
        self.picture.show_ground(
            finest(probes.get("ground"), probes.get("fine_ground")), probes.get("flow"), probes.get("underlay")
        )
        self._show_runners()

    def show_document(self, document: RaceDocument) -> None:
        is_other = self._document is None or self._document.selected != document.selected
        self._document = document
        if self.picture.shows.revealed != document.revealed:
            self._become(dataclasses.replace(self.picture.shows, revealed=document.revealed))
        self._show_runners()
        if is_other and (self.picture.shows.anatomy or self.picture.shows.basins):
            self.probesChanged.emit()

    def plots(self) -> tuple[Plot, ...]:
        return (self.picture,) if self.picture.has_answer() else ()

    def header_widgets(self) -> tuple[QWidget, ...]:
        return self.reveal, self.fit, self.more

    def retranslate(self) -> None:
        self.reveal.setText(_("Reveal"))
        self.reveal.setToolTip(_("Show the minima as rings, the global ones with a dot, and the saddles as crosses."))
        self.fit.setText(_("Fit"))
        self.fit.setToolTip(_("Show the surface's whole view (0)"))
        self.more.setText(_("Show"))
        self.more.setToolTip(_("What is drawn besides the paths"))
        for key, text in _SWITCHES:
            self.switches[key].setText(_(text))

    def retheme(self) -> None:
        for button in (self.reveal, self.fit, self.more):
            button.setFont(self.look.theme.font(9))

    def _show_runners(self) -> None:
        """The document, which is ahead of the race while something is dragged, and the race."""
        snapshot = self._snapshot
        race = None if snapshot is None else snapshot.race
        spec = self._document.spec if self._document is not None else None if race is None else race.spec
        if spec is None:
            return
        shows = self.picture.shows
        self.picture.show_runners(
            Runners(
                spec=spec,
                selected=self._document.selected if self._document is not None else -1,
                race=race,
                moment=0 if snapshot is None else snapshot.moment,
                before=None if snapshot is None or not shows.ghost else snapshot.ghost,
                beside=None if snapshot is None else snapshot.preview,
                anatomy=None if snapshot is None or not shows.anatomy else snapshot.probes.get("anatomy"),
                part=None if self._document is None else self._document.part,
            )
        )

    def _show_switches(self) -> None:
        shows = self.picture.shows
        for key, action in self.switches.items():
            action.setChecked(shows.flow == key if key in ("arrows", "lines") else getattr(shows, key))
        self.reveal.setChecked(shows.revealed)

    def _become(self, shows: Shows) -> None:
        self.picture.set_shows(shows)
        self._show_switches()
        self._show_runners()
        self.probesChanged.emit()

    def _on_switched(self, is_on: bool) -> None:
        action = self.sender()
        key = next(key for key, one in self.switches.items() if one is action)
        shows = self.picture.shows
        if key in ("arrows", "lines"):
            self._become(dataclasses.replace(shows, flow=key if is_on else ""))  # type: ignore[arg-type]  # one of two
        else:
            changed: dict[str, Any] = {key: is_on}
            self._become(dataclasses.replace(shows, **changed))

    def _on_revealed(self, is_on: bool) -> None:
        self.commandRequested.emit(Reveal(is_on))

    def _on_rest(self) -> None:
        """The view has not moved for a moment: what takes long is worked out for it."""
        before = self._box
        self._box = self.picture.box()
        if self._box == before or self._document is None:
            return
        box = None if self.picture.viewpoint.wanted is None else self._box
        if box != self._document.box:
            self.commandRequested.emit(LookAt(box))
        if self.picture.shows.basins:
            self.probesChanged.emit()

    def _on_fit_clicked(self) -> None:
        self.picture.look_from(self.picture.viewpoint.fitted())

    def _on_start_moved(self, racer: int, x: float, y: float, gesture: int) -> None:
        if self._document is None:
            return
        spec = with_start(self._document.spec, racer, x, y)
        self.commandRequested.emit(Edit(spec, N_("move the start"), merge=f"start {racer} {gesture}"))

    def _on_racer_chosen(self, racer: int) -> None:
        self.commandRequested.emit(SelectRacer(racer))

    def _on_step_chosen(self, step: int) -> None:
        self.commandRequested.emit(Stand(step))


def with_start(spec: RaceSpec, racer: int, x: float, y: float) -> RaceSpec:
    """``spec`` with the start in common (−1), or a racer's own, at (x, y)."""
    if racer < 0:
        return dataclasses.replace(spec, start_x=x, start_y=y)
    racers = list(spec.racers)
    racers[racer] = dataclasses.replace(racers[racer], has_own_start=True, start_x=x, start_y=y)
    return dataclasses.replace(spec, racers=tuple(racers))
